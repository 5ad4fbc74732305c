//! The values of scalar nodes.

use std::borrow::Cow;

use govalue::strconv;

use super::parse::Tag;
use super::resolve::{Resolved, Version, resolve};
use super::tree::{Document, Node};

/// A scalar's value, after its tag.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<'d> {
    /// `null`, `~` or nothing.
    Null,
    /// A boolean, in any of YAML 1.1's words.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer beyond `int64`.
    Uint(u64),
    /// A number with fraction or exponent, an infinity, or no number.
    Float(f64),
    /// A string.
    Str(Cow<'d, [u8]>),
}

/// Resolves a scalar node (go-yaml v2: decode.go `scalar`, resolve.go `resolve`).
///
/// # Errors
/// If the text does not fit the tag; the message starts with `yaml: `.
pub(crate) fn scalar<'d>(doc: &'d Document<'_>, node: &Node) -> Result<Scalar<'d>, String> {
    Ok(match raw_scalar(doc, node)? {
        Scalar::Str(Cow::Owned(bytes)) => Scalar::Str(json_text(bytes)),
        other => other,
    })
}

/// The same before its way through JSON: what `!!binary` stands for may not be UTF-8.
pub(crate) fn raw_scalar<'d>(doc: &'d Document<'_>, node: &Node) -> Result<Scalar<'d>, String> {
    let text = doc.text(node.text);
    match node.tag {
        Tag::None if !node.implicit => Ok(Scalar::Str(text.into())),
        Tag::None => Ok(value(resolve(text, Version::V2, false), text)),
        Tag::Str | Tag::Other | Tag::Merge => Ok(Scalar::Str(text.into())),
        Tag::Binary => match decode_base64(text) {
            Some(bytes) => Ok(Scalar::Str(bytes.into())),
            None => Err("yaml: !!binary value contains invalid base64 data".into()),
        },
        tag => {
            let resolved = resolve(text, Version::V2, tag == Tag::Timestamp);
            match resolved {
                Resolved::Int(n) if tag == Tag::Float => Ok(Scalar::Float(n as f64)),
                _ if resolved.tag() == tag => Ok(value(resolved, text)),
                _ => Err(format!(
                    "yaml: cannot decode {} `{}` as a {}",
                    resolved.tag().short(),
                    govalue::utf8::lossy(text),
                    tag.short()
                )),
            }
        }
    }
}

/// A scalar as go-yaml v3 decodes it into an `interface{}`: what does not fit
/// its tag stays text.
pub(crate) fn scalar_v3<'d>(doc: &'d Document<'_>, node: &Node) -> Scalar<'d> {
    let text = doc.text(node.text);
    let resolved = match node.tag {
        Tag::None if node.implicit => resolve(text, Version::V3, false),
        Tag::None | Tag::Str | Tag::Binary | Tag::Other | Tag::Merge => Resolved::Str,
        tag => match resolve(text, Version::V3, false) {
            Resolved::Int(n) if tag == Tag::Float => Resolved::Float(n as f64),
            resolved if resolved.tag() == tag => resolved,
            _ => Resolved::Str,
        },
    };
    value(resolved, text)
}

fn value(resolved: Resolved, text: &[u8]) -> Scalar<'_> {
    match resolved {
        Resolved::Null => Scalar::Null,
        Resolved::Bool(b) => Scalar::Bool(b),
        Resolved::Int(n) => Scalar::Int(n),
        Resolved::Uint(n) => Scalar::Uint(n),
        Resolved::Float(f) => Scalar::Float(f),
        Resolved::Timestamp | Resolved::Str => Scalar::Str(text.into()),
    }
}

/// A float as `sigs.k8s.io/yaml` writes it where a string is wanted: with the
/// digits of a `float32`.
pub(crate) fn float32_text(f: f64) -> Vec<u8> {
    let mut out = Vec::new();
    strconv::append_float(&mut out, f, b'g', -1, 32);
    out
}

/// A float as a key: as [`float32_text`], and YAML's words for the infinities.
pub(crate) fn float_key(f: f64) -> Vec<u8> {
    match f {
        f if f.is_nan() => b".nan".to_vec(),
        f if f.abs() > f64::from(f32::MAX) => {
            let text = float32_text(f);
            match &*text {
                b"+Inf" => b".inf".to_vec(),
                b"-Inf" => b"-.inf".to_vec(),
                _ => text,
            }
        }
        f => float32_text(f),
    }
}

/// The string after a way through JSON: what is no UTF-8 becomes U+FFFD, each
/// byte by itself.
pub(super) fn json_text(bytes: Vec<u8>) -> Cow<'static, [u8]> {
    if std::str::from_utf8(&bytes).is_ok() {
        return bytes.into();
    }
    let mut out = Vec::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        for _ in chunk.invalid() {
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
    out.into()
}

/// Go's `base64.StdEncoding.DecodeString`: line breaks are skipped, padding is
/// required.
pub(super) fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut quantum = 0u32;
    let mut digits = 0;
    let mut padding = 0;
    for &b in text.iter().filter(|b| !matches!(b, b'\r' | b'\n')) {
        let six = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if digits + padding >= 2 && digits > 0 && digits + padding < 4 => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        quantum = quantum << 6 | u32::from(six);
        digits += 1;
        if digits == 4 {
            out.extend_from_slice(&quantum.to_be_bytes()[1..]);
            (quantum, digits) = (0, 0);
        }
    }
    match (digits, padding) {
        (0, 0) => {}
        (2, 2) => out.push((quantum >> 4) as u8),
        (3, 1) => out.extend_from_slice(&((quantum >> 2) as u16).to_be_bytes()),
        _ => return None,
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::decode_base64;

    #[test]
    fn base64_as_go_decodes_it() {
        for (text, want) in [
            ("", Some(&b""[..])),
            ("aGk=", Some(b"hi")),
            ("aA==", Some(b"h")),
            ("aGkh", Some(b"hi!")),
            ("aG\nk=", Some(b"hi")),
            ("aGk", None),
            ("aGk=a", None),
            ("=", None),
            ("aGk==", None),
            ("a Gk=", None),
        ] {
            assert_eq!(decode_base64(text.as_bytes()).as_deref(), want, "{text:?}");
        }
    }
}
