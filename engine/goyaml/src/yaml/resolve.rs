//! What plain text stands for: null, a boolean, a number, a timestamp or a
//! string (go-yaml: resolve.go).

use std::borrow::Cow;

use super::parse::Tag;

/// Whose rules hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// `go.yaml.in/yaml/v2`: YAML 1.1.
    V2,
    /// `go.yaml.in/yaml/v3`: no `yes` and `on`, but `0o17`.
    V3,
}

/// What a text stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Resolved {
    Null,
    Bool(bool),
    Int(i64),
    /// An integer beyond `int64`.
    Uint(u64),
    Float(f64),
    /// Looks like a timestamp; it is read as a string.
    Timestamp,
    Str,
}

impl Resolved {
    /// The tag of its type.
    pub(crate) fn tag(self) -> Tag {
        match self {
            Resolved::Null => Tag::Null,
            Resolved::Bool(_) => Tag::Bool,
            Resolved::Int(_) | Resolved::Uint(_) => Tag::Int,
            Resolved::Float(_) => Tag::Float,
            Resolved::Timestamp => Tag::Timestamp,
            Resolved::Str => Tag::Str,
        }
    }
}

/// Finds out what plain text stands for. Timestamps cost more and matter only
/// to writers and explicit tags, so they are asked for.
pub(crate) fn resolve(text: &[u8], version: Version, timestamps: bool) -> Resolved {
    let Some(&first) = text.first() else { return Resolved::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text, version),
        b'.' => match text {
            b".nan" | b".NaN" | b".NAN" => Resolved::Float(f64::NAN),
            b".inf" | b".Inf" | b".INF" => Resolved::Float(f64::INFINITY),
            _ => without_separators(text).and_then(|t| float(&t)).map_or(Resolved::Str, Resolved::Float),
        },
        b'+' | b'-' | b'0'..=b'9' => match text {
            b"+.inf" | b"+.Inf" | b"+.INF" => Resolved::Float(f64::INFINITY),
            b"-.inf" | b"-.Inf" | b"-.INF" => Resolved::Float(f64::NEG_INFINITY),
            _ if timestamps && is_timestamp(text) => Resolved::Timestamp,
            _ => number(text, version),
        },
        _ => Resolved::Str,
    }
}

fn word(text: &[u8], version: Version) -> Resolved {
    match text {
        b"true" | b"True" | b"TRUE" => Resolved::Bool(true),
        b"false" | b"False" | b"FALSE" => Resolved::Bool(false),
        b"~" | b"null" | b"Null" | b"NULL" => Resolved::Null,
        _ if version == Version::V3 => Resolved::Str,
        _ => old_bool(text).map_or(Resolved::Str, Resolved::Bool),
    }
}

/// The booleans of YAML 1.1 that YAML 1.2 dropped.
pub(crate) fn old_bool(text: &[u8]) -> Option<bool> {
    match text {
        b"y" | b"Y" | b"yes" | b"Yes" | b"YES" | b"on" | b"On" | b"ON" => Some(true),
        b"n" | b"N" | b"no" | b"No" | b"NO" | b"off" | b"Off" | b"OFF" => Some(false),
        _ => None,
    }
}

fn number(text: &[u8], version: Version) -> Resolved {
    // Most texts that start with a digit but are no numbers end here.
    if !text.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-' | b'.')) {
        return Resolved::Str;
    }
    let plain: Cow<'_, [u8]> =
        if text.contains(&b'_') { text.iter().copied().filter(|b| *b != b'_').collect() } else { text.into() };
    if let Some(n) = integer(&plain, 0).or_else(|| float(&plain).map(Resolved::Float)) {
        return n;
    }
    // Go cuts off the prefix and parses again, so that a sign may follow it.
    let parts = match &*plain {
        [b'0', b'b', rest @ ..] => Some((rest, 2)),
        [b'0', b'o', rest @ ..] if version == Version::V3 => Some((rest, 8)),
        _ => None,
    };
    parts.and_then(|(rest, radix)| integer(rest, radix)).unwrap_or(Resolved::Str)
}

