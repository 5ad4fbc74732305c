//! Floats to text.

use std::io::Write;

use super::number::append_int;

/// No float has more significant decimal digits, or more digits after the
/// point, than this; what a precision asks for beyond are zeros.
const MAX_DIGITS: usize = 1100;

/// Formats a float (`strconv.FormatFloat`): `fmt` is one of `b e E f g G x X`,
/// a precision of -1 asks for the fewest digits that read back as the same
/// number of `bits` (32 or 64).
///
/// ```
/// use govalue::strconv::format_float;
/// assert_eq!(format_float(1e21, b'g', -1, 64), "1e+21");
/// assert_eq!(format_float(1234567.0, b'g', -1, 64), "1.234567e+06");
/// assert_eq!(format_float(2.5, b'f', 0, 64), "2");
/// ```
pub fn format_float(f: f64, fmt: u8, prec: i32, bits: u32) -> String {
    let mut out = Vec::new();
    append_float(&mut out, f, fmt, prec, bits);
    String::from_utf8(out).expect("a number is written in ASCII")
}

/// Appends what [`format_float`] returns.
pub fn append_float(out: &mut Vec<u8>, f: f64, fmt: u8, prec: i32, bits: u32) {
    if f.is_nan() {
        out.extend_from_slice(b"NaN");
        return;
    }
    if f.is_infinite() {
        out.extend_from_slice(if f > 0.0 { b"+Inf" } else { b"-Inf" });
        return;
    }
    let prec = usize::try_from(prec).ok();
    match fmt {
        b'g' | b'G' => append_general(out, f, fmt, prec, bits),
        b'e' | b'E' => append_exponential(out, f, fmt, prec, bits),
        b'f' => append_fixed(out, f, prec, bits),
        b'b' => append_binary(out, f, bits),
        b'x' | b'X' => append_hex(out, f, fmt, prec, bits),
        _ => out.extend_from_slice(&[b'%', fmt]),
    }
}

fn append_general(out: &mut Vec<u8>, f: f64, fmt: u8, prec: Option<usize>, bits: u32) {
    if prec.is_none() && f.abs() < 1e6 && f.fract() == 0.0 && (f != 0.0 || f.is_sign_positive()) {
        append_int(out, f as i64);
        return;
    }
    let prec = prec.map(|p| p.max(1));
    let mut buf = Vec::with_capacity(32);
    write_exponential(&mut buf, f, prec.map(|p| p - 1), bits);
    let (digits, exp) = split_exponential(&buf);
    let trimmed = digits.iter().rposition(|d| !matches!(d, b'0' | b'.')).map_or(0, |i| i + 1);
    let digits: Vec<u8> = digits[..trimmed].iter().copied().filter(|d| *d != b'.').collect();
    let point = if digits.is_empty() { 0 } else { exp + 1 };
    let count = digits.len() as i32;

    let mut threshold = prec.map_or(6, |p| i32::try_from(p).unwrap_or(i32::MAX));
    if prec.is_some() && threshold > count && count >= point {
        threshold = count;
    }
    if f.is_sign_negative() {
        out.push(b'-');
    }
    if point - 1 < -4 || point > threshold {
        let (first, rest) = digits.split_at(1.min(digits.len()));
        out.extend_from_slice(first);
        if !rest.is_empty() {
            out.push(b'.');
            out.extend_from_slice(rest);
        }
        append_exponent(out, if fmt == b'G' { b'E' } else { b'e' }, exp);
        return;
    }
    append_plain(out, &digits, point);
}

/// Appends digits with the decimal point after `point` of them.
fn append_plain(out: &mut Vec<u8>, digits: &[u8], point: i32) {
    let whole = usize::try_from(point).unwrap_or(0);
    let (head, tail) = digits.split_at(whole.min(digits.len()));
    out.extend_from_slice(if head.is_empty() { b"0" } else { head });
    out.resize(out.len() + whole.saturating_sub(digits.len().max(1)), b'0');
    if !tail.is_empty() {
        out.push(b'.');
        out.resize(out.len() + usize::try_from(-point).unwrap_or(0), b'0');
        out.extend_from_slice(tail);
    }
}

fn append_exponential(out: &mut Vec<u8>, f: f64, fmt: u8, prec: Option<usize>, bits: u32) {
    let mut buf = Vec::with_capacity(32);
    write_exponential(&mut buf, f, prec, bits);
    let (digits, exp) = split_exponential(&buf);
    if f.is_sign_negative() {
        out.push(b'-');
    }
    out.extend_from_slice(digits);
    pad_precision(out, prec);
    append_exponent(out, fmt, exp);
}

