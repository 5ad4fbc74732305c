//! JSON over JSON.

use serde_json::{Value, json};

/// Merges values over others, as Helm does: maps deep, all else replaces. They are as deep as what they were read from,
/// and every reader bounds that.
pub(super) fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                match into.get_mut(&key) {
                    Some(there) => merge(there, value),
                    None => {
                        into.insert(key, value);
                    }
                }
            }
        }
        (into, from) => *into = from,
    }
}

/// Sets what is said about the property at a path, in addition to what is known already.
pub(super) fn put(schema: &mut Value, path: &[String], says: Value) {
    let mut at = schema;
    for key in path {
        let map = at.as_object_mut().expect("what we say about a property is an object");
        let properties = map.entry("properties").or_insert_with(|| json!({}));
        let properties = properties.as_object_mut().expect("`properties` of ours is an object");
        at = properties.entry(key.clone()).or_insert_with(|| json!({}));
    }
    merge(at, says);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_is_deep() {
        let mut into = json!({"a": {"b": 1, "c": 2}, "d": [1], "e": "x"});
        merge(&mut into, json!({"a": {"c": null, "f": false}, "d": [], "e": {"g": 0}}));
        assert_eq!(into, json!({"a": {"b": 1, "c": null, "f": false}, "d": [], "e": {"g": 0}}));
    }
}
