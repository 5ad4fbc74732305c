//! What differs between two results, object by object.

use std::collections::{BTreeMap, BTreeSet};

use chartwright_protocol::{Change, Changed, Hunk, Line};

use crate::lines::{hunks, whole};
use crate::place::count;

/// An object: key and text.
type Object = (String, Vec<u8>);

/// The objects that differ, in the order of those after; those that went come where they were.
pub(crate) fn between(before: &[Object], after: &[Object]) -> Vec<Changed> {
    let known: BTreeMap<&str, &[u8]> = before.iter().map(|(key, text)| (key.as_str(), text.as_slice())).collect();
    let stays: BTreeSet<&str> = after.iter().map(|(key, _)| key.as_str()).collect();
    // Those that went, by the one that stays before them.
    let mut gone: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
    let mut last = "";
    for object in before {
        if stays.contains(object.0.as_str()) {
            last = &object.0;
        } else {
            gone.entry(last).or_default().push(object);
        }
    }
    let removed = |key: &str| {
        let objects = gone.get(key).map(Vec::as_slice).unwrap_or_default().iter();
        objects.map(|(key, text)| changed(key, Change::Removed, whole(text, Line::Removed)))
    };
    let mut changes: Vec<Changed> = removed("").collect();
    for (key, text) in after {
        match known.get(key.as_str()) {
            Some(old) if old == text => {}
            Some(old) => {
                let hunks = hunks(old, text);
                // A line break at the end alone is no difference that could be shown.
                if !hunks.is_empty() {
                    changes.push(changed(key, Change::Modified, hunks));
                }
            }
            None => changes.push(changed(key, Change::Added, whole(text, Line::Added))),
        }
        changes.extend(removed(key));
    }
    changes
}

fn changed(key: &str, change: Change, hunks: Vec<Hunk>) -> Changed {
    let of =
        |kind: fn(&Line) -> bool| count(hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| kind(line)).count());
    Changed {
        key: key.to_owned(),
        change,
        added: of(|line| matches!(line, Line::Added(_))),
        removed: of(|line| matches!(line, Line::Removed(_))),
        hunks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_matched_by_their_keys() {
        let objects = |pairs: &[(&str, &str)]| -> Vec<Object> {
            pairs.iter().map(|(key, text)| ((*key).to_owned(), text.as_bytes().to_vec())).collect()
        };
        let before = objects(&[("first", "a"), ("x", "1\n2"), ("gone", "b"), ("y", "same"), ("last", "c")]);
        let after = objects(&[("x", "1\n3"), ("new", "n\nm"), ("y", "same\n")]);
        let shown =
            |changed: &Changed| format!("{:?} {} +{} -{}", changed.change, changed.key, changed.added, changed.removed);
        let changes: Vec<String> = between(&before, &after).iter().map(shown).collect();
        let want =
            ["Removed first +0 -1", "Modified x +1 -1", "Removed gone +0 -1", "Added new +2 -0", "Removed last +0 -1"];
        assert_eq!(changes, want);
    }
}
