//! What a map holds: entries sorted by key, maybe not thawed yet, maybe with
//! changes that are not merged yet.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::frozen::Frozen;
use crate::str::Str;
use crate::value::{Value, shed};

/// From this size on, inserting and removing go to a tree first: moving the
/// entries behind for each of them would take quadratic time.
const LARGE: usize = 1024;

/// Up to this size a key is searched from the front.
const SMALL: usize = 16;

/// A map's entries.
#[derive(Default)]
pub(crate) struct Entries {
    /// Where the entries are as long as nobody has looked at them.
    frozen: Option<Arc<[(Str, Frozen)]>>,
    sorted: Vec<(Str, Value)>,
    changes: Option<Box<Changes>>,
}

/// What is at a key.
pub(crate) enum Lookup<'e> {
    Missing,
    Found(&'e Value),
    /// Something that is not thawed yet.
    Frozen(&'e Frozen),
}

/// Changes to a large map.
#[derive(Default)]
struct Changes {
    /// Where changed keys have their values.
    keys: BTreeMap<Str, usize>,
    /// The values of new keys, and `None` for keys removed from the sorted entries.
    values: Vec<Option<Value>>,
    removed: usize,
}

impl Changes {
    fn get(&self, key: &[u8]) -> Option<&Option<Value>> {
        self.values.get(*self.keys.get(key)?)
    }

    fn insert(&mut self, key: Str, value: Option<Value>) -> Option<Option<Value>> {
        let next = self.values.len();
        let place = *self.keys.entry(key).or_insert(next);
        match self.values.get_mut(place) {
            Some(old) => Some(std::mem::replace(old, value)),
            None => {
                self.values.push(value);
                None
            }
        }
    }

    fn remove(&mut self, key: &[u8]) -> Option<Option<Value>> {
        let place = self.keys.remove(key)?;
        self.values.get_mut(place).map(Option::take)
    }

    /// The changed keys in order, each with what it is now.
    fn in_order(self) -> impl Iterator<Item = (Str, Option<Value>)> {
        let Changes { keys, mut values, .. } = self;
        keys.into_iter().map(move |(key, place)| (key, values.get_mut(place).and_then(Option::take)))
    }
}

impl Entries {
    pub(crate) fn new(sorted: Vec<(Str, Value)>) -> Entries {
        Entries { sorted, ..Entries::default() }
    }

    pub(crate) fn from_frozen(frozen: Arc<[(Str, Frozen)]>) -> Entries {
        Entries { frozen: Some(frozen), ..Entries::default() }
    }

    /// The frozen entries, if nobody has looked at them.
    pub(crate) fn frozen(&self) -> Option<&Arc<[(Str, Frozen)]>> {
        self.frozen.as_ref()
    }

    /// All entries, if they are in one place.
    pub(crate) fn settled(&self) -> Option<&Vec<(Str, Value)>> {
        (self.frozen.is_none() && self.changes.is_none()).then_some(&self.sorted)
    }

    /// Brings all entries to one place.
    pub(crate) fn settle(&mut self) {
        self.thaw();
        let Some(changes) = self.changes.take() else { return };
        let mut merged = Vec::with_capacity(self.sorted.len() + changes.keys.len());
        let mut changed = changes.in_order().peekable();
        for (key, v) in self.sorted.drain(..) {
            while let Some((new, v)) = changed.next_if(|(new, _)| *new < key) {
                merged.extend(v.map(|v| (new, v)));
            }
            if changed.next_if(|(new, _)| *new == key).is_none() {
                merged.push((key, v));
            }
        }
        merged.extend(changed.filter_map(|(key, v)| Some((key, v?))));
        self.sorted = merged;
    }

    fn thaw(&mut self) {
        if let Some(frozen) = self.frozen.take() {
            self.sorted = frozen.iter().map(|(k, v)| (k.clone(), v.thaw())).collect();
        }
    }

    pub(crate) fn len(&self) -> usize {
        match (&self.frozen, &self.changes) {
            (Some(frozen), _) => frozen.len(),
            (_, Some(changes)) => self.sorted.len() + changes.keys.len() - 2 * changes.removed,
            _ => self.sorted.len(),
        }
    }

    /// The value at a key. `near` is where it may be among the entries, and then where it was.
    pub(crate) fn get<K: Key + ?Sized>(&self, key: &K, near: &mut u32) -> Lookup<'_> {
        if let Some(frozen) = &self.frozen {
            return find_near(frozen, key, near).map_or(Lookup::Missing, Lookup::Frozen);
        }
        let found = match self.changes.as_ref().and_then(|c| c.get(key.bytes())) {
            Some(changed) => changed.as_ref(),
            None => find_near(&self.sorted, key, near),
        };
        found.map_or(Lookup::Missing, Lookup::Found)
    }

    pub(crate) fn insert(&mut self, key: Str, value: Value) -> Option<Value> {
        self.thaw();
        if self.changes.is_none() && self.sorted.last().is_none_or(|(last, _)| *last < key) {
            self.sorted.push((key, value));
            return None;
        }
        match find(&self.sorted, &key) {
            Ok(i) => {
                let old = std::mem::replace(&mut self.sorted[i].1, value);
                if let Some(changes) = &mut self.changes
                    && changes.remove(&key).is_some()
                {
                    changes.removed -= 1;
                    return None;
                }
                Some(old)
            }
            Err(i) if self.changes.is_none() && self.sorted.len() - i < LARGE => {
                self.sorted.insert(i, (key, value));
                None
            }
            Err(_) => self.changes.get_or_insert_default().insert(key, Some(value)).flatten(),
        }
    }

    pub(crate) fn remove(&mut self, key: &[u8]) -> Option<Value> {
        self.thaw();
        match find(&self.sorted, key) {
            Ok(i) if self.changes.is_none() && self.sorted.len() - i < LARGE => Some(self.sorted.remove(i).1),
            Ok(i) => {
                let changes = self.changes.get_or_insert_default();
                if changes.keys.contains_key(key) {
                    return None;
                }
                changes.removed += 1;
                let (key, v) = &mut self.sorted[i];
                changes.insert(key.clone(), None);
                Some(std::mem::take(v))
            }
            Err(_) => {
                let changes = self.changes.as_mut()?;
                let old = changes.remove(key).flatten();
                // Places of keys that are gone stay empty until there are many.
                if changes.values.len() > 2 * changes.keys.len() + LARGE {
                    self.settle();
                }
                old
            }
        }
    }

    /// Drops all values but containers that nobody else holds, which go to the
    /// stack; nothing is thawed for it.
    pub(crate) fn shed(&mut self, stack: &mut Vec<Value>) {
        for (_, value) in std::mem::take(&mut self.sorted) {
            shed(value, stack);
        }
        if let Some(changes) = self.changes.take() {
            changes.values.into_iter().flatten().for_each(|value| shed(value, stack));
        }
    }
}

