//! A base chart's schema as part of the module's: for values that are only a part of the whole.

use serde_json::{Map, Value, json};

/// A schema that has found its new place.
pub(super) struct Adapted {
    /// The schema.
    pub(super) schema: Value,
    /// References that lead out of it: they have become schemas that take anything.
    pub(super) lost: Vec<String>,
}

/// Rewrites a schema of any draft into 2020-12, to be put at `place` in another document.
///
/// The operator gives only what is to be different, and `null` to take a value away. So nothing is required, `null` is
/// allowed for every property, and conditions on the whole are left out: they are checked with all values, by the base
/// chart's own schema, when the component is installed. The items of lists stay as strict as they were, since a list
/// is replaced as a whole.
pub(super) fn adapt(root: &Value, place: &str) -> Adapted {
    let uri = root.get("$schema").and_then(Value::as_str).unwrap_or_default();
    let old = ["draft-03", "draft-04", "draft-06", "draft-07"].iter().any(|d| uri.contains(d));
    let id = ["$id", "id"].into_iter().find_map(|k| root.get(k)?.as_str());
    let id = id.map(|id| id.trim_end_matches('#').to_owned());
    let mut adapter = Adapter { place, old, id, root, lost: Vec::new() };
    let mut schema = adapter.schema(root, Role::Property);
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        // Helm gives it to every subchart.
        properties.entry("global").or_insert_with(|| json!({"type": ["object", "null"]}));
    } else if let Some(map) = schema.as_object_mut().filter(|m| m.contains_key("additionalProperties")) {
        map.insert("properties".to_owned(), json!({"global": {"type": ["object", "null"]}}));
    }
    Adapted { schema, lost: adapter.lost }
}

struct Adapter<'a> {
    place: &'a str,
    /// Whether what is beside a `$ref` is ignored.
    old: bool,
    id: Option<String>,
    root: &'a Value,
    lost: Vec<String>,
}

/// What a schema is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A value that may be given in part, or taken away.
    Property,
    /// An item of a list: whole.
    Item,
}

/// What is only said about a schema.
const SAYS: [&str; 8] =
    ["title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment"];

