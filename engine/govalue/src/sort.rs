//! Sorting whose code is small where bytes count.

use std::cmp::Ordering;

/// Sorts stably. In WebAssembly all types share one sort of indexes: the sort of
/// the standard library is about 4 kB for each type that it is used with.
pub fn sort_by<T>(items: &mut [T], by: impl FnMut(&T, &T) -> Ordering) {
    if cfg!(target_family = "wasm") { sort_indexes(items, by) } else { items.sort_by(by) }
}

fn sort_indexes<T>(items: &mut [T], mut by: impl FnMut(&T, &T) -> Ordering) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    sort_order(&mut order, &mut |a, b| by(&items[a], &items[b]));
    for start in 0..order.len() {
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut order[at], at);
            if from == start {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

#[inline(never)]
fn sort_order(order: &mut [usize], by: &mut dyn FnMut(usize, usize) -> Ordering) {
    order.sort_by(|a, b| by(*a, *b));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_stably() {
        for n in 0..60_usize {
            let mut items: Vec<(usize, usize)> = (0..n).map(|i| (i * 7919 % 13, i)).collect();
            let mut want = items.clone();
            want.sort_by_key(|i| i.0);
            sort_indexes(&mut items, |a, b| a.0.cmp(&b.0));
            assert_eq!(items, want, "{n} items");
        }
    }
}
