//! Slices (sprig: list.go). The `must…` twins differ from the plain functions
//! only in that Go returns the error instead of panicking with it.

use govalue::{Args, Env, Func, FuncError, Index, List, Str, Type, Value, deep_equal_metered};

use crate::cast::{go_int, to_i64};
use crate::sig::{ANY, BOOL, ERROR, INT, LIST};
use crate::support::{BAD_LENGTH, elements, zero};

/// `[][]interface {}`
const CHUNKS: Type = Type::Slice(&Type::ANY_SLICE);

pub(crate) const FUNCTIONS: &[Func] = &[
    Func::new("append", &[ANY, ANY], &[LIST], push),
    Func::new("chunk", &[INT, ANY], &[CHUNKS], chunk),
    Func::new("compact", &[ANY], &[LIST], compact),
    Func::new("concat", &[ANY], &[ANY], concat).variadic(),
    Func::new("first", &[ANY], &[ANY], first),
    Func::new("has", &[ANY, ANY], &[BOOL], has),
    Func::new("initial", &[ANY], &[LIST], initial),
    Func::new("last", &[ANY], &[ANY], last),
    Func::new("list", &[ANY], &[LIST], list).variadic(),
    Func::new("mustAppend", &[ANY, ANY], &[LIST, ERROR], push),
    Func::new("mustChunk", &[INT, ANY], &[CHUNKS, ERROR], chunk),
    Func::new("mustCompact", &[ANY], &[LIST, ERROR], compact),
    Func::new("mustFirst", &[ANY], &[ANY, ERROR], first),
    Func::new("mustHas", &[ANY, ANY], &[BOOL, ERROR], has),
    Func::new("mustInitial", &[ANY], &[LIST, ERROR], initial),
    Func::new("mustLast", &[ANY], &[ANY, ERROR], last),
    Func::new("mustPrepend", &[ANY, ANY], &[LIST, ERROR], prepend),
    Func::new("mustPush", &[ANY, ANY], &[LIST, ERROR], push),
    Func::new("mustRest", &[ANY], &[LIST, ERROR], rest),
    Func::new("mustReverse", &[ANY], &[LIST, ERROR], reverse),
    Func::new("mustSlice", &[ANY, ANY], &[ANY, ERROR], slice).variadic(),
    Func::new("mustUniq", &[ANY], &[LIST, ERROR], uniq),
    Func::new("mustWithout", &[ANY, ANY], &[LIST, ERROR], without).variadic(),
    Func::new("prepend", &[ANY, ANY], &[LIST], prepend),
    Func::new("push", &[ANY, ANY], &[LIST], push),
    Func::new("rest", &[ANY], &[LIST], rest),
    Func::new("reverse", &[ANY], &[LIST], reverse),
    Func::new("slice", &[ANY, ANY], &[ANY], slice).variadic(),
    Func::new("tuple", &[ANY], &[LIST], list).variadic(),
    Func::new("uniq", &[ANY], &[LIST], uniq),
    Func::new("without", &[ANY, ANY], &[LIST], without).variadic(),
];

fn list(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    env.charge(args.len() as u64)?;
    Ok(Value::List((0..args.len()).map(|i| args.take(i)).collect()))
}

fn push(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let (list, v) = (args.take(0), args.take(1));
    let items = elements(&list, |kind| format!("Cannot push on type {kind}"))?;
    env.charge(items.len() as u64)?;
    let mut out = Vec::with_capacity(items.len() + 1);
    out.extend_from_slice(&items);
    out.push(v);
    Ok(Value::List(List::extended(LIST, 0, 1, out)))
}

fn prepend(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let (list, v) = (args.take(0), args.take(1));
    let items = elements(&list, |kind| format!("Cannot prepend on type {kind}"))?;
    env.charge(items.len() as u64)?;
    let mut out = Vec::with_capacity(items.len() + 1);
    out.push(v);
    out.extend_from_slice(&items);
    Ok(Value::List(List::extended(LIST, 0, items.len(), out)))
}

fn concat(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let mut out = Vec::new();
    for v in args.rest(0) {
        let items = elements(v, |kind| format!("Cannot concat type {kind} as list"))?;
        env.charge(items.len() as u64)?;
        out.extend_from_slice(&items);
    }
    Ok(Value::List(if out.is_empty() { List::nil(LIST) } else { List::grown(LIST, out) }))
}

/// Splits into slices of some size. Go computes their number in floats, which
/// shows in what sizes below 1 do.
fn chunk(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let size = args.int(0);
    let items = elements(args.value(1), |kind| format!("Cannot chunk type {kind}"))?;
    env.charge(items.len() as u64)?;
    let len = items.len() as f64;
    let count = go_int(((len - 1.0) / size as f64).floor() + 1.0);
    if count < 0 {
        return Err(FuncError::new(BAD_LENGTH));
    }
    let mut rest = &*items;
    let mut chunks = Vec::new();
    for i in 0..count {
        let mut wanted = size;
        if i == count - 1 {
            wanted = go_int((len % size as f64).floor());
            if wanted == 0 {
                wanted = size;
            }
        }
        let wanted = usize::try_from(wanted).map_err(|_| FuncError::new(BAD_LENGTH))?;
        let Some((head, tail)) = rest.split_at_checked(wanted) else {
            return Err(FuncError::new("reflect: slice index out of range"));
        };
        chunks.push(Value::List(List::new(head.to_vec())));
        rest = tail;
    }
    Ok(Value::List(List::with_type(CHUNKS, chunks)))
}

