//! `values.schema.json` of the module: what an operator may say about each component.

mod adapt;

use contract::{Problem, Severity};
use govalue::sort::sort_by;
use serde_json::{Map, Value, json};

use super::base::Base;
use super::documented::{Documented, type_of};
use super::module::{Component, Module};
use crate::read::Parsed;
use crate::types::{Layout, Values};

use adapt::adapt;

/// Composes the schema; what it could not keep of the base charts' is in the problems.
pub(super) fn compose(parsed: &Parsed, module: &Module<'_>, problems: &mut Vec<Problem>) -> Value {
    let mut defs = Map::new();
    let mut lost = Vec::new();
    for base in &module.bases {
        let (schema, gone) = base_schema(base);
        lost.extend(gone.into_iter().map(|reference| (base.key.clone(), reference)));
        defs.insert(base.key.clone(), schema);
    }
    let mut properties = Map::new();
    for component in &module.components {
        properties.insert(component.name.to_owned(), component_schema(module, component));
    }
    let about = match module.layout {
        Layout::Releases => "Helm's values for all charts of a release. Components are releases of their own.",
        Layout::Umbrella => "Values for all components and their subcharts.",
    };
    let any = json!({"type": ["object", "null"], "description": about});
    properties.insert("global".to_owned(), any);
    if module.layout == Layout::Umbrella {
        let tags = json!({"type": ["object", "null"], "description": "Switches for groups of subcharts."});
        properties.insert("tags".to_owned(), tags);
    }
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Values of {}", module.name),
        "type": "object",
        "additionalProperties": false,
    });
    // Moved in: `json!` would copy them.
    schema["properties"] = Value::Object(properties);
    schema["$defs"] = Value::Object(defs);
    let dangling = dangling(&schema, &schema);
    open_dangling(&mut schema, &dangling, &mut lost);
    sort_by(&mut lost, |a, b| a.cmp(b));
    lost.dedup();
    for (chart, reference) in lost {
        let message = format!("the schema of the base chart {chart} refers to {reference}: what it says there is lost");
        problems.push(parsed.problem(Severity::Warning, "schema-reference", "spec.components", message));
    }
    schema
}

/// The schema of a base chart's values, or what its values tell where it has none.
fn base_schema(base: &Base) -> (Value, Vec<String>) {
    let place = format!("#/$defs/{}", base.key.replace('~', "~0").replace('/', "~1"));
    match &base.documented.schema {
        Some(schema) => {
            let adapted = adapt(schema, &place);
            (adapted.schema, adapted.lost)
        }
        None => (told(&base.documented), Vec::new()),
    }
}

/// What `values.yaml` tells: descriptions and defaults, but no rule.
fn told(documented: &Documented) -> Value {
    let mut root = json!({"type": ["object", "null"]});
    for row in &documented.rows {
        let mut says = Map::new();
        if !row.description.is_empty() {
            says.insert("description".to_owned(), json!(row.description));
        }
        if !row.default.is_null() {
            says.insert("default".to_owned(), row.default.clone());
        }
        put(&mut root, &row.path, Value::Object(says));
    }
    root
}

fn component_schema(module: &Module<'_>, component: &Component<'_>) -> Value {
    let mut schema = Map::new();
    let description = match &component.description {
        text if text.is_empty() => format!("Values of {}, on top of the developer's.", component.name),
        text => text.clone(),
    };
    schema.insert("description".to_owned(), json!(description));
    schema.insert("type".to_owned(), json!(["object", "null"]));
    if let Some(base) = component.base.and_then(|i| module.bases.get(i)) {
        let key = base.key.replace('~', "~0").replace('/', "~1");
        schema.insert("$ref".to_owned(), json!(format!("#/$defs/{key}")));
    }
    let mut schema = Value::Object(schema);
    defaults(&mut schema, &mut Vec::new(), &component.developer.values);
    if !component.config.values.is_empty() {
        let mut properties = Map::new();
        for (key, value) in &component.config.values {
            properties.insert(key.clone(), setting(value, component.config_docs.get(std::slice::from_ref(key)).1));
        }
        let mut config = json!({"type": ["object", "null"]});
        config["properties"] = Value::Object(properties);
        put(&mut schema, &["config".to_owned()], config);
    }
    schema
}

/// A setting of the operator: of the type that the developer gave it.
fn setting(value: &Value, description: String) -> Value {
    let mut schema = Map::new();
    if !description.is_empty() {
        schema.insert("description".to_owned(), json!(description));
    }
    if let Some(ty) = type_of(value) {
        let ty = if ty == "integer" { "number" } else { ty };
        schema.insert("type".to_owned(), json!([ty, "null"]));
        schema.insert("default".to_owned(), value.clone());
    }
    Value::Object(schema)
}

/// Puts the developer's values in as defaults; as deep as a descriptor may be.
fn defaults(schema: &mut Value, path: &mut Vec<String>, values: &Values) {
    for (key, value) in values {
        path.push(key.clone());
        match value {
            Value::Object(map) if !map.is_empty() => defaults(schema, path, map),
            Value::Null => {}
            value => put(schema, path, json!({"default": value})),
        }
        path.pop();
    }
}

/// Sets what is said about the property at a path, beside what is there already.
fn put(schema: &mut Value, path: &[String], says: Value) {
    let mut at = schema;
    for key in path {
        let Some(map) = at.as_object_mut() else { return };
        let properties = map.entry("properties").or_insert_with(|| json!({}));
        let Some(properties) = properties.as_object_mut() else { return };
        at = properties.entry(key.clone()).or_insert_with(|| json!({}));
    }
    super::values::merge(at, says, 0);
}

/// The references that lead nowhere: what they led to has been rewritten.
fn dangling(at: &Value, whole: &Value) -> Vec<String> {
    match at {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str);
            let own = own.filter(|r| whole.pointer(r.strip_prefix('#').unwrap_or_default()).is_none());
            let below = map.iter().filter(|(key, _)| is_schema(key)).flat_map(|(_, value)| dangling(value, whole));
            own.map(str::to_owned).into_iter().chain(below).collect()
        }
        Value::Array(list) => list.iter().flat_map(|value| dangling(value, whole)).collect(),
        _ => Vec::new(),
    }
}

/// Opens the schemas with these references.
fn open_dangling(at: &mut Value, dangling: &[String], lost: &mut Vec<(String, String)>) {
    if dangling.is_empty() {
        return;
    }
    match at {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref")
                && dangling.contains(reference)
            {
                let chart = reference.split('/').nth(2).unwrap_or_default().to_owned();
                lost.push((chart, reference.clone()));
                map.remove("$ref");
            }
            for (_, value) in map.iter_mut().filter(|(key, _)| is_schema(key)) {
                open_dangling(value, dangling, lost);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| open_dangling(value, dangling, lost)),
        _ => {}
    }
}

/// Whether what a keyword holds are schemas, and no values.
fn is_schema(keyword: &str) -> bool {
    !matches!(keyword, "default" | "examples" | "enum" | "const")
}
