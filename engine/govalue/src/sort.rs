//! Sorting whose code is small where bytes count.

use std::cmp::Ordering;

/// Sorts stably. In WebAssembly all types share one sort of indexes: the sort of
/// the standard library is about 4 kB for each type that it is used with.
pub fn sort_by<T>(items: &mut [T], by: impl FnMut(&T, &T) -> Ordering) {
    if cfg!(target_family = "wasm") { sort_indexes(items, by) } else { items.sort_by(by) }
}

/// Sorts stably by keys that are made once.
pub fn sort_by_cached_key<T, K: Ord>(items: &mut [T], key: impl FnMut(&T) -> K) {
    if cfg!(target_family = "wasm") { sort_indexes_by_key(items, key) } else { items.sort_by_cached_key(key) }
}

fn sort_indexes_by_key<T, K: Ord>(items: &mut [T], key: impl FnMut(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    let order = sorted_order(keys.len(), &mut |a, b| keys[a].cmp(&keys[b]));
    put_in_order(items, order);
}

fn sort_indexes<T>(items: &mut [T], mut by: impl FnMut(&T, &T) -> Ordering) {
    let order = sorted_order(items.len(), &mut |a, b| by(&items[a], &items[b]));
    put_in_order(items, order);
}

/// Brings items into an order: the places that they came from.
pub(crate) fn put_in_order<T>(items: &mut [T], mut order: Vec<usize>) {
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
fn sorted_order(count: usize, by: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| by(*a, *b));
    order
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
            let mut by_key = items.clone();
            sort_indexes(&mut items, |a, b| a.0.cmp(&b.0));
            assert_eq!(items, want, "{n} items");
            sort_indexes_by_key(&mut by_key, |i| i.0);
            assert_eq!(by_key, want, "{n} items by key");
        }
    }
}
