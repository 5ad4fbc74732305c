//! The grammar of `--set` and its kin: `a.b[0]=x,c={1,2}`.

mod assign;
mod scan;

use govalue::{Map, Str, Value};

use super::error::ValuesError;
use assign::{Assign, Stop};

/// Returns the content of a file by its path, or why it cannot.
pub type ReadFile<'a> = dyn FnMut(&[u8]) -> Result<Vec<u8>, ValuesError> + 'a;

/// How the values of a line are read.
pub enum Reader<'a> {
    /// `--set`: integers, booleans and null have their types.
    Typed,
    /// `--set-string`: all values are strings.
    Text,
    /// `--set-file`: values are paths, whose content this returns.
    File(&'a mut ReadFile<'a>),
}

impl Reader<'_> {
    fn read(&mut self, text: &str) -> Result<Value, Stop> {
        match self {
            Reader::Typed => Ok(typed(text)),
            Reader::Text => Ok(Value::from(text)),
            Reader::File(open) => Ok(Value::Str(Str::from(open(text.as_bytes())?))),
        }
    }
}

/// Sets what a line says in a map (`strvals.ParseInto` and its kin).
///
/// # Errors
/// With Helm's text, without the `failed parsing --set data: ` before it.
///
/// ```
/// use govalue::{Map, Value};
/// use helm::values::{Reader, parse_into};
/// let values = Map::new();
/// parse_into(b"port=80,name=web", &values, &mut Reader::Typed)?;
/// assert_eq!(values.get("port").map(|v| v.kind().name()), Some("int64"));
/// # Ok::<(), helm::values::ValuesError>(())
/// ```
pub fn parse_into(line: &[u8], values: &Map, reader: &mut Reader<'_>) -> Result<(), ValuesError> {
    Assign::new(line, assign::Values::Text(reader)).run(values)
}

/// The same for `--set-json key=…`: the values are JSON (`strvals.ParseJSON`).
///
/// # Errors
/// As [`parse_into`].
pub fn parse_json_into(line: &[u8], values: &Map) -> Result<(), ValuesError> {
    Assign::new(line, assign::Values::Json).run(values)
}

/// The same for `--set-literal`: all after `=` is the value, as it stands
/// (`strvals.ParseLiteralInto`).
///
/// # Errors
/// As [`parse_into`].
pub fn parse_literal_into(line: &[u8], values: &Map) -> Result<(), ValuesError> {
    Assign::new(line, assign::Values::Literal).run(values)
}

/// The value that a text means (`typedVal`).
fn typed(text: &str) -> Value {
    // `strings.EqualFold` takes the long s for an s.
    if text.eq_ignore_ascii_case("true") {
        return Value::Bool(true);
    }
    if text.eq_ignore_ascii_case("false") || text.replace('ſ', "s").eq_ignore_ascii_case("false") {
        return Value::Bool(false);
    }
    if text.eq_ignore_ascii_case("null") {
        return Value::Nil;
    }
    if text == "0" {
        return Value::int64(0);
    }
    // A number that starts with 0 is a string.
    if !text.starts_with('0')
        && let Ok(n) = text.parse::<i64>()
    {
        return Value::int64(n);
    }
    Value::from(text)
}

#[cfg(test)]
mod tests;
