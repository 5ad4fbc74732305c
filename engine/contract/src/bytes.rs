//! Bytes in JSON.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use record::{Fields, Kind, Scalar, Target, Unfit};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes, as base64 text in JSON (RFC 4648, padded).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base64(pub Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl Target for Base64 {
    fn kind(&self) -> Kind {
        Kind::Str
    }

    fn expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base64 text")
    }

    fn scalar(&mut self, scalar: Scalar<'_>) -> Result<(), Unfit> {
        let Scalar::Str(text) = scalar else { return Err(Unfit::Type) };
        self.0 = STANDARD.decode(text).map_err(|e| Unfit::Message(format!("not base64: {e}")))?;
        Ok(())
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Base64 {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Base64".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Bytes, as base64 text (RFC 4648, padded).",
            "type": "string",
            "contentEncoding": "base64",
        })
    }
}

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

/// The key of bytes that are not UTF-8.
const RAW: &str = "base64";

impl Target for Text {
    fn kind(&self) -> Kind {
        Kind::Any
    }

    fn expected(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, or an object with base64")
    }

    fn scalar(&mut self, scalar: Scalar<'_>) -> Result<(), Unfit> {
        let Scalar::Str(text) = scalar else { return Err(Unfit::Type) };
        *self = text.into();
        Ok(())
    }

    fn fields(&mut self, fields: &mut dyn Fields) -> Result<(), Unfit> {
        let mut bytes = None;
        while fields.next(&[RAW], true)?.is_some() {
            fields.value(bytes.insert(Base64::default()))?;
        }
        self.0 = bytes.ok_or(Unfit::Missing(RAW))?.0;
        Ok(())
    }
}

/// What is read by tables has to be empty first.
macro_rules! read_by_tables {
    ($($type:ident),*) => {
        $(
            impl record::Empty for $type {
                fn empty() -> $type {
                    $type::default()
                }
            }

            impl<'de> Deserialize<'de> for $type {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                    record::deserialize(deserializer)
                }
            }
        )*
    };
}

read_by_tables!(Base64, Text);

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let bytes = generator.subschema_for::<Base64>();
        schemars::json_schema!({
            "description": "Text; an object with its bytes where it is not UTF-8.",
            "oneOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"base64": bytes},
                    "required": ["base64"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}

/// Writes text as a JSON string, without its quotes.
///
/// serde_json looks at each byte and copies what lies between escapes: in Wasm that takes much longer, because every
/// line of a manifest ends in an escape. Here eight bytes at once are looked at, and written.
pub(crate) fn escape(text: &str, json: &mut Vec<u8>) {
    let (words, rest) = text.as_bytes().as_chunks();
    let mut out = Words { full: [[0; 8]; ROOM], count: 0, partial: 0, bytes: 0 };
    for block in words.chunks(BLOCK) {
        for word in block {
            let word = u64::from_le_bytes(*word);
            if special(word) == 0 { out.push(word, 8) } else { out.escape(word, 8) }
        }
        json.extend_from_slice(out.full[..out.count].as_flattened());
        out.count = 0;
    }
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    out.escape(u64::from_le_bytes(last), rest.len() as u32);
    json.extend_from_slice(out.full[..out.count].as_flattened());
    json.extend(out.partial.to_le_bytes().into_iter().take(out.bytes as usize));
}

/// So many words are written before they are moved to where they belong.
const BLOCK: usize = 64;

/// Each byte may become six, and seven may be left of the block before.
const ROOM: usize = BLOCK * 6 + 1;

/// Bytes that are written eight at once.
struct Words {
    full: [[u8; 8]; ROOM],
    count: usize,
    /// The bytes behind them, from the lowest on; the others are zero.
    partial: u64,
    /// How many those are: at most seven.
    bytes: u32,
}

impl Words {
    /// Writes the lowest bytes of a word; those above them must be zero.
    #[inline(always)]
    fn push(&mut self, word: u64, bytes: u32) {
        let shift = 8 * self.bytes;
        self.partial |= word << shift;
        self.bytes += bytes;
        if self.bytes >= 8 {
            self.full[self.count] = self.partial.to_le_bytes();
            self.count += 1;
            self.bytes -= 8;
            // Two shifts, for one may be as long as the word.
            self.partial = word >> 1 >> (63 - shift);
        }
    }

    /// Writes the lowest bytes of a word with escapes where JSON wants them; those above them must be zero.
    fn escape(&mut self, mut word: u64, mut bytes: u32) {
        loop {
            let plain = (special(word).trailing_zeros() / 8).min(bytes);
            self.push(word & !u64::MAX.checked_shl(8 * plain).unwrap_or_default(), plain);
            if plain == bytes {
                return;
            }
            word >>= 8 * plain;
            let (escape, length) = escaped(word as u8);
            self.push(escape, length);
            word >>= 8;
            bytes -= plain + 1;
        }
    }
}

/// Has the highest bit of the lowest byte set that needs an escape; of the bits above it nothing is known.
#[inline(always)]
fn special(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES << 7;
    // A byte below n borrows, and sets its highest bit.
    let below = |word: u64, n: u64| word.wrapping_sub(ONES * n) & !word & HIGH;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    below(word, 0x20) | is(b'"') | is(b'\\')
}

/// The escape of a byte, from the lowest byte on, and its length.
fn escaped(byte: u8) -> (u64, u32) {
    let short = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\t' => b't',
        b'\r' => b'r',
        0x08 => b'b',
        0x0c => b'f',
        _ => {
            let digit = |n: u8| if n < 10 { b'0' + n } else { b'a' + n - 10 };
            let long = [b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15), 0, 0];
            return (u64::from_le_bytes(long), 6);
        }
    };
    (u64::from(b'\\') | u64::from(short) << 8, 2)
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
            ("1", "invalid type: integer `1`, expected text, or an object with base64"),
            ("{}", "missing field `base64`"),
            (r#"{"base65": ""}"#, "unknown field `base65`, expected `base64`"),
            (r#"{"base64": "?"}"#, "not base64: "),
            (r#"{"base64": 7}"#, "invalid type: integer `7`, expected base64 text"),
        ] {
            let error = serde_json::from_str::<Text>(json).unwrap_err().to_string();
            assert!(error.starts_with(want), "{error}");
        }
    }

    #[test]
    fn text_is_escaped_as_serde_json_does() {
        let every: String = (0..0x180).filter_map(char::from_u32).collect();
        let shifted: Vec<String> = (0..40).map(|n| "x".repeat(n % 9) + &every[n..]).collect();
        let texts = ["", "plain", &every, &every.repeat(3), &"\u{1}".repeat(200), &"a\n".repeat(100)];
        for text in texts.into_iter().chain(shifted.iter().map(String::as_str)) {
            let mut json = b"\"".to_vec();
            escape(text, &mut json);
            json.push(b'"');
            assert_eq!(String::from_utf8(json).unwrap(), serde_json::to_string(text).unwrap());
        }
    }
}
