//! `*semver.Version` as a value.

use std::cmp::Ordering;

use gosemver::Version;
use govalue::{Args, Field, FuncError, Method, Named, Num, Object, Shape, Signature, Str, Type, Value};

use crate::support::NIL_DEREFERENCE;

/// `semver.Version`
static VERSION: Named = Named {
    name: "semver.Version",
    shape: Shape::Struct(&[
        Field::new("major", Type::Uint64, "-"),
        Field::new("minor", Type::Uint64, "-"),
        Field::new("patch", Type::Uint64, "-"),
        Field::new("pre", Type::String, "-"),
        Field::new("metadata", Type::String, "-"),
        Field::new("original", Type::String, "-"),
    ]),
    methods: &METHODS,
    json: Some(json),
};

static A_POINTER: [Type; 1] = [Type::Pointer(&VERSION)];
static A_STRUCT: [Type; 1] = [Type::Named(&VERSION)];
static STRUCT_OR_ERROR: [Type; 2] = [Type::Named(&VERSION), Type::Error];

/// The results of `semver`.
pub(super) static POINTER_OR_ERROR: [Type; 2] = [Type::Pointer(&VERSION), Type::Error];

static METHODS: [Method; 21] = [
    on_pointer(method("Compare", &A_POINTER, &[Type::Int], compare)),
    on_pointer(method("Equal", &A_POINTER, &[Type::Bool], equal)),
    on_pointer(method("GreaterThan", &A_POINTER, &[Type::Bool], greater_than)),
    on_pointer(method("GreaterThanEqual", &A_POINTER, &[Type::Bool], greater_than_equal)),
    method("IncMajor", &[], &A_STRUCT, inc_major),
    method("IncMinor", &[], &A_STRUCT, inc_minor),
    method("IncPatch", &[], &A_STRUCT, inc_patch),
    on_pointer(method("LessThan", &A_POINTER, &[Type::Bool], less_than)),
    on_pointer(method("LessThanEqual", &A_POINTER, &[Type::Bool], less_than_equal)),
    method("Major", &[], &[Type::Uint64], major),
    method("MarshalJSON", &[], &[Type::BYTES, Type::Error], marshal_json),
    method("MarshalText", &[], &[Type::BYTES, Type::Error], marshal_text),
    method("Metadata", &[], &[Type::String], metadata),
    method("Minor", &[], &[Type::Uint64], minor),
    on_pointer(method("Original", &[], &[Type::String], original)),
    method("Patch", &[], &[Type::Uint64], patch),
    method("Prerelease", &[], &[Type::String], prerelease),
    method("SetMetadata", &[Type::String], &STRUCT_OR_ERROR, set_metadata),
    method("SetPrerelease", &[Type::String], &STRUCT_OR_ERROR, set_prerelease),
    method("String", &[], &[Type::String], string),
    method("Value", &[], &[Type::Any, Type::Error], string),
];

type Call = fn(&Value, &mut Args<'_>) -> Result<Value, FuncError>;

const fn method(name: &'static str, params: &'static [Type], results: &'static [Type], call: Call) -> Method {
    Method { name, sig: Signature::new(params, results), pointer: false, call }
}

const fn on_pointer(mut method: Method) -> Method {
    method.pointer = true;
    method
}

fn object(v: &Version) -> Object {
    let number = |n| Value::Num(Num::uint(Type::Uint64, n));
    Object::new(
        &VERSION,
        vec![
            number(v.major()),
            number(v.minor()),
            number(v.patch()),
            Value::from(v.prerelease()),
            Value::from(v.metadata()),
            Value::from(v.original()),
        ],
    )
}

/// A `*semver.Version`.
pub(super) fn pointer(v: &Version) -> Value {
    Value::Pointer(object(v))
}

/// The version in a value, or in one that it points to.
fn version(v: &Value) -> Option<Version> {
    let (Value::Struct(o) | Value::Pointer(o)) = v else { return None };
    let [
        Value::Num(major),
        Value::Num(minor),
        Value::Num(patch),
        Value::Str(pre),
        Value::Str(metadata),
        Value::Str(original),
    ] = o.fields()
    else {
        return None;
    };
    let (pre, metadata) = (pre.to_str_lossy(), metadata.to_str_lossy());
    let version = Version::new(major.as_u64(), minor.as_u64(), patch.as_u64(), &pre, &metadata);
    Some(version.with_original(&original.to_str_lossy()))
}

fn receiver(v: &Value) -> Result<Version, FuncError> {
    version(v).ok_or_else(|| NIL_DEREFERENCE.into())
}

fn json(v: &Value) -> Result<Value, FuncError> {
    Ok(Value::from(receiver(v)?.to_string()))
}

fn order(v: &Value, args: &Args<'_>) -> Result<Ordering, FuncError> {
    Ok(receiver(v)?.compare(&receiver(args.value(0))?))
}

fn compare(v: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Int(order(v, args)? as i64))
}

fn equal(v: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let (a, b) = (version(v), version(args.value(0)));
    Ok(Value::Bool(match (a, b) {
        (Some(a), Some(b)) => a.compare(&b).is_eq(),
        (None, None) => true,
        _ => false,
    }))
}

fn greater_than(v: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(order(v, args)?.is_gt()))
}

fn greater_than_equal(v: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(order(v, args)?.is_ge()))
}

fn less_than(v: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(order(v, args)?.is_lt()))
}

fn less_than_equal(v: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(order(v, args)?.is_le()))
}

fn inc_major(v: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Struct(object(&receiver(v)?.inc_major()?)))
}

fn inc_minor(v: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Struct(object(&receiver(v)?.inc_minor()?)))
}

fn inc_patch(v: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Struct(object(&receiver(v)?.inc_patch()?)))
}

fn set_metadata(v: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let changed = receiver(v)?.with_metadata(args.bytes(0)).map_err(|e| FuncError::new(e.to_string()))?;
    Ok(Value::Struct(object(&changed)))
}

fn set_prerelease(v: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let changed = receiver(v)?.with_prerelease(args.bytes(0)).map_err(|e| FuncError::new(e.to_string()))?;
    Ok(Value::Struct(object(&changed)))
}

/// A field, by its place.
fn field(v: &Value, i: usize) -> Result<Value, FuncError> {
    match v {
        Value::Struct(o) | Value::Pointer(o) => Ok(o.fields().get(i).cloned().unwrap_or_default()),
        _ => Err(NIL_DEREFERENCE.into()),
    }
}

fn major(v: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    field(v, 0)
}

fn minor(v: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    field(v, 1)
}

fn patch(v: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    field(v, 2)
}

fn prerelease(v: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    field(v, 3)
}

fn metadata(v: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    field(v, 4)
}

fn original(v: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    field(v, 5)
}

fn marshal_text(v: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bytes(Str::from(receiver(v)?.to_string())))
}

fn marshal_json(v: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bytes(Str::from(format!("\"{}\"", receiver(v)?))))
}

/// What prints the version.
fn string(v: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    json(v)
}
