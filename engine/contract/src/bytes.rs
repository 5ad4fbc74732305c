//! Bytes in JSON.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::from_json::{Fields, FromJson, Unfit};

/// Bytes, as base64 text in JSON (RFC 4648, padded).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base64(pub Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl FromJson for Base64 {
    fn from_json(value: Value) -> Result<Base64, Unfit> {
        let text = value.as_str().ok_or_else(|| Unfit::type_of(&value, "base64 text"))?;
        STANDARD.decode(text).map(Base64).map_err(|e| Unfit::new(format!("not base64: {e}")))
    }
}

crate::deserialized!(Base64);

/// Text that is nearly always UTF-8: a string in JSON, or `{"base64": …}` where it is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub Vec<u8>);

impl Text {
    /// The text, with replacement characters for what is not UTF-8.
    pub fn to_str_lossy(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text(text.as_bytes().to_vec())
    }
}

impl From<Vec<u8>> for Text {
    fn from(text: Vec<u8>) -> Text {
        Text(text)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(RAW, &STANDARD.encode(&self.0))?;
                map.end()
            }
        }
    }
}

/// The key of bytes that are no UTF-8.
const RAW: &str = "base64";

impl FromJson for Text {
    fn from_json(value: Value) -> Result<Text, Unfit> {
        if let Value::String(text) = value {
            return Ok(Text(text.into_bytes()));
        }
        let mut fields = Fields::of(value).map_err(|_| Unfit::new("neither text nor an object with base64"))?;
        let mut bytes = Base64::default();
        fields.need(RAW, &mut bytes);
        fields.end().map(|()| Text(bytes.0))
    }
}

crate::deserialized!(Text);

/// Writes text as a JSON string, without its quotes. serde_json looks at each byte and copies what lies between
/// escapes: in Wasm that takes much longer, because every line of a manifest ends in an escape.
pub(crate) fn escape(text: &str, json: &mut Vec<u8>) {
    const WORD: usize = 8;
    const LONGEST: usize = 6;
    const ROOM: usize = 512;
    let mut buffer = [0; ROOM];
    let mut at = 0;
    for piece in text.as_bytes().chunks(WORD) {
        if at + WORD * LONGEST > ROOM {
            json.extend_from_slice(&buffer[..at]);
            at = 0;
        }
        if let Ok(word) = <[u8; WORD]>::try_from(piece)
            && !needs_escape(u64::from_le_bytes(word))
        {
            buffer[at..at + WORD].copy_from_slice(&word);
            at += WORD;
            continue;
        }
        for &byte in piece {
            if byte >= 0x20 && byte != b'"' && byte != b'\\' {
                buffer[at] = byte;
                at += 1;
            } else {
                at += escaped(byte, &mut buffer[at..at + LONGEST]);
            }
        }
    }
    json.extend_from_slice(&buffer[..at]);
}

/// Whether one of these bytes may have to be escaped: never no where one has to.
fn needs_escape(word: u64) -> bool {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES << 7;
    // A byte below n borrows, and sets its highest bit.
    let below = |word: u64, n: u64| word.wrapping_sub(ONES * n) & !word & HIGH;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    below(word, 0x20) | is(b'"') | is(b'\\') != 0
}

/// Writes the escape of a byte; how long it is.
fn escaped(byte: u8, to: &mut [u8]) -> usize {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\t' => b't',
        b'\r' => b'r',
        0x08 => b'b',
        0x0c => b'f',
        _ => {
            let digit = |n: u8| DIGITS[usize::from(n & 15)];
            let long = [b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte)];
            to.copy_from_slice(&long);
            return long.len();
        }
    };
    if let [first, second, ..] = to {
        (*first, *second) = (b'\\', short);
    }
    2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_not_utf8_survives() {
        for bytes in [&b"plain"[..], b"", b"\xff\x00", "ü".as_bytes()] {
            let json = serde_json::to_string(&Text(bytes.to_vec())).unwrap();
            assert_eq!(serde_json::from_str::<Text>(&json).unwrap().0, bytes, "{json}");
        }
        assert_eq!(serde_json::to_string(&Text(vec![0xff])).unwrap(), r#"{"base64":"/w=="}"#);
        for (json, want) in [
            ("1", "neither text nor an object with base64"),
            ("{}", "missing field `base64`"),
            (r#"{"base65": ""}"#, "unknown field `base65` (known: `base64`)"),
            (r#"{"base64": "?"}"#, "base64: not base64: "),
            (r#"{"base64": 7}"#, "base64: a number, where base64 text belongs"),
        ] {
            let error = serde_json::from_str::<Text>(json).unwrap_err().to_string();
            assert!(error.starts_with(want), "{error}");
        }
    }

    #[test]
    fn text_is_escaped_as_serde_json_does() {
        let every: String = (0..0x180).filter_map(char::from_u32).collect();
        for text in ["", "plain", &every, &every.repeat(3), &"\u{1}".repeat(200), &"a\n".repeat(100)] {
            let mut json = b"\"".to_vec();
            escape(text, &mut json);
            json.push(b'"');
            assert_eq!(String::from_utf8(json).unwrap(), serde_json::to_string(text).unwrap());
        }
    }
}
