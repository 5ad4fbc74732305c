//! YAML as `sigs.k8s.io/yaml` 1.6 reads and writes it.
//!
//! Reading goes from bytes ([`Document::parse`]: scanner, parser, tree of nodes
//! with their places) to values ([`from_yaml`]).

mod comments;
mod decode;
mod emit;
mod error;
mod gosyntax;
mod parse;
mod part;
mod reader;
mod resolve;
mod scalar;
mod scan;
mod skim;
mod tree;
pub mod v3;

use govalue::{FuncError, FuncErrorKind, List, Map, Value};

use crate::json::to_json;

pub use comments::comments;
pub use error::YamlError;
pub use parse::Tag;
pub use part::{Wanted, from_yaml_part};
pub use scalar::Scalar;
pub use scan::token::{Mark, Style};
pub use tree::{Document, NodeKind, NodeRef};

use decode::{Numbers, decode};
use emit::{Emitter, Stop};
use reader::Input;
use resolve::Version;
use tree::MAX_TEXT;

/// Reads the first document of a text (`yaml.Unmarshal` into an `interface{}`).
///
/// Maps are `map[string]interface {}`, sequences `[]interface {}`, all numbers
/// `float64`: the text passes through JSON, as in Go.
///
/// ```
/// let v = goyaml::yaml::from_yaml(b"on: [1, 0x10, yes]").unwrap();
/// assert_eq!(format!("{v:?}"), r#"Map({"true": List([Float(1.0), Float(16.0), Bool(true)])})"#);
/// ```
///
/// # Errors
/// If Go's library fails, with its full message.
pub fn from_yaml(src: &[u8]) -> Result<Value, YamlError> {
    read(src, Numbers::Json)
}

fn read(src: &[u8], numbers: Numbers) -> Result<Value, YamlError> {
    if src.len() <= MAX_TEXT {
        let input = Input::new(src);
        if input.error.is_none()
            && let Some((nodes, owned)) = skim::nodes(&input.text)
        {
            return decode(&Document::from_parts(input, owned, nodes), numbers);
        }
    }
    decode(&Document::parse(src)?, numbers)
}

/// As [`from_yaml`], but integers stay `int` or `uint64`: for those who decode
/// into structs, where a string is wanted `10000000` and `1e7` differ.
///
/// # Errors
/// As [`from_yaml`].
pub fn from_yaml_typed(src: &[u8]) -> Result<Value, YamlError> {
    read(src, Numbers::Keep)
}

/// Reads a text whose top must be a mapping (`yaml.Unmarshal` into a
/// `map[string]interface{}`). An empty text or `null` is an empty map.
///
/// # Errors
/// As [`from_yaml`], and where the document is something else.
pub fn from_yaml_map(src: &[u8]) -> Result<Map, YamlError> {
    from_yaml_map_as(src, "map[string]interface {}")
}

/// As [`from_yaml_map`], for a map type of that name, such as `common.Values`.
///
/// # Errors
/// As [`from_yaml_map`].
pub fn from_yaml_map_as(src: &[u8], type_name: &str) -> Result<Map, YamlError> {
    match from_yaml(src)? {
        Value::Map(m) => Ok(m),
        Value::Nil => Ok(Map::new()),
        other => Err(wrong_type(&other, type_name)),
    }
}

/// Reads a text whose top must be a sequence (`yaml.Unmarshal` into a
/// `[]interface{}`). An empty text or `null` is an empty list.
///
/// # Errors
/// As [`from_yaml`], and where the document is something else.
pub fn from_yaml_list(src: &[u8]) -> Result<List, YamlError> {
    match from_yaml(src)? {
        Value::List(l) => Ok(l),
        Value::Nil => Ok(List::new(Vec::new())),
        other => Err(wrong_type(&other, "[]interface {}")),
    }
}

fn wrong_type(value: &Value, wanted: &str) -> YamlError {
    let found = match value {
        Value::Str(_) => "string",
        Value::Float(_) => "number",
        Value::Bool(_) => "bool",
        Value::List(_) => "array",
        _ => "object",
    };
    YamlError::decoding(format!("json: cannot unmarshal {found} into Go value of type {wanted}"))
}

