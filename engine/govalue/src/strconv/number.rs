//! Text to numbers and booleans.

use std::error::Error;
use std::fmt;

use super::quote::quote;

/// Why a text is not a number (`*strconv.NumError`).
///
/// ```
/// use govalue::strconv::parse_int;
/// let e = parse_int(b"x1", 10, 64).unwrap_err();
/// assert_eq!(e.to_string(), r#"strconv.ParseInt: parsing "x1": invalid syntax"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumError {
    /// The Go function that failed: `ParseInt`, `Atoi` …
    pub func: &'static str,
    /// The text.
    pub num: Vec<u8>,
    /// What is wrong with it.
    pub kind: NumErrorKind,
}

/// What is wrong with a text that is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumErrorKind {
    /// It is not a number.
    Syntax,
    /// It does not fit the type. Go's functions return the nearest value
    /// beside the error: see [`NumError::nearest_int`].
    Range {
        /// Whether it is below the type's range.
        negative: bool,
    },
    /// The base is not 0 or 2 to 36.
    Base(u32),
    /// The size is more than 64 bits.
    BitSize(u32),
}

impl NumError {
    fn new(func: &'static str, num: &[u8], kind: NumErrorKind) -> NumError {
        NumError { func, num: num.to_vec(), kind }
    }

    /// The `int64` that Go returns beside the error: the nearest one for a
    /// number out of range, else 0.
    pub fn nearest_int(&self) -> i64 {
        match self.kind {
            NumErrorKind::Range { negative: true } => i64::MIN,
            NumErrorKind::Range { negative: false } => i64::MAX,
            _ => 0,
        }
    }
}

impl fmt::Display for NumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "strconv.{}: parsing {}: ", self.func, quote(&self.num))?;
        match self.kind {
            NumErrorKind::Syntax => f.write_str("invalid syntax"),
            NumErrorKind::Range { .. } => f.write_str("value out of range"),
            NumErrorKind::Base(b) => write!(f, "invalid base {b}"),
            NumErrorKind::BitSize(b) => write!(f, "invalid bit size {b}"),
        }
    }
}

impl Error for NumError {}

/// `strconv.ParseInt`: base 0 takes the base from the prefix and allows
/// underscores; 0 bits stand for 64.
///
/// # Errors
/// As Go's.
pub fn parse_int(s: &[u8], base: u32, bits: u32) -> Result<i64, NumError> {
    signed("ParseInt", s, base, bits)
}

/// `strconv.Atoi`.
///
/// # Errors
/// As Go's.
pub fn atoi(s: &[u8]) -> Result<i64, NumError> {
    signed("Atoi", s, 10, 64)
}

/// `strconv.ParseUint`.
///
/// # Errors
/// As Go's.
pub fn parse_uint(s: &[u8], base: u32, bits: u32) -> Result<u64, NumError> {
    magnitude(s, base, bits).map_err(|kind| NumError::new("ParseUint", s, kind))
}

fn signed(func: &'static str, s: &[u8], base: u32, bits: u32) -> Result<i64, NumError> {
    let (negative, digits) = match s {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, s),
    };
    let fail = |kind| NumError::new(func, s, kind);
    let size = if bits == 0 { 64 } else { bits };
    let n = match magnitude(digits, base, bits) {
        Ok(n) => n,
        Err(NumErrorKind::Range { .. }) => return Err(fail(NumErrorKind::Range { negative })),
        Err(kind) => return Err(fail(kind)),
    };
    let limit = 1u64 << (size - 1);
    match (negative, n) {
        (false, n) if n < limit => Ok(n as i64),
        (true, n) if n <= limit => Ok((n as i64).wrapping_neg()),
        _ => Err(fail(NumErrorKind::Range { negative })),
    }
}

