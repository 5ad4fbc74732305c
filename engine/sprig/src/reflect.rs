//! Types and kinds (sprig: reflect.go).

use govalue::{Args, Env, Func, FuncError, Value, deep_equal_metered};

use crate::sig::{ANY, BOOL, STRING};

pub(crate) const FUNCTIONS: &[Func] = &[
    Func::new("deepEqual", &[ANY, ANY], &[BOOL], deep_equal),
    Func::new("kindIs", &[STRING, ANY], &[BOOL], kind_is),
    Func::new("kindOf", &[ANY], &[STRING], kind_of),
    Func::new("typeIs", &[STRING, ANY], &[BOOL], type_is),
    Func::new("typeIsLike", &[STRING, ANY], &[BOOL], type_is_like),
    Func::new("typeOf", &[ANY], &[STRING], type_of),
];

fn deep_equal(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    deep_equal_metered(args.value(0), args.value(1), &mut |n| env.charge(n)).map(Value::Bool)
}

fn kind_of(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::from(args.value(0).kind().name()))
}

fn kind_is(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(args.bytes(0) == args.value(1).kind().name().as_bytes()))
}

/// The name of a value's type, as `%T` prints it.
fn type_name(v: &Value) -> String {
    v.ty().map_or_else(|| "<nil>".to_owned(), |t| t.to_string())
}

fn type_of(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::from(type_name(args.value(0))))
}

fn type_is(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(args.bytes(0) == type_name(args.value(1)).as_bytes()))
}

fn type_is_like(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let (target, name) = (args.bytes(0), type_name(args.value(1)));
    let like = target == name.as_bytes() || name.strip_prefix('*').is_some_and(|name| target == name.as_bytes());
    Ok(Value::Bool(like))
}
