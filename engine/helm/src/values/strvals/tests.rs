use govalue::{Map, Value};

use super::*;
use crate::values::{ValueOptions, ValuesError};

/// A value as Go's types have it: `{"a": int64(1)}`.
fn show(value: &Value) -> String {
    match value {
        Value::Map(m) => {
            let entries: Vec<String> = m.entries().iter().map(|(k, v)| format!("{k}: {}", show(v))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::List(l) => format!("[{}]", l.iter().map(show).collect::<Vec<_>>().join(", ")),
        Value::Num(n) => format!("{}({})", n.ty(), n.as_i64()),
        Value::Str(s) => format!("{s:?}"),
        Value::Bool(b) => b.to_string(),
        Value::Float(f) => format!("float64({f})"),
        Value::Nil => "nil".to_owned(),
        other => format!("{other:?}"),
    }
}

fn outcome(done: Result<(), ValuesError>, values: Map) -> String {
    match done {
        Ok(()) => show(&Value::Map(values)),
        Err(e) => format!("! {e}"),
    }
}

fn base() -> Map {
    let values = Map::new();
    parse_json_into(br#"m={"k":1},l=[1,{"x":2},[3]],s="t",n=null"#, &values).unwrap();
    values
}

#[test]
fn set_lines() {
    const NEW: &str = "l: [float64(1), {x: float64(2)}, [float64(3)]], m: {k: float64(1)}, n: nil, s: \"t\"";
    for (line, want) in [
        ("m.k=2,s=null", "{l: [float64(1), {x: float64(2)}, [float64(3)]], m: {k: int64(2)}, n: nil, s: nil}"),
        ("l[1].x=y", "{l: [float64(1), {x: \"y\"}, [float64(3)]], m: {k: float64(1)}, n: nil, s: \"t\"}"),
        (
            "l[2][1]=4",
            "{l: [float64(1), {x: float64(2)}, [float64(3), int64(4)]], m: {k: float64(1)}, n: nil, s: \"t\"}",
        ),
        ("l[0].y=true", "{l: [{y: true}, {x: float64(2)}, [float64(3)]], m: {k: float64(1)}, n: nil, s: \"t\"}"),
        ("l={}", "{l: [\"\"], m: {k: float64(1)}, n: nil, s: \"t\"}"),
        ("l={a,2,},s={x\\,y}", "{l: [\"a\", int64(2), \"\"], m: {k: float64(1)}, n: nil, s: [\"x,y\"]}"),
        ("=1", &format!("{{{NEW}}}")),
        ("", &format!("{{{NEW}}}")),
        ("s", "! key \"s\" has no value"),
        ("s=1,,", "! key \"\" has no value (cannot end with ,)"),
        ("m.", &format!("{{{NEW}}}")),
        ("m2.=1", "! key map \"m2\" has no value"),
        ("s.x=1", "! unable to parse key: interface conversion: interface {} is string, not map[string]interface {}"),
        ("n[0]=1", "! unable to parse key: interface conversion: interface {} is nil, not []interface {}"),
        ("l[-1]=1", "! negative -1 index not allowed"),
        ("l[x]=1", "! error parsing index: strconv.Atoi: parsing \"x\": invalid syntax"),
        ("l[65537]=1", "! index of 65537 is greater than maximum supported index of 65536"),
        ("l[0]a=1", "! unexpected data at end of array index: ['a']"),
        ("s={a", "! list must terminate with '}'"),
        ("l[0", &format!("{{{NEW}}}")),
        (&"a.".repeat(40), "! value name nested level is greater than maximum supported nested level of 30"),
    ] {
        let values = base();
        assert_eq!(outcome(parse_into(line.as_bytes(), &values, &mut Reader::Typed), values), want, "{line}");
    }
}

#[test]
fn types_of_values() {
    for (text, want) in [
        ("1", "int64(1)"),
        ("+1", "int64(1)"),
        ("-0", "int64(0)"),
        ("007", "\"007\""),
        ("0", "int64(0)"),
        ("1.5", "\"1.5\""),
        ("1e3", "\"1e3\""),
        ("9223372036854775808", "\"9223372036854775808\""),
        ("True", "true"),
        ("FALSE", "false"),
        ("falſe", "false"),
        ("Null", "nil"),
        ("nil", "\"nil\""),
        (" 1", "\" 1\""),
        ("", "\"\""),
    ] {
        assert_eq!(show(&typed(text)), want, "{text}");
    }
}

#[test]
fn other_lines() {
    type Parse = fn(&[u8], &Map) -> Result<(), ValuesError>;
    let text: Parse = |line, values| parse_into(line, values, &mut Reader::Text);
    let file: Parse = |line, values| {
        let read = &mut |path: &[u8]| match path {
            b"none" => Err(ValuesError::new("open none: no such file or directory")),
            path => Ok([b"content of ", path].concat()),
        };
        parse_into(line, values, &mut Reader::File(read))
    };
    let cases: &[(Parse, &str, &str)] = &[
        (text, "a=1,b={true,null}", "{a: \"1\", b: [\"true\", \"null\"]}"),
        (file, "a=x.txt,b={y}", "{a: \"content of x.txt\", b: [\"content of y\"]}"),
        (file, "a=none", "! open none: no such file or directory"),
        (parse_literal_into, "a.b=x,y={z}\\,", "{a: {b: \"x,y={z}\\\\,\"}}"),
        (parse_literal_into, "a,b[1]=[c]", "{a,b: [nil, \"[c]\"]}"),
        (parse_json_into, "a=[1,\"x\"],b= , c={\"d\":{}}", "{ c: {d: {}}, a: [float64(1), \"x\"], b: nil}"),
        (parse_json_into, "a=1b=2", "{a: float64(1), b: float64(2)}"),
        (parse_json_into, "a=[1", "! unexpected EOF"),
    ];
    for (parse, line, want) in cases {
        let values = Map::new();
        assert_eq!(outcome(parse(line.as_bytes(), &values), values), *want, "{line}");
    }
}

#[test]
fn kinds_of_flags_apply_in_helms_order() {
    let options = ValueOptions {
        files: vec!["a.yaml".into(), "b.yaml".into()],
        json: vec![r#" {"m":{"json":1},"o":"json"} "#.into(), "o2=\"json\"".into()],
        values: vec!["o=set,o2=set,o3=set".into()],
        strings: vec!["o2=1,o3=1".into()],
        file_values: vec!["o3=f.txt".into()],
        literals: vec!["o4=a,b".into()],
    };
    let read = |path: &[u8]| {
        Ok(match path {
            b"a.yaml" => b"m: {a: 1, b: 1}\nl: [1]".to_vec(),
            b"b.yaml" => b"m: {b: null}\n---\nl: [2]".to_vec(),
            _ => b"text".to_vec(),
        })
    };
    let values = options.merge(&mut { read }).unwrap();
    assert_eq!(
        show(&Value::Map(values)),
        "{l: [float64(2)], m: {a: float64(1), b: nil, json: float64(1)}, o: \"set\", o2: \"1\", o3: \"text\", o4: \"a,b\"}"
    );
}

#[test]
fn hostile_lines_fail() {
    let values = Map::new();
    let deep = format!("a{}=1", "[0]".repeat(100_000));
    assert!(parse_into(deep.as_bytes(), &values, &mut Reader::Typed).is_err());
    let deep = format!("a{}=1", "[0].a".repeat(100_000));
    assert!(parse_into(deep.as_bytes(), &values, &mut Reader::Typed).is_err());
    let wide: Vec<String> = (0..1000).map(|i| format!("a{i}[65536]=1")).collect();
    assert!(parse_into(wide.join(",").as_bytes(), &values, &mut Reader::Typed).is_err());
}