fn magnitude(s: &[u8], base: u32, bits: u32) -> Result<u64, NumErrorKind> {
    if s.is_empty() {
        return Err(NumErrorKind::Syntax);
    }
    let any_base = base == 0;
    let (base, digits) = match (base, s) {
        (2..=36, _) => (u64::from(base), s),
        (0, [b'0', b'b' | b'B', _, ..]) => (2, &s[2..]),
        (0, [b'0', b'o' | b'O', _, ..]) => (8, &s[2..]),
        (0, [b'0', b'x' | b'X', _, ..]) => (16, &s[2..]),
        (0, [b'0', rest @ ..]) => (8, rest),
        (0, _) => (10, s),
        _ => return Err(NumErrorKind::Base(base)),
    };
    let max = match bits {
        0 | 64 => u64::MAX,
        1..64 => (1 << bits) - 1,
        _ => return Err(NumErrorKind::BitSize(bits)),
    };
    let mut n = 0u64;
    let mut underscores = false;
    for b in digits {
        let digit = match b {
            b'_' if any_base => {
                underscores = true;
                continue;
            }
            b'0'..=b'9' => b - b'0',
            b'a'..=b'z' | b'A'..=b'Z' => b.to_ascii_lowercase() - b'a' + 10,
            _ => return Err(NumErrorKind::Syntax),
        };
        if u64::from(digit) >= base {
            return Err(NumErrorKind::Syntax);
        }
        let next = n.checked_mul(base).and_then(|n| n.checked_add(u64::from(digit)));
        n = next.filter(|n| *n <= max).ok_or(NumErrorKind::Range { negative: false })?;
    }
    if underscores && !underscores_ok(s) { Err(NumErrorKind::Syntax) } else { Ok(n) }
}

/// Whether underscores stand only between digits or after a base prefix.
fn underscores_ok(s: &[u8]) -> bool {
    let s = s.strip_prefix(b"-").or(s.strip_prefix(b"+")).unwrap_or(s);
    let (mut before, s, hex) = match s {
        [b'0', x @ (b'b' | b'B' | b'o' | b'O' | b'x' | b'X'), rest @ ..] => (b'0', rest, x.eq_ignore_ascii_case(&b'x')),
        _ => (b'^', s, false),
    };
    for b in s {
        before = match b {
            b'0'..=b'9' => b'0',
            b if hex && b.is_ascii_hexdigit() => b'0',
            b'_' if before != b'0' => return false,
            b'_' => b'_',
            _ if before == b'_' => return false,
            _ => b'!',
        };
    }
    before != b'_'
}

/// `strconv.ParseFloat`: decimal or hexadecimal, with underscores as Go's
/// literals have them, `inf`, `infinity` and `nan`.
///
/// # Errors
/// As Go's; out of range, Go returns an infinity beside the error.
pub fn parse_float(s: &[u8], bits: u32) -> Result<f64, NumError> {
    let fail = |kind| NumError::new("ParseFloat", s, kind);
    if let Some(f) = special_float(s) {
        return Ok(f);
    }
    let f = read_float(s, bits).ok_or_else(|| fail(NumErrorKind::Syntax))?;
    if f.is_infinite() { Err(fail(NumErrorKind::Range { negative: f < 0.0 })) } else { Ok(f) }
}

fn special_float(s: &[u8]) -> Option<f64> {
    let (sign, word) = match s {
        [b'-', rest @ ..] => (-1.0, rest),
        [b'+', rest @ ..] => (1.0, rest),
        _ => (1.0, s),
    };
    match word.first()?.to_ascii_lowercase() {
        b'i' if word.eq_ignore_ascii_case(b"inf") || word.eq_ignore_ascii_case(b"infinity") => {
            Some(sign * f64::INFINITY)
        }
        b'n' if s.eq_ignore_ascii_case(b"nan") => Some(f64::NAN),
        _ => None,
    }
}

