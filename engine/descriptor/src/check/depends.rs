//! Dependencies between components.

use std::collections::BTreeSet;

use contract::{Code, Hint, nearest};
use govalue::sorted::Sorted;

use crate::places::{field, item};
use crate::types::Layout;

use super::Check;

pub(super) fn check(check: &mut Check<'_>) {
    let spec = &check.parsed.descriptor.spec;
    let mut index: Sorted<&str, usize> = Sorted::default();
    for (i, component) in spec.components.iter().enumerate() {
        if index.get(component.name.as_str()).is_none() {
            index.insert(&component.name, i);
        }
    }
    // Which components each names, with the number in its list.
    let mut edges: Vec<Vec<(usize, usize)>> = Vec::with_capacity(spec.components.len());
    for (i, component) in spec.components.iter().enumerate() {
        let list = field(&item("spec.components", i), "dependsOn");
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for (n, name) in component.depends_on.iter().enumerate() {
            let path = item(&list, n);
            if !seen.insert(name.as_bytes()) {
                check.warning(Code::DependsOnTwice, &path, format!("{name} is listed twice"), None);
            } else if *name == component.name {
                check.error(Code::DependsOnItself, &path, format!("{name} depends on itself"), Hint::text("remove it"));
            } else if let Some(to) = index.get(name.as_str()) {
                out.push((*to, n));
            } else {
                let others = || index.keys().copied().filter(|other| *other != component.name);
                let hint = match nearest(name, others()) {
                    Some(near) => Hint::DidYouMean(near),
                    None => match &*others().collect::<Vec<_>>() {
                        [] => Hint::text("there is no other component: remove it"),
                        [only] => Hint::text(format!("the only other component is {only}")),
                        others => Hint::text(format!("the other components are {}", others.join(", "))),
                    },
                };
                let message = format!("{} depends on {name}, which is not a component", component.name);
                check.error(Code::DependsOnUnknown, &path, message, hint);
            }
        }
        if spec.layout == Layout::Umbrella && !component.depends_on.is_empty() {
            let message = "an umbrella chart installs all components at once: dependsOn has no effect";
            check.warning(
                Code::DependsOnUmbrella,
                &list,
                message,
                Hint::text("use layout: releases if the order matters"),
            );
            check.at_key();
        }
        edges.push(out);
    }
    for cycle in cycles(&edges) {
        let names: Vec<&str> =
            cycle.iter().filter_map(|(i, _)| spec.components.get(*i)).map(|c| c.name.as_str()).collect();
        let Some(((at, n), first)) = cycle.first().zip(names.first()) else { continue };
        let path = item(&field(&item("spec.components", *at), "dependsOn"), *n);
        let message = format!("these components wait for each other: {} → {first}", names.join(" → "));
        check.error(Code::DependsOnCycle, &path, message, Hint::text("remove one of the dependencies"));
    }
}

/// The cycles: for each component that lies on one, and on none found before, a shortest one. A cycle is a list of
/// components, each with the number of the edge to the next.
fn cycles(edges: &[Vec<(usize, usize)>]) -> Vec<Vec<(usize, usize)>> {
    let mut found = Vec::new();
    let mut covered = vec![false; edges.len()];
    for start in 0..edges.len() {
        if covered.get(start) == Some(&true) {
            continue;
        }
        if let Some(cycle) = shortest(edges, start) {
            for (i, _) in &cycle {
                if let Some(covered) = covered.get_mut(*i) {
                    *covered = true;
                }
            }
            found.push(cycle);
        }
    }
    found
}

/// The shortest way from a component back to it.
fn shortest(edges: &[Vec<(usize, usize)>], start: usize) -> Option<Vec<(usize, usize)>> {
    // From where each was reached first.
    let mut from: Vec<Option<(usize, usize)>> = vec![None; edges.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for (to, n) in edges.get(at).into_iter().flatten() {
            if *to == start {
                let mut way = vec![(at, *n)];
                let mut node = at;
                while node != start {
                    let step = (*from.get(node)?)?;
                    way.push(step);
                    node = step.0;
                }
                way.reverse();
                return Some(way);
            }
            if let Some(first @ None) = from.get_mut(*to) {
                *first = Some((at, *n));
                queue.push_back(*to);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cycle_is_found_once() {
        // 0 → 1 → 2 → 0, 3 → 4 → 3, 5 → 0
        let edges = [vec![(1, 0)], vec![(2, 0)], vec![(5, 0), (0, 1)], vec![(4, 0)], vec![(3, 0)], vec![(0, 0)]];
        assert_eq!(
            cycles(&edges),
            [vec![(0, 0), (1, 0), (2, 1)], vec![(3, 0), (4, 0)], vec![(5, 0), (0, 0), (1, 0), (2, 0)]]
        );
        assert_eq!(cycles(&[vec![(1, 0)], vec![]]), Vec::<Vec<_>>::new());
    }
}
