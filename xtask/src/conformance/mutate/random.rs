//! Chance that can be repeated.

/// A source of random numbers (SplitMix64): the same seed gives the same inputs everywhere.
pub(super) struct Random(u64);

impl Random {
    /// A source for one part of a run, so that the parts do not depend on each other.
    pub(super) fn new(seed: i64, part: &str) -> Random {
        let mixed = part.bytes().fold(seed as u64, |seed, b| seed.wrapping_mul(31).wrapping_add(u64::from(b)));
        Random(mixed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 if that is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.next() % end as u64) as usize }
    }

    /// True once in `n` times.
    pub(super) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of some things, of which there is at least one.
    pub(super) fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    /// One of a list that is not empty.
    pub(super) fn item<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