fn read_float(s: &[u8], bits: u32) -> Option<f64> {
    let clean: Vec<u8>;
    let text = if s.contains(&b'_') {
        if !underscores_ok(s) {
            return None;
        }
        clean = s.iter().copied().filter(|b| *b != b'_').collect();
        &clean
    } else {
        s
    };
    let (negative, number) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let f = match number {
        [b'0', b'x' | b'X', rest @ ..] => read_hex_float(rest, bits)?,
        // Rust reads `inf` and `nan` as well, and a sign of its own.
        [b'0'..=b'9' | b'.', ..] => {
            let number = std::str::from_utf8(number).ok()?;
            if bits == 32 { f64::from(number.parse::<f32>().ok()?) } else { number.parse().ok()? }
        }
        _ => return None,
    };
    Some(if negative { -f } else { f })
}

/// Reads what follows `0x`: digits, maybe with a point, and a binary exponent.
fn read_hex_float(s: &[u8], bits: u32) -> Option<f64> {
    let mark = s.iter().position(|b| b.eq_ignore_ascii_case(&b'p'))?;
    let (digits, exponent) = (&s[..mark], &s[mark + 1..]);
    let (negative, exponent) = match exponent {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, exponent),
    };
    if exponent.is_empty() || !exponent.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // Beyond this no number of digits that fits in memory matters.
    let size = exponent.iter().fold(0i64, |n, b| if n < 10_000 { n * 10 + i64::from(b - b'0') } else { n });
    let mut exp = if negative { -size } else { size };

    let mut mantissa = 0u64;
    let (mut any, mut point, mut lost) = (false, false, false);
    for b in digits {
        let digit = match b {
            b'.' if !point => {
                point = true;
                continue;
            }
            _ => char::from(*b).to_digit(16)?,
        };
        any = true;
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | u64::from(digit);
            exp -= if point { 4 } else { 0 };
        } else {
            lost |= digit != 0;
            exp += if point { 0 } else { 4 };
        }
    }
    any.then(|| assemble(mantissa, exp, lost, bits))
}

/// The float nearest to `mantissa * 2^exp` and a little more if `lost`; ties go to even.
fn assemble(mantissa: u64, exp: i64, lost: bool, bits: u32) -> f64 {
    let (precision, min_exp, max_exp) = if bits == 32 { (24, -149, 127) } else { (53, -1074, 1023) };
    if mantissa == 0 {
        return 0.0;
    }
    let length = 64 - i64::from(mantissa.leading_zeros());
    // The exponent of the lowest bit that the result can have.
    let low = (exp + length - precision).max(min_exp);
    let shift = low - exp;
    let rounded = match shift {
        ..=0 => {
            let up = u32::try_from(-shift).unwrap_or(0);
            mantissa << up.min(mantissa.leading_zeros())
        }
        65.. => 0,
        _ => {
            let wide = u128::from(mantissa);
            let (kept, cut) = (wide >> shift, wide & ((1 << shift) - 1));
            let half = 1u128 << (shift - 1);
            let up = cut > half || cut == half && (lost || kept & 1 == 1);
            (kept + u128::from(up)) as u64
        }
    };
    let top = 64 - i64::from(rounded.leading_zeros()) + low - 1;
    if rounded == 0 {
        return 0.0;
    }
    if top > max_exp {
        return f64::INFINITY;
    }
    // Exact: `rounded` has at most 53 bits, and both factors are floats.
    let half = (low / 2) as i32;
    rounded as f64 * 2f64.powi(half) * 2f64.powi(low as i32 - half)
}

/// `strconv.ParseBool`.
///
/// # Errors
/// As Go's.
pub fn parse_bool(s: &[u8]) -> Result<bool, NumError> {
    match s {
        b"1" | b"t" | b"T" | b"true" | b"TRUE" | b"True" => Ok(true),
        b"0" | b"f" | b"F" | b"false" | b"FALSE" | b"False" => Ok(false),
        _ => Err(NumError::new("ParseBool", s, NumErrorKind::Syntax)),
    }
}

/// Appends an integer in decimal (`strconv.AppendInt`).
pub fn append_int(out: &mut Vec<u8>, n: i64) {
    if n < 0 {
        out.push(b'-');
    }
    append_uint(out, n.unsigned_abs());
}

