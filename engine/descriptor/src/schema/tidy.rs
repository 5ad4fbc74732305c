//! Schemas as schemars writes them, to those that files and clusters want.

use serde_json::{Map, Value, json};

/// What both want: no `null` where a field may be left out, enumerations as `enum`.
pub(super) fn tidy(schema: &mut Value) {
    walk(schema, &|schema| {
        without_null(schema);
        variants(schema);
        scalars(schema);
        if matches!(schema.get("default"), Some(Value::Object(_) | Value::Array(_) | Value::Null)) {
            schema.remove("default");
        }
        if matches!(schema.get("format").and_then(Value::as_str), Some("double")) {
            schema.remove("format");
        }
    });
}

/// The JSON Schema for editors: without what only Kubernetes knows.
pub(super) fn for_files(schema: &mut Value) {
    walk(schema, &|schema| schema.retain(|key, _| !key.starts_with("x-kubernetes-")));
}

/// What reading goes by: names, types and words. What a controller wrote is not read.
pub(super) fn for_forms(schema: &mut Value) {
    const KEPT: [&str; 6] = ["type", "properties", "required", "additionalProperties", "items", "enum"];
    walk(schema, &|schema| schema.retain(|key, _| KEPT.contains(&key.as_str())));
    if let Some(status) = schema.pointer_mut("/properties/status") {
        *status = json!({});
    }
}

/// The structural schema of a custom resource definition.
pub(super) fn for_cluster(schema: &mut Value) {
    walk(schema, &|schema| {
        let open = match schema.get("additionalProperties") {
            None => return,
            Some(Value::Bool(open)) => *open,
            // Structural schemas have one type for a value.
            Some(Value::Object(inner)) => matches!(inner.get("type"), Some(Value::Array(_))),
            Some(_) => false,
        };
        let bool = matches!(schema.get("additionalProperties"), Some(Value::Bool(_)));
        if bool || open {
            schema.remove("additionalProperties");
        }
        if open {
            schema.insert("x-kubernetes-preserve-unknown-fields".into(), Value::Bool(true));
        }
    });
    let Some(root) = schema.as_object_mut() else { return };
    root.retain(|key, _| !matches!(key.as_str(), "$schema" | "title"));
    let Some(Value::Object(fields)) = root.get_mut("properties") else { return };
    for key in ["apiVersion", "kind"] {
        if let Some(Value::Object(field)) = fields.get_mut(key) {
            field.remove("enum");
        }
    }
    // Of the metadata only the name may be restricted; the rest is the API server's.
    if let Some(Value::Object(metadata)) = fields.get_mut("metadata") {
        let name = metadata.get("properties").and_then(|p| p.get("name")).cloned().unwrap_or_default();
        let name: Map<String, Value> = match name {
            Value::Object(name) => name.into_iter().filter(|(key, _)| key != "description").collect(),
            _ => Map::new(),
        };
        *metadata =
            Map::from_iter([("type".to_owned(), json!("object")), ("properties".to_owned(), json!({"name": name}))]);
    }
}

/// Visits all schemas, inner ones first. The types do not nest endlessly, and so do their schemas.
fn walk(schema: &mut Value, visit: &dyn Fn(&mut Map<String, Value>)) {
    let Value::Object(map) = schema else { return };
    for (key, value) in map.iter_mut() {
        match (key.as_str(), value) {
            ("properties", Value::Object(fields)) => fields.values_mut().for_each(|f| walk(f, visit)),
            ("items" | "additionalProperties", value) => walk(value, visit),
            ("anyOf" | "oneOf" | "allOf", Value::Array(parts)) => parts.iter_mut().for_each(|p| walk(p, visit)),
            _ => {}
        }
    }
    visit(map);
}

/// An optional field is one that is left out, not one that is null.
fn without_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|t| t != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            schema.insert("type".into(), one);
        }
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.retain(|v| !v.is_null());
    }
    let Some(Value::Array(parts)) = schema.get_mut("anyOf") else { return };
    parts.retain(|p| p.get("type").is_none_or(|t| t != "null"));
    if parts.len() == 1
        && let Some(Value::Object(only)) = parts.pop()
    {
        schema.remove("anyOf");
        for (key, value) in only {
            schema.entry(key).or_insert(value);
        }
    }
}

/// Variants with descriptions become one `enum`, and the descriptions one text.
fn variants(schema: &mut Map<String, Value>) {
    let Some(Value::Array(parts)) = schema.get("oneOf") else { return };
    let Some(names) = parts.iter().map(|p| Some(p.get("const")?.clone())).collect::<Option<Vec<_>>>() else { return };
    let about: Vec<String> = parts
        .iter()
        .filter_map(|p| Some(format!("`{}`: {}", p.get("const")?.as_str()?, p.get("description")?.as_str()?)))
        .collect();
    schema.remove("oneOf");
    let text = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let text = format!("{text}\n\n{}", about.join("\n\n"));
    schema.insert("description".into(), Value::String(text.trim().to_owned()));
    schema.insert("type".into(), json!("string"));
    schema.insert("enum".into(), Value::Array(names));
}

/// Alternatives of nothing but types become a list of types.
fn scalars(schema: &mut Map<String, Value>) {
    let Some(Value::Array(parts)) = schema.get("anyOf") else { return };
    let types = parts.iter().map(|p| match p.get("type") {
        Some(Value::String(ty)) => Some(Value::String(ty.clone())),
        _ => None,
    });
    if let Some(types) = types.collect::<Option<Vec<_>>>() {
        schema.remove("anyOf");
        schema.insert("type".into(), Value::Array(types));
    }
}
