//! Scalar values: numbers, times and the escapes of strings.

use govalue::strconv::{NumErrorKind, parse_float, parse_int, parse_uint, quote};
use govalue::time::{self, Location, Time};
use govalue::{Value, utf8};

use super::{LOCAL_DATE, LOCAL_DATETIME, LOCAL_TIME};

/// An integer of any base.
pub(super) fn integer(text: &[u8]) -> Result<Value, String> {
    if !underscores_ok(text) {
        return Err(format!("Invalid integer {}: underscores must be surrounded by digits", quote(text)));
    }
    if has_leading_zero(text) {
        return Err(format!("Invalid integer {}: cannot have leading zeroes", quote(text)));
    }
    parse_int(text, 0, 64).map(Value::int64).map_err(|e| match e.kind {
        NumErrorKind::Range { .. } => out_of_range(text, "int64"),
        _ => format!("BUG: Expected integer value, but got '{}'.\n\n", govalue::utf8::lossy(text)),
    })
}

fn out_of_range(text: &[u8], ty: &str) -> String {
    format!("{} is out of range for {ty}", govalue::utf8::lossy(text))
}

/// A float, `inf` or `nan`.
pub(super) fn float(text: &[u8]) -> Result<Value, String> {
    let invalid = |what: &str| format!("Invalid float {}: {what}", quote(text));
    let mut parts = text.split(|b| matches!(b, b'.' | b'e' | b'E')).filter(|p| !p.is_empty());
    if !parts.clone().all(underscores_ok) {
        return Err(invalid("underscores must be surrounded by digits"));
    }
    if parts.next().is_some_and(has_leading_zero) {
        return Err(invalid("cannot have leading zeroes"));
    }
    let period_ok = |(i, b): (usize, &u8)| *b != b'.' || text.get(i + 1).is_some_and(u8::is_ascii_digit);
    if !text.iter().enumerate().all(period_ok) {
        return Err(invalid("'.' must be followed by one or more digits"));
    }
    match text {
        b"+nan" => return Ok(Value::Float(f64::NAN)),
        b"-nan" => return Ok(Value::Float(-f64::NAN)),
        _ => {}
    }
    let digits: Vec<u8> = text.iter().copied().filter(|b| *b != b'_').collect();
    parse_float(&digits, 64).map(Value::Float).map_err(|e| match e.kind {
        NumErrorKind::Range { .. } => out_of_range(text, "float64"),
        _ => format!("Invalid float value: {}", quote(text)),
    })
}

fn has_leading_zero(s: &[u8]) -> bool {
    match s {
        [b'0', second, ..] => !matches!(second, b'b' | b'o' | b'x'),
        [b'-' | b'+', b'0', _, ..] => true,
        _ => false,
    }
}

/// Whether each underscore has something like a digit on both sides.
fn underscores_ok(s: &[u8]) -> bool {
    if matches!(s, b"nan" | b"+nan" | b"-nan" | b"inf" | b"-inf" | b"+inf") {
        return true;
    }
    let mut digit = false;
    for b in s {
        if *b == b'_' && !digit {
            return false;
        }
        digit = b.is_ascii_hexdigit();
    }
    digit
}

/// A date, a time or both, with or without a zone.
pub(super) fn datetime(text: &[u8]) -> Result<Value, String> {
    let text: Vec<u8> = text
        .iter()
        .map(|b| match b {
            b'z' => b'Z',
            b't' | b' ' => b'T',
            _ => *b,
        })
        .collect();
    for (layout, zone) in [
        ("2006-01-02T15:04:05.999999999Z07:00", ""),
        ("2006-01-02T15:04:05.999999999", LOCAL_DATETIME),
        ("2006-01-02", LOCAL_DATE),
        ("15:04:05.999999999", LOCAL_TIME),
        ("2006-01-02T15:04Z07:00", ""),
        ("2006-01-02T15:04", LOCAL_DATETIME),
        ("15:04", LOCAL_TIME),
    ] {
        let location = if zone.is_empty() { Location::Local } else { Location::Fixed(zone.into(), 0) };
        if let Ok(t) = Time::parse(layout.as_bytes(), &text, &location) {
            if separators_moved(&text, layout) {
                break;
            }
            return Ok(time::to_value(&t));
        }
    }
    Err(format!("invalid datetime: {}", quote(&text)))
}

/// Whether the separators are not where the layout has them: a leading zero is
/// missing, which Go's `time.Parse` takes.
fn separators_moved(text: &[u8], layout: &str) -> bool {
    let fixed = layout.bytes().enumerate().take_while(|(_, b)| !matches!(b, b'.' | b'Z'));
    fixed.into_iter().any(|(i, b)| !b.is_ascii_digit() && text.get(i) != Some(&b))
}

/// The text after the line end that may follow the opening quotes.
pub(super) fn strip_first_line_end(s: &[u8]) -> &[u8] {
    s.strip_prefix(b"\n").or(s.strip_prefix(b"\r\n")).unwrap_or(s)
}

/// Removes backslashes at line ends with the white space after them.
pub(super) fn join_lines(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    let mut rest = s;
    while let Some(i) = rest.iter().position(|b| *b == b'\\') {
        let after = &rest[i + 1..];
        let blank = after.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n')).unwrap_or(after.len());
        if after.first() == Some(&b'\\') {
            out.extend_from_slice(&rest[..i + 2]);
            rest = &after[1..];
        } else if after[..blank].contains(&b'\n') {
            out.extend_from_slice(&rest[..i]);
            rest = &after[blank..];
        } else {
            out.extend_from_slice(&rest[..=i]);
            rest = after;
        }
    }
    out.extend_from_slice(rest);
    out
}

/// Replaces the escapes of a string that the lexer has accepted.
pub(super) fn unescape(s: &[u8]) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(s.len());
    let mut rest = s;
    while let Some(i) = rest.iter().position(|b| *b == b'\\') {
        out.extend_from_slice(&rest[..i]);
        let Some((&letter, after)) = rest[i + 1..].split_first() else { break };
        rest = after;
        let digits = match letter {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => {
                out.push(match letter {
                    b'b' => 8,
                    b't' => b'\t',
                    b'n' => b'\n',
                    b'f' => 12,
                    b'r' => b'\r',
                    b'e' => 0x1b,
                    b' ' | b'\t' => return Err(format!("invalid escape: '\\{}'", char::from(letter))),
                    _ => letter,
                });
                continue;
            }
        };
        let (hex, after) = rest.split_at(digits.min(rest.len()));
        rest = after;
        let code = parse_uint(hex, 16, 32).ok().and_then(|n| u32::try_from(n).ok());
        let Some(c) = code.and_then(char::from_u32) else {
            let hex = govalue::utf8::lossy(hex);
            return Err(format!("Escaped character '\\u{hex}' is not valid UTF-8."));
        };
        utf8::push(&mut out, c);
    }
    out.extend_from_slice(rest);
    Ok(out)
}
