//! Value trees that threads can share.

use std::fmt;
use std::sync::Arc;

use crate::limits::MAX_DEPTH;
use crate::list::List;
use crate::map::Map;
use crate::str::Str;
use crate::types::Type;
use crate::value::Value;

/// An immutable tree of plain data (what YAML and JSON can say), `Send` and
/// `Sync`: a chart's default values, kept from render to render.
///
/// ```
/// use govalue::{Frozen, Map, Value};
/// let v = Value::Map([("a", Value::Int(1))].into_iter().collect::<Map>());
/// let frozen: Frozen = v.freeze();
/// assert!(matches!(frozen.thaw(), Value::Map(m) if m.len() == 1));
/// ```
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the variants are those of Value")]
pub enum Frozen {
    #[default]
    Nil,
    Bool(bool),
    Int(i64),
    Int64(i64),
    Uint64(u64),
    Float(f64),
    Str(Str),
    List(Arc<[Frozen]>),
    /// Sorted by key.
    Map(Arc<[(Str, Frozen)]>),
    /// A `[]byte` that is brought here when somebody looks at it.
    Bytes(Arc<dyn Content>),
}

/// Bytes that are somewhere else: of a file, of an archive.
pub trait Content: fmt::Debug + Send + Sync {
    /// The bytes; the same every time.
    fn bytes(&self) -> Str;
}

/// Equal trees are written the same: floats are compared by their bits.
impl PartialEq for Frozen {
    fn eq(&self, other: &Frozen) -> bool {
        match (self, other) {
            (Frozen::Nil, Frozen::Nil) => true,
            (Frozen::Bool(a), Frozen::Bool(b)) => a == b,
            (Frozen::Int(a), Frozen::Int(b)) | (Frozen::Int64(a), Frozen::Int64(b)) => a == b,
            (Frozen::Uint64(a), Frozen::Uint64(b)) => a == b,
            (Frozen::Float(a), Frozen::Float(b)) => a.to_bits() == b.to_bits(),
            (Frozen::Str(a), Frozen::Str(b)) => a == b,
            (Frozen::List(a), Frozen::List(b)) => a == b,
            (Frozen::Map(a), Frozen::Map(b)) => a == b,
            (Frozen::Bytes(a), Frozen::Bytes(b)) => a.bytes() == b.bytes(),
            _ => false,
        }
    }
}

impl Frozen {
    /// The value again. Maps thaw a level at a time, when somebody looks into them.
    pub fn thaw(&self) -> Value {
        match self {
            Frozen::Nil => Value::Nil,
            Frozen::Bool(b) => Value::Bool(*b),
            Frozen::Int(n) => Value::Int(*n),
            Frozen::Int64(n) => Value::int64(*n),
            Frozen::Uint64(n) => Value::Num(crate::value::Num::uint(Type::Uint64, *n)),
            Frozen::Float(f) => Value::Float(*f),
            Frozen::Str(s) => Value::Str(s.clone()),
            Frozen::List(l) => Value::List(List::grown(Type::ANY_SLICE, l.iter().map(Frozen::thaw).collect())),
            Frozen::Map(m) => Value::Map(Map::from_frozen(Type::ANY_MAP, Arc::clone(m))),
            Frozen::Bytes(content) => Value::Bytes(content.bytes()),
        }
    }
}

impl Value {
    /// The value as an immutable tree. What is not plain data (structs,
    /// pointers), and what is nested deeper than [`MAX_DEPTH`], becomes nil.
    pub fn freeze(&self) -> Frozen {
        self.freeze_at(0)
    }

    fn freeze_at(&self, depth: usize) -> Frozen {
        match self {
            _ if depth > MAX_DEPTH => Frozen::Nil,
            Value::Bool(b) => Frozen::Bool(*b),
            Value::Int(n) => Frozen::Int(*n),
            Value::Float(f) => Frozen::Float(*f),
            Value::Num(n) if n.ty() == Type::Int64 => Frozen::Int64(n.as_i64()),
            Value::Num(n) if n.ty() == Type::Uint64 => Frozen::Uint64(n.as_u64()),
            Value::Str(s) => Frozen::Str(s.clone()),
            Value::List(l) => Frozen::List(l.iter().map(|v| v.freeze_at(depth + 1)).collect()),
            Value::Map(m) => m.frozen().unwrap_or_else(|| {
                Frozen::Map(m.borrow().iter().map(|(k, v)| (k.clone(), v.freeze_at(depth + 1))).collect())
            }),
            _ => Frozen::Nil,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart_values() -> Frozen {
        let inner = Value::Map([("x", Value::Int(1))].into_iter().collect::<Map>());
        let list = Value::List(List::new(vec![inner.clone(), Value::from("s")]));
        let top: Map = [("map", inner), ("list", list), ("n", Value::Float(1.5))].into_iter().collect();
        Value::Map(top).freeze()
    }

    fn thawed(frozen: &Frozen) -> Map {
        if let Value::Map(m) = frozen.thaw() { m } else { Map::new() }
    }

    #[test]
    fn it_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>(_: &T) {}
        shared(&chart_values());
    }

    #[test]
    fn what_nobody_looks_into_stays_frozen() {
        let m = thawed(&chart_values());
        assert_eq!((m.len(), m.contains_key("map"), m.keys().len()), (3, true, 3));
        assert!(matches!(m.get("n"), Some(Value::Float(1.5))));
        assert!(m.frozen().is_some());
        let Some(Value::Map(inner)) = m.get("map") else { panic!("a map") };
        assert!(m.frozen().is_none() && inner.frozen().is_some());
    }

    #[test]
    fn a_choice_of_keys_thaws_nothing() {
        let m = thawed(&chart_values());
        let choose = |m: &Map| m.with_keys(|k| Ok::<_, ()>(*k != "n")).unwrap();
        let chosen = choose(&m);
        assert!(m.frozen().is_some() && chosen.frozen().is_some());
        assert_eq!(chosen.keys(), ["list", "map"]);
        m.insert("o", Value::Nil);
        assert_eq!(choose(&m).keys(), ["list", "map", "o"]);
        assert_eq!(m.with_keys(|k| Err::<bool, _>(k.clone())).unwrap_err(), "list");
    }

    #[test]
    fn writes_are_seen_by_all_but_never_by_the_frozen_tree() {
        let frozen = chart_values();
        let m = thawed(&frozen);
        for _ in 0..2 {
            let Some(Value::Map(inner)) = m.get("map") else { panic!("a map") };
            inner.insert("y", Value::Int(2));
        }
        m.remove("n");
        let text = |m: &Map| format!("{m:?}");
        let list = r#""list": List([Map({"x": Int(1)}), Str("s")])"#;
        assert_eq!(text(&m), format!(r#"{{{list}, "map": Map({{"x": Int(1), "y": Int(2)}})}}"#));
        assert_eq!(text(&thawed(&frozen)), format!(r#"{{{list}, "map": Map({{"x": Int(1)}}), "n": Float(1.5)}}"#));
    }
}
