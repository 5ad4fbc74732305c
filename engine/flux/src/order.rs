//! A stable order by what must come before what.

use std::collections::BTreeSet;

/// For each place, the places that come before it.
pub(crate) type Edges = Vec<Vec<usize>>;

/// The places in an order in which each comes after those it names, else as
/// they are, and the cycles that stand against it.
pub(crate) fn sorted(edges: &Edges) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut waits: Vec<BTreeSet<usize>> =
        edges.iter().map(|before| before.iter().copied().filter(|&b| b < edges.len()).collect()).collect();
    let mut left: BTreeSet<usize> = (0..edges.len()).collect();
    let mut order = Vec::with_capacity(edges.len());
    let mut cycles = Vec::new();
    while let Some(&first) = left.first() {
        let free = left.iter().copied().find(|&i| waits.get(i).is_none_or(|w| w.is_disjoint(&left)));
        let next = free.unwrap_or_else(|| {
            let cycle = cycle_from(first, &waits, &left);
            let head = cycle.iter().copied().min().unwrap_or(first);
            if let Some(waits) = waits.get_mut(head) {
                waits.retain(|w| !cycle.contains(w));
            }
            cycles.push(cycle);
            head
        });
        if waits.get(next).is_none_or(|w| w.is_disjoint(&left)) {
            left.remove(&next);
            order.push(next);
        }
    }
    (order, cycles)
}

/// Follows what a place waits for until a place comes again: the way round.
fn cycle_from(start: usize, waits: &[BTreeSet<usize>], left: &BTreeSet<usize>) -> Vec<usize> {
    let mut way = vec![start];
    let mut at = start;
    loop {
        let Some(next) = waits.get(at).and_then(|w| w.intersection(left).next().copied()) else { return way };
        if let Some(from) = way.iter().position(|&p| p == next) {
            let mut cycle = way.split_off(from);
            cycle.push(next);
            return cycle;
        }
        way.push(next);
        at = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_need_comes_first() {
        type Case = (&'static [&'static [usize]], &'static [usize], usize);
        let cases: [Case; 5] = [
            (&[&[], &[], &[]], &[0, 1, 2], 0),
            (&[&[2], &[], &[]], &[1, 2, 0], 0),
            (&[&[1], &[2], &[]], &[2, 1, 0], 0),
            (&[&[1], &[0], &[1]], &[0, 1, 2], 1),
            (&[&[0], &[9]], &[1, 0], 1),
        ];
        for (edges, want, cycles) in cases {
            let edges: Edges = edges.iter().map(|e| e.to_vec()).collect();
            let (order, found) = sorted(&edges);
            assert_eq!(order, want, "{edges:?}");
            assert_eq!(found.len(), cycles, "{edges:?}");
        }
    }
}
