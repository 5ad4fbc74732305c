//! Helm's type of values, `common.Values`, with its methods.

use govalue::{Args, FuncError, Map, Method, Named, Shape, Signature, Str, Type, Value};
use goyaml::yaml::to_yaml;

/// `common.Values`: the type of `.Values`, `.Template` and the dot of files.
pub(super) static VALUES: Named = Named {
    name: "common.Values",
    shape: Shape::Of(Type::ANY_MAP),
    methods: &[
        Method { name: "AsMap", sig: Signature::new(&[], &[Type::ANY_MAP]), pointer: false, call: as_map },
        Method {
            name: "Encode",
            sig: Signature::new(&[Type::Named(&WRITER)], &[Type::Error]),
            pointer: false,
            call: encode,
        },
        Method {
            name: "PathValue",
            sig: Signature::new(&[Type::String], &[Type::Any, Type::Error]),
            pointer: false,
            call: path_value,
        },
        Method {
            name: "Table",
            sig: Signature::new(&[Type::String], &[Type::Named(&VALUES), Type::Error]),
            pointer: false,
            call: table_method,
        },
        Method { name: "YAML", sig: Signature::new(&[], &[Type::String, Type::Error]), pointer: false, call: yaml },
    ],
    json: None,
};

/// `io.Writer`: no template has one to give.
static WRITER: Named = Named { name: "io.Writer", shape: Shape::Struct(&[]), methods: &[], json: None };

/// A map as `common.Values`; both share their entries.
pub fn as_values(map: &Map) -> Map {
    map.as_named(&VALUES)
}

/// The table at a dotted path (`Values.Table`).
///
/// # Errors
/// The part of the path that is no table.
pub(super) fn table(values: &Map, path: &[u8]) -> Result<Map, Str> {
    let mut table = values.clone();
    for part in path.split(|&b| b == b'.') {
        match table.get(part) {
            Some(Value::Map(m)) if is_table(&m) || m.ty() == Type::Named(&VALUES) => table = m,
            _ => return Err(Str::from(part)),
        }
    }
    Ok(as_values(&table))
}

/// Whether it is a plain `map[string]interface {}`.
fn is_table(map: &Map) -> bool {
    map.ty() == Type::ANY_MAP
}

fn receiver_map(receiver: &Value) -> Map {
    match receiver {
        Value::Map(m) => m.clone(),
        _ => Map::new(),
    }
}

fn as_map(receiver: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    let map = receiver_map(receiver);
    Ok(Value::Map(if map.is_empty() { Map::new() } else { map.unnamed() }))
}

fn encode(_: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Nil)
}

fn yaml(receiver: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    to_yaml(receiver).map(Value::from)
}

fn table_method(receiver: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    table(&receiver_map(receiver), args.bytes(0)).map(Value::Map).map_err(|part| not_a("table", &part))
}

fn path_value(receiver: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let path = args.bytes(0);
    if path.is_empty() {
        return Err(FuncError::new("YAML path cannot be empty"));
    }
    let (found, key) = match path.iter().rposition(|&b| b == b'.') {
        None => (Some(receiver_map(receiver)), path),
        Some(dot) => (table(&receiver_map(receiver), &path[..dot]).ok(), &path[dot + 1..]),
    };
    match found.and_then(|t| t.get(key)) {
        Some(value) if !matches!(&value, Value::Map(m) if is_table(m)) => Ok(value),
        _ => Err(not_a("value", key)),
    }
}

fn not_a(what: &str, part: &[u8]) -> FuncError {
    FuncError::new(format!("{} is not a {what}", govalue::strconv::quote(part)))
}
