//! A map by name.

use std::collections::BTreeMap;

use crate::sort::put_in_order;
use crate::str::Str;

/// A map whose keys are names, seen in their order: a tree of places in a vector.
///
/// The tree is the same whatever the values are. A `BTreeMap` is 2 to 8 kB of WebAssembly for each type that it holds.
/// Nothing is taken out but all at once.
///
/// ```
/// use govalue::Index;
/// let mut index = Index::default();
/// index.insert("b", 2);
/// *index.or_default("a") += 1;
/// assert_eq!(index.get(b"b"), Some(&2));
/// assert_eq!(index.insert("b", 3), Some(2));
/// assert_eq!(index.into_sorted(), [("a".into(), 1), ("b".into(), 3)]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index<V> {
    places: BTreeMap<Str, usize>,
    values: Vec<V>,
}

impl<V> Default for Index<V> {
    fn default() -> Index<V> {
        Index { places: BTreeMap::new(), values: Vec::new() }
    }
}

impl<V> Index<V> {
    /// The value of a name.
    pub fn get(&self, name: &[u8]) -> Option<&V> {
        self.values.get(*self.places.get(name)?)
    }

    /// The value of a name, to change it.
    pub fn get_mut(&mut self, name: &[u8]) -> Option<&mut V> {
        self.values.get_mut(*self.places.get(name)?)
    }

    /// Whether the name has a value.
    pub fn contains(&self, name: &[u8]) -> bool {
        self.places.contains_key(name)
    }

    /// Sets the value of a name, and gives the one that it had.
    pub fn insert(&mut self, name: impl Into<Str>, value: V) -> Option<V> {
        let place = place(&mut self.places, name.into());
        match self.values.get_mut(place) {
            Some(old) => Some(std::mem::replace(old, value)),
            None => {
                self.values.push(value);
                None
            }
        }
    }

    /// The value of a name, made if there is none.
    pub fn or_default(&mut self, name: impl Into<Str>) -> &mut V
    where
        V: Default,
    {
        self.or_insert_with(name, V::default)
    }

    /// The value of a name, made if there is none.
    pub fn or_insert_with(&mut self, name: impl Into<Str>, make: impl FnOnce() -> V) -> &mut V {
        let place = place(&mut self.places, name.into());
        if place == self.values.len() {
            self.values.push(make());
        }
        &mut self.values[place]
    }

    /// The names and values in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&Str, &V)> {
        self.places.iter().filter_map(|(name, place)| Some((name, self.values.get(*place)?)))
    }

    /// The names in order.
    pub fn names(&self) -> impl Iterator<Item = &Str> {
        self.places.keys()
    }

    /// The names and values in the order of the names.
    pub fn into_sorted(mut self) -> Vec<(Str, V)> {
        let (names, order) = in_order(self.places);
        put_in_order(&mut self.values, order);
        names.into_iter().zip(self.values).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.places.clear();
        self.values.clear();
    }
}

/// The place of a name: a new one is the next.
#[inline(never)]
fn place(places: &mut BTreeMap<Str, usize>, name: Str) -> usize {
    let next = places.len();
    *places.entry(name).or_insert(next)
}

#[inline(never)]
fn in_order(places: BTreeMap<Str, usize>) -> (Vec<Str>, Vec<usize>) {
    places.into_iter().unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_does_what_a_tree_does() {
        let mut index = Index::default();
        let mut tree = BTreeMap::new();
        for step in 0..500_u32 {
            let name = Str::from((step * 7919 % 131).to_string());
            match step % 3 {
                0 => assert_eq!(index.insert(name.clone(), step), tree.insert(name, step)),
                1 => assert_eq!(index.or_default(name.clone()), tree.entry(name).or_default()),
                _ => {
                    assert_eq!(index.get(&name), tree.get(&name));
                    assert_eq!(index.contains(&name), tree.contains_key(&name));
                    assert_eq!(index.get_mut(&name), tree.get_mut(&name));
                }
            }
            assert_eq!((index.len(), index.is_empty()), (tree.len(), tree.is_empty()));
        }
        assert!(index.iter().eq(tree.iter()) && index.names().eq(tree.keys()));
        let mut empty = index.clone();
        empty.clear();
        assert_eq!(empty, Index::default());
        assert_eq!(index.into_sorted(), tree.into_iter().collect::<Vec<_>>());
    }
}