/// A key as somebody has it.
pub(crate) trait Key {
    fn bytes(&self) -> &[u8];
    fn is(&self, key: &Str) -> bool;
    fn order(&self, key: &Str) -> Ordering;
}

impl Key for Str {
    fn bytes(&self) -> &[u8] {
        self
    }

    #[inline]
    fn is(&self, key: &Str) -> bool {
        self == key
    }

    #[inline]
    fn order(&self, key: &Str) -> Ordering {
        self.cmp(key)
    }
}

impl Key for [u8] {
    fn bytes(&self) -> &[u8] {
        self
    }

    #[inline(always)]
    fn is(&self, key: &Str) -> bool {
        let key = key.slice();
        // Most are told apart by their lengths.
        self.len() == key.len() && same(self, key)
    }

    #[inline(always)]
    fn order(&self, key: &Str) -> Ordering {
        // Eight bytes at once tell most apart.
        let key = key.slice();
        match (self.first_chunk().copied(), key.first_chunk().copied()) {
            (Some(a), Some(b)) if a != b => u64::from_be_bytes(a).cmp(&u64::from_be_bytes(b)),
            _ => self.cmp(key),
        }
    }
}

/// Whether both are the same: up to 16 bytes in pieces of fixed sizes, which may
/// overlap, for to call what compares any number of bytes would take longer.
#[inline]
fn same(a: &[u8], b: &[u8]) -> bool {
    fn pieces<const N: usize>(a: &[u8], b: &[u8]) -> bool {
        a.first_chunk::<N>() == b.first_chunk::<N>() && a.last_chunk::<N>() == b.last_chunk::<N>()
    }
    if cfg!(target_family = "wasm") {
        // There the pieces would be calls, too.
        return a == b;
    }
    a.len() == b.len()
        && match a.len() {
            0 => true,
            1 => a.first() == b.first(),
            2 | 3 => pieces::<2>(a, b),
            4..=7 => pieces::<4>(a, b),
            8..=16 => pieces::<8>(a, b),
            _ => a == b,
        }
}