/// The most that [`to_yaml`] and [`to_yaml_pretty`] write.
const MAX_OUTPUT: usize = 1 << 28;

/// Writes a value as `yaml.Marshal` does: through JSON, then with sorted keys.
/// The text ends with a line break.
///
/// ```
/// use govalue::{Map, Value};
/// let m: Map = [("b", Value::from("on")), ("a", Value::Float(1e6))].into_iter().collect();
/// assert_eq!(goyaml::yaml::to_yaml(&m.into()).unwrap(), b"a: 1000000\nb: \"on\"\n");
/// ```
///
/// # Errors
/// If `encoding/json` cannot encode the value, or go-yaml cannot read that
/// JSON again.
pub fn to_yaml(value: &Value) -> Result<Vec<u8>, FuncError> {
    to_yaml_limited(value, MAX_OUTPUT)
}

/// As [`to_yaml`], but fails when the text gets longer than `limit` bytes.
///
/// # Errors
/// As [`to_yaml`], and [`govalue::Limit::Output`].
pub fn to_yaml_limited(value: &Value, limit: usize) -> Result<Vec<u8>, FuncError> {
    match Emitter::new(Version::V2, true, limit).document(value) {
        Ok(text) => Ok(text),
        Err(Stop::Error(e)) => Err(e),
        Err(Stop::Detour) => to_yaml_through_json(value, limit),
    }
}

/// As [`to_yaml`], but no line is broken because it is long: what becomes of
/// its text when kyaml (`go.yaml.in/yaml/v3`) reads and writes it again.
///
/// # Errors
/// As [`to_yaml`].
pub fn to_yaml_unfolded(value: &Value) -> Result<Vec<u8>, FuncError> {
    match Emitter::new(Version::V2, true, MAX_OUTPUT).unfolded().document(value) {
        Ok(text) => Ok(text),
        Err(Stop::Error(e)) => Err(e),
        Err(Stop::Detour) => through_json(value, |emitter| emitter.unfolded(), MAX_OUTPUT),
    }
}

fn to_yaml_through_json(value: &Value, limit: usize) -> Result<Vec<u8>, FuncError> {
    through_json(value, |emitter| emitter, limit)
}

/// What Go does, step by step.
fn through_json(value: &Value, set: impl FnOnce(Emitter) -> Emitter, limit: usize) -> Result<Vec<u8>, FuncError> {
    let json = to_json(value, true).map_err(|e| match e.kind() {
        FuncErrorKind::Plain => FuncError::new(format!("error marshaling into JSON: {}", e.message())),
        _ => e,
    })?;
    let doc = Document::parse(&json).map_err(|e| FuncError::new(e.bare_message()))?;
    let value = decode(&doc, Numbers::Keep).map_err(|e| FuncError::new(e.bare_message()))?;
    set(Emitter::new(Version::V2, false, limit)).document(&value).map_err(|stop| match stop {
        Stop::Error(e) => e,
        Stop::Detour => FuncError::new("yaml: cannot write this value"),
    })
}

/// Writes a value as Helm's `toYamlPretty` does (`go.yaml.in/yaml/v3`, indent 2).
/// The text ends with a line break.
///
/// # Errors
/// If that library panics, which Helm does not catch: at functions and
/// complex numbers.
pub fn to_yaml_pretty(value: &Value) -> Result<Vec<u8>, FuncError> {
    to_yaml_pretty_limited(value, MAX_OUTPUT)
}

/// As [`to_yaml_pretty`], but fails when the text gets longer than `limit` bytes.
///
/// # Errors
/// As [`to_yaml_pretty`], and [`govalue::Limit::Output`].
pub fn to_yaml_pretty_limited(value: &Value, limit: usize) -> Result<Vec<u8>, FuncError> {
    Emitter::new(Version::V3, false, limit).document(value).map_err(|stop| match stop {
        Stop::Error(e) => e,
        Stop::Detour => FuncError::new("yaml: cannot write this value"),
    })
}
