//! JSON patches (RFC 6902), as `evanphx/json-patch` 4 applies them: `replace`
//! also makes a missing key of a map, negative indexes count from the end.

use govalue::{Str, Value, strconv};
use goyaml::yaml::v3::plain_tag;

use super::node::{Node, Scalar};
use crate::error::PostRenderError;

/// An operation of a patch.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Operation {
    op: String,
    path: Option<String>,
    from: Option<String>,
    value: Option<Node>,
}

/// Reads the operations of a patch, YAML or JSON.
pub(super) fn read(value: &Value) -> Result<Vec<Operation>, String> {
    let Value::List(list) = value else { return Err("a JSON patch is a list of operations".into()) };
    let operation = |item: &Value| {
        let Value::Map(map) = item else { return Err("an operation of a JSON patch is a map".to_owned()) };
        let text = |key: &str| match map.get(key) {
            Some(Value::Str(text)) => Some(text.to_str_lossy().into_owned()),
            _ => None,
        };
        let value = map.get("value").as_ref().map(json_node);
        Ok(Operation { op: text("op").unwrap_or_default(), path: text("path"), from: text("from"), value })
    };
    list.iter().map(operation).collect()
}

/// The node of a value that Go has read from JSON, and kyaml from what v3
/// writes of that: all numbers are `float64`.
pub(super) fn json_node(value: &Value) -> Node {
    let number = |f: f64| {
        let text = strconv::format_float(f, b'g', -1, 64);
        let tag = plain_tag(text.as_bytes());
        Scalar { text: Str::from(text), tag, plain: true, keep: false }.into()
    };
    match value {
        Value::Int(n) => number(*n as f64),
        Value::Num(n) => number(n.as_f64()),
        Value::Float(f) => number(*f),
        Value::List(list) => Node::List(list.iter().map(json_node).collect()),
        Value::Map(map) => {
            Node::Map(map.borrow().iter().map(|(k, v)| (Scalar::string(k.clone()), json_node(v))).collect())
        }
        other => Node::from_value(other),
    }
}

/// Applies the operations in order.
///
/// # Errors
/// With the library's text.
pub(super) fn apply(operations: &[Operation], document: &mut Node) -> Result<(), PostRenderError> {
    operations.iter().try_for_each(|operation| operation.apply(document)).map_err(PostRenderError::new)
}

impl Operation {
    fn apply(&self, document: &mut Node) -> Result<(), String> {
        let missing = "missing value";
        let op = self.op.as_str();
        let path = || self.path.as_deref().ok_or(format!("{op} operation failed to decode path: {missing}"));
        let from = || self.from.as_deref().ok_or(format!("{op} operation failed to decode from: {missing}"));
        let value = || self.value.clone().unwrap_or_else(null);
        match op {
            "add" => {
                let path = path()?;
                let (parent, key) = find(document, path).ok_or_else(|| {
                    format!("add operation does not apply: doc is missing path: \"{path}\": {missing}")
                })?;
                add(parent, &key, value()).map_err(|e| format!("error in add for path: '{path}': {e}"))
            }
            "remove" => {
                let path = path()?;
                let (parent, key) = find(document, path).ok_or_else(|| {
                    format!("remove operation does not apply: doc is missing path: \"{path}\": {missing}")
                })?;
                remove(parent, &key).map(drop).map_err(|e| format!("error in remove for path: '{path}': {e}"))
            }
            "replace" => {
                let path = path()?;
                if path.is_empty() {
                    let value = value();
                    if matches!(value, Node::Scalar(_)) {
                        return Err("replace operation value must be object or array: %!w(<nil>)".into());
                    }
                    *document = value;
                    return Ok(());
                }
                let (parent, key) = find(document, path).ok_or_else(|| {
                    format!("replace operation does not apply: doc is missing path: {path}: {missing}")
                })?;
                get(parent, &key)
                    .map_err(|_| format!("replace operation does not apply: doc is missing key: {path}: {missing}"))?;
                set(parent, &key, value()).map_err(|e| format!("error in remove for path: '{path}': {e}"))
            }
            "move" => {
                let from = from()?;
                let (parent, key) = find(document, from).ok_or_else(|| {
                    format!("move operation does not apply: doc is missing from path: {from}: {missing}")
                })?;
                let failed = |e| format!("error in move for path: '{key}': {e}");
                get(parent, &key).map_err(failed)?;
                let value = remove(parent, &key).map_err(failed)?;
                let path = path()?;
                let (parent, key) = find(document, path).ok_or_else(|| {
                    format!("move operation does not apply: doc is missing destination path: {path}: {missing}")
                })?;
                add(parent, &key, value).map_err(|e| format!("error in move for path: '{path}': {e}"))
            }
            "copy" => {
                let from = from()?;
                let (parent, key) = find(document, from).ok_or_else(|| {
                    format!("copy operation does not apply: doc is missing from path: {from}: {missing}")
                })?;
                let value = get(parent, &key).map_err(|e| format!("error in copy for from: '{from}': {e}"))?;
                let value = value.cloned().unwrap_or_else(null);
                let path = path()?;
                let (parent, key) = find(document, path).ok_or_else(|| {
                    format!("copy operation does not apply: doc is missing destination path: {path}: {missing}")
                })?;
                add(parent, &key, value).map_err(|e| format!("error while adding value during copy: {e}"))
            }
            "test" => {
                let path = path()?;
                let failed = || format!("testing value {path} failed: test failed");
                if path.is_empty() {
                    return if self.value.as_ref().is_some_and(|v| same(document, v)) { Ok(()) } else { Err(failed()) };
                }
                let (parent, key) = find(document, path)
                    .ok_or_else(|| format!("test operation does not apply: is missing path: {path}: {missing}"))?;
                let found = get(parent, &key).map_err(|e| format!("error in test for path: '{path}': {e}"))?;
                let (found, wanted) = (found.filter(|n| !n.is_null()), self.value.as_ref().filter(|n| !n.is_null()));
                let equal = match (found, wanted) {
                    (None, None) => true,
                    (Some(a), Some(b)) => same(a, b),
                    _ => false,
                };
                if equal { Ok(()) } else { Err(failed()) }
            }
            other => Err(format!("Unexpected kind: {other}")),
        }
    }
}

