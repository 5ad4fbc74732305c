//! Schemas and values that are out to break things: they fail, in bounded time and on a small stack.

use gojsonschema::Schema;
use govalue::{List, Map, Value};

/// Runs with little stack: not optimized, frames are three times as large as in Wasm, where there is 1 MiB.
fn on_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run);
    assert!(thread.is_ok_and(|t| t.join().is_ok()));
}

fn compile(schema: &str) -> Result<Schema, String> {
    Schema::compile(schema.as_bytes()).map_err(|e| e.to_string())
}

fn nested(depth: usize) -> Value {
    let mut value = Value::Map(Map::new());
    for _ in 0..depth {
        let map = Map::new();
        map.insert("a", value);
        value = Value::Map(map);
    }
    value
}

#[test]
fn deep_values() {
    on_small_stack(|| {
        let schema = compile(r##"{"properties": {"a": {"$ref": "#"}}}"##).unwrap_or_default();
        assert!(schema.validate(&nested(200)).is_ok());
        let limit = Err("unable to validate schema: it asks too much of the values".to_owned());
        for depth in [900, 5_000, 100_000] {
            assert_eq!(schema.validate(&nested(depth)).map_err(|e| e.to_string()), limit, "{depth}");
        }
    });
}

#[test]
fn deep_schemas() {
    on_small_stack(|| {
        for depth in [10, 300, 900, 5_000, 100_000] {
            for (open, close) in [
                (r#"{"not":"#, "}"),
                (r#"{"allOf":["#, "]}"),
                (r#"{"const":["#, "]}"),
                (r#"{"properties":{"a":"#, "}}"),
            ] {
                let schema = format!("{}true{}", open.repeat(depth), close.repeat(depth));
                // Whatever comes of it, it comes.
                let result = compile(&schema).map(|s| s.validate(&nested(3)).is_ok());
                assert!(depth > 10 || result.is_ok(), "{open} {result:?}");
            }
        }
    });
}

#[test]
fn exponential_schemas() {
    let mut definitions = String::from(r#""d0": {"type": "string"}"#);
    for i in 1..40 {
        let below = format!(r##"{{"$ref": "#/$defs/d{}"}}"##, i - 1);
        definitions.push_str(&format!(r#", "d{i}": {{"anyOf": [{below}, {below}]}}"#));
    }
    let schema = compile(&format!(r##"{{"$ref": "#/$defs/d39", "$defs": {{{definitions}}}}}"##)).unwrap_or_default();
    let result = schema.validate(&Value::Map(Map::new())).map_err(|e| e.to_string());
    assert_eq!(result, Err("unable to validate schema: it asks too much of the values".to_owned()));
}

#[test]
fn reference_cycles() {
    for schema in [
        r##"{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}"##,
        r##"{"allOf": [{"$ref": "#"}]}"##,
    ] {
        let error = compile(schema).unwrap_or_default().validate(&nested(1)).map_err(|e| e.to_string());
        assert!(error.is_err_and(|e| e.contains("causing reference cycle")), "{schema}");
    }
}

#[test]
fn many_items() {
    let schema =
        compile(r#"{"properties": {"a": {"uniqueItems": true, "items": {"enum": [1, 2, 3]}}}}"#).unwrap_or_default();
    let map = Map::new();
    map.insert("a", Value::List((0..100_000).map(Value::Int).collect::<List>()));
    let error = schema.validate(&Value::Map(map)).map_err(|e| e.to_string());
    assert!(error.is_err_and(|e| e.lines().count() > 99_000));
    let patterns = r#"{"patternProperties": {"(x+x+)+y": false, "(a|a)*b": false}}"#;
    let map = Map::new();
    map.insert("x".repeat(100_000), Value::Nil);
    assert!(compile(patterns).unwrap_or_default().validate(&Value::Map(map)).is_ok());
}

#[test]
fn huge_numbers() {
    for (schema, ok) in [
        (r#"{"properties": {"a": {"multipleOf": 1e-300}}}"#, true),
        (r#"{"properties": {"a": {"multipleOf": 1e300}}}"#, false),
        (r#"{"properties": {"a": {"maximum": 1e999999}}}"#, true),
        (r#"{"properties": {"a": {"minimum": -1e-999999}}}"#, true),
        (r#"{"properties": {"a": {"maximum": 1e99999999999999999999}}}"#, true),
    ] {
        let map = Map::new();
        map.insert("a", Value::Float(1.5e10));
        let result = compile(schema).map(|s| s.validate(&Value::Map(map)).is_ok());
        assert_eq!(result, Ok(ok), "{schema}");
    }
}
