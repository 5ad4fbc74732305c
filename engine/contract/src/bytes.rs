//! Bytes in JSON.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Error, MapAccess, Visitor};
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

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Base64, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Base64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("base64 text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Base64, E> {
                STANDARD.decode(text).map(Base64).map_err(|e| E::custom(format!("not base64: {e}")))
            }
        }
        deserializer.deserialize_str(Text)
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
                let mut raw = serializer.serialize_map(Some(1))?;
                raw.serialize_entry("base64", &STANDARD.encode(&self.0))?;
                raw.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, or an object with base64")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
                Ok(text.into())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
                let mut bytes = None;
                while let Some(key) = map.next_key::<String>()? {
                    if key != "base64" {
                        return Err(A::Error::unknown_field(&key, &["base64"]));
                    }
                    bytes = Some(map.next_value::<Base64>()?);
                }
                bytes.map(|bytes| Text(bytes.0)).ok_or_else(|| A::Error::missing_field("base64"))
            }
        }
        deserializer.deserialize_any(Either)
    }
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
        ] {
            let error = serde_json::from_str::<Text>(json).unwrap_err().to_string();
            assert!(error.starts_with(want), "{error}");
        }
    }
}
