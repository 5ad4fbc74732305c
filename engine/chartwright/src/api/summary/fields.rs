//! Fields of objects.

use govalue::{Map, Value};

pub(in crate::api) fn entries(map: &Map) -> Vec<(String, Value)> {
    map.entries().into_iter().map(|(key, value)| (key.to_str_lossy().into_owned(), value)).collect()
}

pub(in crate::api) fn at(map: &Map, path: &[&str]) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    let value = map.get(*first)?;
    match (rest, value) {
        ([], value) => Some(value),
        (rest, Value::Map(map)) => at(&map, rest),
        _ => None,
    }
}

pub(in crate::api) fn text(map: &Map, path: &[&str]) -> Option<String> {
    match at(map, path)? {
        Value::Str(text) => Some(text.to_str_lossy().into_owned()),
        Value::Float(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(in crate::api) fn list(map: &Map, path: &[&str]) -> Vec<Value> {
    match at(map, path) {
        Some(Value::List(list)) => list.iter().cloned().collect(),
        _ => Vec::new(),
    }
}

pub(in crate::api) fn texts(map: &Map, path: &[&str]) -> Vec<String> {
    let text = |value: Value| match value {
        Value::Str(text) => Some(text.to_str_lossy().into_owned()),
        _ => None,
    };
    list(map, path).into_iter().filter_map(text).collect()
}

/// A whole number that is not negative.
pub(in crate::api) fn number(map: &Map, path: &[&str]) -> Option<u64> {
    match at(map, path)? {
        Value::Float(number) if number >= 0.0 => Some(number as u64),
        _ => None,
    }
}

/// Whether a field says `true`.
pub(in crate::api) fn is_true(map: &Map, field: &str) -> bool {
    matches!(map.get(field), Some(Value::Bool(true)))
}

/// The map at a path.
pub(in crate::api) fn map(from: &Map, path: &[&str]) -> Option<Map> {
    match at(from, path)? {
        Value::Map(map) => Some(map),
        _ => None,
    }
}

/// The maps of a list.
pub(in crate::api) fn maps(from: &Map, path: &[&str]) -> impl Iterator<Item = Map> + use<> {
    list(from, path).into_iter().filter_map(|item| match item {
        Value::Map(map) => Some(map),
        _ => None,
    })
}
