//! Random numbers that a seed gives again.

/// Steele, Lea and Flood's SplitMix64: one number a step, the same on every machine.
pub(super) struct Random(u64);

impl Random {
    /// The numbers of a case under a seed.
    pub(super) fn of_case(seed: i64, case: usize) -> Random {
        let mut random = Random(seed.cast_unsigned() ^ (case as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        random.next();
        random
    }

    /// The numbers of a part of a run, so that the parts do not depend on each other.
    pub(super) fn of_part(seed: i64, part: &str) -> Random {
        Random(part.bytes().fold(seed.cast_unsigned(), |seed, b| seed.wrapping_mul(31).wrapping_add(u64::from(b))))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `most`; 0 if that is 0.
    pub(super) fn below(&mut self, most: usize) -> usize {
        if most == 0 {
            return 0;
        }
        usize::try_from(self.next() % most as u64).expect("it is below a usize")
    }

    /// True once in `n` times.
    pub(super) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// Whether something happens that does so in so many of a hundred cases.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub(super) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// One of a list that is not empty.
    pub(super) fn item<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
