//! `eq`, `lt` and their kin.

use std::cmp::Ordering;

use govalue::{FuncError, Kind, Type, Value, deep_equal, fmt};

use super::type_of;

/// A value that can be compared, by the kinds that `text/template` tells apart.
enum Basic<'a> {
    Bool(bool),
    Complex([f64; 2]),
    Int(i64),
    Float(f64),
    Str(&'a [u8]),
    Uint(u64),
}

fn basic(v: &Value) -> Option<Basic<'_>> {
    Some(match v {
        Value::Bool(b) => Basic::Bool(*b),
        Value::Int(n) => Basic::Int(*n),
        Value::Float(f) => Basic::Float(*f),
        Value::Str(s) => Basic::Str(s),
        Value::Complex(c) => Basic::Complex(**c),
        Value::Num(n) => match n.ty().kind() {
            k if k.is_int() => Basic::Int(n.as_i64()),
            k if k.is_uint() => Basic::Uint(n.as_u64()),
            _ => Basic::Float(n.as_f64()),
        },
        _ => return None,
    })
}

fn incompatible(a: &Value, b: &Value) -> FuncError {
    FuncError::new(format!("incompatible types for comparison: {} and {}", type_of(a), type_of(b)))
}

/// `eq`: whether the first equals any of the others.
pub(super) fn eq(a: &Value, others: &[Value]) -> Result<bool, FuncError> {
    if others.is_empty() {
        return Err("missing argument for comparison".into());
    }
    for b in others {
        if eq_one(a, b)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn eq_one(a: &Value, b: &Value) -> Result<bool, FuncError> {
    if let (Value::Str(a), Value::Str(b)) = (a, b) {
        return Ok(a == b);
    }
    Ok(match (basic(a), basic(b)) {
        (Some(Basic::Bool(a)), Some(Basic::Bool(b))) => a == b,
        (Some(Basic::Complex(a)), Some(Basic::Complex(b))) => a == b,
        (Some(Basic::Float(a)), Some(Basic::Float(b))) => a == b,
        (Some(Basic::Int(a)), Some(Basic::Int(b))) => a == b,
        (Some(Basic::Str(a)), Some(Basic::Str(b))) => a == b,
        (Some(Basic::Uint(a)), Some(Basic::Uint(b))) => a == b,
        (Some(Basic::Int(i)), Some(Basic::Uint(u))) | (Some(Basic::Uint(u)), Some(Basic::Int(i))) => {
            u64::try_from(i) == Ok(u)
        }
        (None, None) => return eq_other(a, b),
        _ if matches!(a, Value::Nil) || matches!(b, Value::Nil) => false,
        _ => return Err(incompatible(a, b)),
    })
}

/// Neither is of a kind that compares by itself.
fn eq_other(a: &Value, b: &Value) -> Result<bool, FuncError> {
    let (kind_a, kind_b) = (a.kind(), b.kind());
    if kind_a != kind_b && kind_a != Kind::Invalid && kind_b != Kind::Invalid {
        return Err(FuncError::new(format!(
            "non-comparable types {}: {}, {}: {}",
            shown(b"%s", a)?,
            type_of(a),
            type_of(b),
            shown(b"%v", b)?
        )));
    }
    if a.is_nil() || b.is_nil() {
        return Ok(a.is_nil() && b.is_nil());
    }
    Ok(match (a, b) {
        (Value::Pointer(a), Value::Pointer(b)) => a.ptr_eq(b),
        (_, Value::Struct(o)) if comparable(Type::Named(o.named())) => deep_equal(a, b),
        _ => {
            return Err(FuncError::new(format!("non-comparable type {}: {}", shown(b"%s", b)?, type_of(b))));
        }
    })
}

/// Whether Go compares values of the type with `==`.
fn comparable(ty: Type) -> bool {
    match ty.underlying() {
        Type::Slice(_) | Type::Map(_) | Type::Func(_) => false,
        Type::Named(n) => n.fields().iter().all(|f| comparable(f.ty)),
        _ => true,
    }
}

fn shown(verb: &[u8], v: &Value) -> Result<String, FuncError> {
    Ok(govalue::utf8::lossy(&fmt::sprintf(verb, std::slice::from_ref(v))?).into_owned())
}

/// `lt`.
pub(super) fn lt(a: &Value, b: &Value) -> Result<bool, FuncError> {
    order(a, b).map(|o| o == Some(Ordering::Less))
}

/// `le`: less, or equal as `eq` has it.
pub(super) fn le(a: &Value, b: &Value) -> Result<bool, FuncError> {
    order(a, b).map(|o| o.is_some_and(Ordering::is_le))
}

/// The order of two values; `None` if one is not a number.
fn order(a: &Value, b: &Value) -> Result<Option<Ordering>, FuncError> {
    let bad = || FuncError::from("invalid type for comparison");
    Ok(match (basic(a).ok_or_else(bad)?, basic(b).ok_or_else(bad)?) {
        (Basic::Bool(_), Basic::Bool(_)) | (Basic::Complex(_), Basic::Complex(_)) => return Err(bad()),
        (Basic::Float(a), Basic::Float(b)) => a.partial_cmp(&b),
        (Basic::Int(a), Basic::Int(b)) => Some(a.cmp(&b)),
        (Basic::Str(a), Basic::Str(b)) => Some(a.cmp(b)),
        (Basic::Uint(a), Basic::Uint(b)) => Some(a.cmp(&b)),
        (Basic::Int(a), Basic::Uint(b)) => Some(u64::try_from(a).map_or(Ordering::Less, |a| a.cmp(&b))),
        (Basic::Uint(a), Basic::Int(b)) => Some(u64::try_from(b).map_or(Ordering::Greater, |b| a.cmp(&b))),
        _ => return Err(incompatible(a, b)),
    })
}
