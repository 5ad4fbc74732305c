//! Strings and numbers as JSON text.

use govalue::strconv::append_float;
use govalue::utf8;

/// Appends a string in quotes, escaped; `<`, `>` and `&` only where asked for.
pub(crate) fn append_string(out: &mut Vec<u8>, s: &[u8], escape_html: bool) {
    out.reserve(s.len() + 2);
    out.push(b'"');
    // Control characters and what is no ASCII need a look as well.
    let special = |b: &u8| match b {
        b'"' | b'\\' => true,
        b'<' | b'>' | b'&' => escape_html,
        b => *b < b' ' || *b >= 0x80,
    };
    let mut rest = s;
    while let Some(at) = rest.iter().position(special) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[append_special(out, rest)..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// Appends the character at the start in its escaped form; returns its length.
fn append_special(out: &mut Vec<u8>, s: &[u8]) -> usize {
    let (c, n) = utf8::decode(s);
    let letter = match c {
        '"' | '\\' => c as u8,
        '\x08' => b'b',
        '\x0c' => b'f',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\0'..=' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
            append_unicode(out, u32::from(c));
            return n;
        }
        char::REPLACEMENT_CHARACTER if n == 1 => {
            append_unicode(out, 0xfffd);
            return n;
        }
        _ => {
            out.extend_from_slice(&s[..n]);
            return n;
        }
    };
    out.extend_from_slice(&[b'\\', letter]);
    n
}

fn append_unicode(out: &mut Vec<u8>, c: u32) {
    out.extend_from_slice(b"\\u");
    out.extend([12, 8, 4, 0].map(|shift| b"0123456789abcdef"[(c >> shift & 15) as usize]));
}

/// Appends a finite float as ECMAScript writes it, nearly.
pub(crate) fn append_number(out: &mut Vec<u8>, f: f64, bits: u32) {
    let size = f.abs();
    let (low, high) = if bits == 32 { (f64::from(1e-6f32), f64::from(1e21f32)) } else { (1e-6, 1e21) };
    if size == 0.0 || size >= low && size < high {
        append_float(out, f, b'f', -1, bits);
        return;
    }
    append_float(out, f, b'e', -1, bits);
    // `e-09` becomes `e-9`.
    if let [.., b'e', b'+' | b'-', b'0', last] = out.as_slice() {
        let last = *last;
        out.truncate(out.len() - 2);
        out.push(last);
    }
}

/// Appends bytes in standard base64, in quotes.
pub(crate) fn append_base64(out: &mut Vec<u8>, b: &[u8]) {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    out.reserve(b.len() / 3 * 4 + 6);
    out.push(b'"');
    for chunk in b.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let n = at(0) << 16 | at(1) << 8 | at(2);
        let mut four = [18, 12, 6, 0].map(|shift| ALPHABET[(n >> shift & 63) as usize]);
        four[chunk.len() + 1..].fill(b'=');
        out.extend_from_slice(&four);
    }
    out.push(b'"');
}
