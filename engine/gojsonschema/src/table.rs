//! Things by name, and sorting: small in code, however many types they are used with.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Things in order of their insertion, found by name.
#[derive(Clone, Debug)]
pub(crate) struct Table<T> {
    names: Names,
    items: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table { names: Names::default(), items: Vec::new() }
    }
}

impl<T> Table<T> {
    /// The number of the thing with that name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.names.find(name)
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
        self.names.insert(name);
        self.items.push(item);
        self.items.len() - 1
    }

    /// The name of the thing with that number.
    pub(crate) fn name(&self, number: usize) -> Option<&str> {
        self.names.names.get(number).map(|name| &**name)
    }

    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }

    /// By number.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &T)> {
        self.names.names.iter().map(|name| &**name).zip(&self.items)
    }
}

/// Names with the numbers of their insertion. The same type for all tables, so that its code is there once.
#[derive(Clone, Debug, Default)]
struct Names {
    names: Vec<String>,
    /// For each hash a number plus 1, or 0; at least twice as many as names. Who finds another name goes on behind.
    slots: Vec<u32>,
}

impl Names {
    /// The slot of a name, or the free one where it belongs.
    fn slot(&self, name: &str) -> usize {
        let mut hasher = FxHasher::default();
        hasher.write(name.as_bytes());
        let mask = self.slots.len() - 1;
        let mut slot = hasher.finish() as usize & mask;
        while let Some(i) = (self.slots[slot] as usize).checked_sub(1)
            && self.names[i] != name
        {
            slot = (slot + 1) & mask;
        }
        slot
    }

    #[inline(never)]
    fn find(&self, name: &str) -> Option<usize> {
        // Of some things there is hardly ever more than one: documents, resources.
        if self.names.len() <= 2 {
            return self.names.iter().position(|n| n == name);
        }
        (self.slots[self.slot(name)] as usize).checked_sub(1)
    }

    #[inline(never)]
    fn insert(&mut self, name: String) {
        self.names.push(name);
        let from = if self.names.len() * 2 > self.slots.len() {
            self.slots = vec![0; (self.slots.len() * 2).max(8)];
            0
        } else {
            self.names.len() - 1
        };
        for i in from..self.names.len() {
            let slot = self.slot(&self.names[i]);
            self.slots[slot] = i as u32 + 1;
        }
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
        assert_eq!(table.entries().collect::<Vec<_>>(), [("b", &1), ("a", &2)]);
        for i in 0..1000 {
            table.insert(i.to_string(), i);
        }
        assert!((0..1000).all(|i| table.get(&i.to_string()) == Some(&i)));
        assert_eq!(table.position("1000"), None);
    }
}