/// The text without `_`, each of which must stand between digits.
fn without_separators(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !text.contains(&b'_') {
        return Some(text.into());
    }
    let groups = || text.split(|b| *b == b'_');
    let starts = groups().skip(1).all(|g| g.first().is_some_and(u8::is_ascii_digit));
    let ends = groups().rev().skip(1).all(|g| g.last().is_some_and(u8::is_ascii_digit));
    (starts && ends).then(|| groups().collect::<Vec<_>>().concat().into())
}

/// `strconv.ParseInt`, else `ParseUint`; radix 0 goes by the prefix.
fn integer(text: &[u8], radix: u32) -> Option<Resolved> {
    let (negative, signed, digits) = match text {
        [b'-', rest @ ..] => (true, true, rest),
        [b'+', rest @ ..] => (false, true, rest),
        _ => (false, false, text),
    };
    let (radix, digits) = match digits {
        [] => return None,
        _ if radix != 0 => (radix, digits),
        [b'0', b'b' | b'B', rest @ ..] if !rest.is_empty() => (2, rest),
        [b'0', b'o' | b'O', rest @ ..] if !rest.is_empty() => (8, rest),
        [b'0', b'x' | b'X', rest @ ..] if !rest.is_empty() => (16, rest),
        [b'0', rest @ ..] => (8, rest),
        _ => (10, digits),
    };
    let mut n = 0u64;
    for &b in digits {
        let digit = char::from(b).to_digit(radix)?;
        n = n.checked_mul(u64::from(radix))?.checked_add(u64::from(digit))?;
    }
    match i64::try_from(n) {
        Ok(i) => Some(Resolved::Int(if negative { -i } else { i })),
        Err(_) if negative && n == i64::MIN.unsigned_abs() => Some(Resolved::Int(i64::MIN)),
        Err(_) if !signed => Some(Resolved::Uint(n)),
        Err(_) => None,
    }
}

/// A decimal number, maybe with fraction and exponent, that `float64` can hold.
fn float(text: &[u8]) -> Option<f64> {
    let unsigned = text.strip_prefix(b"+").or_else(|| text.strip_prefix(b"-")).unwrap_or(text);
    let digits = |s: &[u8]| s.iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(unsigned);
    let mut rest = &unsigned[whole..];
    if let [b'.', after @ ..] = rest {
        let fraction = digits(after);
        if whole + fraction == 0 {
            return None;
        }
        rest = &after[fraction..];
    } else if whole == 0 {
        return None;
    }
    if let [b'e' | b'E', after @ ..] = rest {
        let after = after.strip_prefix(b"+").or_else(|| after.strip_prefix(b"-")).unwrap_or(after);
        if after.is_empty() || digits(after) != after.len() {
            return None;
        }
    } else if !rest.is_empty() {
        return None;
    }
    let f: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    f.is_finite().then_some(f)
}

/// Whether Go's `time.Parse` takes it in one of go-yaml's formats.
pub(crate) fn is_timestamp(text: &[u8]) -> bool {
    let Some((year, rest)) = text.split_first_chunk::<4>() else { return false };
    if !year.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let year = year.iter().fold(0, |n, b| n * 10 + i32::from(b - b'0'));
    let Some((month, rest)) = rest.strip_prefix(b"-").and_then(two_digits) else { return false };
    let Some((day, rest)) = rest.strip_prefix(b"-").and_then(two_digits) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    if day < 1 || day > days {
        return false;
    }
    match rest {
        [] => true,
        [b'T' | b't', rest @ ..] => clock(rest).is_some_and(is_zone),
        [b' ', rest @ ..] => clock(rest.trim_ascii_start_spaces()).is_some_and(<[u8]>::is_empty),
        _ => false,
    }
}

/// Cutting off spaces, and only these.
trait Spaces {
    fn trim_ascii_start_spaces(&self) -> &[u8];
}

impl Spaces for [u8] {
    fn trim_ascii_start_spaces(&self) -> &[u8] {
        let n = self.iter().take_while(|b| **b == b' ').count();
        &self[n..]
    }
}

