//! Numbers out of anything (spf13/cast 1.7): what cannot be one is zero.

use govalue::strconv;
use govalue::{Num, Type, Value};

/// `cast.ToInt64` and `cast.ToInt`, which are the same on 64 bits.
pub(crate) fn to_i64(v: &Value) -> i64 {
    match v {
        Value::Int(n) => *n,
        Value::Float(f) => go_int(*f),
        Value::Bool(b) => i64::from(*b),
        Value::Str(s) => strconv::parse_int(trim_zero_decimal(s), 0, 64).unwrap_or(0),
        Value::Num(n) if !is_number(*n) => 0,
        Value::Num(n) if n.ty().kind().is_float() => go_int(n.as_f64()),
        Value::Num(n) => n.as_i64(),
        _ => 0,
    }
}

/// `cast.ToFloat64`.
pub(crate) fn to_f64(v: &Value) -> f64 {
    match v {
        Value::Int(n) => *n as f64,
        Value::Float(f) => *f,
        Value::Bool(b) => f64::from(u8::from(*b)),
        Value::Str(s) => strconv::parse_float(s, 64).unwrap_or(0.0),
        Value::Num(n) if is_number(*n) => n.as_f64(),
        _ => 0.0,
    }
}

/// Whether cast knows the type: of those with names, only months and weekdays.
fn is_number(n: Num) -> bool {
    match n.ty() {
        Type::Named(named) => matches!(named.name, "time.Month" | "time.Weekday"),
        Type::Uintptr => false,
        _ => true,
    }
}

/// `int64(f)` as Go compiles it for amd64: whatever does not fit is the
/// smallest integer.
pub(crate) fn go_int(f: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&f) { f as i64 } else { i64::MIN }
}

/// Cuts `.0`, `.00` … off the end (cast's trimZeroDecimal, which looks through
/// further points behind the zeros).
fn trim_zero_decimal(s: &[u8]) -> &[u8] {
    let mut zero = false;
    for (i, b) in s.iter().enumerate().rev() {
        match b {
            b'0' => zero = true,
            b'.' if zero => return s.get(..i).unwrap_or(s),
            b'.' => {}
            _ => break,
        }
    }
    s
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_behind_the_point_go() {
        for (s, cut) in [
            ("12.0", "12"),
            ("12.00", "12"),
            ("12.", "12."),
            ("1.20", "1.20"),
            ("100", "100"),
            (".0", ""),
            ("7.0.", "7"),
        ] {
            assert_eq!(trim_zero_decimal(s.as_bytes()), cut.as_bytes(), "{s}");
        }
    }

    #[test]
    fn floats_out_of_range_are_the_smallest_integer() {
        for (f, n) in [(1.9, 1), (-1.9, -1), (1e30, i64::MIN), (-1e30, i64::MIN), (f64::NAN, i64::MIN)] {
            assert_eq!(go_int(f), n, "{f}");
        }
    }
}
