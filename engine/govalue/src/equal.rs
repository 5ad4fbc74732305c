//! `reflect.DeepEqual`.

use std::collections::HashSet;
use std::convert::Infallible;

use crate::value::Value;

/// Whether two values are deeply equal, types included (`reflect.DeepEqual`).
///
/// It ends for values that contain themselves too: a pair of containers that
/// is being compared already counts as equal.
///
/// ```
/// use govalue::{List, Value, deep_equal};
/// let list = |v: Value| Value::List(List::new(vec![v]));
/// assert!(deep_equal(&list(Value::Int(1)), &list(Value::Int(1))));
/// assert!(!deep_equal(&list(Value::Int(1)), &list(Value::Float(1.0))));
/// ```
pub fn deep_equal(a: &Value, b: &Value) -> bool {
    matches!(deep_equal_metered(a, b, &mut |_| Ok::<(), Infallible>(())), Ok(true))
}

/// The same, telling `charge` how many items it is about to compare.
///
/// # Errors
/// Those of `charge`.
pub fn deep_equal_metered<E>(a: &Value, b: &Value, charge: &mut dyn FnMut(u64) -> Result<(), E>) -> Result<bool, E> {
    let mut work = Work::default();
    if !work.same(a, b) {
        return Ok(false);
    }
    while let Some((a, b)) = work.stack.pop() {
        charge(items(&a) as u64)?;
        let same = match (&a, &b) {
            (Value::List(a), Value::List(b)) => a.iter().zip(b.iter()).all(|(a, b)| work.same(a, b)),
            (Value::Map(a), Value::Map(b)) => {
                a.borrow().iter().zip(b.borrow().iter()).all(|((k, a), (l, b))| k == l && work.same(a, b))
            }
            (Value::Struct(a) | Value::Pointer(a), Value::Struct(b) | Value::Pointer(b)) => {
                !a.is_opaque() && a.fields().iter().zip(b.fields()).all(|(a, b)| work.same(a, b))
            }
            _ => true,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How many items a container has.
fn items(v: &Value) -> usize {
    match v {
        Value::List(l) => l.len(),
        Value::Map(m) => m.len(),
        _ => 1,
    }
}

#[derive(Default)]
struct Work {
    /// Pairs of containers whose items are still to compare.
    stack: Vec<(Value, Value)>,
    /// The pairs that have been on the stack.
    seen: HashSet<(usize, usize)>,
}

impl Work {
    /// Compares what is not nested, and puts aside what is.
    fn same(&mut self, a: &Value, b: &Value) -> bool {
        let pair = match (a, b) {
            (Value::Nil, Value::Nil) => return true,
            (Value::Bool(a), Value::Bool(b)) => return a == b,
            (Value::Int(a), Value::Int(b)) => return a == b,
            (Value::Float(a), Value::Float(b)) => return a == b,
            (Value::Str(a), Value::Str(b)) | (Value::Bytes(a), Value::Bytes(b)) => return a == b,
            (Value::Complex(a), Value::Complex(b)) => return a == b,
            (Value::NilPointer(a), Value::NilPointer(b)) => return a == b,
            (Value::Num(a), Value::Num(b)) => {
                let float = a.ty().kind().is_float();
                return a.ty() == b.ty() && if float { a.as_f64() == b.as_f64() } else { a == b };
            }
            (Value::List(x), Value::List(y)) => {
                if x.ty() != y.ty() || x.is_nil() != y.is_nil() || x.len() != y.len() {
                    return false;
                }
                (x.address(), y.address())
            }
            (Value::Map(x), Value::Map(y)) => {
                if x.ty() != y.ty() || x.is_nil() != y.is_nil() || x.len() != y.len() {
                    return false;
                }
                (x.address(), y.address())
            }
            (Value::Struct(x), Value::Struct(y)) | (Value::Pointer(x), Value::Pointer(y)) => {
                if x.named() != y.named() {
                    return false;
                }
                (x.address(), y.address())
            }
            _ => return false,
        };
        if pair.0 != pair.1 && self.seen.insert(pair) {
            self.stack.push((a.clone(), b.clone()));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{List, Map, Type};

    fn list(items: &[Value]) -> Value {
        Value::List(List::new(items.to_vec()))
    }

    #[test]
    fn equal_only_with_equal_types() {
        let m = |v: Value| Value::Map([("k", v)].into_iter().collect::<Map>());
        let nan = list(&[Value::Float(f64::NAN)]);
        for (a, b, want) in [
            (Value::Nil, Value::Nil, true),
            (Value::Nil, Value::Bool(false), false),
            (Value::Int(1), Value::int64(1), false),
            (m(list(&[Value::from("x")])), m(list(&[Value::from("x")])), true),
            (m(Value::Int(1)), m(Value::Int(2)), false),
            (list(&[]), Value::List(List::nil(Type::ANY_SLICE)), false),
            (list(&[Value::from("a")]), Value::List(List::strings(["a"])), false),
            (nan.clone(), nan.clone(), true),
            (nan, list(&[Value::Float(f64::NAN)]), false),
            (Value::Bytes("a".into()), Value::from("a"), false),
        ] {
            assert_eq!(deep_equal(&a, &b), want, "{a:?} {b:?}");
        }
    }

    #[test]
    fn it_ends() {
        let cycle = || {
            let m = Map::new();
            m.insert("self", Value::Map(m.clone()));
            m
        };
        let (a, b) = (cycle(), cycle());
        assert!(deep_equal(&Value::Map(a.clone()), &Value::Map(b.clone())));
        a.remove("self");
        b.remove("self");
        let wide = || (0..60).fold(Value::Int(1), |v, _| list(&[v.clone(), v]));
        assert!(deep_equal(&wide(), &wide()), "2^60 items, 60 lists");
        let deep = || (0..200_000).fold(Value::Nil, |v, _| list(&[v]));
        assert!(deep_equal(&deep(), &deep()));
    }
}
