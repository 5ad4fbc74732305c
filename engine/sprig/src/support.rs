//! What all groups share: sprig's idea of a value's text, slices seen through
//! `reflect`, and Go's panics.

use std::borrow::Cow;

use govalue::{Env, FuncError, Kind, List, Map, Num, Object, Str, Type, Value};

/// What Go says when `reflect.TypeOf(nil).Kind()` is asked.
pub(crate) const NIL_DEREFERENCE: &str = "runtime error: invalid memory address or nil pointer dereference";

/// What Go says to `make` with a negative or too large length.
pub(crate) const BAD_LENGTH: &str = "runtime error: makeslice: len out of range";

/// The text of a value (sprig: strings.go strval): strings and bytes as they
/// are, the rest as `%v` prints it.
pub(crate) fn strval(v: &Value) -> Result<Str, FuncError> {
    match v {
        Value::Str(s) | Value::Bytes(s) => Ok(s.clone()),
        _ => {
            let mut out = Vec::new();
            govalue::fmt::append_value(&mut out, v)?;
            Ok(Str::from(out))
        }
    }
}

/// Appends the text of a value, as [`strval`] has it.
pub(crate) fn append_strval(out: &mut Vec<u8>, v: &Value) -> Result<(), FuncError> {
    match v {
        Value::Str(s) | Value::Bytes(s) => {
            out.extend_from_slice(s);
            Ok(())
        }
        _ => govalue::fmt::append_value(out, v),
    }
}

/// The elements of a slice of any type; of other values, their kind goes into
/// the message, and nil fails as in Go.
pub(crate) fn elements(v: &Value, message: impl FnOnce(&str) -> String) -> Result<Cow<'_, [Value]>, FuncError> {
    match v {
        Value::List(l) => Ok(Cow::Borrowed(l)),
        Value::Bytes(b) => Ok(Cow::Owned(b.iter().map(|b| Value::uint8(*b)).collect())),
        Value::Nil => Err(FuncError::new(NIL_DEREFERENCE)),
        other => Err(FuncError::new(message(other.kind().name()))),
    }
}

/// Whether a value is a slice.
pub(crate) fn is_slice(v: &Value) -> bool {
    v.kind() == Kind::Slice
}

/// The zero value of a type (`reflect.Zero`).
pub(crate) fn zero(ty: Type) -> Value {
    match ty.underlying() {
        Type::Bool => Value::Bool(false),
        Type::Int if ty == Type::Int => Value::Int(0),
        Type::Float64 if ty == Type::Float64 => Value::Float(0.0),
        Type::String => Value::Str(Str::EMPTY),
        Type::Slice(_) => Value::List(List::nil(ty)),
        Type::Map(_) => Value::Map(Map::nil(ty)),
        Type::Pointer(named) => Value::NilPointer(named),
        Type::Named(named) => {
            Value::Struct(Object::new(named, named.fields().iter().map(|field| zero(field.ty)).collect()))
        }
        Type::Float32 => Value::Num(Num::float32(0.0)),
        Type::Any | Type::Error | Type::Func(_) | Type::Complex64 | Type::Complex128 => Value::Nil,
        _ if ty.kind().is_uint() => Value::Num(Num::uint(ty, 0)),
        _ => Value::Num(Num::int(ty, 0)),
    }
}

/// A string result whose size an argument can multiply: charged for.
pub(crate) fn charged(env: &mut dyn Env, bytes: Vec<u8>) -> Result<Value, FuncError> {
    env.charge(bytes.len() as u64)?;
    Ok(Value::from(bytes))
}