fn null() -> Node {
    Node::from_value(&Value::Nil)
}

/// Whether both are the same JSON.
fn same(a: &Node, b: &Node) -> bool {
    match (a.to_value(), b.to_value()) {
        (Ok(a), Ok(b)) => match (goyaml::json::to_json(&a, false), goyaml::json::to_json(&b, false)) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        },
        _ => false,
    }
}

/// The collection that a path leads into, and the last key.
fn find<'n>(document: &'n mut Node, path: &str) -> Option<(&'n mut Node, String)> {
    let mut parts: Vec<&str> = path.split('/').collect();
    if parts.len() < 2 {
        return None;
    }
    let last = decoded(parts.pop()?);
    let mut node = document;
    for part in parts.into_iter().skip(1) {
        let part = decoded(part);
        node = match node {
            Node::Map(_) => node.get_mut(part.as_bytes())?,
            Node::List(items) => {
                let index = index(&part, items.len()).ok()?;
                items.get_mut(index)?
            }
            Node::Scalar(_) => return None,
        };
    }
    (!matches!(node, Node::Scalar(_))).then_some((node, last))
}

fn decoded(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

/// The place in a list of so many items.
fn index(key: &str, length: usize) -> Result<usize, String> {
    let invalid = |n: &str| format!("Unable to access invalid index: {n}: invalid index referenced");
    let number: i64 =
        key.parse().map_err(|_| format!("strconv.Atoi: parsing {}: invalid syntax", strconv::quote(key.as_bytes())))?;
    let size = i64::try_from(length).map_err(|_| invalid(key))?;
    let place = if number < 0 { number + size } else { number };
    usize::try_from(place).ok().filter(|&i| i < length).ok_or_else(|| invalid(key))
}

fn get<'n>(node: &'n Node, key: &str) -> Result<Option<&'n Node>, String> {
    match node {
        Node::List(items) => Ok(items.get(index(key, items.len())?)),
        node => Ok(node.get(key.as_bytes())),
    }
}

fn set(node: &mut Node, key: &str, value: Node) -> Result<(), String> {
    match node {
        Node::List(items) => {
            let index = index(key, items.len())?;
            if let Some(item) = items.get_mut(index) {
                *item = value;
            }
        }
        node => {
            node.remove(key.as_bytes());
            node.set(key.as_bytes(), value);
        }
    }
    Ok(())
}

fn add(node: &mut Node, key: &str, value: Node) -> Result<(), String> {
    match node {
        Node::List(items) if key == "-" => items.push(value),
        Node::List(items) => {
            let index = index(key, items.len() + 1).map_err(|e| {
                if e.starts_with("strconv") { format!("value was not a proper array index: '{key}': {e}") } else { e }
            })?;
            items.insert(index, value);
        }
        node => return set(node, key, value),
    }
    Ok(())
}

fn remove(node: &mut Node, key: &str) -> Result<Node, String> {
    match node {
        Node::List(items) => {
            let index = index(key, items.len())?;
            Ok(items.remove(index))
        }
        node => {
            node.remove(key.as_bytes()).ok_or_else(|| format!("Unable to remove nonexistent key: {key}: missing value"))
        }
    }
}
