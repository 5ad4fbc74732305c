//! YAML text: reading it with places, writing it, and changing it at a place. All that knows of the parser is here.

mod anchors;
mod documents;
mod list;
mod map;
mod patch;
mod source;
mod write;

pub(crate) use anchors::aliases;
pub(crate) use documents::{Document, documents, is_split, parse_values, read_values};
pub(crate) use patch::{Edit, apply};
pub use source::Repeated;
pub(crate) use source::{Entry, Kind, Node, Source, number};
use write::block;
pub(crate) use write::{key as write_key, scalar};

use std::fmt;
use std::ops::Range;

use crate::value::Value;

/// Why a text is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// What is wrong, in the parser's words.
    pub message: String,
    /// The line, counted from 1, if it is about one.
    pub line: Option<usize>,
    /// Whether it is YAML, but not what values are.
    pub is_yaml: bool,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for TextError {}

/// Reads a text of YAML: its first document. An empty text is an empty map.
///
/// ```
/// use chartwright_values::{parse, Path};
/// let values = parse("mode: 0755\ntags: [a, b]\n")?;
/// assert_eq!(values.get(&Path::root().key("mode")).unwrap().shown(), "0755");
/// # Ok::<(), chartwright_values::TextError>(())
/// ```
///
/// # Errors
/// If it is not YAML, or has what JSON has not: keys that are null or lists, infinite numbers.
pub fn parse(text: &str) -> Result<Value, TextError> {
    Ok(Source::parse(text)?.value())
}

/// The places of a text's comments, in bytes; `None` if it cannot be scanned.
pub(crate) fn comments(text: &str) -> Option<Vec<Range<usize>>> {
    goyaml::yaml::comments(text.as_bytes()).ok()
}

/// Reads JSON, which is YAML but for characters beyond 16 bits: JSON escapes them as two halves.
///
/// # Errors
/// If it is neither.
pub(crate) fn parse_json(text: &str) -> Result<Value, TextError> {
    let half = |text: &str, from: u32| {
        let hex = text.strip_prefix("\\u").and_then(|t| t.get(..4))?;
        u32::from_str_radix(hex, 16).ok().filter(|code| code & 0xfc00 == from)
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\\u") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let low = escape.get(6..).and_then(|t| half(t, 0xdc00));
        let code = half(escape, 0xd800).zip(low).map(|(high, low)| 0x1_0000 + ((high & 0x3ff) << 10 | low & 0x3ff));
        let (text, len) = match code.and_then(char::from_u32) {
            Some(c) => (c.to_string(), 12),
            None => (escape.get(..2).unwrap_or_default().to_owned(), 2),
        };
        out.push_str(&text);
        rest = escape.get(len..).unwrap_or_default();
    }
    if out.is_empty() {
        return parse(text);
    }
    out.push_str(rest);
    parse(&out)
}

/// Values at the top: a map; `null` is an empty one.
pub(crate) fn as_values(value: Value) -> Result<Value, TextError> {
    match value {
        Value::Map(_) => Ok(value),
        Value::Null => Ok(Value::empty_map()),
        other => {
            let found = match other {
                Value::List(_) => "a list",
                Value::Text(_) => "a string",
                _ => "a single value",
            };
            let message = format!("values must be a map of keys, but this is {found}");
            Err(TextError { message, line: None, is_yaml: true })
        }
    }
}

/// Writes a value as YAML: maps and lists as blocks, with a line break at the end.
pub fn to_text(value: &Value) -> String {
    let mut text = match value {
        Value::Map(map) if !map.is_empty() => block(value, 0),
        Value::List(list) if !list.is_empty() => block(value, 0),
        _ => scalar(value, false),
    };
    text.push('\n');
    text
}
