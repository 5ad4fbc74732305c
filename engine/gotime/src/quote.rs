//! How the `time` package quotes text in its errors: not as `strconv` does.

/// Puts the bytes in double quotes; all but printable ASCII as `\x..`.
pub(crate) fn quote(s: &[u8]) -> String {
    let mut out = String::with_capacity(s.len() + 2);
    out.push('"');
    for c in s {
        match c {
            b'"' | b'\\' => out.extend(['\\', char::from(*c)]),
            b' '..0x80 => out.push(char::from(*c)),
            _ => out.push_str(&format!("\\x{c:02x}")),
        }
    }
    out.push('"');
    out
}
