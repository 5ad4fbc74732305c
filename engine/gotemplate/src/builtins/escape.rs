//! `html`, `js`, `urlquery`.

use govalue::{FuncError, Value, fmt, strconv};

use crate::exec::printable;
use crate::parse::runes::decode;

/// The arguments as one text (`evalArgs`).
pub(super) fn text(args: &[Value]) -> Result<Vec<u8>, FuncError> {
    if let [Value::Str(s)] = args {
        return Ok(s.to_vec());
    }
    let shown: Vec<Value> = args
        .iter()
        .map(|v| match v {
            Value::Nil => Value::from("<no value>"),
            v => printable(v, false).unwrap_or_else(|| v.clone()),
        })
        .collect();
    fmt::sprint(&shown)
}

/// `HTMLEscape`.
pub(super) fn html(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for b in text {
        let escaped: &[u8] = match b {
            0 => "\u{fffd}".as_bytes(),
            b'"' => b"&#34;",
            b'\'' => b"&#39;",
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            other => std::slice::from_ref(other),
        };
        out.extend_from_slice(escaped);
    }
    out
}

/// `JSEscape`.
pub(super) fn js(mut text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    while let Some((&b, rest)) = text.split_first() {
        if b >= 0x80 {
            let (c, width) = decode(text);
            let (rune, rest) = text.split_at_checked(width).unwrap_or((text, &[]));
            if strconv::is_print(c) {
                out.extend_from_slice(rune);
            } else {
                out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes());
            }
            text = rest;
            continue;
        }
        match b {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\'' => out.extend_from_slice(b"\\'"),
            b'"' => out.extend_from_slice(b"\\\""),
            b'<' | b'>' | b'&' | b'=' | 0..0x20 => out.extend_from_slice(format!("\\u{b:04X}").as_bytes()),
            _ => out.push(b),
        }
        text = rest;
    }
    out
}

/// `url.QueryEscape`.
pub(super) fn url_query(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &b in text {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(b),
            b' ' => out.push(b'+'),
            _ => out.extend_from_slice(format!("%{b:02X}").as_bytes()),
        }
    }
    out
}
