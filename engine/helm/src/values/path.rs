//! Values by dotted path.

use govalue::{Map, Value};

/// The table at a dotted path (`Values.Table`); `Err` is the key that is no table.
pub(crate) fn table<'p>(values: &Map, path: &'p [u8]) -> Result<Map, &'p [u8]> {
    let mut table = values.clone();
    for key in path.split(|&b| b == b'.') {
        match table.get(key) {
            Some(Value::Map(m)) => table = m,
            _ => return Err(key),
        }
    }
    Ok(table)
}

/// The value at a dotted path, if there is one that is no table (`Values.PathValue`).
pub(crate) fn path_value(values: &Map, path: &[u8]) -> Option<Value> {
    let found = match path.iter().rposition(|&b| b == b'.') {
        Some(dot) => {
            let (parent, key) = path.split_at(dot);
            table(values, parent).ok()?.get(&key[1..])
        }
        None => values.get(path),
    };
    found.filter(|v| !matches!(v, Value::Map(_)))
}
