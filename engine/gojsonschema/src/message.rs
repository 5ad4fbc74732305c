//! How messages show values: numbers as `golang.org/x/text/message` prints them in English, texts in single quotes.

use govalue::strconv::quote as go_quote;

use crate::json::Json;

/// An integer with commas between groups of three digits.
pub(crate) fn integer(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    group(n < 0, &digits)
}

fn group(negative: bool, digits: &str) -> String {
    let mut out = String::from(if negative { "-" } else { "" });
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(d);
    }
    out
}

/// A float: `1,234.5`, and from a million on and below 0.0001 `1.5×10⁰⁶`.
pub(crate) fn float(f: f64) -> String {
    if f.is_infinite() {
        return if f > 0.0 { "∞".to_owned() } else { "-∞".to_owned() };
    }
    let scientific = format!("{:e}", f.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().expect("`{:e}` writes an exponent");
    if (-4..6).contains(&exponent) {
        let plain = format!("{}", f.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut out = group(f < 0.0, whole);
        if !fraction.is_empty() {
            out.push('.');
            out.push_str(fraction);
        }
        return out;
    }
    let mut out = String::from(if f < 0.0 { "-" } else { "" });
    out.push_str(mantissa);
    out.push_str("×10");
    if exponent < 0 {
        out.push('⁻');
    }
    for d in format!("{:02}", exponent.abs()).chars() {
        let superscripts = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
        out.extend(d.to_digit(10).and_then(|d| superscripts.get(d as usize)));
    }
    out
}

/// A text in single quotes, escaped as Go escapes it.
pub(crate) fn quote(text: &[u8]) -> String {
    // The replacement sees the closing quote too: of a backslash before it, only one is left.
    let double = go_quote(text).replace("\\\"", "\"").replace('\'', "\\'");
    let inner = double.strip_prefix('"').and_then(|s| s.strip_suffix('"')).unwrap_or_default();
    format!("'{inner}'")
}

/// Texts in single quotes, with commas between.
pub(crate) fn quote_all(texts: &[&[u8]]) -> String {
    texts.iter().map(|t| quote(t)).collect::<Vec<_>>().join(", ")
}

/// A value that is no array or object.
pub(crate) fn scalar(value: &Json) -> String {
    match value {
        Json::Null => "<nil>".to_owned(),
        Json::Bool(b) => b.to_string(),
        Json::Number(n) => n.text(),
        Json::String(s) => quote(s),
        _ => "value".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (n, want) in [(0, "0"), (-999, "-999"), (1000, "1,000"), (-1_234_567, "-1,234,567")] {
            assert_eq!(integer(n), want);
        }
        for (f, want) in [
            (0.0, "0"),
            (1000.0, "1,000"),
            (-1234.5, "-1,234.5"),
            (123_456.789, "123,456.789"),
            (1e6, "1×10⁰⁶"),
            (-1_234_567.891, "-1.234567891×10⁰⁶"),
            (0.0001, "0.0001"),
            (1.5e-5, "1.5×10⁻⁰⁵"),
            (f64::MAX, "1.7976931348623157×10³⁰⁸"),
            (f64::INFINITY, "∞"),
        ] {
            assert_eq!(float(f), want);
        }
    }

    #[test]
    fn quotes() {
        assert_eq!(quote(b"a\"b'c\n\\d"), r#"'a"b\'c\n\\d'"#);
        assert_eq!(quote(b"a\\"), r"'a\'");
    }
}
