//! Number literals (`text/template/parse`: newNumber).

use govalue::strconv::{self, parse_float, parse_int, parse_uint};

use crate::node::{Number, Span};
use crate::parse::Token;
use crate::parse::runes::decode;

/// Whether it is a few decimal digits, which are a number whatever they are.
pub(super) fn is_plain(text: &[u8]) -> bool {
    let digits = text.iter().all(u8::is_ascii_digit);
    digits && text.len() < 19 && (text.len() == 1 || text.first() != Some(&b'0'))
}

/// What a number or character literal may stand for.
///
/// # Errors
/// Go's text where it is none.
pub(crate) fn number(text: &[u8], span: Span, token: Token) -> Result<Number, String> {
    let mut n = Number { text: span, int: None, uint: None, float: None, complex: None };
    match token {
        Token::CharConstant => {
            let c = character(text)?;
            n.int = Some(i64::from(c));
            n.uint = Some(u64::from(c));
            n.float = Some(f64::from(c));
            return Ok(n);
        }
        Token::Complex => {
            set_complex(&mut n, complex(text)?);
            return Ok(n);
        }
        _ => {}
    }
    if let [digits @ .., b'i'] = text
        && let Ok(f) = parse_float(digits, 64)
    {
        set_complex(&mut n, [0.0, f]);
        return Ok(n);
    }
    n.uint = parse_uint(text, 0, 64).ok();
    n.int = parse_int(text, 0, 64).ok();
    if n.int == Some(0) {
        // Also of -0, which is no unsigned number.
        n.uint = Some(0);
    }
    if let Some(i) = n.int {
        n.float = Some(i as f64);
    } else if let Some(u) = n.uint {
        n.float = Some(u as f64);
    } else if let Ok(f) = parse_float(text, 64) {
        if !text.iter().any(|b| b".eEpP".contains(b)) {
            return Err(format!("integer overflow: {}", strconv::quote(text)));
        }
        set_float(&mut n, f);
    }
    if n.int.is_none() && n.uint.is_none() && n.float.is_none() {
        return Err(format!("illegal number syntax: {}", strconv::quote(text)));
    }
    Ok(n)
}

/// A float, and the integers that are equal to it.
fn set_float(n: &mut Number, f: f64) {
    n.float = Some(f);
    n.int = Some(go_int(f)).filter(|i| *i as f64 == f);
    n.uint = Some(go_uint(f)).filter(|u| *u as f64 == f);
}

/// `int64(f)` on amd64, which gives the smallest number for all that do not fit.
fn go_int(f: f64) -> i64 {
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&f) { f as i64 } else { i64::MIN }
}

/// `uint64(f)` on amd64.
fn go_uint(f: f64) -> u64 {
    if f < 9_223_372_036_854_775_808.0 {
        go_int(f) as u64
    } else {
        go_int(f - 9_223_372_036_854_775_808.0) as u64 ^ (1 << 63)
    }
}

fn set_complex(n: &mut Number, c: [f64; 2]) {
    n.complex = Some(c);
    if c[1] == 0.0 {
        set_float(n, c[0]);
    }
}

/// `1+2i`: two floats, the second with a sign and an `i`.
fn complex(text: &[u8]) -> Result<[f64; 2], String> {
    // The sign that splits them is neither the first byte nor that of an exponent.
    let split = (1..text.len()).find(|&i| {
        let hex = text.iter().take(i).any(|b| matches!(b, b'x' | b'X'));
        let exponent: &[u8] = if hex { b"pP" } else { b"eE" };
        matches!(text.get(i), Some(b'+' | b'-')) && !text.get(i - 1).is_some_and(|b| exponent.contains(b))
    });
    let Some((re, im)) = split.and_then(|i| text.split_at_checked(i)) else {
        return Err("syntax error scanning complex number".to_owned());
    };
    if re.ends_with(b"i") {
        return Err("syntax error scanning complex number".to_owned());
    }
    let im = im.strip_suffix(b"i").unwrap_or(im);
    let part = |s: &[u8]| parse_float(s, 64).map_err(|e| e.to_string());
    Ok([part(re)?, part(im)?])
}

/// A character constant with its quotes.
fn character(text: &[u8]) -> Result<u32, String> {
    let (c, tail) = unquote_char(text.get(1..).unwrap_or_default()).ok_or("invalid syntax")?;
    if tail != b"'" {
        return Err(format!("malformed character constant: {}", govalue::utf8::lossy(text)));
    }
    Ok(c)
}

/// The first character of what follows a single quote, and the rest
/// (`strconv.UnquoteChar`).
fn unquote_char(s: &[u8]) -> Option<(u32, &[u8])> {
    match *s {
        [] | [b'\''] | [b'\'', ..] => None,
        [b'\\', escape, ref rest @ ..] => {
            let simple = |c: u8| Some((u32::from(c), rest));
            match escape {
                b'a' => simple(7),
                b'b' => simple(8),
                b'f' => simple(12),
                b'n' => simple(b'\n'),
                b'r' => simple(b'\r'),
                b't' => simple(b'\t'),
                b'v' => simple(11),
                b'\\' | b'\'' => simple(escape),
                b'x' => digits(rest, 2, 16),
                b'u' => digits(rest, 4, 16).filter(|(c, _)| char::from_u32(*c).is_some()),
                b'U' => digits(rest, 8, 16).filter(|(c, _)| char::from_u32(*c).is_some()),
                b'0'..=b'7' => digits(s.get(1..)?, 3, 8).filter(|(c, _)| *c <= 255),
                _ => None,
            }
        }
        [b'\\'] => None,
        _ => {
            let (c, width) = decode(s);
            Some((u32::from(c), s.get(width..)?))
        }
    }
}

fn digits(s: &[u8], n: usize, radix: u32) -> Option<(u32, &[u8])> {
    let (digits, rest) = s.split_at_checked(n)?;
    let mut value = 0u32;
    for d in digits {
        value = value.checked_mul(radix)?.checked_add(char::from(*d).to_digit(radix)?)?;
    }
    Some((value, rest))
}
