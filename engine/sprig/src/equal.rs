//! `reflect.DeepEqual` over template values.

use govalue::{Env, FuncError, Map, Object, Value};

/// Whether two values are deeply equal: of the same types all the way down,
/// nil maps and slices other than empty ones, the same map or slice always
/// equal to itself. Works without recursion, and charges for what it visits.
pub(crate) fn deep_equal(env: &mut dyn Env, a: &Value, b: &Value) -> Result<bool, FuncError> {
    if let Some(known) = shallow(a, b) {
        return Ok(known);
    }
    let mut work = vec![(a.clone(), b.clone())];
    while let Some((a, b)) = work.pop() {
        env.charge(1)?;
        if !compare(&a, &b, &mut |a, b| match shallow(a, b) {
            Some(known) => known,
            None => {
                work.push((a.clone(), b.clone()));
                true
            }
        }) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The answer, where it takes no look into containers.
fn shallow(a: &Value, b: &Value) -> Option<bool> {
    Some(match (a, b) {
        (Value::Str(a), Value::Str(b)) | (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Complex(a), Value::Complex(b)) => a == b,
        (Value::Num(a), Value::Num(b)) => {
            a.ty() == b.ty()
                && if a.ty().kind().is_float() { a.as_f64() == b.as_f64() } else { a.as_i64() == b.as_i64() }
        }
        (Value::NilPointer(a), Value::NilPointer(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            if a.ty() != b.ty() || a.is_nil() != b.is_nil() || a.len() != b.len() {
                false
            } else if a.ptr_eq(b) || a.is_empty() {
                true
            } else {
                return None;
            }
        }
        (Value::Map(a), Value::Map(b)) => {
            if a.ty() != b.ty() || a.is_nil() != b.is_nil() || a.len() != b.len() {
                false
            } else if a.ptr_eq(b) || a.is_empty() {
                true
            } else {
                return None;
            }
        }
        (Value::Struct(a), Value::Struct(b)) | (Value::Pointer(a), Value::Pointer(b)) => {
            if a.named() != b.named() {
                false
            } else if a.ptr_eq(b) {
                true
            } else {
                return None;
            }
        }
        _ => false,
    })
}

/// Compares two containers of the same type and size, their members by `same`.
fn compare(a: &Value, b: &Value, same: &mut dyn FnMut(&Value, &Value) -> bool) -> bool {
    match (a, b) {
        (Value::List(a), Value::List(b)) => a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
        (Value::Map(a), Value::Map(b)) => maps(a, b, same),
        (Value::Struct(a), Value::Struct(b)) | (Value::Pointer(a), Value::Pointer(b)) => objects(a, b, same),
        _ => false,
    }
}

fn maps(a: &Map, b: &Map, same: &mut dyn FnMut(&Value, &Value) -> bool) -> bool {
    let (a, b) = (a.borrow(), b.borrow());
    a.iter().zip(b.iter()).all(|((ka, va), (kb, vb))| ka == kb && same(va, vb))
}

/// Structs without fields in sight are compared by what they print.
fn objects(a: &Object, b: &Object, same: &mut dyn FnMut(&Value, &Value) -> bool) -> bool {
    if a.fields().is_empty() {
        let text = |o: &Object| {
            let mut out = Vec::new();
            govalue::fmt::append_value(&mut out, &Value::Struct(o.clone())).map(|()| out)
        };
        return matches!((text(a), text(b)), (Ok(a), Ok(b)) if a == b);
    }
    a.fields().iter().zip(b.fields()).all(|(a, b)| same(a, b))
}
