//! `index` and `slice`.

use govalue::{FuncError, List, Num, Str, Type, Value};

use super::{type_of, zero};

/// An index into something of that length (`indexArg`).
fn position(index: &Value, cap: usize) -> Result<usize, FuncError> {
    let x = match index {
        Value::Int(n) => *n,
        Value::Num(n) if n.ty().kind().is_int() || n.ty().kind().is_uint() => n.as_i64(),
        Value::Nil => return Err("cannot index slice/array with nil".into()),
        other => return Err(FuncError::new(format!("cannot index slice/array with type {}", type_of(other)))),
    };
    usize::try_from(x).ok().filter(|x| *x <= cap).ok_or_else(|| FuncError::new(format!("index out of range: {x}")))
}

/// `index`: `index x 1 2` is `x[1][2]`.
pub(super) fn index(item: &Value, indexes: &[Value]) -> Result<Value, FuncError> {
    let mut item = item.clone();
    if let Value::Nil = item {
        return Err("index of untyped nil".into());
    }
    for index in indexes {
        item = match &item {
            // A nil interface that came out of a map or slice.
            Value::Nil | Value::NilPointer(_) => return Err("index of nil pointer".into()),
            Value::Str(s) => match s.get(position(index, s.len())?) {
                Some(b) => Value::uint8(*b),
                None => return Err("reflect: string index out of range".into()),
            },
            Value::Bytes(s) => match s.get(position(index, s.len())?) {
                Some(b) => Value::Num(Num::uint(Type::Uint8, u64::from(*b))),
                None => return Err("reflect: slice index out of range".into()),
            },
            Value::List(l) => match l.get(position(index, l.len())?) {
                Some(v) => v.clone(),
                None => return Err("reflect: slice index out of range".into()),
            },
            Value::Map(m) => match index {
                Value::Str(key) => m.get(key).unwrap_or_else(|| zero(m.ty().elem().unwrap_or(Type::Any))),
                Value::Nil => return Err("value is nil; should be of type string".into()),
                other => {
                    return Err(FuncError::new(format!("value has type {}; should be string", type_of(other))));
                }
            },
            Value::Pointer(o) => {
                return Err(FuncError::new(format!("can't index item of type {}", Type::Named(o.named()))));
            }
            other => return Err(FuncError::new(format!("can't index item of type {}", type_of(other)))),
        };
    }
    Ok(item)
}

/// `slice`: `slice x 1 2` is `x[1:2]`.
pub(super) fn slice(item: &Value, indexes: &[Value]) -> Result<Value, FuncError> {
    let len = match item {
        Value::Nil => return Err("slice of untyped nil".into()),
        Value::NilPointer(_) => return Err("slice of nil pointer".into()),
        _ if indexes.len() > 3 => return Err(FuncError::new(format!("too many slice indexes: {}", indexes.len()))),
        Value::Str(_) if indexes.len() == 3 => return Err("cannot 3-index slice a string".into()),
        Value::Str(s) | Value::Bytes(s) => s.len(),
        Value::List(l) => l.len(),
        Value::Pointer(o) => {
            return Err(FuncError::new(format!("can't slice item of type {}", Type::Named(o.named()))));
        }
        other => return Err(FuncError::new(format!("can't slice item of type {}", type_of(other)))),
    };
    let mut bounds = [0, len, len];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = position(index, len)?;
    }
    let [from, to, cap] = bounds;
    if from > to {
        return Err(FuncError::new(format!("invalid slice index: {from} > {to}")));
    }
    if indexes.len() == 3 && to > cap {
        return Err(FuncError::new(format!("invalid slice index: {to} > {cap}")));
    }
    Ok(match item {
        Value::Str(s) => Value::Str(Str::from(s.get(from..to).unwrap_or_default())),
        Value::Bytes(s) => Value::Bytes(Str::from(s.get(from..to).unwrap_or_default())),
        Value::List(l) if to - from == l.len() => item.clone(),
        Value::List(l) => Value::List(List::with_type(l.ty(), l.get(from..to).unwrap_or_default().to_vec())),
        other => other.clone(),
    })
}
