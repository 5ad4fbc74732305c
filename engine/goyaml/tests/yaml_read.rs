//! Reading YAML: values, and errors in the words of Go's libraries.

use govalue::Value;
use goyaml::json::to_json;
use goyaml::yaml::{Document, NodeKind, from_yaml, from_yaml_list, from_yaml_map, from_yaml_map_as, from_yaml_typed};

fn json(value: &Value) -> String {
    String::from_utf8(to_json(value, false).unwrap()).unwrap()
}

#[test]
fn scalars_by_the_rules_of_yaml_1_1() {
    for (text, want) in [
        ("[yes, No, ON, y, n, true, tRue]", r#"[true,false,true,true,false,true,"tRue"]"#),
        ("[~, null, '', \"\"]", r#"[null,null,"",""]"#),
        ("[010, 0x1F, 0b11, 0o17, 1_000, +5, -0]", "[8,31,3,15,1000,5,0]"),
        ("[1e3, .5, 1., -1.5e-3, 1e400, 12:30]", r#"[1000,0.5,1,-0.0015,"1e400","12:30"]"#),
        ("[18446744073709551615, 18446744073709551616]", "[18446744073709552000,18446744073709552000]"),
        ("[2001-01-01, !!timestamp 2001-01-01, <<, =]", r#"["2001-01-01","2001-01-01","<<","="]"#),
        ("[!!str 1, !!int '7', !!float 1, !foo 1, ! 2]", r#"["1",7,1,"1","2"]"#),
        ("[!!binary aGk=, !!binary /w==]", r#"["hi","�"]"#),
        ("- a\n   b\n\n   c # d\n- 'e''f\n  g'\n- \"h\\x41\\\n  i\"", r#"["a b\nc","e'f g","hAi"]"#),
        ("- |\n  a\n\n   b\n- >-\n  a\n  b\n\n  c\n- |+2\n    x\n\n", r#"["a\n\n b\n","a b\nc","  x\n\n"]"#),
    ] {
        assert_eq!(json(&from_yaml(text.as_bytes()).unwrap()), want, "{text}");
    }
}

#[test]
fn mappings_anchors_and_merges() {
    for (text, want) in [
        ("a: 1\na: 2", r#"{"a":2}"#),
        ("1: a\n1.5: b\ntrue: c\n.inf: d\n1e10: e", r#"{".inf":"d","1":"a","1.5":"b","1e+10":"e","true":"c"}"#),
        ("a: &x {b: 1}\nc: *x\nd: [*x]", r#"{"a":{"b":1},"c":{"b":1},"d":[{"b":1}]}"#),
        ("a: &x {b: 1, c: 2}\nd:\n  b: 0\n  <<: *x\n  c: 3", r#"{"a":{"b":1,"c":2},"d":{"b":1,"c":3}}"#),
        ("<<: [{a: 1}, {a: 2, b: 3}]", r#"{"a":1,"b":3}"#),
        ("? a\n: - b\n  - c\n? d", r#"{"a":["b","c"],"d":null}"#),
        ("[a: b, {c}, ? d : e]", r#"[{"a":"b"},{"c":null},{"d":"e"}]"#),
        ("a:\n- b\n-  - c\n   - d", r#"{"a":["b",["c","d"]]}"#),
        ("%TAG !e! tag:yaml.org,2002:\n---\n!e!str 1\n--- 2", r#""1""#),
        ("\u{feff}a: b\r\nc: d\r\n", r#"{"a":"b","c":"d"}"#),
        ("[]: x", "[]"),
        ("# nothing", "null"),
    ] {
        assert_eq!(json(&from_yaml(text.as_bytes()).unwrap()), want, "{text}");
    }
}

#[test]
fn errors_in_go_words() {
    for (text, want) in [
        ("a: b: c", "yaml: mapping values are not allowed in this context"),
        ("\na: b: c", "yaml: line 2: mapping values are not allowed in this context"),
        ("a: [b", "yaml: line 1: did not find expected ',' or ']'"),
        ("x\ny:\n z", "yaml: line 2: mapping values are not allowed in this context"),
        ("a:\n\tb: c", "yaml: line 2: found character that cannot start any token"),
        ("a: 'b", "yaml: found unexpected end of stream"),
        ("a: b\n c: d", "yaml: line 2: mapping values are not allowed in this context"),
        ("a:\n  b\n c: d", "yaml: line 3: mapping values are not allowed in this context"),
        ("a: 1\nb\n", "yaml: line 3: could not find expected ':'"),
        ("a: *b", "yaml: unknown anchor 'b' referenced"),
        ("a: &a [*a]", "yaml: anchor 'a' value contains itself"),
        ("a: \x01", "yaml: control characters are not allowed"),
        (
            "{{ .Values.x }}: y",
            r#"yaml: invalid map key: map[interface {}]interface {}{".Values.x":interface {}(nil)}"#,
        ),
        ("~: a", "unsupported map key of type: %!s(<nil>), key: <nil>, value: \"a\""),
        ("<<: 1", "yaml: map merge requires map or sequence of maps as the value"),
        ("!!int x", "yaml: cannot decode !!str `x` as a !!int"),
        ("!!binary x", "yaml: !!binary value contains invalid base64 data"),
        ("a: [.nan]", "json: unsupported value: NaN"),
        ("%YAML 1.2\n---\na", "yaml: found incompatible YAML document"),
    ] {
        let error = from_yaml(text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), format!("error converting YAML to JSON: {want}"), "{text:?}");
    }
}

#[test]
fn errors_know_the_line_that_is_wrong() {
    for (text, want) in [
        ("a: 1\nb\n", 2),
        ("a: 1\nb    # no colon\n\n\nc: 1", 2),
        ("a: 1\nb\u{85}c: 1\n", 2),
        ("\na: b: c", 2),
        ("x\ny:\n z", 2),
        ("a: b\n c: d", 2),
    ] {
        assert_eq!(from_yaml(text.as_bytes()).unwrap_err().line(), Some(want), "{text:?}");
    }
}

#[test]
fn the_top_must_be_what_is_wanted() {
    let decoding = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
    let error = from_yaml_map(b"- a").unwrap_err();
    assert_eq!(error.message(), format!("{decoding} array into Go value of type map[string]interface {{}}"));
    let error = from_yaml_map_as(b"a", "common.Values").unwrap_err();
    assert_eq!(error.message(), format!("{decoding} string into Go value of type common.Values"));
    let error = from_yaml_list(b"a: 1").unwrap_err();
    assert_eq!(error.message(), format!("{decoding} object into Go value of type []interface {{}}"));
    assert!(from_yaml_map(b"").unwrap().is_empty());
    assert!(from_yaml_list(b"null").unwrap().is_empty());
    assert!(matches!(from_yaml_typed(b"10000000"), Ok(Value::Int(10_000_000))));
}

#[test]
fn nodes_have_their_places() {
    let doc = Document::parse("a: ü\nlist: [x,\n  'y z']\nc: &k |\n  text\nd: *k\n".as_bytes()).unwrap();
    let root = doc.root().unwrap();
    let places: Vec<_> = root
        .entries()
        .map(|(k, v)| (k.start().line, k.start().column, v.start().line, v.start().column, v.kind()))
        .collect();
    assert_eq!(
        places,
        [
            (0, 0, 0, 3, NodeKind::Scalar),
            (1, 0, 1, 6, NodeKind::Sequence),
            (3, 0, 3, 3, NodeKind::Scalar),
            (5, 0, 5, 3, NodeKind::Alias),
        ]
    );
    let (_, list) = root.entries().nth(1).unwrap();
    let second = list.children().nth(1).unwrap();
    let source = &doc.source()[second.start().offset as usize..second.end_offset()];
    assert_eq!((source, second.text()), (&b"'y z'"[..], &b"y z"[..]));
    let (_, alias) = root.entries().nth(3).unwrap();
    assert_eq!((alias.text(), alias.target().text()), (&b"k"[..], &b"text\n"[..]));
}

#[test]
fn hostile_texts_fail_soon() {
    let many = |s: &str, n| s.repeat(n).into_bytes();
    for (text, want) in [
        (many("[", 100_000), "error converting YAML to JSON: yaml: exceeded max depth of 10000"),
        (many("- ", 100_000), "error converting YAML to JSON: yaml: exceeded max depth of 10000"),
        (many("{a: ", 10_001), "error converting YAML to JSON: yaml: exceeded max depth of 10000"),
        (
            [many("- ", 9_000), many("[", 9_000), many("]", 9_000)].concat(),
            "error unmarshaling JSON: while decoding JSON: invalid character '[' exceeded max depth",
        ),
    ] {
        assert_eq!(from_yaml(&text).unwrap_err().to_string(), want);
    }
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..12 {
        let aliases = vec![format!("*a{}", i - 1); 10].join(", ");
        bomb.push_str(&format!("a{i}: &a{i} [{aliases}]\n"));
    }
    let error = from_yaml(bomb.as_bytes()).unwrap_err();
    assert_eq!(error.bare_message(), "yaml: document contains excessive aliasing");
}
