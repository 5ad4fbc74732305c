//! Sets of code points.

use govalue::sort::sort_by;

/// The largest code point.
pub(crate) const MAX_RUNE: u32 = 0x10_ffff;

/// A set of code points as ranges, both ends included.
///
/// Ranges may be added in any order; what reads them cleans them first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Class {
    ranges: Vec<(u32, u32)>,
    /// How many ranges make it worth to clean in between, so that `[\pL\pL…]` does not grow without bound.
    crowded: usize,
}

impl Class {
    pub(crate) fn new() -> Class {
        Class::default()
    }

    /// Adds a range.
    pub(crate) fn push(&mut self, lo: u32, hi: u32) {
        if let Some(last) = self.ranges.last_mut()
            && lo >= last.0
            && lo <= last.1.saturating_add(1)
        {
            last.1 = last.1.max(hi);
            return;
        }
        if self.ranges.len() >= self.crowded.max(2048) {
            self.clean();
            self.crowded = self.ranges.len() * 2;
        }
        self.ranges.push((lo, hi));
    }

    /// Adds all of another class.
    pub(crate) fn extend(&mut self, other: &[(u32, u32)]) {
        for &(lo, hi) in other {
            self.push(lo, hi);
        }
    }

    /// Sorts the ranges and joins those that touch.
    pub(crate) fn clean(&mut self) {
        if self.ranges.is_sorted_by(|a, b| a.1.saturating_add(1) < b.0) {
            return;
        }
        sort_by(&mut self.ranges, Ord::cmp);
        let mut kept = 0;
        for i in 1..self.ranges.len() {
            let (lo, hi) = self.ranges[i];
            let last = &mut self.ranges[kept];
            if lo <= last.1.saturating_add(1) {
                last.1 = last.1.max(hi);
            } else {
                kept += 1;
                self.ranges[kept] = (lo, hi);
            }
        }
        self.ranges.truncate(kept + 1);
    }

    /// Turns it into the set of all other code points.
    pub(crate) fn negate(&mut self) {
        self.clean();
        let mut out = Vec::with_capacity(self.ranges.len() + 1);
        let mut next = 0;
        for &(lo, hi) in &self.ranges {
            if next < lo {
                out.push((next, lo - 1));
            }
            next = hi + 1;
        }
        if next <= MAX_RUNE {
            out.push((next, MAX_RUNE));
        }
        self.ranges = out;
    }

    /// The ranges; in order and apart only after [`Class::clean`].
    pub(crate) fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    /// The cleaned ranges.
    pub(crate) fn into_ranges(mut self) -> Box<[(u32, u32)]> {
        self.clean();
        self.ranges.into_boxed_slice()
    }
}

/// The classes that have names of their own: `\d`, `\s`, `\w` and POSIX's `[:alpha:]`. All are ASCII, as in Go.
pub(crate) fn posix(name: &[u8]) -> Option<&'static [(u8, u8)]> {
    Some(match name {
        b"alnum" => &[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')],
        b"alpha" => &[(b'A', b'Z'), (b'a', b'z')],
        b"ascii" => &[(0, 0x7f)],
        b"blank" => &[(b'\t', b'\t'), (b' ', b' ')],
        b"cntrl" => &[(0, 0x1f), (0x7f, 0x7f)],
        b"digit" | b"d" => &[(b'0', b'9')],
        b"graph" => &[(b'!', b'~')],
        b"lower" => &[(b'a', b'z')],
        b"print" => &[(b' ', b'~')],
        b"punct" => &[(b'!', b'/'), (b':', b'@'), (b'[', b'`'), (b'{', b'~')],
        b"space" => &[(b'\t', b'\r'), (b' ', b' ')],
        b"upper" => &[(b'A', b'Z')],
        b"word" | b"w" => &[(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')],
        b"xdigit" => &[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')],
        // Unlike `[:space:]`, without the vertical tab.
        b"s" => &[(b'\t', b'\n'), (b'\x0c', b'\r'), (b' ', b' ')],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_and_negate() {
        let mut c = Class::new();
        for (lo, hi) in [(10, 12), (5, 6), (7, 7), (11, 20), (30, MAX_RUNE)] {
            c.push(lo, hi);
        }
        c.clean();
        assert_eq!(c.ranges(), [(5, 7), (10, 20), (30, MAX_RUNE)]);
        c.negate();
        assert_eq!(c.ranges(), [(0, 4), (8, 9), (21, 29)]);
        c.negate();
        assert_eq!(c.ranges(), [(5, 7), (10, 20), (30, MAX_RUNE)]);
        let mut all = Class::new();
        all.negate();
        assert_eq!(all.ranges(), [(0, MAX_RUNE)]);
        all.negate();
        assert!(all.ranges().is_empty());
    }

    #[test]
    fn many_ranges_stay_few() {
        let mut c = Class::new();
        for _ in 0..100 {
            for i in (0..2000).step_by(2).rev() {
                c.push(i, i);
            }
        }
        assert!(c.ranges().len() < 5000);
        c.clean();
        assert_eq!(c.ranges().len(), 1000);
    }
}
