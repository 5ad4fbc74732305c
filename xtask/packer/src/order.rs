//! In which order functions share most with those just before them, which is
//! where gzip looks.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};

/// How many bytes in a row two functions must share to count as similar.
const ROW: usize = 6;
/// Rows in so many functions say nothing.
const COMMON: usize = 1000;
/// As many bytes of functions count as just before. gzip sees 32 kB back, but has
/// longer numbers for what is far.
const WINDOW: usize = 20_000;
/// What a row is worth falls with the length of the function that it is in, by
/// this power of it, or the small ones would come last, where nothing is like them.
const POWER: f64 = 0.8;
/// What is shared with the small ones is chance.
const SMALL: usize = 300;

/// The rows of functions, by number.
struct Rows {
    /// Those of each function.
    of: Vec<Vec<usize>>,
    /// The functions that have each.
    holders: Vec<Vec<usize>>,
}

impl Rows {
    fn new(codes: &[&[u8]]) -> Rows {
        let mut numbers: HashMap<&[u8], usize> = HashMap::new();
        let (mut of, mut holders) = (Vec::new(), Vec::<Vec<usize>>::new());
        for (i, code) in codes.iter().enumerate() {
            let mut rows = Vec::new();
            let mut seen = HashSet::new();
            for row in code.windows(ROW) {
                let next = numbers.len();
                let number = match numbers.entry(row) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(new) => {
                        holders.push(Vec::new());
                        *new.insert(next)
                    }
                };
                if seen.insert(number) {
                    rows.push(number);
                    holders.get_mut(number).into_iter().for_each(|holders| holders.push(i));
                }
            }
            of.push(rows);
        }
        holders.iter_mut().filter(|holders| holders.len() >= COMMON).for_each(Vec::clear);
        Rows { of, holders }
    }

    /// Does something to the count of each function that has a row.
    fn each(&self, row: usize, counts: &mut [u32], change: impl Fn(u32) -> u32) {
        for holder in self.holders.get(row).into_iter().flatten() {
            if let Some(count) = counts.get_mut(*holder) {
                *count = change(*count);
            }
        }
    }

    fn of(&self, function: usize) -> &[usize] {
        self.of.get(function).map_or(&[], Vec::as_slice)
    }
}

/// An order in which each is followed by the one, of those left, that has most in
/// common with it and with those before it.
pub(crate) fn by_similarity(codes: &[&[u8]]) -> Vec<usize> {
    let rows = Rows::new(codes);
    let weights: Vec<f64> = rows.of.iter().map(|rows| ((rows.len() + SMALL) as f64).powf(POWER)).collect();
    let mut left: Vec<usize> = (0..codes.len()).collect();
    // How many rows of each function are in the one before, and in the window.
    let (mut last, mut near) = (vec![0_u32; codes.len()], vec![0_u32; codes.len()]);
    // How many functions in the window have each row.
    let mut inside = vec![0_u32; rows.holders.len()];
    let (mut window, mut bytes) = (VecDeque::new(), 0);
    let mut order = Vec::with_capacity(codes.len());
    let length = |i: usize| codes.get(i).map_or(0, |code| code.len());
    while let Some(place) = best(&left, &last, &near, &weights) {
        // The order of those left decides between equals, so that the same comes out every time.
        let next = left.remove(place);
        for row in order.last().into_iter().flat_map(|before| rows.of(*before)) {
            rows.each(*row, &mut last, |n| n - 1);
        }
        order.push(next);
        for row in rows.of(next) {
            rows.each(*row, &mut last, |n| n + 1);
            if let Some(count) = inside.get_mut(*row) {
                *count += 1;
                if *count == 1 {
                    rows.each(*row, &mut near, |n| n + 1);
                }
            }
        }
        window.push_back(next);
        bytes += length(next);
        while bytes > WINDOW
            && window.len() > 1
            && let Some(old) = window.pop_front()
        {
            bytes -= length(old);
            for row in rows.of(old) {
                if let Some(count) = inside.get_mut(*row) {
                    *count -= 1;
                    if *count == 0 {
                        rows.each(*row, &mut near, |n| n - 1);
                    }
                }
            }
        }
    }
    order
}

/// Where the best of those left is.
fn best(left: &[usize], last: &[u32], near: &[u32], weights: &[f64]) -> Option<usize> {
    let score = |i: usize| match (last.get(i), near.get(i), weights.get(i)) {
        (Some(last), Some(near), Some(weight)) => f64::from(last + near) / weight,
        _ => 0.0,
    };
    // Of equals the first: `max_by` takes the last that it sees.
    let best = left.iter().enumerate().rev().max_by(|a, b| score(*a.1).total_cmp(&score(*b.1)));
    best.map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_similar_stand_together() {
        let (a, b) = ([7; 40], [9; 40]);
        let (mut a2, mut b2) = (a, b);
        (a2[20], b2[20]) = (1, 2);
        assert_eq!(by_similarity(&[&a, &b, &a2, &b2]), [0, 2, 1, 3]);
    }

    #[test]
    fn nothing_in_common_is_an_order_too() {
        assert_eq!(by_similarity(&[]), [0; 0]);
        assert_eq!(by_similarity(&[&[1], &[2; 9], &[]]), [0, 1, 2]);
    }
}
