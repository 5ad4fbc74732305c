//! Empty values and what stands in for them (sprig: defaults.go).

use govalue::{Args, Env, Func, FuncError, Value};

use crate::sig::{ANY, BOOL};

pub(crate) const FUNCTIONS: &[Func] = &[
    Func::new("all", &[ANY], &[BOOL], all).variadic(),
    Func::new("any", &[ANY], &[BOOL], any).variadic(),
    Func::new("coalesce", &[ANY], &[ANY], coalesce).variadic(),
    Func::new("default", &[ANY, ANY], &[ANY], default).variadic(),
    Func::new("empty", &[ANY], &[BOOL], empty),
    Func::new("ternary", &[ANY, ANY, BOOL], &[ANY], ternary),
];

fn default(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let given = usize::from(args.value(1).is_true());
    Ok(args.take(given))
}

fn empty(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(!args.value(0).is_true()))
}

fn coalesce(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let first = args.rest(0).iter().position(Value::is_true);
    Ok(first.map(|i| args.take(i)).unwrap_or_default())
}

fn all(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(args.rest(0).iter().all(Value::is_true)))
}

fn any(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(args.rest(0).iter().any(Value::is_true)))
}

fn ternary(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let which = usize::from(!args.bool(2));
    Ok(args.take(which))
}
