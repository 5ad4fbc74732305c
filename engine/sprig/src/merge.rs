//! Merging maps as dario.cat/mergo 1.0.1 does (its merge.go deepMerge), which
//! is what `merge` and `mergeOverwrite` are made of.

use govalue::{Env, FuncError, Kind, Limit, List, MAX_DEPTH, Map, Str, Type, Value};

/// Why a merge failed.
pub(crate) enum Failure {
    /// An error of mergo, which `merge` swallows.
    Error(&'static str),
    /// A panic or a limit, which nobody swallows.
    Panic(FuncError),
}

impl Failure {
    /// The error of a function that swallows none.
    pub(crate) fn into_error(self) -> FuncError {
        match self {
            Failure::Error(message) => FuncError::new(message),
            Failure::Panic(e) => e,
        }
    }
}

/// Merges `src` into `dst` and returns `dst`, or a new map where it is nil.
///
/// Without `overwrite`, only keys that are missing or empty in `dst` are set.
/// Maps on both sides are merged in place, other values are shared with `src`.
pub(crate) fn merge(env: &mut dyn Env, dst: Map, src: &Map, overwrite: bool) -> Result<Map, Failure> {
    let dst = if dst.is_nil() && !src.is_nil() { Map::with_type(dst.ty()) } else { dst };
    Merge { env, overwrite }.maps(&dst, src, 0)?;
    Ok(dst)
}

struct Merge<'e> {
    env: &'e mut dyn Env,
    overwrite: bool,
}

impl Merge<'_> {
    fn maps(&mut self, dst: &Map, src: &Map, depth: usize) -> Result<(), Failure> {
        if depth > MAX_DEPTH {
            return Err(Failure::Panic(FuncError::limit(Limit::Depth, "merge: maps are nested too deep")));
        }
        self.env.charge(src.len() as u64).map_err(Failure::Panic)?;
        for (key, value) in src.entries() {
            let old = dst.get(&key);
            match &value {
                Value::Nil => {
                    if self.overwrite {
                        assign(dst, key, Value::Nil, elem_of(src))?;
                    }
                    continue;
                }
                Value::Map(_) | Value::Struct(_) | Value::Pointer(_) | Value::NilPointer(_) => {
                    self.nested(old.as_ref(), &value, depth)?;
                }
                Value::List(_) | Value::Bytes(_) => {
                    if let (Some(Value::Str(_)), Type::String) = (&old, elem_of(dst)) {
                        return panic("reflect: call of reflect.Value.IsNil on string Value".to_owned());
                    }
                    let kept = match &old {
                        _ if self.overwrite || dst.is_empty() => value.clone(),
                        None | Some(Value::Nil) => empty_slice(&value),
                        Some(old) => old.clone(),
                    };
                    let ty = kept.ty().unwrap_or(Type::Any);
                    assign(dst, key.clone(), kept, ty)?;
                }
                _ => {}
            }
            // Merging may have filled a map that was empty: the old value is looked at afterwards.
            let was_empty = old.as_ref().is_none_or(is_empty);
            if !was_empty {
                match (&old, &value) {
                    (_, Value::List(_) | Value::Bytes(_)) | (Some(Value::Map(_)), Value::Map(_)) => continue,
                    _ => {}
                }
            }
            if self.overwrite || was_empty {
                assign(dst, key, value, elem_of(src))?;
            }
        }
        Ok(())
    }

    /// Merges into a value that cannot be replaced, only changed inside.
    fn nested(&mut self, old: Option<&Value>, value: &Value, depth: usize) -> Result<(), Failure> {
        match (old, value) {
            // A nil map stays as it is: there is nothing to write into.
            (Some(Value::Map(old)), Value::Map(_)) if old.is_nil() => Ok(()),
            (Some(Value::Map(old)), Value::Map(new)) => self.maps(old, new, depth + 1),
            (Some(Value::Pointer(_)), Value::Map(_) | Value::Struct(_)) if !self.overwrite && !value.is_nil() => {
                Err(Failure::Error("src and dst must be of same type"))
            }
            _ => Ok(()),
        }
    }
}

/// The static type of a map's values.
fn elem_of(map: &Map) -> Type {
    map.ty().elem().unwrap_or(Type::Any)
}

/// Sets a key to a value of a static type, which must fit the map's.
fn assign(dst: &Map, key: Str, value: Value, ty: Type) -> Result<(), Failure> {
    let elem = elem_of(dst);
    if elem != Type::Any && elem != ty {
        return panic(format!("reflect.Value.SetMapIndex: value of type {ty} is not assignable to type {elem}"));
    }
    dst.insert(key, value);
    Ok(())
}

fn panic<T>(message: String) -> Result<T, Failure> {
    Err(Failure::Panic(FuncError::new(message)))
}

fn empty_slice(like: &Value) -> Value {
    match like {
        Value::List(l) => Value::List(List::with_type(l.ty(), Vec::new())),
        _ => Value::Bytes(Str::EMPTY),
    }
}

/// mergo's isEmptyValue, which differs from `empty` at complex numbers.
fn is_empty(v: &Value) -> bool {
    v.kind() != Kind::Complex128 && !v.is_true()
}
