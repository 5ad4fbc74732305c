//! What the tests run templates with: a host, some functions, some data. Their
//! Go counterparts gave the answers in `cases/`.
#![allow(dead_code, reason = "each test uses its part")]

mod types;

use std::any::Any;

use gotemplate::{ExecError, FuncMap, Host, Limits, Machine, MissingKey, TemplateSet, parse};
use govalue::{Args, Env, Func, FuncError, Limit, List, Map, Str, Type, Value, fmt};

use types::{DEEP, NAMED_MAP, POINTER_TEXT, VALUE_TEXT};

/// A host that has nothing and ends what takes too many steps.
pub(crate) struct Nobody {
    pub(crate) steps: u64,
    pub(crate) max_steps: u64,
    /// What functions of the test want to remember.
    pub(crate) notes: Vec<String>,
}

impl Default for Nobody {
    fn default() -> Nobody {
        Nobody { steps: 0, max_steps: 5_000_000, notes: Vec::new() }
    }
}

impl Env for Nobody {
    fn now(&mut self) -> (i64, u32) {
        (0, 0)
    }

    fn random(&mut self, _: &mut [u8]) -> Result<(), FuncError> {
        Err("no randomness".into())
    }

    fn charge(&mut self, units: u64) -> Result<(), FuncError> {
        self.steps += units;
        if self.steps > self.max_steps { Err(FuncError::limit(Limit::Steps, "too many steps")) } else { Ok(()) }
    }
}

impl Host for Nobody {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// The data of all cases.
pub(crate) fn data() -> Value {
    let inner: Map = [("q", Value::Nil)].into_iter().collect();
    let z: List = [Value::Float(1.0), Value::Float(2.0), Value::Map(inner)].into_iter().collect();
    let n: Map = [("z", Value::List(z))].into_iter().collect();
    let m: Map = [("k", Value::from("v")), ("n", Value::Map(n))].into_iter().collect();
    let l: List = [Value::from("a"), Value::from("b"), Value::Float(3.0)].into_iter().collect();
    let data: Map = [
        ("a", Value::Float(1.0)),
        ("s", Value::from("x y")),
        ("m", Value::Map(m)),
        ("l", Value::List(l)),
        ("t", Value::Bool(true)),
        ("f", Value::Bool(false)),
        ("nil", Value::Nil),
        ("e", Value::List(List::new(Vec::new()))),
        ("em", Value::Map(Map::new())),
        ("es", Value::from("")),
    ]
    .into_iter()
    .collect();
    Value::Map(data)
}

/// The functions of all cases.
pub(crate) fn funcs() -> FuncMap {
    let mut funcs = FuncMap::new();
    funcs.add(FUNCTIONS);
    funcs
}

/// Parses and runs a template named `t` as Helm would.
///
/// # Errors
/// The error's text.
pub(crate) fn run(template: impl Into<Str>) -> Result<Vec<u8>, String> {
    let funcs = funcs();
    let file = parse("t", template, &funcs).map_err(|e| e.to_string())?;
    let mut set = TemplateSet::new("t");
    set.add(&file);
    execute(&funcs, set, Limits::default()).map_err(|e| e.to_string())
}

/// Runs the template `t` of a set.
///
/// # Errors
/// If the machine fails.
pub(crate) fn execute(funcs: &FuncMap, set: TemplateSet, limits: Limits) -> Result<Vec<u8>, ExecError> {
    let mut host = Nobody::default();
    Machine::new(&mut host, funcs, set).missing_key(MissingKey::Zero).limits(limits).execute(b"t", data())
}

const NOTHING: &[Type] = &[];

/// Gives its argument back.
fn same(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(args.take(0))
}

fn list_len(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Int(args.list(0).len() as i64))
}

fn map_len(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Int(args.map(0).len() as i64))
}

