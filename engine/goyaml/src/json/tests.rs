use govalue::{List, Map, Value};

use super::{from_json, from_json_list, from_json_map, from_json_prefix, to_json, to_json_indent};

#[track_caller]
fn round(json: &str, want: &str) {
    let v = from_json(json.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(to_json(&v, true).unwrap()).unwrap(), want);
}

#[test]
fn texts_come_back() {
    for (json, want) in [
        (r#" {"b" : [1, -2.50, 1e3 ,true,null] , "a":{} ,"c":[ ]} "#, r#"{"a":{},"b":[1,-2.5,1000,true,null],"c":[]}"#),
        (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
        (r#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud800x""#, "\"\\\"\\\\/\\b\\f\\n\\r\\té😀\u{fffd}x\""),
        (r#""<&>\u2028\u0001\u007f""#, r#""\u003c\u0026\u003e\u2028\u0001"#.to_owned().as_str()),
        ("1e-7", "1e-7"),
        ("0.000001", "0.000001"),
        ("1e21", "1e+21"),
        ("123456789012345678", "123456789012345680"),
        ("-0", "-0"),
        ("1E-10", "1e-10"),
    ] {
        if json.contains("007f") {
            let v = from_json(json.as_bytes()).unwrap();
            assert_eq!(to_json(&v, true).unwrap(), format!("{want}\u{7f}\"").into_bytes());
            continue;
        }
        round(json, want);
    }
}

#[test]
fn errors_are_those_of_go() {
    for (json, want) in [
        ("", "unexpected end of JSON input"),
        ("{", "unexpected end of JSON input"),
        ("[1,", "unexpected end of JSON input"),
        ("\"a", "unexpected end of JSON input"),
        ("-", "invalid character ' ' in numeric literal"),
        ("1.", "invalid character ' ' after decimal point in numeric literal"),
        ("1e+x", "invalid character 'x' in exponent of numeric literal"),
        ("tru", "invalid character ' ' in literal true (expecting 'e')"),
        ("nul1", "invalid character '1' in literal null (expecting 'l')"),
        ("01", "invalid character '1' after top-level value"),
        ("[01]", "invalid character '1' after array element"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        ("{\"a\":1,}", "invalid character '}' looking for beginning of object key string"),
        ("{a:1}", "invalid character 'a' looking for beginning of object key string"),
        ("{\"a\" 1}", "invalid character '1' after object key"),
        ("{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair"),
        ("'a'", "invalid character '\\'' looking for beginning of value"),
        ("\"\n\"", "invalid character '\\n' in string literal"),
        (r#""\x""#, "invalid character 'x' in string escape code"),
        (r#""\u12G4""#, "invalid character 'G' in \\u hexadecimal character escape"),
        ("é", "invalid character 'Ã' looking for beginning of value"),
        ("1 2", "invalid character '2' after top-level value"),
        ("[1e999]", "json: cannot unmarshal number 1e999 into Go value of type float64"),
    ] {
        assert_eq!(from_json(json.as_bytes()).unwrap_err().to_string(), want, "{json}");
    }
    let partial = from_json(br#"{"a":1e999,"b":2}"#).unwrap_err().into_partial().unwrap();
    assert_eq!(to_json(&partial, true).unwrap(), br#"{"a":null,"b":2}"#);
}

#[test]
fn typed_targets() {
    let error = |e: super::JsonError| e.to_string();
    assert!(from_json_map(b"null").unwrap().is_nil());
    assert!(from_json_list(b"null").unwrap().is_nil());
    for (json, what) in [("[]", "array"), ("1", "number"), ("\"\"", "string"), ("true", "bool")] {
        let want = format!("json: cannot unmarshal {what} into Go value of type map[string]interface {{}}");
        assert_eq!(from_json_map(json.as_bytes()).map_err(error).unwrap_err(), want);
    }
    let want = "json: cannot unmarshal object into Go value of type []interface {}";
    assert_eq!(from_json_list(b"{}").map_err(error).unwrap_err(), want);
}

#[test]
fn a_prefix_ends_where_its_value_ends() {
    for (json, end) in [("1,b=2", 1), ("{\"a\":[1]} x", 9), (" true,", 5), ("\"a\"", 3)] {
        assert_eq!(from_json_prefix(json.as_bytes()).unwrap().1, end, "{json}");
    }
    for (json, want) in [
        (" ", "EOF"),
        ("{\"a\":", "unexpected EOF"),
        ("tru", "unexpected EOF"),
        ("x", "invalid character 'x' looking for beginning of value"),
    ] {
        assert_eq!(from_json_prefix(json.as_bytes()).unwrap_err().to_string(), want, "{json}");
    }
}

#[test]
fn values_without_json() {
    let error = |v: Value| to_json(&v, true).unwrap_err().to_string();
    assert_eq!(error(Value::Float(f64::NAN)), "json: unsupported value: NaN");
    assert_eq!(error(Value::Float(f64::INFINITY)), "json: unsupported value: +Inf");
    assert_eq!(error(Value::Complex([0.0, 1.0].into())), "json: unsupported type: complex128");
    let m = Map::new();
    m.insert("self", Value::List(List::new(vec![Value::Map(m.clone())])));
    let cycle = error(Value::Map(m.clone()));
    m.remove("self");
    assert_eq!(cycle, "json: unsupported value: encountered a cycle via map[string]interface {}");
}

#[test]
fn other_values() {
    let json = |v: Value| String::from_utf8(to_json(&v, false).unwrap()).unwrap();
    assert_eq!(json(Value::Bytes("any carnal pleas".into())), "\"YW55IGNhcm5hbCBwbGVhcw==\"");
    assert_eq!(json(Value::from(b"<\xff>".to_vec())), r#""<\ufffd>""#);
    assert_eq!(json(Value::List(List::nil(govalue::Type::ANY_SLICE))), "null");
    assert_eq!(json(Value::Int(i64::MIN)), "-9223372036854775808");
}

#[test]
fn indented() {
    let v = from_json(br#"{"a":[1,{"b":"{,:\""}],"c":{},"d":[]}"#).unwrap();
    let text = String::from_utf8(to_json_indent(&v, "", "  ").unwrap()).unwrap();
    insta::assert_snapshot!(text, @r#"
    {
      "a": [
        1,
        {
          "b": "{,:\""
        }
      ],
      "c": {},
      "d": []
    }
    "#);
}

#[test]
fn deep_nesting() {
    let deep = |n: usize| [b"[".repeat(n), b"]".repeat(n)].concat();
    let text = deep(10_000);
    assert_eq!(to_json(&from_json(&text).unwrap(), true).unwrap(), text);
    assert_eq!(from_json(&deep(10_001)).unwrap_err().to_string(), "exceeded max depth");
}