impl Adapter<'_> {
    /// Rewrites a schema; a JSON document nests no deeper than its parser allows.
    fn schema(&mut self, schema: &Value, role: Role) -> Value {
        let Value::Object(map) = schema else { return schema.clone() };
        if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
            let target = self.reference(reference);
            if self.old {
                let says = map.iter().filter(|(k, _)| SAYS.contains(&k.as_str()));
                let mut out: Map<String, Value> = says.map(|(k, v)| (k.clone(), v.clone())).collect();
                out.extend(target.map(|t| ("$ref".to_owned(), Value::String(t))));
                return Value::Object(out);
            }
        }
        let tuple = matches!(map.get("items"), Some(Value::Array(_)));
        let limits = ["minimum", "maximum"].map(|k| map.get(k));
        let mut out = Map::with_capacity(map.len());
        for (key, value) in map {
            match (key.as_str(), value, &limits) {
                // Draft 4 has a switch beside the limit.
                ("exclusiveMinimum", Value::Bool(true), [Some(limit), _])
                | ("exclusiveMaximum", Value::Bool(true), [_, Some(limit)]) => {
                    out.insert(key.clone(), (*limit).clone());
                }
                ("exclusiveMinimum" | "exclusiveMaximum", Value::Bool(_), _) => {}
                _ => self.keyword(key, value, role, tuple, &mut out),
            }
        }
        Value::Object(out)
    }

    fn keyword(&mut self, key: &str, value: &Value, role: Role, tuple: bool, out: &mut Map<String, Value>) {
        let part = role == Role::Property;
        let (key, value) = match (key, value) {
            ("$schema" | "$id" | "$anchor" | "$dynamicAnchor" | "$recursiveAnchor" | "$vocabulary", _) => return,
            ("id", Value::String(_)) if self.old => return,
            ("$ref" | "$dynamicRef" | "$recursiveRef", Value::String(reference)) => {
                let Some(target) = self.reference(reference) else { return };
                ("$ref", Value::String(target))
            }
            // Conditions on the whole.
            (
                "required"
                | "minProperties"
                | "dependentRequired"
                | "dependentSchemas"
                | "dependencies"
                | "if"
                | "then"
                | "else"
                | "unevaluatedProperties",
                _,
            ) if part => return,
            ("not", value) if part && about_objects(value) => return,
            // In part, several may fit.
            ("oneOf", Value::Array(list)) if part => ("anyOf", self.list(list, role)),
            ("type", value) if part => (key, nullable(value)),
            ("enum", Value::Array(list)) if part => {
                let mut list = list.clone();
                if !list.contains(&Value::Null) {
                    list.push(Value::Null);
                }
                (key, Value::Array(list))
            }
            ("const", value) if part => ("enum", json!([value, null])),
            ("properties" | "patternProperties" | "$defs" | "definitions", Value::Object(map)) => {
                // What many refer to is as lenient as its most lenient use.
                let role = if key.ends_with("roperties") { role } else { Role::Property };
                (key, self.table(map, role))
            }
            ("dependentSchemas", Value::Object(map)) => (key, self.table(map, role)),
            ("additionalProperties" | "propertyNames" | "not" | "if" | "then" | "else", value) => {
                let role = if key == "propertyNames" { Role::Item } else { role };
                (key, self.schema(value, role))
            }
            ("items", Value::Array(list)) => ("prefixItems", self.list(list, Role::Item)),
            ("additionalItems", value) => {
                if !tuple {
                    return;
                }
                ("items", self.schema(value, Role::Item))
            }
            ("items" | "contains" | "unevaluatedItems" | "unevaluatedProperties", value) => {
                (key, self.schema(value, Role::Item))
            }
            ("prefixItems", Value::Array(list)) => (key, self.list(list, Role::Item)),
            ("allOf" | "anyOf" | "oneOf", Value::Array(list)) => (key, self.list(list, role)),
            (_, value) => (key, value.clone()),
        };
        // `anyOf` and `oneOf` may both be there.
        match out.get_mut(key) {
            Some(there) if key == "anyOf" => {
                let both = [there.take(), value].map(|any_of| json!({"anyOf": any_of}));
                out.remove("anyOf");
                let all = out.entry("allOf").or_insert_with(|| json!([]));
                if let Value::Array(all) = all {
                    all.extend(both);
                }
            }
            _ => {
                out.insert(key.to_owned(), value);
            }
        }
    }

    fn list(&mut self, list: &[Value], role: Role) -> Value {
        list.iter().map(|s| self.schema(s, role)).collect()
    }

    fn table(&mut self, map: &Map<String, Value>, role: Role) -> Value {
        map.iter().map(|(k, s)| (k.clone(), self.schema(s, role))).collect()
    }

    /// Where a reference leads to in the new document; `None` if out of it.
    fn reference(&mut self, reference: &str) -> Option<String> {
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let here = document.is_empty() || self.id.as_deref() == Some(document);
        let pointer = if fragment.is_empty() || fragment.starts_with('/') {
            self.root.pointer(fragment).map(|_| fragment.to_owned())
        } else {
            anchor(self.root, fragment)
        };
        match pointer {
            Some(pointer) if here => Some(format!("{}{pointer}", self.place)),
            _ => {
                self.lost.push(reference.to_owned());
                None
            }
        }
    }
}

/// Allows null beside a type.
fn nullable(types: &Value) -> Value {
    match types {
        Value::String(one) if one != "null" => json!([one, "null"]),
        Value::Array(many) if !many.iter().any(|t| t == "null") => {
            many.iter().cloned().chain([json!("null")]).collect()
        }
        other => other.clone(),
    }
}

/// Whether a schema says what an object must have or must not have.
fn about_objects(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map.iter().any(|(k, v)| {
            matches!(k.as_str(), "required" | "properties" | "minProperties" | "$ref") || about_objects(v)
        }),
        Value::Array(list) => list.iter().any(about_objects),
        _ => false,
    }
}

