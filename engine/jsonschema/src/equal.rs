//! Equality of JSON values, by which `1.0` is `1`.

use crate::json::Json;
use crate::table::sort;

/// Told of work before it is done; false means to stop.
pub(crate) type Charge<'c> = &'c mut dyn FnMut(u64) -> bool;

/// Whether both are the same value.
///
/// # Errors
/// With a message, for values that are not JSON.
pub(crate) fn equal(a: &Json, b: &Json, charge: Charge<'_>) -> Result<bool, String> {
    if !charge(0) {
        return Ok(false);
    }
    match (a, b) {
        (Json::Object(a), Json::Object(b)) => {
            if a.entries().len() != b.entries().len() || !charge(a.entries().len() as u64 / 8) {
                return Ok(false);
            }
            for ((name, a), (other, b)) in a.entries().iter().zip(b.entries()) {
                if name != other || !equal(a, b, charge)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Json::Array(a), Json::Array(b)) => {
            if a.len() != b.len() || !charge(a.len() as u64 / 8) {
                return Ok(false);
            }
            for (a, b) in a.iter().zip(b) {
                if !equal(a, b, charge)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Json::Null, Json::Null) => Ok(true),
        (Json::Bool(a), Json::Bool(b)) => Ok(a == b),
        (Json::String(a), Json::String(b)) => Ok(a == b),
        (Json::Number(a), Json::Number(b)) => Ok(a.decimal().is_some_and(|a| b.decimal() == Some(a))),
        (Json::Other(ty), _) => Err(format!("invalid jsonType {ty}")),
        _ => Ok(false),
    }
}

/// The first two equal items.
///
/// # Errors
/// As [`equal`].
pub(crate) fn duplicates(items: &[Json], charge: Charge<'_>) -> Result<Option<(usize, usize)>, String> {
    let few = items.len() <= 20;
    let mut hashes = Vec::with_capacity(items.len());
    for (i, item) in items.iter().enumerate() {
        let mut hasher = Hasher { hash: 0xcbf2_9ce4_8422_2325, bytes: 0 };
        if !few {
            hasher.json(item);
        }
        if !charge(hasher.bytes / 8) {
            return Ok(None);
        }
        hashes.push((hasher.hash, i));
    }
    if !few {
        sort(&mut hashes, |a, b| a < b);
    }
    let mut found: Option<(usize, usize)> = None;
    for group in hashes.chunk_by(|a, b| a.0 == b.0) {
        for (n, (_, i)) in group.iter().enumerate() {
            if found.is_some_and(|(_, first)| first <= *i) {
                break;
            }
            for (_, j) in &group[..n] {
                if !charge(1) {
                    return Ok(None);
                }
                if equal(&items[*i], &items[*j], charge)? {
                    found = Some((*j, *i));
                    break;
                }
            }
        }
    }
    Ok(found)
}

/// FNV-1a over what makes values equal.
struct Hasher {
    hash: u64,
    bytes: u64,
}

impl Hasher {
    fn add(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.hash = (self.hash ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3);
        }
        self.bytes += bytes.len() as u64;
    }

    fn json(&mut self, value: &Json) {
        match value {
            Json::Null => self.add(b"n"),
            Json::Bool(b) => self.add(if *b { b"t" } else { b"f" }),
            Json::Number(n) => self.add(&n.decimal().map_or(0.0, |d| d.to_f64()).to_bits().to_le_bytes()),
            Json::String(s) => {
                self.add(b"s");
                self.add(s);
            }
            Json::Array(items) => {
                self.add(b"a");
                items.iter().for_each(|item| self.json(item));
            }
            Json::Object(object) => {
                self.add(b"o");
                for (name, value) in object.entries() {
                    self.add(name);
                    self.json(value);
                }
            }
            Json::Other(_) => self.add(b"x"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same() {
        let parse = |text: &str| Json::parse(text.as_bytes()).unwrap_or(Json::Null);
        for (a, b, want) in [
            ("1.0", "1", true),
            ("10e-1", "1", true),
            ("1", "true", false),
            (r#"{"a":1,"b":[2]}"#, r#"{"b":[2.0],"a":1}"#, true),
            (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, false),
            ("[1,2]", "[2,1]", false),
            ("9007199254740993", "9007199254740992", false),
        ] {
            assert_eq!(equal(&parse(a), &parse(b), &mut |_| true), Ok(want), "{a} {b}");
        }
        let many = (0..100).map(|i| format!("{}", i % 90)).collect::<Vec<_>>().join(",");
        let Json::Array(items) = parse(&format!("[{many}]")) else { panic!("no array") };
        assert_eq!(duplicates(&items, &mut |_| true), Ok(Some((0, 90))));
    }
}
