//! Go structs for the tests, with the names that Go's messages show.

use govalue::{Args, Field, FuncError, List, Map, Method, Named, Object, Shape, Signature, Type, Value};

const NOTHING: &[Type] = &[];

/// A method of the value.
const fn method(
    name: &'static str,
    params: &'static [Type],
    results: &'static [Type],
    call: fn(&Value, &mut Args<'_>) -> Result<Value, FuncError>,
) -> Method {
    Method { name, sig: Signature::new(params, results), pointer: false, call }
}

/// The first field of a struct or of what a pointer points to.
fn first(v: &Value) -> Result<&Value, FuncError> {
    match v {
        Value::Struct(o) | Value::Pointer(o) => o.fields().first().ok_or_else(|| "no fields".into()),
        _ => Err("runtime error: invalid memory address or nil pointer dereference".into()),
    }
}

/// The `Name` of a [`DEEP`].
pub(crate) fn name(v: &Value) -> Result<Value, FuncError> {
    first(v).cloned()
}

fn prefixed(prefix: &str, v: &Value) -> Result<Value, FuncError> {
    match first(v)? {
        Value::Str(s) => Ok(Value::from(format!("{prefix}{s}"))),
        Value::Int(n) => Ok(Value::from(format!("{prefix}{n}"))),
        _ => Err("not a name".into()),
    }
}

/// A struct inside another.
static INNER: Named = Named {
    name: "main.Inner",
    shape: Shape::Struct(&[Field::new("X", Type::Int, ""), Field::new("Y", Type::Any, "")]),
    methods: &[Method {
        name: "Sum",
        sig: Signature::new(&[Type::Int], &[Type::Int]),
        pointer: false,
        call: |v, args| match first(v)? {
            Value::Int(x) => Ok(Value::Int(x + args.int(0))),
            _ => Err("not a number".into()),
        },
    }],
    json: None,
};

/// A struct with fields and methods of all kinds.
pub(crate) static DEEP: Named = Named {
    name: "main.T",
    shape: Shape::Struct(&[
        Field::new("Name", Type::String, ""),
        Field::new("Any", Type::Any, ""),
        Field::new("Nil", Type::Any, ""),
        Field::new("hidden", Type::Int, ""),
        Field::new("In", Type::Named(&INNER), ""),
        Field::new("P", Type::Pointer(&INNER), ""),
        Field::new("NP", Type::Pointer(&INNER), ""),
        Field::new("L", Type::STRING_SLICE, ""),
        Field::new("M", Type::ANY_MAP, ""),
    ]),
    methods: &[
        method("Add", &[Type::Int, Type::Int], &[Type::Int], |_, args| Ok(Value::Int(args.int(0) + args.int(1)))),
        method("AnyM", &[Type::Any], &[Type::Any], |_, args| Ok(args.take(0))),
        method("F", &[Type::Float64], &[Type::Float64], |_, args| Ok(Value::Float(args.float(0) * 2.0))),
        method("Fail", NOTHING, &[Type::String, Type::Error], |_, _| Err("method failed".into())),
        Method {
            name: "Join",
            sig: Signature::new(&[Type::String, Type::String], &[Type::String]).variadic(),
            pointer: true,
            call: |v, args| {
                let rest: Vec<Vec<u8>> = (1..args.len()).map(|i| args.bytes(i).to_vec()).collect();
                let joined = String::from_utf8_lossy(&rest.join(args.bytes(0))).into_owned();
                match first(v)? {
                    Value::Str(s) => Ok(Value::from(format!("{s}{joined}"))),
                    _ => Err("not a name".into()),
                }
            },
        },
        method("Mp", &[Type::ANY_MAP], &[Type::Int], |_, args| Ok(Value::Int(args.map(0).len() as i64))),
        Method {
            name: "Ptr",
            sig: Signature::new(NOTHING, &[Type::String]),
            pointer: true,
            call: |v, _| prefixed("ptr:", v),
        },
        method("Val", NOTHING, &[Type::String], |v, _| prefixed("val:", v)),
    ],
    json: None,
};

/// `[]T`
pub(crate) const DEEPS: Type = Type::Slice(&Type::Named(&DEEP));

/// A [`DEEP`].
pub(crate) fn deep() -> Object {
    let inner = |x, y| Object::new(&INNER, vec![Value::Int(x), y]);
    let any: Map = [("k", Value::Int(1))].into_iter().collect();
    let m: Map = [("z", Value::Int(26))].into_iter().collect();
    Object::new(
        &DEEP,
        vec![
            Value::from("n"),
            Value::Map(any),
            Value::Nil,
            Value::Int(0),
            Value::Struct(inner(3, Value::from("y"))),
            Value::Pointer(inner(4, Value::Nil)),
            Value::NilPointer(&INNER),
            Value::List(List::strings(["a", "b"])),
            Value::Map(m),
        ],
    )
}

/// A struct whose pointer has a `String` method.
pub(crate) static POINTER_TEXT: Named = Named {
    name: "main.S",
    shape: Shape::Struct(&[Field::new("A", Type::Int, "")]),
    methods: &[Method {
        name: "String",
        sig: Signature::new(NOTHING, &[Type::String]),
        pointer: true,
        call: |v, _| prefixed("S", v),
    }],
    json: None,
};

/// `[]S`
pub(crate) const TEXTS: Type = Type::Slice(&Type::Named(&POINTER_TEXT));

/// A struct that has a `String` method itself.
pub(crate) static VALUE_TEXT: Named = Named {
    name: "main.V",
    shape: Shape::Struct(&[Field::new("A", Type::Int, "")]),
    methods: &[method("String", NOTHING, &[Type::String], |v, _| prefixed("V", v))],
    json: None,
};

/// A struct of one of those two types.
pub(crate) fn text(ty: &'static Named, n: i64) -> Object {
    Object::new(ty, vec![Value::Int(n)])
}

/// A map type with a method.
pub(crate) static NAMED_MAP: Named = Named {
    name: "main.NM",
    shape: Shape::Of(Type::ANY_MAP),
    methods: &[method("Size", NOTHING, &[Type::Int], |v, _| match v {
        Value::Map(m) => Ok(Value::Int(m.len() as i64)),
        _ => Err("not a map".into()),
    })],
    json: None,
};
