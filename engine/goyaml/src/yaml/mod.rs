//! YAML as `sigs.k8s.io/yaml` 1.6 reads and writes it.

mod error;

use govalue::{FuncError, List, Map, Value};

pub use error::YamlError;

/// Reads the first document of a text (`yaml.Unmarshal` into an `interface{}`).
///
/// Maps are `map[string]interface {}`, sequences `[]interface {}`, all numbers
/// `float64`: the text passes through JSON, as in Go.
///
/// # Errors
/// Where Go's library fails, with its full message.
pub fn from_yaml(_src: &[u8]) -> Result<Value, YamlError> {
    Ok(Value::Nil)
}

/// Reads a text whose top must be a mapping (`yaml.Unmarshal` into a
/// `map[string]interface{}`). An empty text or `null` is an empty map.
///
/// # Errors
/// As [`from_yaml`], and where the document is something else.
pub fn from_yaml_map(_src: &[u8]) -> Result<Map, YamlError> {
    Ok(Map::new())
}

/// Reads a text whose top must be a sequence (`yaml.Unmarshal` into a
/// `[]interface{}`). An empty text or `null` is an empty list.
///
/// # Errors
/// As [`from_yaml`], and where the document is something else.
pub fn from_yaml_list(_src: &[u8]) -> Result<List, YamlError> {
    Ok(List::new(Vec::new()))
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
