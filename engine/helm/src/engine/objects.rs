//! The objects that `lookup` finds where there is no cluster.

use std::error::Error;
use std::fmt;

use govalue::{Frozen, Index, List, Map, Str, Value};
use goyaml::yaml::from_yaml;

use super::world::{LookupQuery, pair};
use crate::manifest::split;

/// Objects by API version and kind, then namespace and name: a small cluster.
///
/// ```
/// use helm::engine::{LookupQuery, Objects};
/// let mut objects = Objects::default();
/// objects.add_yaml(b"{apiVersion: v1, kind: Node, metadata: {name: n1}}")?;
/// let query = LookupQuery { api_version: "v1".into(), kind: "Node".into(), namespace: "".into(), name: "n1".into() };
/// assert_eq!(objects.lookup(&query).len(), 3);
/// # Ok::<(), helm::engine::ObjectsError>(())
/// ```
#[derive(Clone, Default)]
pub struct Objects {
    /// By API version and kind.
    kinds: Index<Kind>,
}

#[derive(Clone, Default)]
struct Kind {
    namespaced: bool,
    /// By namespace and name; each with its namespace.
    objects: Index<(Str, Frozen)>,
}

/// Objects that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectsError(String);

impl fmt::Display for ObjectsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ObjectsError {}

impl Objects {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Adds the objects of a YAML text, a document each; `kind: List` brings its items.
    ///
    /// # Errors
    /// If a document is not YAML or no Kubernetes object.
    pub fn add_yaml(&mut self, text: &[u8]) -> Result<(), ObjectsError> {
        for (i, document) in split(text).into_iter().enumerate() {
            let fail = |message: String| ObjectsError(format!("document {}: {message}", i + 1));
            match from_yaml(&text[document]).map_err(|e| fail(e.to_string()))? {
                Value::Nil => {}
                object => self.add(&object).map_err(fail)?,
            }
        }
        Ok(())
    }

    /// Adds an object; it replaces one of the same kind, namespace and name.
    ///
    /// # Errors
    /// What it lacks to be a Kubernetes object.
    pub fn add(&mut self, object: &Value) -> Result<(), String> {
        let Value::Map(map) = object else { return Err("not an object".into()) };
        let (api_version, kind) = (string(map, "apiVersion"), string(map, "kind"));
        if kind.is_empty() {
            return Err("no kind".into());
        }
        if let (true, Some(Value::List(items))) = (kind.ends_with(b"List"), map.get("items")) {
            return items.iter().try_for_each(|item| self.add(item));
        }
        let (namespace, name) = match map.get("metadata") {
            Some(Value::Map(metadata)) => (string(&metadata, "namespace"), string(&metadata, "name")),
            _ => (Str::EMPTY, Str::EMPTY),
        };
        let kind = self.kinds.or_default(pair(&api_version, &kind));
        kind.namespaced = !namespace.is_empty();
        kind.objects.insert(pair(&namespace, &name), (namespace, object.freeze()));
        Ok(())
    }

    /// What `lookup` answers: an object, an empty map where there is none, or
    /// a list if no name is given.
    pub fn lookup(&self, query: &LookupQuery) -> Map {
        let Some(kind) = self.kinds.get(&pair(&query.api_version, &query.kind)) else {
            return if query.name.is_empty() { empty_list() } else { Map::new() };
        };
        let namespace = if kind.namespaced { query.namespace.clone() } else { Str::EMPTY };
        if query.name.is_empty() {
            return kind.list(query, &namespace);
        }
        match kind.objects.get(&pair(&namespace, &query.name)).map(|(_, object)| object.thaw()) {
            Some(Value::Map(object)) => object,
            _ => Map::new(),
        }
    }
}

impl Kind {
    fn list(&self, query: &LookupQuery, namespace: &Str) -> Map {
        let inside = |ns: &Str| namespace.is_empty() || ns == namespace;
        let items = self.objects.iter().filter(|(_, (ns, _))| inside(ns)).map(|(_, (_, o))| o.thaw()).collect();
        let version = (self.objects.len() + 1).to_string();
        let metadata: Map =
            [("continue", Value::from("")), ("resourceVersion", Value::from(version))].into_iter().collect();
        [
            ("apiVersion", Value::Str(query.api_version.clone())),
            ("items", Value::List(List::new(items))),
            ("kind", Value::from([&query.kind[..], b"List"].concat())),
            ("metadata", Value::Map(metadata)),
        ]
        .into_iter()
        .collect()
    }
}

fn empty_list() -> Map {
    [("items", Value::List(List::new(Vec::new())))].into_iter().collect()
}

fn string(map: &Map, key: &str) -> Str {
    match map.get(key) {
        Some(Value::Str(s)) => s,
        _ => Str::EMPTY,
    }
}
