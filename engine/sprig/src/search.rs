//! Finding bytes in bytes in linear time.

/// Calls `found` with the start of each match, left to right and without
/// overlaps, until it says `false`. An empty needle matches nowhere.
pub(crate) fn each_match(haystack: &[u8], needle: &[u8], mut found: impl FnMut(usize) -> bool) {
    if needle.is_empty() || needle.len() > haystack.len() {
        return;
    }
    if let [byte] = needle {
        for (i, b) in haystack.iter().enumerate() {
            if b == byte && !found(i) {
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
    }
}
