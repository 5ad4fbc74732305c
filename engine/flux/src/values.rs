//! The values of a release: inline ones, and those that ConfigMaps and Secrets have.

use std::error::Error;
use std::fmt;

use govalue::{Index, Map, Str, Value};
use helm::engine::{LookupQuery, World};
use helm::values::{Reader, merge_maps, parse_into};

use crate::helmrelease::{HelmRelease, ValuesReference};

/// An item of `spec.valuesFrom` that gives no values. `Display` is Flux's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuesError {
    /// `ConfigMap` or `Secret`
    pub kind: String,
    /// The namespace that it was looked for in.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The key in its data.
    pub key: String,
    /// Whether the reference is optional.
    pub optional: bool,
    /// What is wrong.
    pub reason: ValuesErrorReason,
}

/// What is wrong with an item of `spec.valuesFrom`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValuesErrorReason {
    /// The object does not exist.
    ResourceNotFound,
    /// The object has no such key.
    KeyNotFound,
    /// It is neither a ConfigMap nor a Secret.
    UnsupportedKind,
    /// The data is not YAML, or the Secret is not base64.
    Data(String),
    /// The value cannot be set at its target path.
    Merge(String),
    /// The cluster could not be asked.
    Lookup(String),
}

impl ValuesError {
    fn new(release: &HelmRelease, reference: &ValuesReference, reason: ValuesErrorReason) -> Box<ValuesError> {
        Box::new(ValuesError {
            kind: reference.kind.clone(),
            namespace: release.namespace.clone(),
            name: reference.name.clone(),
            key: reference.key().to_owned(),
            optional: reference.optional,
            reason,
        })
    }

    /// What may help.
    pub fn hint(&self) -> Option<String> {
        match self.reason {
            ValuesErrorReason::ResourceNotFound => {
                Some(format!("add the {} {}/{} to the objects of the cluster", self.kind, self.namespace, self.name))
            }
            ValuesErrorReason::KeyNotFound if self.key == "values.yaml" => Some("valuesKey names another key".into()),
            _ => None,
        }
    }
}

impl fmt::Display for ValuesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let optional = if self.optional { " optional" } else { "" };
        let ValuesError { kind, namespace, name, key, .. } = self;
        write!(f, "could not resolve{optional} {kind} chart values reference '{namespace}/{name}' with key '{key}': ")?;
        match &self.reason {
            ValuesErrorReason::ResourceNotFound => write!(f, "{}s \"{name}\" not found", kind.to_lowercase()),
            ValuesErrorReason::KeyNotFound => f.write_str("key not found"),
            ValuesErrorReason::UnsupportedKind => f.write_str("unsupported values reference kind"),
            ValuesErrorReason::Data(message)
            | ValuesErrorReason::Merge(message)
            | ValuesErrorReason::Lookup(message) => f.write_str(message),
        }
    }
}

impl Error for ValuesError {}

/// The values that a HelmRelease gives to its chart: what it refers to in the
/// order of `valuesFrom`, its own on top (`ChartValuesFromReferences`).
///
/// A value with a target path wins over what came before it, and over inline
/// values only where Go's maps and slices happen to be shared: inside a map
/// that nothing before it had, or at an index of a list. This is kept, for it
/// is what a cluster does.
///
/// # Errors
/// The first reference that gives no values and is not optional.
pub(crate) fn compose(
    release: &HelmRelease,
    world: &dyn World,
    notes: &mut Vec<ValuesError>,
) -> Result<Map, Box<ValuesError>> {
    let inline = match release.values.thaw() {
        Value::Map(values) => values,
        _ => Map::new(),
    };
    let mut result = Map::new();
    let mut seen: Index<Option<Map>> = Index::default();
    for reference in &release.values_from {
        let fail = |reason| ValuesError::new(release, reference, reason);
        if !matches!(reference.kind.as_str(), "ConfigMap" | "Secret") {
            return Err(fail(ValuesErrorReason::UnsupportedKind));
        }
        let key = Str::from(format!("{}/{}", reference.kind, reference.name));
        let object = match seen.get(&key) {
            Some(object) => object.clone(),
            None => {
                let object = look_up(release, reference, world).map_err(fail)?;
                seen.insert(key, object.clone());
                object
            }
        };
        let found = object.ok_or(ValuesErrorReason::ResourceNotFound).and_then(|object| data(&object, reference));
        let data = match found {
            Ok(data) => data,
            Err(reason @ (ValuesErrorReason::ResourceNotFound | ValuesErrorReason::KeyNotFound))
                if reference.optional =>
            {
                notes.push(*fail(reason));
                continue;
            }
            Err(reason) => return Err(fail(reason)),
        };
        if reference.target_path.is_empty() {
            let values = goyaml::yaml::from_yaml_map_as(&data, "common.Values")
                .map_err(|e| fail(ValuesErrorReason::Data(e.message().to_owned())))?;
            result = merge_maps(&result, &values);
        } else {
            result = merge_maps(&result, &inline);
            replace_path(&result, &inline, reference, &data).map_err(|m| fail(ValuesErrorReason::Merge(m)))?;
        }
    }
    Ok(merge_maps(&result, &inline))
}

