//! Go's `unicode/utf8`: characters of bytes that may not be UTF-8.

use std::borrow::Cow;

/// The first character and its length in bytes; U+FFFD and 1 for a byte that
/// is no UTF-8, U+FFFD and 0 for nothing (`utf8.DecodeRune`).
#[inline]
pub fn decode(s: &[u8]) -> (char, usize) {
    match s.first() {
        None => (char::REPLACEMENT_CHARACTER, 0),
        Some(&b) if b < 0x80 => (char::from(b), 1),
        Some(&b) => decode_long(s, b),
    }
}

fn decode_long(s: &[u8], first: u8) -> (char, usize) {
    let len = match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return (char::REPLACEMENT_CHARACTER, 1),
    };
    let text = s.get(..len).and_then(|s| std::str::from_utf8(s).ok());
    text.and_then(|s| s.chars().next()).map_or((char::REPLACEMENT_CHARACTER, 1), |c| (c, len))
}

/// How many characters there are; each byte that is no UTF-8 counts as one
/// (`utf8.RuneCount`).
pub fn count(mut s: &[u8]) -> usize {
    let mut n = 0;
    loop {
        match std::str::from_utf8(s) {
            Ok(text) => return n + text.chars().count(),
            Err(e) => {
                let (valid, rest) = s.split_at(e.valid_up_to());
                n += valid.iter().filter(|b| **b & 0xc0 != 0x80).count() + 1;
                s = &rest[1..];
            }
        }
    }
}

/// The text with U+FFFD for each byte that is no UTF-8, as Go's `range`, `json` and `%q` read it. (The standard
/// library puts one U+FFFD for all that is left of a character.)
///
/// ```
/// assert_eq!(govalue::utf8::lossy(b"a\xe2\x82b"), "a\u{fffd}\u{fffd}b");
/// ```
pub fn lossy(s: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(s) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            let mut out = String::with_capacity(s.len() + 8);
            for chunk in s.utf8_chunks() {
                out.push_str(chunk.valid());
                out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
            }
            Cow::Owned(out)
        }
    }
}

/// Appends a character as UTF-8.
#[inline]
pub fn push(out: &mut Vec<u8>, c: char) {
    if c.is_ascii() {
        out.push(c as u8);
    } else {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_broken_byte_stands_alone() {
        assert_eq!(decode(b"\xe2\x82x"), ('\u{fffd}', 1));
        assert_eq!(decode("€".as_bytes()), ('€', 3));
        assert_eq!(decode(b"\xed\xa0\x80"), ('\u{fffd}', 1), "surrogates are no characters");
        assert_eq!(decode(b""), ('\u{fffd}', 0));
        for (s, n) in [(&b"\xe2\x82x"[..], 3), (b"\xff\xfe", 2), ("a€b".as_bytes(), 3), (b"ab\xe2\x82", 4), (b"", 0)]
        {
            assert_eq!(count(s), n, "{s:?}");
        }
    }
}
