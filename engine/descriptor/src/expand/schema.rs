//! `values.schema.json` of the module: what an operator may say about each component.

use std::borrow::Cow;

use contract::{Code, Problem, Severity};
use govalue::sort::sort_by;
use serde_json::{Map, Value, json};

use super::definition::{DEFS, Definition, place};
use super::documented::type_of;
use super::merge::put;
use super::module::{Component, Module};
use crate::json_text::json_text_with;
use crate::read::Parsed;
use crate::types::{Layout, Values};

/// Composes the schema as a text; what it could not keep of the base charts' is in the problems.
pub(super) fn compose(parsed: &Parsed, module: &Module<'_>, problems: &mut Vec<Problem>) -> String {
    let definitions: Vec<Cow<'_, Definition>> =
        module.bases.iter().map(|base| base.says.definition(&base.key)).collect();
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
    let lost = definitions.iter().flat_map(|d| d.lost.iter().map(|reference| (d.key.as_str(), reference.as_str())));
    let mut lost: Vec<(&str, &str)> = lost.collect();
    sort_by(&mut lost, |a, b| a.cmp(b));
    lost.dedup();
    for (chart, reference) in lost {
        let message = format!(
            "the schema of the base chart {chart} refers to {reference}, which cannot be resolved: that part is left out"
        );
        problems.push(parsed.problem(Severity::Warning, Code::SchemaReference, "spec.components", message));
    }
    let texts: Vec<(&str, &str)> = definitions.iter().map(|d| (d.key.as_str(), d.text.as_str())).collect();
    json_text_with(&schema, DEFS, &texts)
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
        schema.insert("$ref".to_owned(), json!(place(&base.key)));
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