fn look_up(
    release: &HelmRelease,
    reference: &ValuesReference,
    world: &dyn World,
) -> Result<Option<Map>, ValuesErrorReason> {
    let query = LookupQuery {
        api_version: Str::from("v1"),
        kind: Str::from(reference.kind.as_str()),
        namespace: Str::from(release.namespace.as_str()),
        name: Str::from(reference.name.as_str()),
    };
    match world.lookup(&query).map_err(|e| ValuesErrorReason::Lookup(e.message().to_owned()))? {
        Value::Map(object) if !object.is_empty() => Ok(Some(object)),
        _ => Ok(None),
    }
}

/// The bytes at the reference's key. A Secret as it is written may have them as
/// `stringData`, which the API server would have moved.
fn data(object: &Map, reference: &ValuesReference) -> Result<Vec<u8>, ValuesErrorReason> {
    let entry = |field: &str| match object.get(field) {
        Some(Value::Map(data)) => data.get(reference.key()),
        _ => None,
    };
    let secret = reference.kind == "Secret";
    if let (true, Some(Value::Str(text))) = (secret, entry("stringData")) {
        return Ok(text.to_vec());
    }
    match entry("data") {
        Some(Value::Str(text)) if secret => {
            base64(&text).ok_or_else(|| ValuesErrorReason::Data("illegal base64 data".into()))
        }
        Some(Value::Str(text)) => Ok(text.to_vec()),
        Some(Value::Nil) => Ok(Vec::new()),
        Some(other) => {
            Err(ValuesErrorReason::Data(format!("expected a string in data, found {}", crate::fields::kind(&other))))
        }
        None => Err(ValuesErrorReason::KeyNotFound),
    }
}

/// Sets the value at the target path, as `--set` or `--set-string` would
/// (`ReplacePathValue`, `ReplacePathLiteralValue`).
fn replace_path(values: &Map, inline: &Map, reference: &ValuesReference, data: &[u8]) -> Result<(), String> {
    let quoted = |q: u8| data.first() == Some(&q) && data.last() == Some(&q);
    let mut line = reference.target_path.as_bytes().to_vec();
    line.push(b'=');
    let mut reader = Reader::Text;
    if reference.literal {
        for &byte in data {
            if matches!(byte, b'\\' | b',' | b'[' | b']' | b'{' | b'}') {
                line.push(b'\\');
            }
            line.push(byte);
        }
    } else if quoted(b'\'') || quoted(b'"') {
        let quote = |b: &u8| matches!(b, b'\'' | b'"');
        let start = data.iter().position(|b| !quote(b)).unwrap_or(data.len());
        let end = data.iter().rposition(|b| !quote(b)).map_or(start, |end| end + 1);
        line.extend_from_slice(&data[start..end]);
    } else {
        line.extend_from_slice(data);
        reader = Reader::Typed;
    }
    let shared = if reference.target_path.contains('[') { shared_lists(inline, values) } else { Vec::new() };
    let result = parse_into(&line, values, &mut reader).map_err(|e| e.to_string());
    write_through(shared);
    result
}

/// A list that both trees have at the same place, where Go would share one slice.
struct SharedList {
    inline: Map,
    values: Map,
    key: Str,
    length: usize,
}

/// The lists that are one and the same in the inline values and in the values
/// so far, where the maps around them are not.
fn shared_lists(inline: &Map, values: &Map) -> Vec<SharedList> {
    let mut found = Vec::new();
    let mut work = vec![(inline.clone(), values.clone())];
    while let Some((inline, values)) = work.pop() {
        if inline.ptr_eq(&values) {
            continue;
        }
        for (key, value) in inline.entries() {
            match (value, values.get(&key)) {
                (Value::Map(a), Some(Value::Map(b))) => work.push((a, b)),
                (Value::List(a), Some(Value::List(b))) if a.ptr_eq(&b) => {
                    found.push(SharedList { inline: inline.clone(), values: values.clone(), key, length: a.len() });
                }
                _ => {}
            }
        }
    }
    found
}

/// A slice that kept its length was written in place: the other owner sees it.
fn write_through(lists: Vec<SharedList>) {
    for SharedList { inline, values, key, length } in lists {
        if let Some(Value::List(list)) = values.get(&key)
            && list.len() == length
        {
            inline.insert(key, Value::List(list));
        }
    }
}

/// Standard base64; line breaks may be anywhere, as Go allows.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut padding) = (0_u32, 0_usize, 0_usize);
    for &byte in text.iter().filter(|b| !matches!(b, b'\r' | b'\n')) {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = bits << 6 | u32::from(digit);
        count += 1;
        if count.is_multiple_of(4) {
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
            bits = 0;
        }
    }
    match (count % 4, padding) {
        (0, 0) => {}
        (2, 2) => out.push((bits >> 4) as u8),
        (3, 1) => out.extend_from_slice(&((bits >> 2) as u16).to_be_bytes()),
        _ => return None,
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_strict_about_padding() {
        let cases: [(&str, Option<&str>); 8] = [
            ("", Some("")),
            ("YQ==", Some("a")),
            ("YWI=", Some("ab")),
            ("YW\nJj\r\n", Some("abc")),
            ("YWJjZA==", Some("abcd")),
            ("YQ", None),
            ("YQ=a", None),
            ("Y!==", None),
        ];
        for (text, want) in cases {
            assert_eq!(base64(text.as_bytes()).as_deref(), want.map(str::as_bytes), "{text:?}");
        }
    }
}
