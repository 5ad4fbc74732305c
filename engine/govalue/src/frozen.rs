//! Value trees that threads can share.

use std::sync::Arc;

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
}

impl Frozen {
    /// The value again. Maps and lists thaw a level at a time, when they are read.
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
            Frozen::Map(m) => {
                Value::Map(Map::from_sorted(Type::ANY_MAP, m.iter().map(|(k, v)| (k.clone(), v.thaw())).collect()))
            }
        }
    }
}

impl Value {
    /// The value as an immutable tree. What is not plain data (structs,
    /// pointers) becomes nil.
    pub fn freeze(&self) -> Frozen {
        match self {
            Value::Bool(b) => Frozen::Bool(*b),
            Value::Int(n) => Frozen::Int(*n),
            Value::Float(f) => Frozen::Float(*f),
            Value::Num(n) if n.ty() == Type::Int64 => Frozen::Int64(n.as_i64()),
            Value::Num(n) if n.ty() == Type::Uint64 => Frozen::Uint64(n.as_u64()),
            Value::Str(s) => Frozen::Str(s.clone()),
            Value::List(l) => Frozen::List(l.iter().map(Value::freeze).collect()),
            Value::Map(m) => Frozen::Map(m.borrow().iter().map(|(k, v)| (k.clone(), v.freeze())).collect()),
            _ => Frozen::Nil,
        }
    }
}
