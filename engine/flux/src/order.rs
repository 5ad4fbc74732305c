//! A stable order by what must come before what.

/// For each place, the places that come before it.
pub(crate) type Edges = Vec<Vec<usize>>;

/// The places in an order in which each comes after those it names, else as
/// they are, and the cycles that prevent it.
pub(crate) fn sorted(edges: &Edges) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut waits: Edges = edges.clone();
    // Those that have no place in the order yet.
    let mut left = vec![true; edges.len()];
    let mut order = Vec::with_capacity(edges.len());
    let mut cycles = Vec::new();
    while let Some(first) = left.iter().position(|left| *left) {
        let free = (first..left.len()).find(|i| is_left(&left, *i) && next(&waits, &left, *i).is_none());
        let place = free.unwrap_or_else(|| {
            let cycle = cycle_from(first, &waits, &left);
            let head = cycle.iter().copied().min().expect("a cycle has a place");
            waits[head].retain(|w| !cycle.contains(w));
            cycles.push(cycle);
            head
        });
        if next(&waits, &left, place).is_none() {
            left[place] = false;
            order.push(place);
        }
    }
    (order, cycles)
}

fn is_left(left: &[bool], place: usize) -> bool {
    left.get(place) == Some(&true)
}

/// The first place that a place waits for.
fn next(waits: &Edges, left: &[bool], place: usize) -> Option<usize> {
    waits[place].iter().copied().filter(|w| is_left(left, *w)).min()
}

/// Follows what a place waits for until a place comes again: the way round.
fn cycle_from(start: usize, waits: &Edges, left: &[bool]) -> Vec<usize> {
    let mut way = vec![start];
    let mut at = start;
    loop {
        let Some(next) = next(waits, left, at) else { return way };
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
