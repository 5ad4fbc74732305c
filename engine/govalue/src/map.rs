//! Go maps with string keys: shared, mutable, and always seen in key order.

use std::cell::{Ref, RefCell};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use crate::entries::{Entries, Key, Lookup};
use crate::frozen::Frozen;
use crate::sort::sort_by;
use crate::str::Str;
use crate::types::{Named, Type};
use crate::value::{self, Value};

/// A Go map with string keys. Clones share it, as in Go: `set` in one template
/// is seen in the next.
///
/// Everything that Go shows of a map is sorted by key, so it is kept sorted.
///
/// ```
/// use govalue::{Map, Value};
/// let m = Map::new();
/// m.insert("b", Value::Int(1));
/// m.insert("a", Value::from("x"));
/// assert_eq!(m.keys()[0], "a");
/// ```
#[derive(Clone)]
pub struct Map(Rc<Inner>, Option<&'static Named>);

struct Inner {
    ty: Type,
    nil: bool,
    entries: RefCell<Entries>,
}

impl Default for Map {
    fn default() -> Map {
        Map::new()
    }
}

impl Map {
    /// An empty `map[string]interface {}`.
    pub fn new() -> Map {
        Map::with_type(Type::ANY_MAP)
    }

    /// An empty map of another type, such as `map[string]string`.
    pub fn with_type(ty: Type) -> Map {
        Map::build(ty, false, Vec::new())
    }

    /// A nil map of the type: empty, `null` in JSON, and writing to it fails in Go.
    pub fn nil(ty: Type) -> Map {
        Map::build(ty, true, Vec::new())
    }

    /// A map of entries that are sorted by key, each key once.
    pub fn from_sorted(ty: Type, entries: Vec<(Str, Value)>) -> Map {
        debug_assert!(entries.is_sorted_by(|a, b| a.0 < b.0), "entries must be sorted and unique");
        Map::build(ty, false, entries)
    }

    /// A map of entries in any order; of equal keys the last wins.
    pub fn from_unsorted(ty: Type, mut entries: Vec<(Str, Value)>) -> Map {
        if !entries.is_sorted_by(|a, b| a.0 < b.0) {
            sort_by(&mut entries, |a, b| a.0.cmp(&b.0));
            entries.dedup_by(|later, earlier| {
                let same = later.0 == earlier.0;
                if same {
                    std::mem::swap(later, earlier);
                }
                same
            });
        }
        Map::build(ty, false, entries)
    }

    fn build(ty: Type, nil: bool, entries: Vec<(Str, Value)>) -> Map {
        Map(Rc::new(Inner { ty, nil, entries: RefCell::new(Entries::new(entries)) }), None)
    }

    /// A map of frozen entries, sorted by key, each key once. They thaw when
    /// somebody looks at them.
    pub fn from_frozen(ty: Type, entries: Arc<[(Str, Frozen)]>) -> Map {
        let entries = RefCell::new(Entries::from_frozen(entries));
        Map(Rc::new(Inner { ty, nil: false, entries }), None)
    }

    /// The frozen map that this one was thawed from, as long as nothing in it
    /// has been written or handed out: it can stand for the map, unseen.
    pub fn frozen(&self) -> Option<Frozen> {
        if self.0.ty != Type::ANY_MAP {
            return None;
        }
        self.0.entries.borrow().frozen().map(|entries| Frozen::Map(Arc::clone(entries)))
    }

    /// Its type.
    pub fn ty(&self) -> Type {
        self.1.map_or(self.0.ty, Type::Named)
    }

    /// The same map seen as a named type, as a Go conversion gives it: both
    /// share their entries (`common.Values(m)`).
    pub fn as_named(&self, named: &'static Named) -> Map {
        Map(Rc::clone(&self.0), Some(named))
    }

    /// The same map without a name that [`Map::as_named`] gave it.
    pub fn unnamed(&self) -> Map {
        Map(Rc::clone(&self.0), None)
    }

    /// Whether it is a nil map.
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// Whether both are the same map.
    pub fn ptr_eq(&self, other: &Map) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Where it is in memory: its identity.
    pub(crate) fn address(&self) -> usize {
        Rc::as_ptr(&self.0).addr()
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.0.entries.borrow().len()
    }

    /// Whether it has no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at a key.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        self.get_near(key.as_ref(), &mut 0)
    }

    /// The value at a key, for those who ask for the same key of like maps:
    /// `near` is where it may be among the sorted keys, and then where it was.
    ///
    /// ```
    /// use govalue::{Map, Value};
    /// let [a, b] = ["a", "b"].map(|first| [first, "x", "y"].map(|k| (k, Value::Int(1))).into_iter().collect::<Map>());
    /// let mut near = 0;
    /// assert!(a.get_near(b"x", &mut near).is_some() && b.get_near(b"x", &mut near).is_some());
    /// assert_eq!(near, 1);
    /// ```
    pub fn get_near(&self, key: &[u8], near: &mut u32) -> Option<Value> {
        self.look(key, near, |found| found.cloned())
    }

    /// Looks at the value at a key, as [`Map::get_near`] does, without a clone
    /// of it. `look` must not write to the map.
    ///
    /// ```
    /// use govalue::{Map, Value};
    /// let m: Map = [("a", Value::from("x"))].into_iter().collect();
    /// assert!(m.look_near(b"a", &mut 0, |found| found.is_some_and(Value::is_true)));
    /// ```
    pub fn look_near<T>(&self, key: &[u8], near: &mut u32, look: impl FnOnce(Option<&Value>) -> T) -> T {
        self.look(key, near, look)
    }

    fn look<K: Key + ?Sized, T>(&self, key: &K, near: &mut u32, look: impl FnOnce(Option<&Value>) -> T) -> T {
        let entries = self.0.entries.borrow();
        match entries.get(key, near) {
            Lookup::Found(v) => look(Some(v)),
            Lookup::Missing => look(None),
            // Others will share it: the map must settle first.
            Lookup::Frozen(Frozen::List(_) | Frozen::Map(_)) => {
                drop(entries);
                self.0.entries.borrow_mut().settle();
                match self.0.entries.borrow().get(key, near) {
                    Lookup::Found(v) => look(Some(v)),
                    _ => look(None),
                }
            }
            Lookup::Frozen(scalar) => look(Some(&scalar.thaw())),
        }
    }

    /// Whether it has the key.
    pub fn contains_key(&self, key: impl AsRef<[u8]>) -> bool {
        !matches!(self.0.entries.borrow().get(key.as_ref(), &mut 0), Lookup::Missing)
    }

    /// Sets a key, for all who share the map.
    pub fn insert(&self, key: impl Into<Str>, value: Value) -> Option<Value> {
        self.0.entries.borrow_mut().insert(key.into(), value)
    }

    /// Removes a key, for all who share the map.
    pub fn remove(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        self.0.entries.borrow_mut().remove(key.as_ref())
    }

    /// The keys, sorted.
    pub fn keys(&self) -> Vec<Str> {
        if let Some(frozen) = self.0.entries.borrow().frozen() {
            return frozen.iter().map(|(k, _)| k.clone()).collect();
        }
        self.borrow().iter().map(|(k, _)| k.clone()).collect()
    }

    /// A copy of the entries as they are now, sorted by key: what `range` walks,
    /// so that the loop may change the map.
    pub fn entries(&self) -> Vec<(Str, Value)> {
        self.borrow().to_vec()
    }

    /// The entries, borrowed: nothing may write to the map meanwhile, so never
    /// hold this while a template runs.
    pub fn borrow(&self) -> Ref<'_, [(Str, Value)]> {
        let settled = self.0.entries.borrow().settled().is_some();
        if !settled {
            self.0.entries.borrow_mut().settle();
        }
        Ref::map(self.0.entries.borrow(), |e| e.settled().expect("the entries were settled above").as_slice())
    }

    /// A new map of the same type with the entries whose keys are wanted. What
    /// is not thawed stays so.
    ///
    /// # Errors
    /// The first error of `wanted`.
    pub fn with_keys<E>(&self, mut wanted: impl FnMut(&Str) -> Result<bool, E>) -> Result<Map, E> {
        let frozen = self.0.entries.borrow().frozen().cloned();
        let copy = match frozen {
            Some(entries) => {
                let mut kept = Vec::new();
                for (key, value) in entries.iter() {
                    if wanted(key)? {
                        kept.push((key.clone(), value.clone()));
                    }
                }
                Map::from_frozen(self.0.ty, kept.into())
            }
            None => {
                let mut kept = Vec::new();
                for (key, value) in self.entries() {
                    if wanted(&key)? {
                        kept.push((key, value));
                    }
                }
                Map::build(self.0.ty, false, kept)
            }
        };
        Ok(Map(copy.0, self.1))
    }

    /// A new map of the same type with the same entries.
    pub fn shallow_copy(&self) -> Map {
        Map(Map::build(self.0.ty, self.0.nil, self.entries()).0, self.1)
    }

    /// Whether nobody else holds the map.
    pub(crate) fn is_unique(&self) -> bool {
        Rc::strong_count(&self.0) == 1
    }

    /// Drops the values if nobody else holds the map; containers among them go to the stack.
    pub(crate) fn shed(&mut self, stack: &mut Vec<Value>) {
        if let Some(inner) = Rc::get_mut(&mut self.0) {
            inner.entries.get_mut().shed(stack);
        }
    }
}

impl<K: Into<Str>> FromIterator<(K, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(iter: I) -> Map {
        Map::from_unsorted(Type::ANY_MAP, iter.into_iter().map(|(k, v)| (k.into(), v)).collect())
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let mut stack = Vec::new();
        self.entries.get_mut().shed(&mut stack);
        value::drop_deep(stack);
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.borrow().iter().map(|(k, v)| (k, v))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_equal_keys_wins() {
        let m: Map = [("b", Value::Int(1)), ("a", Value::Int(2)), ("b", Value::Int(3))].into_iter().collect();
        assert_eq!(m.len(), 2);
        assert!(matches!(m.get("b"), Some(Value::Int(3))));
    }
}
