//! Runes in bytes that may not be UTF-8.

use govalue::strconv;
pub(crate) use govalue::utf8::decode;

/// Whether the lexer counts it as space.
pub(crate) const fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether it is a letter, a decimal digit or an underscore (`isAlphaNumeric`): marks, and numbers that are no decimal
/// digits, are in no name.
pub(crate) fn is_alphanumeric(c: char) -> bool {
    c == '_' || goregex::unicode::is_letter_or_digit(c)
}

/// The rune as `%#U` prints it; `None` is the lexer's end of input.
pub(crate) fn show_rune(c: Option<char>) -> String {
    match c {
        None => "U+FFFFFFFFFFFFFFFF".to_owned(),
        Some(c) if strconv::is_print(c) => format!("U+{:04X} '{c}'", u32::from(c)),
        Some(c) => format!("U+{:04X}", u32::from(c)),
    }
}

/// Whether nothing is left after `bytes.TrimSpace`.
pub(crate) fn is_blank(mut s: &[u8]) -> bool {
    while !s.is_empty() {
        let (c, width) = decode(s);
        // unicode.IsSpace is exactly the property White_Space.
        if !c.is_whitespace() {
            return false;
        }
        s = s.get(width..).unwrap_or_default();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_bytes_are_replaced_one_by_one() {
        assert_eq!(decode(b"\xe2\x82"), (char::REPLACEMENT_CHARACTER, 1));
        assert_eq!(decode("é!".as_bytes()), ('é', 2));
        assert_eq!(decode(b"\xff"), (char::REPLACEMENT_CHARACTER, 1));
    }

    #[test]
    fn names_have_letters_and_decimal_digits() {
        assert!("aé_ªДж中٣".chars().all(is_alphanumeric));
        assert!(!"Ⅲ²½①\u{301}\u{903}\u{345}".chars().any(is_alphanumeric));
    }

    #[test]
    fn blank_is_unicode_space() {
        assert!(is_blank("\u{85} \u{a0}\n".as_bytes()));
        assert!(!is_blank(b" \xff "));
    }
}
