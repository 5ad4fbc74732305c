//! Go literals to the text they stand for.

use std::error::Error;
use std::fmt;

use crate::utf8;

/// A text that is not a Go string or character literal: `invalid syntax`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnquoteError;

impl fmt::Display for UnquoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid syntax")
    }
}

impl Error for UnquoteError {}

/// The text of a Go literal in double quotes, backquotes or single quotes
/// (`strconv.Unquote`).
///
/// ```
/// use govalue::strconv::unquote;
/// assert_eq!(unquote(br#""a\tb\x41""#), Ok(b"a\tbA".to_vec()));
/// assert!(unquote(b"'ab'").is_err());
/// ```
///
/// # Errors
/// If it is no such literal.
pub fn unquote(s: &[u8]) -> Result<Vec<u8>, UnquoteError> {
    let [quote, inner @ .., last] = s else { return Err(UnquoteError) };
    if quote != last {
        return Err(UnquoteError);
    }
    match quote {
        b'`' if inner.contains(&b'`') => Err(UnquoteError),
        b'`' => Ok(inner.iter().copied().filter(|b| *b != b'\r').collect()),
        b'"' => {
            let mut out = Vec::with_capacity(inner.len());
            let mut rest = inner;
            while !rest.is_empty() {
                rest = unquote_into(&mut out, rest, b'"')?;
            }
            Ok(out)
        }
        // Go takes `''` for an empty text.
        b'\'' if inner.is_empty() => Ok(Vec::new()),
        b'\'' => {
            let mut out = Vec::new();
            if unquote_into(&mut out, inner, b'\'')?.is_empty() { Ok(out) } else { Err(UnquoteError) }
        }
        _ => Err(UnquoteError),
    }
}

/// The character that a Go character literal's inside starts with and what
/// follows it (`strconv.UnquoteChar`).
///
/// # Errors
/// If there is none.
pub fn unquote_char(s: &[u8], quote: u8) -> Result<(u32, &[u8]), UnquoteError> {
    let (c, _, rest) = one(s, quote)?;
    Ok((c, rest))
}

fn unquote_into<'s>(out: &mut Vec<u8>, s: &'s [u8], quote: u8) -> Result<&'s [u8], UnquoteError> {
    if s.first() == Some(&b'\n') {
        return Err(UnquoteError);
    }
    let (c, multibyte, rest) = one(s, quote)?;
    match u8::try_from(c) {
        Ok(b) if b < 0x80 || !multibyte => out.push(b),
        _ => utf8::push(out, char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER)),
    }
    Ok(rest)
}

/// A character or byte, whether it is more than a byte, and what follows.
fn one(s: &[u8], quote: u8) -> Result<(u32, bool, &[u8]), UnquoteError> {
    let (&c, rest) = s.split_first().ok_or(UnquoteError)?;
    if c == quote && matches!(c, b'\'' | b'"') {
        return Err(UnquoteError);
    }
    if c >= 0x80 {
        let (c, n) = utf8::decode(s);
        return Ok((u32::from(c), true, &s[n..]));
    }
    if c != b'\\' {
        return Ok((u32::from(c), false, rest));
    }
    let (&c, rest) = rest.split_first().ok_or(UnquoteError)?;
    let byte = match c {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\\' => c,
        b'\'' | b'"' if c == quote => c,
        b'x' => {
            let (n, rest) = digits(rest, 2, 16)?;
            return Ok((n, false, rest));
        }
        b'u' | b'U' => {
            let (n, rest) = digits(rest, if c == b'u' { 4 } else { 8 }, 16)?;
            return if char::from_u32(n).is_some() { Ok((n, true, rest)) } else { Err(UnquoteError) };
        }
        b'0'..=b'7' => {
            let (n, rest) = digits(&s[1..], 3, 8)?;
            return if n <= 255 { Ok((n, false, rest)) } else { Err(UnquoteError) };
        }
        _ => return Err(UnquoteError),
    };
    Ok((u32::from(byte), false, rest))
}

fn digits(s: &[u8], count: usize, base: u32) -> Result<(u32, &[u8]), UnquoteError> {
    let (head, rest) = s.split_at_checked(count).ok_or(UnquoteError)?;
    let mut n = 0u32;
    for b in head {
        n = n.wrapping_mul(base) | char::from(*b).to_digit(base).ok_or(UnquoteError)?;
    }
    Ok((n, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unquotes_as_go_does() {
        let cases: &[(&[u8], Option<&[u8]>)] = &[
            (br#""""#, Some(b"")),
            (br#""a\"b\\\n\101\xff\u00e9\U0001f600""#, Some(b"a\"b\\\nA\xff\xc3\xa9\xf0\x9f\x98\x80")),
            (br#""\'""#, None),
            (b"\"a\nb\"", None),
            (b"\"a\"b\"", None),
            (b"\"a", None),
            (br#""a\""#, None),
            (br#""\x4""#, None),
            (br#""\ud800""#, None),
            (br#""\400""#, None),
            (b"\"\xff\"", Some(b"\xef\xbf\xbd")),
            (b"`a\\n\r\nb`", Some(b"a\\n\nb")),
            (b"`a`b`", None),
            (b"'a'", Some(b"a")),
            (br"'\''", Some(b"'")),
            (br#"'\"'"#, None),
            (b"'ab'", None),
            (b"''", Some(b"")),
            (b"'\xff'", Some(b"\xef\xbf\xbd")),
            (b"a", None),
            (b"aa", None),
            (b"", None),
        ];
        for (s, want) in cases {
            assert_eq!(unquote(s).ok().as_deref(), *want, "{}", String::from_utf8_lossy(s));
        }
        assert_eq!(unquote_char(b"\\n'", b'\''), Ok((10, &b"'"[..])));
    }
}
