//! Looking for many texts at once.

use crate::automaton::Automaton;

/// Looks for many texts in another, in a time that depends on the length of that alone.
pub(crate) struct Search {
    automaton: Automaton,
    heads: Heads,
}

impl Search {
    /// A search for these texts, none of them empty.
    pub(crate) fn new(patterns: &[Vec<u8>]) -> Search {
        Search { automaton: Automaton::new(patterns), heads: Heads::new(patterns) }
    }

    /// The places of the texts, from left to right: where two overlap, the first; of those that begin in one place, the
    /// longest.
    pub(crate) fn places(&self, text: &[u8]) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        let mut at = 0;
        while let Some((start, end)) = self.find(text, at) {
            places.push((start, end));
            at = end;
        }
        places
    }

    /// Whether one of the texts may be in this one. `false` is certain.
    pub(crate) fn may_match(&self, text: &[u8]) -> bool {
        self.heads.next(text, 0).is_some()
    }

    fn find(&self, text: &[u8], from: usize) -> Option<(usize, usize)> {
        let mut state = Automaton::START;
        let mut found: Option<(usize, usize)> = None;
        let mut at = self.heads.next(text, from)?;
        while let Some(&byte) = text.get(at) {
            state = self.automaton.next(state, byte);
            at += 1;
            // What is under way began here. Behind the start of what was found, nothing matters any more.
            let began = at - self.automaton.depth(state);
            if found.is_some_and(|(start, _)| start < began) {
                break;
            }
            if state == Automaton::START {
                // Nothing has begun: on to where something may.
                at = self.heads.next(text, at)?;
            } else if let Some(length) = self.automaton.longest(state)
                && found.is_none_or(|(start, _)| at - length <= start)
            {
                found = Some((at - length, at));
            }
        }
        found
    }
}

/// The first bytes of texts: where none of them stands, no text begins.
struct Heads {
    /// A set of hashes.
    bits: Vec<u64>,
    /// Which bytes of the last four count.
    mask: u32,
    length: usize,
    shift: u32,
}

impl Heads {
    fn new(patterns: &[Vec<u8>]) -> Heads {
        let length = patterns.iter().map(Vec::len).min().unwrap_or(1).clamp(1, 4);
        // One bit of 32 is set, so that what is not a text is seldom taken for one.
        let size = (patterns.len() * 32).next_power_of_two().clamp(1 << 12, 1 << 20);
        let mut heads = Heads {
            bits: vec![0; size / 64],
            mask: u32::MAX >> (32 - 8 * length),
            length,
            shift: 32 - size.trailing_zeros(),
        };
        for pattern in patterns {
            let head = pattern.iter().take(length).fold(0, |head, &byte| head << 8 | u32::from(byte));
            let bit = heads.bit(head);
            heads.bits[bit / 64] |= 1 << (bit % 64);
        }
        heads
    }

    fn bit(&self, head: u32) -> usize {
        // Fibonacci hashing: the upper bits of a product with 2^32 / golden ratio.
        (head.wrapping_mul(0x9e37_79b9) >> self.shift) as usize
    }

    /// The next place at or behind `from` where a text may begin.
    fn next(&self, text: &[u8], from: usize) -> Option<usize> {
        let (first, rest) = text.get(from..)?.split_at_checked(self.length - 1)?;
        let mut head = first.iter().fold(0, |head, &byte| head << 8 | u32::from(byte));
        let found = rest.iter().position(|&byte| {
            head = (head << 8 | u32::from(byte)) & self.mask;
            let bit = self.bit(head);
            self.bits[bit / 64] & 1 << (bit % 64) != 0
        });
        found.map(|at| from + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What [`Search::places`] says, by trying each text at each place.
    fn one_by_one(patterns: &[Vec<u8>], text: &[u8]) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let here = patterns.iter().filter(|pattern| text[at..].starts_with(pattern));
            match here.map(Vec::len).max() {
                Some(length) => {
                    places.push((at, at + length));
                    at += length;
                }
                None => at += 1,
            }
        }
        places
    }

    #[test]
    fn places_are_those_of_texts_one_by_one() {
        let mut random = 1_u64;
        let mut next = |below: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % below
        };
        let mut hits = 0;
        for _ in 0..5000 {
            let mut word = |most: u64| -> Vec<u8> {
                let length = 1 + next(most);
                (0..length).map(|_| b"abc"[next(3) as usize]).collect()
            };
            let text = word(60);
            let patterns: Vec<Vec<u8>> = (0..4).map(|_| word(7)).collect();
            let search = Search::new(&patterns);
            let places = search.places(&text);
            assert_eq!(places, one_by_one(&patterns, &text), "{patterns:?} in {text:?}");
            assert!(places.is_empty() || search.may_match(&text));
            hits += places.len();
        }
        assert!(hits > 10_000, "{hits}");
    }

    #[test]
    fn most_text_has_no_head() {
        let search = Search::new(&[b"s3cr3t-token".to_vec(), b"other".to_vec()]);
        assert!(!search.may_match(b"kind: Deployment\nmetadata: {name: web}"));
        assert!(search.may_match(b"a: s3cr"));
        assert_eq!(search.places(b"a: s3cr"), []);
        assert_eq!(search.places(b""), []);
    }
}
