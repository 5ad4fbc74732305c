//! Go's runes: UTF-8 that may be broken, and Unicode 15's simple case mappings
//! and categories (Go's `unicode`).

pub(crate) use govalue::utf8::{decode, push};

/// What stands for a byte that is no UTF-8.
pub(crate) const RUNE_ERROR: char = char::REPLACEMENT_CHARACTER;

/// The last character and its length in bytes (`utf8.DecodeLastRune`).
pub(crate) fn decode_last(b: &[u8]) -> (char, usize) {
    let Some(last) = b.last() else { return (RUNE_ERROR, 0) };
    if last.is_ascii() {
        return (char::from(*last), 1);
    }
    for len in 2..=4.min(b.len()) {
        let tail = &b[b.len() - len..];
        if tail[0] & 0xc0 != 0x80 {
            let (c, n) = decode(tail);
            return if n == len { (c, n) } else { (RUNE_ERROR, 1) };
        }
    }
    (RUNE_ERROR, 1)
}

/// The characters of a string, U+FFFD for broken bytes.
pub(crate) fn runes(b: &[u8]) -> impl Iterator<Item = char> {
    let mut rest = b;
    std::iter::from_fn(move || {
        let (c, n) = decode(rest);
        rest = rest.get(n..)?;
        (n > 0).then_some(c)
    })
}

/// `unicode.ToUpper`: one character for one.
pub(crate) fn to_upper(c: char) -> char {
    match c {
        _ if c.is_ascii() => c.to_ascii_uppercase(),
        '\u{1f80}'..='\u{1faf}' if u32::from(c) & 8 == 0 => add(c, 8),
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => add(c, 9),
        _ if newer_than_unicode_15(c) || matches!(c, '\u{19b}' | '\u{264}') => c,
        _ => single(c, c.to_uppercase()),
    }
}

/// `unicode.ToLower`: one character for one.
pub(crate) fn to_lower(c: char) -> char {
    match c {
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        '\u{130}' => 'i',
        _ if newer_than_unicode_15(c) => c,
        _ => single(c, c.to_lowercase()),
    }
}

/// `unicode.ToTitle`: as upper case, but for a few digraphs and Georgian.
pub(crate) fn to_title(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        '\u{10d0}'..='\u{10ff}' => c,
        _ => to_upper(c),
    }
}

/// `unicode.IsUpper`: the category Lu.
pub(crate) fn is_upper(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_uppercase() } else { c.is_uppercase() && in_category(br"\p{Lu}", c) }
}

/// `unicode.IsLower`: the category Ll.
pub(crate) fn is_lower(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_lowercase() } else { c.is_lowercase() && in_category(br"\p{Ll}", c) }
}

/// `unicode.IsTitle`: the category Lt.
pub(crate) fn is_title(c: char) -> bool {
    !c.is_ascii() && in_category(br"\p{Lt}", c)
}

/// `unicode.IsLetter`: the category L.
pub(crate) fn is_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { c.is_alphabetic() && in_category(br"\p{L}", c) }
}

/// `unicode.IsNumber`: the category N.
pub(crate) fn is_number(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { c.is_numeric() && in_category(br"\p{N}", c) }
}

/// `unicode.IsPunct`: the category P.
pub(crate) fn is_punct(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_punctuation() && !matches!(c, '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~')
    } else {
        !c.is_alphabetic() && in_category(br"\p{P}", c)
    }
}

/// Asks the tables that the regular expressions have anyway.
fn in_category(class: &[u8], c: char) -> bool {
    goregex::Regex::cached(class).is_ok_and(|re| re.is_match(c.encode_utf8(&mut [0; 4]).as_bytes()))
}

fn add(c: char, n: u32) -> char {
    char::from_u32(u32::from(c) + n).unwrap_or(c)
}

/// The mapping if it is one character, as simple case mappings are.
fn single(c: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// Whether the case of a character came with a later version of Unicode than Go's.
fn newer_than_unicode_15(c: char) -> bool {
    matches!(c, '\u{1c89}' | '\u{1c8a}' | '\u{a7cb}'..='\u{a7cf}' | '\u{a7d2}'..='\u{a7d5}' | '\u{a7da}'..='\u{a7dc}'
        | '\u{10d50}'..='\u{10d85}' | '\u{16ea0}'..='\u{16ed3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_bytes_are_one_rune_each() {
        assert_eq!(runes(b"a\xff\xe4\xb8z").collect::<String>(), "a\u{fffd}\u{fffd}\u{fffd}z");
        assert_eq!(decode(b"\xed\xa0\x80"), (RUNE_ERROR, 1));
        assert_eq!(decode_last("x世".as_bytes()), ('世', 3));
        assert_eq!(decode_last(b"x\xb8\x96"), (RUNE_ERROR, 1));
        assert_eq!(decode_last(b""), (RUNE_ERROR, 0));
    }

    #[test]
    fn case_mappings_are_simple() {
        assert_eq!(to_upper('ß'), 'ß');
        assert_eq!(to_upper('ᾀ'), 'ᾈ');
        assert_eq!(to_upper('ᾳ'), 'ᾼ');
        assert_eq!(to_lower('İ'), 'i');
        assert_eq!(to_title('\u{1c6}'), '\u{1c5}');
        assert_eq!(to_title('ა'), 'ა');
    }
}
