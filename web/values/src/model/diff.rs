//! The edits that lead from values to others, so that comments between what stays do not go.

use crate::path::Path;
use crate::value::{Map, Value};
use crate::yaml::Edit;

/// Beyond this many, a value is better written anew.
const MOST: usize = 64;

/// The edits that make the value at a path another one.
pub(super) fn edits(path: &Path, old: &Value, new: &Value) -> Vec<Edit> {
    let mut out = Vec::new();
    add(path, old, new, &mut out);
    if out.len() > MOST {
        return vec![Edit::Replace(path.clone(), new.clone())];
    }
    out
}

fn add(path: &Path, old: &Value, new: &Value, out: &mut Vec<Edit>) {
    match (old, new) {
        (Value::Map(old), Value::Map(new)) if !old.is_empty() && !new.is_empty() => add_map(path, old, new, out),
        (Value::List(old), Value::List(new)) if !old.is_empty() && !new.is_empty() => add_list(path, old, new, out),
        (Value::Number(old), Value::Number(new)) if old.text() == new.text() => {}
        (old, new) if old == new && !matches!(new, Value::Number(_)) => {}
        _ => out.push(Edit::Replace(path.clone(), new.clone())),
    }
}

fn add_map(path: &Path, old: &Map, new: &Map, out: &mut Vec<Edit>) {
    for (key, value) in new {
        match old.get(key) {
            Some(before) => add(&path.key(key), before, value, out),
            None => {
                let after = new.keys().take_while(|k| *k != key).map(ToString::to_string).collect();
                out.push(Edit::Add { map: path.clone(), key: key.to_string(), value: value.clone(), after });
            }
        }
    }
    for key in old.keys().filter(|key| new.get(key).is_none()) {
        out.push(Edit::Remove(path.key(key)));
    }
}

fn add_list(path: &Path, old: &[Value], new: &[Value], out: &mut Vec<Edit>) {
    let shorter = old.len().min(new.len());
    let same_start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let same_end = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count().min(shorter - same_start);
    let (old_end, new_end) = (old.len() - same_end, new.len() - same_end);
    let both = (old_end - same_start).min(new_end - same_start);
    for i in same_start..same_start + both {
        if let (Some(before), Some(value)) = (old.get(i), new.get(i)) {
            add(&path.index(i), before, value, out);
        }
    }
    for i in (same_start + both..old_end).rev() {
        out.push(Edit::Remove(path.index(i)));
    }
    for i in same_start + both..new_end {
        if let Some(value) = new.get(i) {
            out.push(Edit::Insert { list: path.clone(), index: i, value: value.clone() });
        }
    }
}