/// The pointer to the schema that has a name of its own.
fn anchor(schema: &Value, name: &str) -> Option<String> {
    match schema {
        Value::Object(map) => {
            let id = map.get("$id").and_then(Value::as_str).and_then(|id| id.strip_prefix('#'));
            if map.get("$anchor").and_then(Value::as_str).or(id) == Some(name) {
                return Some(String::new());
            }
            let step = |k: &str| k.replace('~', "~0").replace('/', "~1");
            map.iter().find_map(|(k, v)| Some(format!("/{}{}", step(k), anchor(v, name)?)))
        }
        Value::Array(list) => list.iter().enumerate().find_map(|(i, v)| Some(format!("/{i}{}", anchor(v, name)?))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adapted(schema: Value) -> (Value, Vec<String>) {
        let Adapted { schema, lost } = adapt(&schema, "#/$defs/web");
        (schema, lost)
    }

    #[test]
    fn nothing_is_required_and_null_takes_away() {
        let (schema, lost) = adapted(json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "$id": "https://example.org/web.json",
            "type": "object",
            "required": ["image"],
            "additionalProperties": false,
            "properties": {
                "image": {"$ref": "#/definitions/image", "description": "The image"},
                "kind": {"enum": ["a", "b"]},
                "fixed": {"const": 1},
                "env": {"type": "array", "items": {"type": "object", "required": ["name"]}},
                "pair": {"items": [{"type": "string"}], "additionalItems": false},
                "one": {"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "not": {"required": ["c"]}},
                "same": {"$ref": "https://example.org/web.json#/definitions/image", "required": ["x"]},
                "far": {"$ref": "https://example.org/other.json"},
            },
            "if": {"required": ["a"]}, "then": {"required": ["b"]},
            "definitions": {"image": {"type": "object", "required": ["tag"], "minProperties": 1}},
        }));
        assert_eq!(
            schema,
            json!({
                "type": ["object", "null"],
                "additionalProperties": false,
                "properties": {
                    "image": {"description": "The image", "$ref": "#/$defs/web/definitions/image"},
                    "kind": {"enum": ["a", "b", null]},
                    "fixed": {"enum": [1, null]},
                    "env": {"type": ["array", "null"], "items": {"type": "object", "required": ["name"]}},
                    "pair": {"prefixItems": [{"type": "string"}], "items": false},
                    "one": {"anyOf": [{}, {}]},
                    "same": {"$ref": "#/$defs/web/definitions/image"},
                    "far": {},
                    "global": {"type": ["object", "null"]},
                },
                "definitions": {"image": {"type": ["object", "null"]}},
            })
        );
        assert_eq!(lost, ["https://example.org/other.json"]);
    }

    #[test]
    fn drafts_become_one() {
        for (schema, want) in [
            (
                json!({"$schema": "http://json-schema.org/draft-04/schema#", "id": "x", "properties": {
                    "a": {"minimum": 1, "exclusiveMinimum": true}, "b": {"exclusiveMaximum": false}}}),
                json!({"properties": {"a": {"minimum": 1, "exclusiveMinimum": 1}, "b": {},
                    "global": {"type": ["object", "null"]}}}),
            ),
            (
                json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {"p": {"$anchor": "port"}},
                    "properties": {"a": {"$ref": "#port", "maximum": 9}}}),
                json!({"$defs": {"p": {}}, "properties": {"a": {"$ref": "#/$defs/web/$defs/p", "maximum": 9},
                    "global": {"type": ["object", "null"]}}}),
            ),
            (json!(true), json!(true)),
            (
                json!({"anyOf": [{"type": "string"}], "oneOf": [{"type": "null"}]}),
                json!({"allOf": [{"anyOf": [{"type": ["string", "null"]}]}, {"anyOf": [{"type": "null"}]}]}),
            ),
        ] {
            assert_eq!(adapted(schema).0, want);
        }
    }
}