fn append_fixed(out: &mut Vec<u8>, f: f64, prec: Option<usize>, bits: u32) {
    if let Some(p) = prec {
        // Writing to a vector cannot fail.
        let _ = write!(out, "{f:.*}", p.min(MAX_DIGITS));
        return pad_precision(out, prec);
    }
    if f.is_sign_negative() {
        out.push(b'-');
    }
    if f.abs() < 1e15 && f.fract() == 0.0 {
        return append_int(out, f.abs() as i64);
    }
    let mut buf = Vec::with_capacity(32);
    write_exponential(&mut buf, f, None, bits);
    let (digits, exp) = split_exponential(&buf);
    let digits: Vec<u8> = digits.iter().copied().filter(|d| *d != b'.').collect();
    append_plain(out, &digits, exp + 1);
}

/// Appends the zeros of a precision that is beyond [`MAX_DIGITS`].
fn pad_precision(out: &mut Vec<u8>, prec: Option<usize>) {
    let more = prec.unwrap_or(0).saturating_sub(MAX_DIGITS);
    out.resize(out.len() + more, b'0');
}

/// Writes the magnitude as Rust does: `1.5e-7`.
fn write_exponential(buf: &mut Vec<u8>, f: f64, prec: Option<usize>, bits: u32) {
    let f = f.abs();
    // Writing to a vector cannot fail.
    let _ = match prec {
        Some(p) => write!(buf, "{f:.*e}", p.min(MAX_DIGITS)),
        None if bits == 32 => write!(buf, "{:e}", f as f32),
        None => write!(buf, "{f:e}"),
    };
    if prec.is_none() {
        even_tie(buf, f, bits);
    }
}

/// Of two shortest texts that are equally near, Go takes the one with the even
/// last digit, Rust the greater one.
fn even_tie(buf: &mut [u8], f: f64, bits: u32) {
    let (digits, _) = split_exponential(buf);
    let end = digits.len();
    // Fewer digits lie too far apart for two of them to stand for one float.
    let least = if bits == 32 { "1.23456" } else { "1.23456789012345" };
    let odd = digits.last().is_some_and(|d| d & 1 == 1);
    if !odd || end < least.len() {
        return;
    }
    let mut exact = Vec::with_capacity(64);
    // Writing to a vector cannot fail.
    let _ = write!(exact, "{f:.*e}", end + 40);
    let (exact, _) = split_exponential(&exact);
    if exact.get(end).is_none_or(|d| *d != b'5') || exact[end + 1..].iter().any(|d| *d != b'0') {
        return;
    }
    buf[end - 1] -= 1;
    let text = std::str::from_utf8(buf).expect("a number is written in ASCII");
    let same = if bits == 32 { text.parse() == Ok(f as f32) } else { text.parse() == Ok(f) };
    if !same {
        buf[end - 1] += 1;
    }
}

/// Splits `1.5e-7` into `1.5` and -7.
fn split_exponential(text: &[u8]) -> (&[u8], i32) {
    let e = text.iter().rposition(|b| *b == b'e').unwrap_or(text.len());
    let exp = text.get(e + 1..).and_then(|e| std::str::from_utf8(e).ok()).and_then(|e| e.parse().ok());
    (&text[..e], exp.unwrap_or(0))
}

/// Appends an exponent with its sign and at least two digits.
fn append_exponent(out: &mut Vec<u8>, letter: u8, exp: i32) {
    out.push(letter);
    out.push(if exp < 0 { b'-' } else { b'+' });
    if exp.abs() < 10 {
        out.push(b'0');
    }
    append_int(out, i64::from(exp.abs()));
}

/// The mantissa, the exponent of its lowest bit, and the mantissa's size in bits.
fn parts(f: f64, bits: u32) -> (u64, i32, u32) {
    let (raw, mantissa_bits, exp_bits, bias) = match bits {
        32 => (u64::from((f as f32).to_bits()), 23, 8, -127),
        _ => (f.to_bits(), 52, 11, -1023),
    };
    let exp = (raw >> mantissa_bits) as i32 & ((1 << exp_bits) - 1);
    let mantissa = raw & ((1 << mantissa_bits) - 1);
    let (mantissa, exp) = if exp == 0 { (mantissa, 1) } else { (mantissa | 1 << mantissa_bits, exp) };
    (mantissa, exp + bias, mantissa_bits)
}