/// One or two digits.
fn two_digits(text: &[u8]) -> Option<(u32, &[u8])> {
    match text {
        [a, b, rest @ ..] if a.is_ascii_digit() && b.is_ascii_digit() => {
            Some((u32::from(a - b'0') * 10 + u32::from(b - b'0'), rest))
        }
        [a, rest @ ..] if a.is_ascii_digit() => Some((u32::from(a - b'0'), rest)),
        _ => None,
    }
}

/// `15:4:5`, maybe with a fraction; gives what follows.
fn clock(text: &[u8]) -> Option<&[u8]> {
    let (hour, rest) = two_digits(text)?;
    let (minute, rest) = two_digits(rest.strip_prefix(b":")?)?;
    let (second, rest) = two_digits(rest.strip_prefix(b":")?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    match rest {
        [b'.' | b',', digit, ..] if digit.is_ascii_digit() => {
            let n = rest.iter().skip(1).take_while(|b| b.is_ascii_digit()).count();
            rest.get(n + 1..)
        }
        _ => Some(rest),
    }
}

/// `Z` or `+07:00`.
fn is_zone(text: &[u8]) -> bool {
    match text {
        [b'Z'] => true,
        [b'+' | b'-', a, b, b':', c, d] => {
            let number = |a: &u8, b: &u8| {
                (a.is_ascii_digit() && b.is_ascii_digit()).then(|| u32::from(a - b'0') * 10 + u32::from(b - b'0'))
            };
            number(a, b).is_some_and(|h| h <= 24) && number(c, d).is_some_and(|m| m <= 60)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_by_the_rules_of_v2() {
        for (text, want) in [
            ("", Resolved::Null),
            ("~", Resolved::Null),
            ("Null", Resolved::Null),
            ("nULL", Resolved::Str),
            ("y", Resolved::Bool(true)),
            ("Off", Resolved::Bool(false)),
            ("yEs", Resolved::Str),
            ("0", Resolved::Int(0)),
            ("-0", Resolved::Int(0)),
            ("010", Resolved::Int(8)),
            ("08", Resolved::Float(8.0)),
            ("0o17", Resolved::Int(15)),
            ("0x_1F", Resolved::Int(31)),
            ("0b-11", Resolved::Int(-3)),
            ("-0b11", Resolved::Int(-3)),
            ("1_000", Resolved::Int(1000)),
            ("+12", Resolved::Int(12)),
            ("9223372036854775808", Resolved::Uint(9_223_372_036_854_775_808)),
            ("-9223372036854775808", Resolved::Int(i64::MIN)),
            ("18446744073709551616", Resolved::Float(18_446_744_073_709_551_616.0)),
            ("1e3", Resolved::Float(1000.0)),
            ("1.", Resolved::Float(1.0)),
            (".5", Resolved::Float(0.5)),
            (".", Resolved::Str),
            (".5_0", Resolved::Float(0.5)),
            (".5__0", Resolved::Str),
            ("._5", Resolved::Str),
            ("1e400", Resolved::Str),
            ("1e", Resolved::Str),
            ("-", Resolved::Str),
            ("0x", Resolved::Str),
            ("12:30:45", Resolved::Str),
            ("-.inf", Resolved::Float(f64::NEG_INFINITY)),
            ("<<", Resolved::Str),
        ] {
            assert_eq!(resolve(text.as_bytes(), Version::V2, false), want, "{text}");
        }
        assert_eq!(resolve(b"yes", Version::V3, false), Resolved::Str);
        assert_eq!(resolve(b"0o-7", Version::V3, false), Resolved::Int(-7));
    }

    #[test]
    fn timestamps_as_time_parse_takes_them() {
        for (text, want) in [
            ("2001-01-01", true),
            ("2001-1-1", true),
            ("2001-02-29", false),
            ("2004-02-29", true),
            ("2001-13-01", false),
            ("2001-01-01T10:20:30Z", true),
            ("2001-01-01t1:2:3.5+24:60", true),
            ("2001-01-01T10:20:30", false),
            ("2001-01-01  10:20:30,123", true),
            ("2001-01-01 10:20:60", false),
            ("2001-01-01 10:20:30 Z", false),
            ("12001-01-01", false),
        ] {
            assert_eq!(is_timestamp(text.as_bytes()), want, "{text}");
        }
    }
}