/// Appends an unsigned integer in decimal (`strconv.AppendUint`).
pub fn append_uint(out: &mut Vec<u8>, mut n: u64) {
    let mut buf = [0; 20];
    let mut start = buf.len();
    for slot in buf.iter_mut().rev() {
        *slot = b'0' + (n % 10) as u8;
        n /= 10;
        start -= 1;
        if n == 0 {
            break;
        }
    }
    out.extend_from_slice(&buf[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        for (s, base, bits, want) in [
            ("0", 10, 64, Ok(0)),
            ("-9223372036854775808", 10, 64, Ok(i64::MIN)),
            ("9223372036854775808", 10, 64, Err("value out of range")),
            ("99999999999999999999x", 10, 64, Err("value out of range")),
            ("0x1F", 0, 64, Ok(31)),
            ("-0b101", 0, 0, Ok(-5)),
            ("0o17", 0, 64, Ok(15)),
            ("017", 0, 64, Ok(15)),
            ("08", 0, 64, Err("invalid syntax")),
            ("0x", 0, 64, Err("invalid syntax")),
            ("1_000", 0, 64, Ok(1000)),
            ("1__0", 0, 64, Err("invalid syntax")),
            ("1_000", 10, 64, Err("invalid syntax")),
            ("128", 10, 8, Err("value out of range")),
            ("-128", 10, 8, Ok(-128)),
            ("z", 36, 64, Ok(35)),
            ("1", 37, 64, Err("invalid base 37")),
            ("1", 10, 65, Err("invalid bit size 65")),
            ("", 10, 64, Err("invalid syntax")),
            ("+", 10, 64, Err("invalid syntax")),
        ] {
            let got = parse_int(s.as_bytes(), base, bits).map_err(|e| e.to_string());
            let want = want.map_err(|e| format!("strconv.ParseInt: parsing {s:?}: {e}"));
            assert_eq!(got, want, "{s} in base {base}, {bits} bits");
        }
        assert_eq!(atoi(b"-99999999999999999999").unwrap_err().nearest_int(), i64::MIN);
        assert_eq!(parse_uint(b"18446744073709551615", 10, 64), Ok(u64::MAX));
        assert!(parse_uint(b"-1", 10, 64).is_err());
    }

    #[test]
    fn floats() {
        for (s, want) in [
            ("1e5", Some(1e5)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("-0", Some(-0.0)),
            ("+1_0.2_5", Some(10.25)),
            ("1_e5", None),
            ("0x1p-2", Some(0.25)),
            ("-0x.8P1", Some(-1.0)),
            ("0x1.fffffffffffff8p0", Some(2.0)),
            ("0x1p-1075", Some(0.0)),
            ("0x1.8p-1075", Some(5e-324)),
            ("0x1", None),
            ("0x_1p4", Some(16.0)),
            ("iNf", Some(f64::INFINITY)),
            ("-Infinity", Some(f64::NEG_INFINITY)),
            ("infi", None),
            ("+nan", None),
            ("1e309", None),
            ("0x1p1024", None),
            ("e5", None),
            (".", None),
            ("", None),
            ("1e", None),
            ("1 ", None),
            ("++1", None),
        ] {
            assert_eq!(parse_float(s.as_bytes(), 64).ok(), want, "{s}");
        }
        assert!(parse_float(b"NaN", 64).is_ok_and(f64::is_nan));
        assert_eq!(parse_float(b"0.1", 32), Ok(f64::from(0.1f32)));
        assert!(parse_float(b"1e39", 32).is_err());
    }

    #[test]
    fn integers_to_text() {
        let mut out = Vec::new();
        for n in [0, 7, -10, i64::MAX, i64::MIN] {
            out.clear();
            append_int(&mut out, n);
            assert_eq!(out, n.to_string().as_bytes());
        }
    }
}
