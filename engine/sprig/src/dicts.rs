//! Maps (sprig: dict.go). They are references: `set`, `unset` and `merge`
//! change the map that they get.

use govalue::sort::sort_by;
use govalue::{Args, Env, Func, FuncError, List, Map, Str, Value};

use crate::copy::deep_copy;
use crate::merge;
use crate::sig::{ANY, BOOL, DICT, ERROR, LIST, STRING, STRINGS};
use crate::support::strval;

pub(crate) const FUNCTIONS: &[Func] = &[
    Func::new("deepCopy", &[ANY], &[ANY], deep_copy_or_panic),
    Func::new("dict", &[ANY], &[DICT], dict).variadic(),
    Func::new("dig", &[ANY], &[ANY, ERROR], dig).variadic(),
    Func::new("get", &[DICT, STRING], &[ANY], get),
    Func::new("hasKey", &[DICT, STRING], &[BOOL], has_key),
    Func::new("keys", &[DICT], &[STRINGS], keys).variadic(),
    Func::new("merge", &[DICT, DICT], &[ANY], merge_quietly).variadic(),
    Func::new("mergeOverwrite", &[DICT, DICT], &[ANY], overwrite_quietly).variadic(),
    Func::new("mustDeepCopy", &[ANY], &[ANY, ERROR], must_deep_copy),
    Func::new("mustMerge", &[DICT, DICT], &[ANY, ERROR], must_merge).variadic(),
    Func::new("mustMergeOverwrite", &[DICT, DICT], &[ANY, ERROR], must_overwrite).variadic(),
    Func::new("omit", &[DICT, STRING], &[DICT], omit).variadic(),
    Func::new("pick", &[DICT, STRING], &[DICT], pick).variadic(),
    Func::new("pluck", &[STRING, DICT], &[LIST], pluck).variadic(),
    Func::new("set", &[DICT, STRING, ANY], &[DICT], set),
    Func::new("unset", &[DICT, STRING], &[DICT], unset),
    Func::new("values", &[DICT], &[LIST], values),
];

fn dict(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    env.charge(args.len() as u64)?;
    let mut entries = Vec::with_capacity(args.len().div_ceil(2));
    for i in (0..args.len()).step_by(2) {
        let key = strval(args.value(i))?;
        let value = if i + 1 < args.len() { args.take(i + 1) } else { Value::Str(Str::EMPTY) };
        entries.push((key, value));
    }
    Ok(Value::Map(Map::from_unsorted(DICT, entries)))
}

fn get(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(args.map(0).get(args.bytes(1)).unwrap_or(Value::Str(Str::EMPTY)))
}

fn set(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let map = args.map(0);
    if map.is_nil() {
        return Err(FuncError::new("assignment to entry in nil map"));
    }
    // Entries are kept sorted, so one in the middle moves those behind it.
    env.charge(map.len() as u64 / 64)?;
    map.insert(args.str(1), args.take(2));
    Ok(Value::Map(map))
}

fn unset(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let map = args.map(0);
    env.charge(map.len() as u64 / 64)?;
    map.remove(args.bytes(1));
    Ok(Value::Map(map))
}

fn has_key(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(args.map(0).contains_key(args.bytes(1))))
}

fn pluck(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::List(List::grown(LIST, (1..args.len()).filter_map(|i| args.map(i).get(args.bytes(0))).collect())))
}

/// The keys of all maps. Go has them in random order; here, each map's are sorted.
fn keys(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let mut out = Vec::new();
    for i in 0..args.len() {
        let map = args.map(i);
        env.charge(map.len() as u64)?;
        out.extend(map.borrow().iter().map(|(k, _)| Value::Str(k.clone())));
    }
    Ok(Value::List(List::grown(STRINGS, out)))
}

/// The values, in the order of their keys.
fn values(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let map = args.map(0);
    env.charge(map.len() as u64)?;
    let values = map.borrow().iter().map(|(_, v)| v.clone()).collect();
    Ok(Value::List(List::grown(LIST, values)))
}

fn pick(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let map = args.map(0);
    let found = (1..args.len()).filter_map(|i| Some((args.str(i), map.get(args.bytes(i))?)));
    Ok(Value::Map(found.collect()))
}

fn omit(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let map = args.map(0);
    env.charge(map.len() as u64)?;
    let mut omitted: Vec<&[u8]> = (1..args.len()).map(|i| args.bytes(i)).collect();
    sort_by(&mut omitted, |a, b| a.cmp(b));
    let kept = map.borrow().iter().filter(|(k, _)| omitted.binary_search(&k.as_bytes()).is_err()).cloned().collect();
    Ok(Value::Map(Map::from_sorted(DICT, kept)))
}

/// Merges all further maps into the first; the error of one ends it.
fn merge_all(env: &mut dyn Env, args: &Args<'_>, overwrite: bool) -> Result<Value, merge::Failure> {
    let mut dst = args.map(0);
    for i in 1..args.len() {
        dst = merge::merge(env, dst, &args.map(i), overwrite)?;
    }
    Ok(Value::Map(dst))
}

/// sprig returns an empty string where mergo returns an error.
fn quietly(result: Result<Value, merge::Failure>) -> Result<Value, FuncError> {
    match result {
        Err(merge::Failure::Error(_)) => Ok(Value::Str(Str::EMPTY)),
        other => other.map_err(merge::Failure::into_error),
    }
}

fn merge_quietly(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    quietly(merge_all(env, args, false))
}

fn overwrite_quietly(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    quietly(merge_all(env, args, true))
}

fn must_merge(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    merge_all(env, args, false).map_err(merge::Failure::into_error)
}

fn must_overwrite(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    merge_all(env, args, true).map_err(merge::Failure::into_error)
}

fn must_deep_copy(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    deep_copy(env, args.value(0))
}

fn deep_copy_or_panic(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    deep_copy(env, args.value(0))
}

fn dig(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let Some(keys) = args.len().checked_sub(2).filter(|n| *n > 0) else {
        return Err(FuncError::new("dig needs at least three arguments"));
    };
    let mut map = as_dict(args.value(keys + 1))?;
    for i in 0..keys {
        if !matches!(args.value(i), Value::Str(_)) {
            return Err(wrong_type(args.value(i), "string"));
        }
    }
    for i in 0..keys {
        match map.get(args.bytes(i)) {
            None => return Ok(args.take(keys)),
            Some(found) if i + 1 == keys => return Ok(found),
            Some(step) => map = as_dict(&step)?,
        }
    }
    Ok(Value::Nil)
}

fn as_dict(v: &Value) -> Result<Map, FuncError> {
    match v {
        Value::Map(m) if m.ty() == DICT => Ok(m.clone()),
        v => Err(wrong_type(v, "map[string]interface {}")),
    }
}

/// Go's panic at a type assertion that fails.
fn wrong_type(v: &Value, wanted: &str) -> FuncError {
    let found = v.ty().map_or_else(|| "nil".to_owned(), |t| t.to_string());
    FuncError::new(format!("interface conversion: interface {{}} is {found}, not {wanted}"))
}
