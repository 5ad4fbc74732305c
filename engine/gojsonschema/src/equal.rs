//! Equality of JSON values, by which `1.0` is `1`, and a number is the text that spells it.

use crate::exact::is_spelled;
use crate::json::Json;
use crate::table::sort;

/// Told of work before it is done; false means to stop.
pub(crate) type Charge<'c> = &'c mut dyn FnMut(u64) -> bool;

/// Why values cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Incomparable {
    /// One of them is a Go value that JSON does not have; its type.
    NotJson(Box<str>),
    /// A number that Go cannot take for one, and panics.
    NoNumber,
}

/// Whether both are the same value.
///
/// That is not symmetric: Go compares a number on the left with the text of anything on the right (`equals` of
/// santhosh-tekuri/jsonschema: `big.Rat` of `fmt.Sprint`).
///
/// # Errors
/// For values that are not JSON.
pub(crate) fn equal(a: &Json, b: &Json, charge: Charge<'_>) -> Result<bool, Incomparable> {
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
        (Json::Number(a), Json::String(b)) => Ok(a.decimal().is_some_and(|a| is_spelled(&a, b, charge))),
        (Json::Other(ty), _) => Err(Incomparable::NotJson(ty.clone())),
        _ => Ok(false),
    }
}

/// The first two equal items. Among more than twenty, numbers are no texts: Go then looks at hashes first.
///
/// # Errors
/// As [`equal`], and for numbers that have no hash.
pub(crate) fn duplicates(items: &[Json], charge: Charge<'_>) -> Result<Option<(usize, usize)>, Incomparable> {
    let few = items.len() <= 20;
    let mut hashes = Vec::with_capacity(items.len());
    for (i, item) in items.iter().enumerate() {
        let mut hasher = Hasher { hash: 0xcbf2_9ce4_8422_2325, bytes: 0, no_number: false };
        if !few {
            hasher.json(item);
            if hasher.no_number {
                return Err(Incomparable::NoNumber);
            }
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
    /// Whether there was a number that is infinite or out of all bounds.
    no_number: bool,
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
            Json::Number(n) => match n.decimal() {
                Some(d) => self.add(&d.to_f64().to_bits().to_le_bytes()),
                None => self.no_number = true,
            },
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
            ("8080", r#""8080""#, true),
            (r#""8080""#, "8080", false),
            ("[0.5]", r#"["1/2"]"#, true),
            ("1", "null", false),
        ] {
            assert_eq!(equal(&parse(a), &parse(b), &mut |_| true), Ok(want), "{a} {b}");
        }
        let many = (0..100).map(|i| format!("{}", i % 90)).collect::<Vec<_>>().join(",");
        let Json::Array(items) = parse(&format!("[{many}]")) else { panic!("no array") };
        assert_eq!(duplicates(&items, &mut |_| true), Ok(Some((0, 90))));

        let few = (1..20).map(|i| format!("{i}")).collect::<Vec<_>>().join(",");
        let texts = |more: &str| {
            let Json::Array(items) = parse(&format!(r#"["8080",{few}{more}]"#)) else { panic!("no array") };
            duplicates(&items, &mut |_| true)
        };
        assert_eq!(texts(""), Ok(None));
        let Json::Array(items) = parse(r#"[1, "8080", 8080]"#) else { panic!("no array") };
        assert_eq!(duplicates(&items, &mut |_| true), Ok(Some((1, 2))));
        // One more than Go compares each with each.
        assert_eq!(texts(",8080"), Ok(None));
        assert_eq!(texts(",1e9999999"), Err(Incomparable::NoNumber));
    }
}