/// What is at a key, looked for at a place first.
fn find_near<'e, K: Key + ?Sized, V>(entries: &'e [(Str, V)], key: &K, near: &mut u32) -> Option<&'e V> {
    if let Some((k, v)) = entries.get(*near as usize)
        && key.is(k)
    {
        return Some(v);
    }
    let at =
        if entries.len() <= SMALL { entries.iter().position(|(k, _)| key.is(k)) } else { find(entries, key).ok() }?;
    *near = at as u32;
    entries.get(at).map(|(_, v)| v)
}

fn find<K: Key + ?Sized, V>(entries: &[(Str, V)], key: &K) -> Result<usize, usize> {
    entries.binary_search_by(|(k, _)| key.order(k).reverse())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator of numbers.
    fn numbers(seed: u64) -> impl FnMut() -> u64 {
        let mut n = seed;
        move || {
            n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            n >> 33
        }
    }

    #[test]
    fn it_does_what_a_tree_does() {
        let mut next = numbers(1);
        let mut entries = Entries::default();
        let mut tree = BTreeMap::new();
        let mut near = 0;
        for step in 0..40_000u64 {
            let key = Str::from((next() % 5000).to_string());
            let n = step as i64;
            let (got, want) = match next() % 8 {
                0 => (entries.remove(&key), tree.remove(&key)),
                1 => match entries.get(&key, &mut near) {
                    Lookup::Found(v) => (Some(v.clone()), tree.get(&key).copied()),
                    _ => (None, tree.get(&key).copied()),
                },
                _ => (entries.insert(key.clone(), Value::Int(n)), tree.insert(key, n)),
            };
            let got = got.map(|v| if let Value::Int(n) = v { n } else { -1 });
            assert_eq!(got, want);
            assert_eq!(entries.len(), tree.len());
            if next().is_multiple_of(4000) {
                entries.settle();
                let keys = entries.settled().unwrap().iter().map(|(k, _)| k);
                assert!(keys.eq(tree.keys()));
            }
        }
    }

    #[test]
    fn keys_that_come_and_go_leave_nothing_behind() {
        let mut entries = Entries::default();
        for i in 0..3 * LARGE {
            entries.insert(Str::from(format!("k{i:05}")), Value::Nil);
        }
        for i in 0..20_000 {
            let key = Str::from(format!("a{i}"));
            entries.insert(key.clone(), Value::Int(i));
            entries.insert(Str::from("b"), Value::Nil);
            assert!(matches!(entries.remove(&key), Some(Value::Int(n)) if n == i));
            entries.remove(b"b");
            assert!(entries.changes.as_ref().is_none_or(|c| c.values.len() <= LARGE + 4));
        }
        assert_eq!(entries.len(), 3 * LARGE);
    }

    #[test]
    fn random_keys_do_not_take_quadratic_time() {
        let mut next = numbers(2);
        let mut entries = Entries::default();
        for _ in 0..50_000 {
            entries.insert(Str::from(next().to_string()), Value::Nil);
        }
        entries.settle();
        for (key, _) in entries.settled().unwrap().clone() {
            entries.remove(&key);
        }
        assert_eq!(entries.len(), 0);
    }
}
