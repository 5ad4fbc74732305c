//! The parts that the base charts share stay the same, and schema, values and documentation agree.

use chartwright_basecharts::{CHARTS, text};
use serde_json::Value;

/// The helpers and objects that the base charts share: the same text but for the prefix of the names.
const SHARED: [&str; 11] = [
    "_names.tpl",
    "_platform.tpl",
    "_environment.tpl",
    "_volumes.tpl",
    "_pod.tpl",
    "configmap.yaml",
    "secret.yaml",
    "files.yaml",
    "imagepullsecret.yaml",
    "serviceaccount.yaml",
    "claims.yaml",
];

#[test]
fn shared_templates_are_the_same() {
    for name in SHARED {
        let path = format!("templates/{name}");
        let first = text("modulebase", &path).unwrap();
        for chart in ["databasebase", "jobbase"] {
            let here = text(chart, &path).unwrap().replace(&format!("\"{chart}."), "\"modulebase.");
            assert_eq!(first, here, "{chart}/{path} is not that of modulebase: change all three");
        }
    }
}

/// The values of a chart by path, with their JSON text.
fn leaves(value: &Value, path: &str, into: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) if !map.is_empty() && path != "defaultRequests" => {
            for (key, value) in map {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                leaves(value, &path, into);
            }
        }
        value => into.push((path.to_owned(), value.to_string())),
    }
}

fn default_values(chart: &str) -> Value {
    let values = text(chart, "values.yaml").unwrap();
    let values = goyaml::yaml::from_yaml(values.as_bytes()).unwrap();
    serde_json::from_slice(&goyaml::json::to_json(&values, false).unwrap()).unwrap()
}

#[test]
fn the_readme_has_every_value_with_its_default() {
    for chart in CHARTS {
        let readme = text(chart, "README.md").unwrap();
        let mut values = Vec::new();
        leaves(&default_values(chart), "", &mut values);
        assert!(values.len() > 50, "{chart}: {}", values.len());
        for (path, default) in values {
            let row = format!("| `{path}` | `{default}` |");
            let found = readme.lines().any(|l| l.replace(' ', "").starts_with(&row.replace(' ', "")));
            assert!(found, "{chart}/README.md has no row {row}");
        }
    }
}

#[test]
fn every_value_is_described_in_the_schema() {
    for chart in CHARTS {
        let schema: Value = serde_json::from_str(&text(chart, "values.schema.json").unwrap()).unwrap();
        describe(&schema, &schema, &default_values(chart), chart);
    }
}

fn describe(root: &Value, schema: &Value, value: &Value, path: &str) {
    let target = schema.pointer("/allOf/0/$ref").or(schema.get("$ref")).and_then(Value::as_str);
    let described = schema.get("description").is_some() || schema.get("$schema").is_some();
    if let Some(target) = target {
        let next = root.pointer(target.trim_start_matches('#')).unwrap_or_else(|| panic!("{path}: no {target}"));
        assert!(described || next.get("description").is_some(), "{path} has no description");
        return describe(root, next, value, path);
    }
    assert!(described, "{path} has no description");
    if let (Value::Object(map), Some(properties)) = (value, schema.get("properties")) {
        for (key, value) in map {
            let path = format!("{path}.{key}");
            describe(root, properties.get(key).unwrap_or_else(|| panic!("the schema lacks {path}")), value, &path);
        }
    }
}