static FUNCTIONS: &[Func] = &[
    Func::new("anyf", &[Type::Any], &[Type::Any], same),
    Func::new("b", &[Type::Bool], &[Type::Bool], same),
    Func::new("cx", &[Type::Complex128], &[Type::Complex128], same),
    Func::new("f32", &[Type::Float32], &[Type::Float32], same),
    Func::new("f64", &[Type::Float64], &[Type::Float64], same),
    Func::new("str", &[Type::String], &[Type::String], same),
    Func::new("u", &[Type::Uint], &[Type::Uint], same),
    Func::new("i64", &[Type::Int], &[Type::Int64], |_, args| Ok(Value::int64(args.int(0)))),
    Func::new("u8", &[Type::Int], &[Type::Uint8], |_, args| Ok(Value::uint8(args.int(0) as u8))),
    Func::new("bytes", &[Type::String], &[Type::BYTES], |_, args| Ok(Value::Bytes(args.str(0)))),
    Func::new("zero", NOTHING, &[Type::Int], |_, _| Ok(Value::Int(0))),
    Func::new("nilany", NOTHING, &[Type::Any], |_, _| Ok(Value::Nil)),
    Func::new("fail", &[Type::String], &[Type::String, Type::Error], |_, args| {
        Err(FuncError::new(args.str(0).to_string()))
    }),
    Func::new("two", &[Type::String, Type::String], &[Type::String], |_, args| {
        Ok(Value::from([args.bytes(0), args.bytes(1)].concat()))
    }),
    Func::new("var1", &[Type::String, Type::Int], &[Type::String], |_, args| {
        let numbers = List::with_type(Type::INT_SLICE, args.rest(1).to_vec());
        Ok(Value::from(fmt::sprint(&[args.value(0).clone(), Value::List(numbers)])?))
    })
    .variadic(),
    Func::new("list", &[Type::Any], &[Type::ANY_SLICE], |_, args| Ok(Value::List(List::new(args.rest(0).to_vec()))))
        .variadic(),
    Func::new("strs", &[Type::String], &[Type::STRING_SLICE], |_, args| {
        Ok(Value::List(List::with_type(Type::STRING_SLICE, args.rest(0).to_vec())))
    })
    .variadic(),
    Func::new("dict", &[Type::Any], &[Type::ANY_MAP], |_, args| {
        let map = Map::new();
        for [key, value] in args.rest(0).as_chunks().0 {
            map.insert(fmt::sprint(std::slice::from_ref(key))?, value.clone());
        }
        Ok(Value::Map(map))
    })
    .variadic(),
    Func::new("smap", NOTHING, &[Type::STRING_MAP], |_, _| {
        let map = Map::with_type(Type::STRING_MAP);
        map.insert("a", Value::from("b"));
        Ok(Value::Map(map))
    }),
    Func::new("nilmap", NOTHING, &[Type::ANY_MAP], |_, _| Ok(Value::Map(Map::nil(Type::ANY_MAP)))),
    Func::new("nillist", NOTHING, &[Type::ANY_SLICE], |_, _| Ok(Value::List(List::nil(Type::ANY_SLICE)))),
    Func::new("listf", &[Type::ANY_SLICE], &[Type::Int], list_len),
    Func::new("strsf", &[Type::STRING_SLICE], &[Type::Int], list_len),
    Func::new("mapf", &[Type::ANY_MAP], &[Type::Int], map_len),
    Func::new("nmf", &[Type::Named(&NAMED_MAP)], &[Type::Int], map_len),
    Func::new("nm", NOTHING, &[Type::Named(&NAMED_MAP)], |_, _| {
        let map: Map = [("a", Value::Int(1))].into_iter().collect();
        Ok(Value::Map(map.as_named(&NAMED_MAP)))
    }),
    Func::new("obj", NOTHING, &[Type::Pointer(&DEEP)], |_, _| Ok(Value::Pointer(types::deep()))),
    Func::new("anyobj", NOTHING, &[Type::Any], |_, _| Ok(Value::Pointer(types::deep()))),
    Func::new("objv", NOTHING, &[Type::Named(&DEEP)], |_, _| Ok(Value::Struct(types::deep()))),
    Func::new("objs", NOTHING, &[types::DEEPS], |_, _| {
        Ok(Value::List(List::with_type(types::DEEPS, vec![Value::Struct(types::deep())])))
    }),
    Func::new("nilobj", NOTHING, &[Type::Pointer(&DEEP)], |_, _| Ok(Value::NilPointer(&DEEP))),
    Func::new("takeobj", &[Type::Pointer(&DEEP)], &[Type::String], |_, args| types::name(args.value(0))),
    Func::new("takeval", &[Type::Named(&DEEP)], &[Type::String], |_, args| types::name(args.value(0))),
    Func::new("s", NOTHING, &[Type::Pointer(&POINTER_TEXT)], |_, _| Ok(Value::Pointer(types::text(&POINTER_TEXT, 1)))),
    Func::new("sv", NOTHING, &[Type::Named(&POINTER_TEXT)], |_, _| Ok(Value::Struct(types::text(&POINTER_TEXT, 2)))),
    Func::new("ss", NOTHING, &[types::TEXTS], |_, _| {
        Ok(Value::List(List::with_type(types::TEXTS, vec![Value::Struct(types::text(&POINTER_TEXT, 3))])))
    }),
    Func::new("v", NOTHING, &[Type::Pointer(&VALUE_TEXT)], |_, _| Ok(Value::Pointer(types::text(&VALUE_TEXT, 4)))),
    Func::new("vv", NOTHING, &[Type::Named(&VALUE_TEXT)], |_, _| Ok(Value::Struct(types::text(&VALUE_TEXT, 5)))),
];
