//! Objects that a release finds in the cluster because others were applied before it.

use std::rc::Rc;
use std::time::Duration;

use govalue::{FuncError, List, Map, Value};
use helm::engine::{LookupQuery, Objects, World};

/// A world with some more objects.
pub(crate) struct Overlay {
    under: Rc<dyn World>,
    objects: Objects,
}

impl Overlay {
    /// The world with these objects; they hide those of the same name.
    pub(crate) fn over(under: Rc<dyn World>, objects: Objects) -> Rc<dyn World> {
        if objects.is_empty() { under } else { Rc::new(Overlay { under, objects }) }
    }
}

impl World for Overlay {
    fn lookup(&self, query: &LookupQuery) -> Result<Value, FuncError> {
        let own = self.objects.lookup(query);
        if !query.name.is_empty() {
            return if own.is_empty() { self.under.lookup(query) } else { Ok(Value::Map(own)) };
        }
        let under = self.under.lookup(query)?;
        let (Value::Map(under), Some(Value::List(items))) = (&under, own.get("items")) else { return Ok(under) };
        if items.is_empty() {
            return Ok(Value::Map(under.clone()));
        }
        let mut all = items.to_vec();
        if let Some(Value::List(more)) = under.get("items") {
            let id = |object: &Value| match object {
                Value::Map(map) => match map.get("metadata") {
                    Some(Value::Map(metadata)) => Some((text(&metadata, "namespace"), text(&metadata, "name"))),
                    _ => None,
                },
                _ => None,
            };
            let hidden: Vec<_> = items.iter().map(id).collect();
            all.extend(more.iter().filter(|object| !hidden.contains(&id(object))).cloned());
        }
        own.insert("items", Value::List(List::new(all)));
        Ok(Value::Map(own))
    }

    fn now(&self) -> (i64, u32) {
        self.under.now()
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), FuncError> {
        self.under.random(buffer)
    }

    fn elapsed(&self) -> Duration {
        self.under.elapsed()
    }

    fn memory(&self) -> usize {
        self.under.memory()
    }

    fn document(&self, url: &str) -> Result<Vec<u8>, String> {
        self.under.document(url)
    }

    fn file(&self, path: &str) -> Result<Vec<u8>, String> {
        self.under.file(path)
    }

    fn kept(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        self.under.kept(key)
    }

    fn keep(&self, key: [u8; 32], outcome: &[u8]) {
        self.under.keep(key, outcome);
    }
}

/// A string of a map; empty if missing.
pub(crate) fn text(map: &Map, key: &str) -> String {
    match map.get(key) {
        Some(Value::Str(text)) => text.to_str_lossy().into_owned(),
        _ => String::new(),
    }
}
