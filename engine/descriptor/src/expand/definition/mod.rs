//! A base chart's schema, written as a part of the module's.

mod adapt;

use serde_json::{Map, Value, json};

use super::documented::Documented;
use super::merge::put;
use crate::json_text::part_text;

use adapt::adapt;

/// Where base charts' schemas are in the module's.
pub(super) const DEFS: &str = "$defs";

/// The entry of a base chart among the module's definitions.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    /// The base chart's name there.
    pub(super) key: String,
    /// The schema, as it is in the file.
    pub(super) text: String,
    /// References that lead nowhere: they have become schemas that take anything.
    pub(super) lost: Vec<String>,
}

impl Definition {
    /// From the schema of a base chart, or from what its values tell where it has none.
    pub(super) fn new(key: &str, documented: &Documented) -> Definition {
        let place = place(key);
        let (mut schema, mut lost) = match &documented.schema {
            Some(schema) => {
                let adapted = adapt(schema, &place);
                (adapted.schema, adapted.lost)
            }
            None => (told(documented), Vec::new()),
        };
        let dangling = dangling(&schema, &|reference| {
            let pointer = reference.strip_prefix(&place);
            pointer.is_none_or(|pointer| schema.pointer(pointer).is_none())
        });
        if !dangling.is_empty() {
            open_dangling(&mut schema, &dangling);
            lost.extend(dangling);
        }
        Definition { key: key.to_owned(), text: part_text(&schema, key), lost }
    }
}

/// Where the definition of that name is in the module's schema.
pub(super) fn place(key: &str) -> String {
    format!("#/{DEFS}/{}", key.replace('~', "~0").replace('/', "~1"))
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

/// What a part of a schema is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Schema,
    /// Schemas by names, which may be those of keywords.
    Table,
    /// A value that a keyword holds.
    Value,
}

impl Part {
    /// What is below a key.
    fn below(self, key: &str) -> Part {
        match (self, key) {
            (Part::Schema, "default" | "examples" | "enum" | "const") | (Part::Value, _) => Part::Value,
            (Part::Schema, "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas") => {
                Part::Table
            }
            _ => Part::Schema,
        }
    }
}

/// The references that lead nowhere: what they led to has been rewritten.
fn dangling(schema: &Value, leads_nowhere: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(schema, Part::Schema)];
    while let Some((at, part)) = open.pop() {
        match at {
            Value::Object(map) => {
                let own = map.get("$ref").and_then(Value::as_str).filter(|_| part == Part::Schema);
                found.extend(own.filter(|reference| leads_nowhere(reference)).map(str::to_owned));
                let below = map.iter().map(|(key, value)| (value, part.below(key)));
                open.extend(below.filter(|(_, part)| *part != Part::Value));
            }
            Value::Array(list) => open.extend(list.iter().map(|value| (value, part))),
            _ => {}
        }
    }
    found
}

/// Opens the schemas with these references.
fn open_dangling(schema: &mut Value, dangling: &[String]) {
    let mut open = vec![(schema, Part::Schema)];
    while let Some((at, part)) = open.pop() {
        match at {
            Value::Object(map) => {
                let own = map.get("$ref").and_then(Value::as_str).filter(|_| part == Part::Schema);
                if own.is_some_and(|own| dangling.iter().any(|d| d == own)) {
                    map.remove("$ref");
                }
                let below = map.iter_mut().map(|(key, value)| (value, part.below(key)));
                open.extend(below.filter(|(_, part)| *part != Part::Value));
            }
            Value::Array(list) => open.extend(list.iter_mut().map(|value| (value, part))),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_into_what_was_rewritten_are_opened() {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "properties": {
                "gone": {"$ref": "#/if/properties/x"},
                // A property with the name of a keyword.
                "default": {"$ref": "#/then", "description": "kept"},
                "const": {"properties": {"enum": {"items": [{"$ref": "#/if"}]}}},
                "there": {"$ref": "#/$defs/there"},
                "value": {"default": {"$ref": "#/if"}},
                "$ref": {"type": "string"}
            },
            "if": {"properties": {"x": {}}}, "then": {},
            "$defs": {"there": {"type": "string"}}
        });
        let mut definition = Definition::new("we/b", &Documented { schema: Some(schema), ..Documented::default() });
        definition.lost.sort();
        let wanted = ["#/$defs/we~1b/if", "#/$defs/we~1b/if/properties/x", "#/$defs/we~1b/then"];
        assert_eq!(definition.lost, wanted);
        let written: Value = serde_json::from_str(&definition.text).unwrap();
        let at = |pointer: &str| written.pointer(&format!("/properties/{pointer}")).cloned();
        assert_eq!(at("gone"), Some(json!({})));
        assert_eq!(at("default"), Some(json!({"description": "kept"})));
        assert_eq!(at("const/properties/enum/prefixItems/0"), Some(json!({})));
        assert_eq!(at("there"), Some(json!({"$ref": "#/$defs/we~1b/$defs/there"})));
        assert_eq!(at("value"), Some(json!({"default": {"$ref": "#/if"}})));
        assert_eq!(at("$ref"), Some(json!({"type": ["string", "null"]})));
    }
}
