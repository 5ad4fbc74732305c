//! Lists as the objects in them.

use contract::{ObjectOut, Text};
use govalue::{Map, Value};
use goyaml::yaml::{from_yaml, to_yaml};

/// Replaces every `List` by the objects in it, as the API server stores them: rules look at objects, and a list would
/// hide them. Lists in lists are unfolded, too. An item that is no object stays a part of its list, which rules refuse.
pub fn unfold(objects: Vec<ObjectOut>) -> Vec<ObjectOut> {
    let mut out = Vec::with_capacity(objects.len());
    // From the front: items stay in the place of their list.
    let mut left: Vec<ObjectOut> = objects.into_iter().rev().collect();
    while let Some(object) = left.pop() {
        match items(&object) {
            Some(items) => left.extend(items.into_iter().rev()),
            None => out.push(object),
        }
    }
    out
}

/// The items of a list; `None` for what is none, and for a list with an item that is no object.
fn items(list: &ObjectOut) -> Option<Vec<ObjectOut>> {
    if !list.kind.ends_with("List") {
        return None;
    }
    let Ok(Value::Map(map)) = from_yaml(&list.text.0) else { return None };
    let Some(Value::List(items)) = map.get("items") else { return None };
    let item = |item: &Value| {
        let Value::Map(map) = item else { return None };
        let metadata = match map.get("metadata") {
            Some(Value::Map(metadata)) => metadata,
            _ => Map::default(),
        };
        let word = |map: &Map, key: &str| match map.get(key) {
            Some(Value::Str(text)) => text.to_str_lossy().into_owned(),
            _ => String::new(),
        };
        let namespace = Some(word(&metadata, "namespace")).filter(|name| !name.is_empty());
        Some(ObjectOut {
            api_version: word(map, "apiVersion"),
            kind: word(map, "kind"),
            name: word(&metadata, "name"),
            namespace: namespace.unwrap_or_else(|| list.namespace.clone()),
            text: Text(to_yaml(item).ok()?),
            ..list.clone()
        })
    };
    items.iter().map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unfolded(text: &str) -> Vec<String> {
        let list = ObjectOut {
            kind: "List".into(),
            name: "all".into(),
            namespace: "shop".into(),
            text: Text(text.as_bytes().to_vec()),
            ..ObjectOut::default()
        };
        let first = ObjectOut { kind: "Pod".into(), name: "first".into(), ..ObjectOut::default() };
        let objects = unfold(vec![first, list]).into_iter();
        objects.map(|object| format!("{} {} {}", object.kind, object.namespace, object.name)).collect()
    }

    #[test]
    fn lists_become_their_objects() {
        let text = "items:\n- {kind: Pod, metadata: {name: a}}\n- kind: RoleList\n  items:\n  - {kind: Role, metadata: {name: b, \
                    namespace: other}}\n- {kind: Service, metadata: {name: c}}\n";
        assert_eq!(unfolded(text), ["Pod  first", "Pod shop a", "Role other b", "Service shop c"]);
        assert_eq!(unfolded("items: []\n"), ["Pod  first"]);
    }

    #[test]
    fn what_is_no_list_stays() {
        for text in ["items: [1]\n", "data: {}\n", "- 1\n", "{"] {
            assert_eq!(unfolded(text), ["Pod  first", "List shop all"], "{text}");
        }
    }
}
