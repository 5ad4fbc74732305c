//! Things by name, and sorting: small in code, however many types they are used with.

use std::collections::BTreeMap;

/// Things in order of their insertion, found by name.
#[derive(Debug)]
pub(crate) struct Table<T> {
    /// The same type for all tables, so that its code is there once.
    names: BTreeMap<String, u32>,
    items: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table { names: BTreeMap::new(), items: Vec::new() }
    }
}

impl<T> Table<T> {
    /// The number of the thing with that name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.names.get(name).map(|i| *i as usize)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.items.get(self.position(name)?)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        let i = self.position(name)?;
        self.items.get_mut(i)
    }

    /// Adds a thing under a name that is not taken yet; the answer is its number.
    pub(crate) fn insert(&mut self, name: String, item: T) -> usize {
        let i = self.items.len();
        self.names.insert(name, i as u32);
        self.items.push(item);
        i
    }

    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }

    /// By name.
    pub(crate) fn sorted(&self) -> impl Iterator<Item = (&str, &T)> {
        self.names.iter().filter_map(|(name, i)| self.items.get(*i as usize).map(|item| (&**name, item)))
    }
}

/// Sorts by heap: not stable, but no more than a few lines of code for each type.
pub(crate) fn sort<T>(items: &mut [T], less: fn(&T, &T) -> bool) {
    let mut end = items.len();
    let mut start = end / 2;
    while end > 1 {
        if start > 0 {
            start -= 1;
        } else {
            end -= 1;
            items.swap(0, end);
        }
        let mut parent = start;
        loop {
            let mut child = 2 * parent + 1;
            if child >= end {
                break;
            }
            if child + 1 < end && less(&items[child], &items[child + 1]) {
                child += 1;
            }
            if !less(&items[parent], &items[child]) {
                break;
            }
            items.swap(parent, child);
            parent = child;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts() {
        for n in 0..50_u32 {
            let mut items: Vec<u32> = (0..n).map(|i| i * 7919 % 31).collect();
            let mut want = items.clone();
            want.sort_unstable();
            sort(&mut items, |a, b| a < b);
            assert_eq!(items, want);
        }
    }

    #[test]
    fn finds() {
        let mut table = Table::default();
        assert_eq!(table.insert("b".to_owned(), 1), 0);
        assert_eq!(table.insert("a".to_owned(), 2), 1);
        assert_eq!((table.get("a"), table.get("c")), (Some(&2), None));
        assert_eq!(table.sorted().collect::<Vec<_>>(), [("a", &2), ("b", &1)]);
    }
}
