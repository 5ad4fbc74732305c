//! Deep copies (mitchellh/copystructure).

use govalue::{Env, FuncError, Limit, List, MAX_DEPTH, Map, Object, Value};

use crate::support::zero;

/// A copy that shares no map or slice with the original. Nil stays nil, of
/// whatever type. Of structs, only the exported fields are copied, but times
/// are copied whole.
pub(crate) fn deep_copy(env: &mut dyn Env, v: &Value) -> Result<Value, FuncError> {
    if matches!(v, Value::Nil) {
        return Err(FuncError::new("reflect: call of reflect.Value.Type on zero Value"));
    }
    copy(env, v, 0)
}

fn copy(env: &mut dyn Env, v: &Value, depth: usize) -> Result<Value, FuncError> {
    match v {
        Value::Map(m) if !m.is_nil() => {
            descend(env, m.len(), depth)?;
            let mut entries = m.entries();
            for (_, v) in &mut entries {
                *v = copy(env, v, depth + 1)?;
            }
            Ok(Value::Map(Map::from_sorted(m.ty(), entries)))
        }
        Value::List(l) if !l.is_nil() => {
            descend(env, l.len(), depth)?;
            let items: Result<Vec<Value>, FuncError> = l.iter().map(|v| copy(env, v, depth + 1)).collect();
            Ok(Value::List(List::with_capacity(l.ty(), l.capacity(), items?)))
        }
        Value::Struct(o) if o.named().name != "time.Time" => object(env, o, depth).map(Value::Struct),
        Value::Pointer(o) if o.named().name != "time.Time" => object(env, o, depth).map(Value::Pointer),
        v => Ok(v.clone()),
    }
}

fn object(env: &mut dyn Env, o: &Object, depth: usize) -> Result<Object, FuncError> {
    descend(env, o.fields().len(), depth)?;
    let named = o.named();
    let fields = named.fields().iter().zip(o.fields());
    let fields: Result<Vec<Value>, FuncError> =
        fields.map(|(field, v)| if field.exported() { copy(env, v, depth + 1) } else { Ok(zero(field.ty)) }).collect();
    Ok(Object::new(named, fields?))
}

fn descend(env: &mut dyn Env, len: usize, depth: usize) -> Result<(), FuncError> {
    if depth > MAX_DEPTH {
        return Err(FuncError::limit(Limit::Depth, "deepCopy: values are nested too deep"));
    }
    env.charge(len as u64 + 1)
}
