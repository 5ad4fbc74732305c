//! What is known from earlier reconciliations: in memory only, for a restart must not depend on it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use descriptor::types::Status;
use kube::ResourceExt;
use kube::api::DynamicObject;

use crate::inputs::InputId;
use crate::time::backoff;

/// An object of one kind: its namespace and its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl Key {
    /// The key of an object.
    pub fn of(object: &DynamicObject) -> Key {
        Key { namespace: object.namespace().unwrap_or_default(), name: object.name_any() }
    }
}

/// What was found and written when an object was reconciled last.
#[derive(Clone, Debug)]
pub struct Known {
    /// Tells the object from a later one of the same name.
    pub uid: Option<String>,
    /// The generation that was reconciled.
    pub generation: Option<i64>,
    /// The request that was handled.
    pub requested: Option<String>,
    /// The status that was written: the watch may be behind.
    pub status: Status,
    /// When everything is to be looked at again.
    pub next: Instant,
    /// The generation of the release as it was applied.
    pub release: Option<i64>,
    /// Whether the chart is published and the release applied.
    pub applied: bool,
    /// Whether nothing is to be done until something that is watched changes.
    pub rests: bool,
}

/// Which objects depend on which inputs.
#[derive(Debug, Default)]
pub struct Index {
    users: BTreeMap<InputId, BTreeSet<Key>>,
    inputs: BTreeMap<Key, BTreeSet<InputId>>,
}

impl Index {
    /// An object depends on an input, too.
    pub fn add(&mut self, key: &Key, id: &InputId) {
        if self.inputs.entry(key.clone()).or_default().insert(id.clone()) {
            self.users.entry(id.clone()).or_default().insert(key.clone());
        }
    }

    /// An object depends on these inputs and no others.
    pub fn set(&mut self, key: &Key, ids: impl IntoIterator<Item = InputId>) {
        self.remove(key);
        for id in ids {
            self.add(key, &id);
        }
    }

    /// An object depends on nothing.
    pub fn remove(&mut self, key: &Key) {
        for id in self.inputs.remove(key).unwrap_or_default() {
            if let Some(users) = self.users.get_mut(&id) {
                users.remove(key);
                if users.is_empty() {
                    self.users.remove(&id);
                }
            }
        }
    }

    /// The objects that depend on an input, or on all objects of its kind.
    pub fn users(&self, id: &InputId) -> BTreeSet<Key> {
        let all_of_namespace = InputId { name: String::new(), ..id.clone() };
        let all = InputId { namespace: String::new(), ..all_of_namespace.clone() };
        [id, &all_of_namespace, &all].into_iter().filter_map(|id| self.users.get(id)).flatten().cloned().collect()
    }
}

/// What is known of all objects of a kind.
#[derive(Debug, Default)]
pub struct Memory {
    known: Mutex<BTreeMap<Key, Known>>,
    index: Mutex<Index>,
    dirty: Mutex<BTreeSet<Key>>,
    failures: Mutex<BTreeMap<Key, u32>>,
    likely: Mutex<BTreeMap<String, BTreeSet<InputId>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// What is known of an object.
    pub fn known(&self, key: &Key) -> Option<Known> {
        lock(&self.known).get(key).cloned()
    }

    /// Keeps what is known of an object.
    pub fn keep(&self, key: Key, known: Known) {
        lock(&self.known).insert(key, known);
    }

    /// Which objects depend on which inputs.
    pub fn index(&self) -> MutexGuard<'_, Index> {
        lock(&self.index)
    }

    /// Something that an object depends on has changed: everything is to be looked at.
    pub fn mark(&self, key: Key) {
        lock(&self.dirty).insert(key);
    }

    /// Whether that was said since the last time.
    pub fn take_mark(&self, key: &Key) -> bool {
        lock(&self.dirty).remove(key)
    }

    /// An object failed once more: how long to wait.
    pub fn failed(&self, key: &Key) -> Duration {
        let mut failures = lock(&self.failures);
        let count = failures.entry(key.clone()).or_default();
        *count = count.saturating_add(1);
        backoff(*count)
    }

    /// An object did not fail.
    pub fn succeeded(&self, key: &Key) {
        lock(&self.failures).remove(key);
    }

    /// What descriptors with these sources looked up so far.
    pub fn likely(&self, sources: &str) -> BTreeSet<InputId> {
        lock(&self.likely).get(sources).cloned().unwrap_or_default()
    }

    /// A descriptor with these sources looked these up.
    pub fn looked_up(&self, sources: &str, ids: impl IntoIterator<Item = InputId>) {
        lock(&self.likely).insert(sources.to_owned(), ids.into_iter().collect());
    }

    /// An object is gone.
    pub fn forget(&self, key: &Key) {
        lock(&self.known).remove(key);
        lock(&self.index).remove(key);
        lock(&self.dirty).remove(key);
        lock(&self.failures).remove(key);
    }

    /// The objects with a published chart, for whoever tidies up.
    pub fn published(&self) -> Vec<(Key, descriptor::types::Artifact)> {
        let known = lock(&self.known);
        known.iter().filter_map(|(key, known)| Some((key.clone(), known.status.artifact.clone()?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Kind;

    fn key(name: &str) -> Key {
        Key { namespace: "shop".into(), name: name.into() }
    }

    #[test]
    fn users_of_an_input_are_found() {
        let id = |namespace: &str, name: &str| InputId::new(Kind::new("v1", "ConfigMap"), namespace, name);
        let mut index = Index::default();
        index.add(&key("a"), &id("x", "one"));
        index.add(&key("b"), &id("x", "one"));
        index.add(&key("c"), &id("x", ""));
        index.add(&key("d"), &id("", ""));
        assert_eq!(index.users(&id("x", "one")).len(), 4);
        assert_eq!(index.users(&id("x", "two")), BTreeSet::from([key("c"), key("d")]));
        index.set(&key("a"), [id("x", "two")]);
        assert_eq!(index.users(&id("x", "one")), BTreeSet::from([key("b"), key("c"), key("d")]));
        for name in ["a", "b", "c", "d"] {
            index.remove(&key(name));
        }
        assert!(index.users.is_empty() && index.inputs.is_empty());
    }

    #[test]
    fn failures_in_a_row_are_counted() {
        let memory = Memory::default();
        assert_eq!(memory.failed(&key("a")), backoff(1));
        assert_eq!(memory.failed(&key("a")), backoff(2));
        memory.succeeded(&key("a"));
        assert_eq!(memory.failed(&key("a")), backoff(1));
    }
}