fn first(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let items = elements(args.value(0), |kind| format!("Cannot find first on type {kind}"))?;
    Ok(items.first().cloned().unwrap_or_default())
}

fn last(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let items = elements(args.value(0), |kind| format!("Cannot find last on type {kind}"))?;
    Ok(items.last().cloned().unwrap_or_default())
}

fn rest(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let items = elements(args.value(0), |kind| format!("Cannot find rest on type {kind}"))?;
    env.charge(items.len() as u64)?;
    Ok(some_of(items.split_first().map(|(_, rest)| rest)))
}

fn initial(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let items = elements(args.value(0), |kind| format!("Cannot find initial on type {kind}"))?;
    env.charge(items.len() as u64)?;
    Ok(some_of(items.split_last().map(|(_, initial)| initial)))
}

/// A list of these items; of none to begin with, a nil one.
fn some_of(items: Option<&[Value]>) -> Value {
    Value::List(items.map_or_else(|| List::nil(LIST), |items| List::new(items.to_vec())))
}

fn reverse(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let items = elements(args.value(0), |kind| format!("Cannot find reverse on type {kind}"))?;
    env.charge(items.len() as u64)?;
    Ok(Value::List(items.iter().rev().cloned().collect()))
}

fn compact(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let items = elements(args.value(0), |kind| format!("Cannot compact on type {kind}"))?;
    env.charge(items.len() as u64)?;
    Ok(Value::List(List::grown(LIST, items.iter().filter(|v| v.is_true()).cloned().collect())))
}

fn uniq(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let items = elements(args.value(0), |kind| format!("Cannot find uniq on type {kind}"))?;
    env.charge(items.len() as u64)?;
    let (mut texts, mut ints) = (Index::default(), Index::default());
    let mut others = Vec::new();
    let mut out = Vec::new();
    for item in &*items {
        let new = match item {
            Value::Str(s) => texts.insert(s.clone(), ()).is_none(),
            Value::Int(n) => ints.insert(&n.to_le_bytes()[..], ()).is_none(),
            v => {
                let new = !in_list(env, &others, v)?;
                if new {
                    others.push(v.clone());
                }
                new
            }
        };
        if new {
            out.push(item.clone());
        }
    }
    Ok(Value::List(List::grown(LIST, out)))
}

fn in_list(env: &mut dyn Env, haystack: &[Value], needle: &Value) -> Result<bool, FuncError> {
    env.charge(haystack.len() as u64)?;
    for v in haystack {
        if deep_equal_metered(needle, v, &mut |n| env.charge(n))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn without(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let omit = args.rest(1);
    let items = elements(args.value(0), |kind| format!("Cannot find without on type {kind}"))?;
    let mut out = Vec::new();
    for item in &*items {
        if !in_list(env, omit, item)? {
            out.push(item.clone());
        }
    }
    Ok(Value::List(List::grown(LIST, out)))
}

fn has(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    if matches!(args.value(1), Value::Nil) {
        return Ok(Value::Bool(false));
    }
    let items = elements(args.value(1), |kind| format!("Cannot find has on type {kind}"))?;
    in_list(env, &items, args.value(0)).map(Value::Bool)
}

/// A part of a slice. Like Go, it reaches beyond the length, to where the
/// capacity ends; zero values are there.
fn slice(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let v = args.value(0);
    let items = elements(v, |kind| format!("list should be type of slice or array but {kind}"))?;
    if items.is_empty() {
        return Ok(Value::Nil);
    }
    let capacity = if let Value::List(l) = v { l.capacity() } else { items.len() };
    let start = if args.len() > 1 { to_i64(args.value(1)) } else { 0 };
    let end = if args.len() > 2 { to_i64(args.value(2)) } else { items.len() as i64 };
    let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else { return Err(out_of_bounds()) };
    if start > end || end > capacity {
        return Err(out_of_bounds());
    }
    env.charge((end - start) as u64)?;
    let within = items.get(start.min(items.len())..end.min(items.len())).unwrap_or_default();
    Ok(match v {
        Value::List(l) => {
            let mut part = within.to_vec();
            part.resize(end - start, zero(l.ty().elem().unwrap_or(Type::Any)));
            Value::List(List::with_capacity(l.ty(), capacity - start, part))
        }
        Value::Bytes(b) => Value::Bytes(b.get(start..end).map(Str::from).unwrap_or_default()),
        _ => Value::Nil,
    })
}

fn out_of_bounds() -> FuncError {
    FuncError::new("reflect.Value.Slice: slice index out of bounds")
}
