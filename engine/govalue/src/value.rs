//! The dynamic value that templates compute with.

use std::rc::Rc;

use crate::list::List;
use crate::map::Map;
use crate::object::Object;
use crate::str::Str;
use crate::types::{Kind, Named, Type};

/// A Go value as `text/template` sees it through `reflect`.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// A nil interface, or no value at all.
    #[default]
    Nil,
    /// `bool`
    Bool(bool),
    /// `int`
    Int(i64),
    /// `float64`
    Float(f64),
    /// `string`
    Str(Str),
    /// `[]uint8`
    Bytes(Str),
    /// Any other slice.
    List(List),
    /// A map with string keys.
    Map(Map),
    /// A number of any other type: `int64`, `uint8`, `time.Month` …
    Num(Num),
    /// `complex128`: real and imaginary part.
    Complex(Rc<[f64; 2]>),
    /// A struct.
    Struct(Object),
    /// A pointer to a struct.
    Pointer(Object),
    /// A nil pointer to a struct of that type.
    NilPointer(&'static Named),
}

/// A number that is neither `int` nor `float64`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Num {
    ty: Type,
    bits: u64,
}

impl Num {
    /// A signed integer of the type, cut to its width.
    pub fn int(ty: Type, n: i64) -> Num {
        let n = match ty.kind() {
            Kind::Int8 => i64::from(n as i8),
            Kind::Int16 => i64::from(n as i16),
            Kind::Int32 => i64::from(n as i32),
            _ => n,
        };
        Num { ty, bits: n as u64 }
    }

    /// An unsigned integer of the type, cut to its width.
    pub fn uint(ty: Type, n: u64) -> Num {
        let n = match ty.kind() {
            Kind::Uint8 => u64::from(n as u8),
            Kind::Uint16 => u64::from(n as u16),
            Kind::Uint32 => u64::from(n as u32),
            _ => n,
        };
        Num { ty, bits: n }
    }

    /// A `float32`.
    pub fn float32(f: f32) -> Num {
        Num { ty: Type::Float32, bits: f64::from(f).to_bits() }
    }

    /// Its type.
    pub fn ty(self) -> Type {
        self.ty
    }

    /// Its value as a signed integer (`float32`: cut off).
    pub fn as_i64(self) -> i64 {
        if self.ty.kind().is_float() { f64::from_bits(self.bits) as i64 } else { self.bits as i64 }
    }

    /// Its value as an unsigned integer (`float32`: cut off).
    pub fn as_u64(self) -> u64 {
        if self.ty.kind().is_float() { f64::from_bits(self.bits) as u64 } else { self.bits }
    }

    /// Its value as a float.
    pub fn as_f64(self) -> f64 {
        match self.ty.kind() {
            k if k.is_float() => f64::from_bits(self.bits),
            k if k.is_uint() => self.bits as f64,
            _ => self.bits as i64 as f64,
        }
    }
}

impl Value {
    /// An `int64`.
    pub fn int64(n: i64) -> Value {
        Value::Num(Num::int(Type::Int64, n))
    }

    /// A `uint8`.
    pub fn uint8(n: u8) -> Value {
        Value::Num(Num::uint(Type::Uint8, u64::from(n)))
    }

    /// Its dynamic type; `None` for nil.
    pub fn ty(&self) -> Option<Type> {
        Some(match self {
            Value::Nil => return None,
            Value::Bool(_) => Type::Bool,
            Value::Int(_) => Type::Int,
            Value::Float(_) => Type::Float64,
            Value::Str(_) => Type::String,
            Value::Bytes(_) => Type::BYTES,
            Value::List(l) => l.ty(),
            Value::Map(m) => m.ty(),
            Value::Num(n) => n.ty(),
            Value::Complex(_) => Type::Complex128,
            Value::Struct(o) => Type::Named(o.named()),
            Value::Pointer(o) => Type::Pointer(o.named()),
            Value::NilPointer(n) => Type::Pointer(n),
        })
    }

    /// Its kind (`reflect.Value.Kind`); `Invalid` for nil.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Nil => Kind::Invalid,
            Value::Bool(_) => Kind::Bool,
            Value::Int(_) => Kind::Int,
            Value::Float(_) => Kind::Float64,
            Value::Str(_) => Kind::String,
            Value::Bytes(_) | Value::List(_) => Kind::Slice,
            Value::Map(_) => Kind::Map,
            Value::Num(n) => n.ty().kind(),
            Value::Complex(_) => Kind::Complex128,
            Value::Struct(_) => Kind::Struct,
            Value::Pointer(_) | Value::NilPointer(_) => Kind::Ptr,
        }
    }

    /// Whether it is nil: no value, or a nil map, slice or pointer.
    pub fn is_nil(&self) -> bool {
        match self {
            Value::Nil | Value::NilPointer(_) => true,
            Value::List(l) => l.is_nil(),
            Value::Map(m) => m.is_nil(),
            _ => false,
        }
    }

    /// What `if` thinks of it (`template.IsTrue`): not zero and not empty;
    /// structs are always true.
    pub fn is_true(&self) -> bool {
        match self {
            Value::Nil | Value::NilPointer(_) => false,
            Value::Bool(b) => *b,
            Value::Int(n) => *n != 0,
            Value::Float(f) => *f != 0.0,
            Value::Str(s) | Value::Bytes(s) => !s.is_empty(),
            Value::List(l) => !l.is_empty(),
            Value::Map(m) => !m.is_empty(),
            Value::Num(n) => n.as_f64() != 0.0,
            Value::Complex(c) => c[0] != 0.0 || c[1] != 0.0,
            Value::Struct(_) | Value::Pointer(_) => true,
        }
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Value {
        Value::Bool(b)
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Value {
        Value::Str(Str::from(s))
    }
}

impl From<String> for Value {
    fn from(s: String) -> Value {
        Value::Str(Str::from(s))
    }
}

impl From<Vec<u8>> for Value {
    fn from(s: Vec<u8>) -> Value {
        Value::Str(Str::from(s))
    }
}

impl From<Str> for Value {
    fn from(s: Str) -> Value {
        Value::Str(s)
    }
}

impl From<List> for Value {
    fn from(l: List) -> Value {
        Value::List(l)
    }
}

impl From<Map> for Value {
    fn from(m: Map) -> Value {
        Value::Map(m)
    }
}

/// Drops values without recursion, however deep a template has nested them.
pub(crate) fn drop_deep(mut stack: Vec<Value>) {
    while let Some(v) = stack.pop() {
        match v {
            Value::List(mut l) => l.shed(&mut stack),
            Value::Map(mut m) => m.shed(&mut stack),
            _ => {}
        }
    }
}

/// Drops a value, unless it is a container that nobody else holds, which goes to
/// the stack. What others hold is not dropped yet, only let go of.
#[inline]
pub(crate) fn shed(value: Value, stack: &mut Vec<Value>) {
    match &value {
        Value::List(l) if l.is_unique() => stack.push(value),
        Value::Map(m) if m.is_unique() => stack.push(value),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_three_words() {
        assert_eq!(size_of::<Value>(), 24);
    }

    #[test]
    fn deep_nesting_drops_without_recursion() {
        let mut v = Value::Nil;
        for _ in 0..1_000_000 {
            v = Value::List(List::new(vec![v]));
        }
        drop(v);
        let mut v = Value::Nil;
        for _ in 0..1_000_000 {
            v = Value::Map([("k", v)].into_iter().collect());
        }
        drop(v);
    }
}
