//! Finding bytes in bytes in linear time.

/// Below this product of lengths, trying every place is the fastest.
const SMALL: usize = 4096;

/// The first place of a byte, eight bytes at a time.
pub(crate) fn find_byte(s: &[u8], byte: u8) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let (words, rest) = s.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let zero_where_found = u64::from_le_bytes(*word) ^ (ONES * u64::from(byte));
        let marks = zero_where_found.wrapping_sub(ONES) & !zero_where_found & (ONES << 7);
        if marks != 0 {
            return Some(i * 8 + marks.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|b| *b == byte).map(|i| words.len() * 8 + i)
}

/// Calls `found` with the start of each match, left to right and without
/// overlaps, until it says `false`. An empty needle matches nowhere.
pub(crate) fn each_match(haystack: &[u8], needle: &[u8], mut found: impl FnMut(usize) -> bool) {
    let Some(first) = needle.first() else { return };
    if needle.len() == 1 || haystack.len().saturating_mul(needle.len()) <= SMALL {
        let mut at = 0;
        while let Some(rest) = haystack.get(at..)
            && let Some(i) = find_byte(rest, *first)
        {
            at += i;
            if !haystack[at..].starts_with(needle) {
                at += 1;
            } else if found(at) {
                at += needle.len();
            } else {
                return;
            }
        }
        return;
    }
    match (std::str::from_utf8(haystack), std::str::from_utf8(needle)) {
        (Ok(h), Ok(n)) => {
            h.match_indices(n).all(|(i, _)| found(i));
        }
        _ => {
            // A character for each byte, so that broken UTF-8 takes the linear search of `str` too.
            let (h, n) = (latin1(haystack), latin1(needle));
            let (mut from, mut at) = (0, 0);
            h.match_indices(&*n).all(|(i, _)| {
                at += h[from..i].chars().count();
                from = i;
                found(at)
            });
        }
    }
}

/// The first match.
pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() {
        return Some(0);
    }
    let mut at = None;
    each_match(haystack, needle, |i| {
        at = Some(i);
        false
    });
    at
}

fn latin1(b: &[u8]) -> String {
    b.iter().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(haystack: &[u8], needle: &[u8]) -> Vec<usize> {
        let mut at = Vec::new();
        each_match(haystack, needle, |i| {
            at.push(i);
            true
        });
        at
    }

    #[test]
    fn matches_do_not_overlap() {
        assert_eq!(all(b"aaaa", b"aa"), [0, 2]);
        assert_eq!(all("ä-ä".as_bytes(), "ä".as_bytes()), [0, 3]);
        assert_eq!(all(b"\xffab\xffab", b"\xffa"), [0, 3]);
        assert_eq!(all("ää".as_bytes(), b"\xa4"), [1, 3]);
        assert_eq!(all("ää".as_bytes(), b"\xa4\xc3"), [1]);
        assert_eq!(find(b"abc", b""), Some(0));
        assert_eq!(all(b"abcabcab", b"abc"), [0, 3]);
        let long = "aab".repeat(1000);
        assert_eq!(all(long.as_bytes(), b"baab").len(), 500);
        assert_eq!(all(&[long.as_bytes(), b"\xff"].concat(), b"baab").len(), 500);
    }

    #[test]
    fn bytes_are_found_in_words_and_behind() {
        for len in 0..20 {
            for at in 0..len {
                let mut s = vec![b'x' + 1; len];
                s[at] = b'x';
                s[len - 1] = b'x';
                assert_eq!(find_byte(&s, b'x'), Some(at));
                assert_eq!(find_byte(&s, 0), None);
            }
        }
    }
}