/// `4503599627370496p-52`
fn append_binary(out: &mut Vec<u8>, f: f64, bits: u32) {
    let (mantissa, exp, mantissa_bits) = parts(f, bits);
    if f.is_sign_negative() {
        out.push(b'-');
    }
    append_int(out, mantissa as i64);
    out.push(b'p');
    let exp = exp - mantissa_bits as i32;
    if exp >= 0 {
        out.push(b'+');
    }
    append_int(out, i64::from(exp));
}

/// `0x1.8p+00`
fn append_hex(out: &mut Vec<u8>, f: f64, fmt: u8, prec: Option<usize>, bits: u32) {
    /// Where the digit before the point starts: 15 hexadecimal digits follow it.
    const POINT: u32 = 60;
    let (mut mantissa, mut exp, mantissa_bits) = parts(f, bits);
    if mantissa == 0 {
        exp = 0;
    } else {
        mantissa <<= POINT - mantissa_bits;
        while mantissa & 1 << POINT == 0 {
            mantissa <<= 1;
            exp -= 1;
        }
    }
    if let Some(p @ 0..15) = prec {
        let kept = p as u32 * 4;
        let lost = (mantissa << kept) & ((1 << POINT) - 1);
        mantissa >>= POINT - kept;
        if lost | (mantissa & 1) > 1 << (POINT - 1) {
            mantissa += 1;
        }
        mantissa <<= POINT - kept;
        if mantissa & 1 << (POINT + 1) != 0 {
            mantissa >>= 1;
            exp += 1;
        }
    }
    let digits: &[u8; 16] = if fmt == b'X' { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    if f.is_sign_negative() {
        out.push(b'-');
    }
    out.extend_from_slice(&[b'0', fmt, b'0' + (mantissa >> POINT & 1) as u8]);
    mantissa <<= 4;
    if prec.is_some_and(|p| p > 0) || prec.is_none() && mantissa != 0 {
        out.push(b'.');
        let mut n = 0;
        while prec.map_or(mantissa != 0, |p| n < p) {
            out.push(digits[(mantissa >> POINT & 15) as usize]);
            mantissa <<= 4;
            n += 1;
        }
    }
    append_exponent(out, if fmt == b'X' { b'P' } else { b'p' }, exp);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_as_go_does() {
        #[rustfmt::skip]
        let cases = [
            (0.0, b'g', -1, "0"), (-0.0, b'g', -1, "-0"), (0.0, b'e', -1, "0e+00"), (0.0, b'g', 3, "0"),
            (1e6, b'g', -1, "1e+06"), (999_999.0, b'g', -1, "999999"), (1e20, b'g', -1, "1e+20"),
            (0.0001, b'g', -1, "0.0001"), (0.00001, b'g', -1, "1e-05"), (123.456, b'g', -1, "123.456"),
            (100.0, b'g', 3, "100"), (100.0, b'g', 2, "1e+02"), (123_456_789.0, b'G', 4, "1.235E+08"),
            (0.1, b'g', 20, "0.10000000000000000555"), (2.5, b'f', 0, "2"), (3.5, b'f', 0, "4"),
            (0.125, b'e', 1, "1.2e-01"), (0.375, b'e', 1, "3.8e-01"), (1e23, b'f', -1, "100000000000000000000000"),
            (5e-324, b'e', -1, "5e-324"), (1.0, b'b', -1, "4503599627370496p-52"), (1.5, b'x', -1, "0x1.8p+00"),
            (1.999_999_9, b'x', 1, "0x1.0p+01"), (0.0, b'X', 2, "0X0.00P+00"), (1e300, b'E', 2, "1.00E+300"),
            (-637_901_963_032_358.2, b'g', -1, "-6.379019630323582e+14"), (0.001, b'f', -1, "0.001"),
            (f64::NAN, b'g', -1, "NaN"), (f64::NEG_INFINITY, b'f', 2, "-Inf"), (1.0, b'q', -1, "%q"),
        ];
        for (f, fmt, prec, want) in cases {
            assert_eq!(format_float(f, fmt, prec, 64), want, "{f:e} %{} {prec}", char::from(fmt));
        }
        assert_eq!(format_float(f64::from(0.1f32), b'g', -1, 32), "0.1");
        assert_eq!(format_float(f64::from(3.4e38f32), b'b', -1, 32), "16763294p+104");
        assert_eq!(format_float(1449.78125, b'f', -1, 32), "1449.7812");
        assert_eq!(format_float(0.1, b'f', 2000, 64).len(), 2002);
    }
}
