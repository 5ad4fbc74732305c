//! Quoting as Go literals.

use super::print::is_print;
use crate::utf8;

/// A double-quoted Go string literal (`strconv.Quote`).
///
/// ```
/// assert_eq!(govalue::strconv::quote(b"a\tb\xff"), r#""a\tb\xff""#);
/// ```
pub fn quote(s: &[u8]) -> String {
    let mut out = Vec::with_capacity(s.len() + 2);
    append_quote(&mut out, s);
    String::from_utf8(out).expect("what is not UTF-8 is escaped")
}

/// Appends what [`quote`] returns.
pub fn append_quote(out: &mut Vec<u8>, s: &[u8]) {
    append_quoted(out, s, false);
}

/// The same in ASCII only (`strconv.AppendQuoteToASCII`).
pub fn append_quote_to_ascii(out: &mut Vec<u8>, s: &[u8]) {
    append_quoted(out, s, true);
}

/// A single-quoted Go character literal (`strconv.QuoteRune`); what is no
/// character becomes U+FFFD.
pub fn quote_rune(r: u32) -> String {
    let mut out = Vec::new();
    append_quote_rune(&mut out, r, false);
    String::from_utf8(out).expect("what is not UTF-8 is escaped")
}

/// Appends what [`quote_rune`] returns, in ASCII only where asked for.
pub fn append_quote_rune(out: &mut Vec<u8>, r: u32, ascii: bool) {
    out.push(b'\'');
    append_escaped(out, char::from_u32(r).unwrap_or(char::REPLACEMENT_CHARACTER), b'\'', ascii);
    out.push(b'\'');
}

/// Whether a string can stand between backquotes (`strconv.CanBackquote`).
pub fn can_backquote(s: &[u8]) -> bool {
    let control = |b: &u8| *b < b' ' && *b != b'\t' || matches!(b, b'`' | 0x7f);
    !s.iter().any(control) && std::str::from_utf8(s).is_ok_and(|s| !s.contains('\u{feff}'))
}

fn append_quoted(out: &mut Vec<u8>, mut s: &[u8], ascii: bool) {
    out.reserve(s.len() + 2);
    out.push(b'"');
    while let Some(&first) = s.first() {
        let plain = s.iter().position(|b| !matches!(b, b' '..=b'~') || matches!(b, b'"' | b'\\')).unwrap_or(s.len());
        if plain > 0 {
            out.extend_from_slice(&s[..plain]);
            s = &s[plain..];
            continue;
        }
        match utf8::decode(s) {
            (char::REPLACEMENT_CHARACTER, 1) => {
                append_hex(out, b'x', u32::from(first), 2);
                s = &s[1..];
            }
            (c, n) => {
                append_escaped(out, c, b'"', ascii);
                s = &s[n..];
            }
        }
    }
    out.push(b'"');
}

fn append_escaped(out: &mut Vec<u8>, c: char, quote: u8, ascii: bool) {
    let letter = match c {
        '\x07' => b'a',
        '\x08' => b'b',
        '\x0c' => b'f',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\x0b' => b'v',
        '\\' => b'\\',
        c if c == char::from(quote) => quote,
        c if is_print(c) && (c.is_ascii() || !ascii) => return utf8::push(out, c),
        '\0'..' ' | '\x7f' => return append_hex(out, b'x', u32::from(c), 2),
        '\x7f'..='\u{ffff}' => return append_hex(out, b'u', u32::from(c), 4),
        _ => return append_hex(out, b'U', u32::from(c), 8),
    };
    out.extend_from_slice(&[b'\\', letter]);
}

fn append_hex(out: &mut Vec<u8>, letter: u8, n: u32, digits: u32) {
    out.extend_from_slice(&[b'\\', letter]);
    for i in (0..digits).rev() {
        out.push(b"0123456789abcdef"[(n >> (4 * i) & 15) as usize]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_as_go_does() {
        for (s, want, ascii) in [
            (&b""[..], r#""""#, r#""""#),
            (b"a\"b\\c'd", r#""a\"b\\c'd""#, r#""a\"b\\c'd""#),
            (b"\x00\x07\x08\x0c\n\r\t\x0b\x7f", r#""\x00\a\b\f\n\r\t\v\x7f""#, r#""\x00\a\b\f\n\r\t\v\x7f""#),
            ("é€😀".as_bytes(), "\"é€😀\"", r#""\u00e9\u20ac\U0001f600""#),
            (b"\xc3(\xff", r#""\xc3(\xff""#, r#""\xc3(\xff""#),
            (
                "\u{a0}\u{200b}\u{e0001}\u{fffd}".as_bytes(),
                "\"\\u00a0\\u200b\\U000e0001\u{fffd}\"",
                r#""\u00a0\u200b\U000e0001\ufffd""#,
            ),
        ] {
            assert_eq!(quote(s), want);
            let mut out = Vec::new();
            append_quote_to_ascii(&mut out, s);
            assert_eq!(out, ascii.as_bytes());
        }
        for (r, want) in [(0x61, "'a'"), (0x27, r"'\''"), (0x22, "'\"'"), (0xd800, "'\u{fffd}'"), (10, r"'\n'")] {
            assert_eq!(quote_rune(r), want);
        }
        assert!(can_backquote(b"a\tb") && can_backquote("é".as_bytes()));
        assert!(!can_backquote(b"`") && !can_backquote(b"a\nb") && !can_backquote(b"\xff"));
        assert!(!can_backquote("\u{feff}".as_bytes()));
    }
}
