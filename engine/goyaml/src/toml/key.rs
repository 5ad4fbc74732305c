//! Keys and quoted strings.

/// Appends a part of a key, in quotes where it needs them.
pub(super) fn append_part(out: &mut Vec<u8>, part: &[u8]) {
    if !part.is_empty() && part.iter().all(|b| is_bare(*b)) {
        out.extend_from_slice(part);
    } else {
        append_quoted(out, part);
    }
}

/// Appends a key of several parts.
pub(super) fn append_key<K: AsRef<[u8]>>(out: &mut Vec<u8>, parts: &[K]) {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            out.push(b'.');
        }
        append_part(out, part.as_ref());
    }
}

/// A key of several parts as text.
pub(super) fn key_text<K: AsRef<[u8]>>(parts: &[K]) -> Vec<u8> {
    let mut out = Vec::new();
    append_key(&mut out, parts);
    out
}

/// Whether a character may be in a key without quotes.
pub(super) fn is_bare(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')
}

/// Appends a string in double quotes.
pub(super) fn append_quoted(out: &mut Vec<u8>, s: &[u8]) {
    out.push(b'"');
    for b in s {
        let letter = match b {
            b'"' | b'\\' => *b,
            8 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            12 => b'f',
            b'\r' => b'r',
            0..b' ' | 0x7f => {
                out.extend_from_slice(format!("\\u{b:04x}").as_bytes());
                continue;
            }
            _ => {
                out.push(*b);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', letter]);
    }
    out.push(b'"');
}
