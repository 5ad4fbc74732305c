use govalue::{List, Map, Value, fmt};

use super::{from_toml, to_toml};

fn shown(toml: &str) -> String {
    let map = from_toml(toml.as_bytes()).unwrap_or_else(|e| panic!("{e}: {toml}"));
    String::from_utf8(fmt::sprintf(b"%v", &[Value::Map(map)]).unwrap()).unwrap()
}

#[track_caller]
fn fails(toml: &str, want: &str) {
    assert_eq!(from_toml(toml.as_bytes()).unwrap_err().to_string(), want, "{toml}");
}

#[test]
fn documents() {
    for (toml, want) in [
        ("", "map[]"),
        ("a = 1 # x\nb.c = 'x'\n\"d e\" = \"\\u00e9\\t\"", "map[a:1 b:map[c:x] d e:é\t]"),
        ("[a]\nx=1\n[a.b]\ny=2\n[c.d]\n[c]\nz=3", "map[a:map[b:map[y:2] x:1] c:map[d:map[] z:3]]"),
        ("[[t]]\na=1\n[t.u]\nb=2\n[[t]]\na=3", "map[t:[map[a:1 u:map[b:2]] map[a:3]]]"),
        ("a = {b = 1, c.d = [1, 2.5, {x = true}],}", "map[a:map[b:1 c:map[d:[1 2.5 map[x:true]]]]]"),
        ("a = [\n  1, # one\n  [],\n]", "map[a:[1 []]]"),
        ("a = 0xDEAD_beef\nb = 0o17\nc = 0b11\nd = -1_000", "map[a:3735928559 b:15 c:3 d:-1000]"),
        ("a = 1e3\nb = -inf\nc = 6.5E-2\nd = nan", "map[a:1000 b:-Inf c:0.065 d:NaN]"),
        ("a = \"\"\"\nx\\\n   y\"\"\"\"\"\nb = '''a'b'''", "map[a:xy\"\" b:a'b]"),
        (
            "a=2020-01-02\nb=10:00:00.5\nc=2020-01-02 03:04:05Z",
            "map[a:2020-01-02 00:00:00 +0000 date-local b:0000-01-01 10:00:00.5 +0000 time-local c:2020-01-02 03:04:05 +0000 UTC]",
        ),
        ("a = [1]\na.b = 2", "map[a:map[b:2]]"),
    ] {
        assert_eq!(shown(toml), want, "{toml}");
    }
}

#[test]
fn syntax_errors() {
    for (toml, want) in [
        ("a = ", "toml: line 1 (last key \"a\"): unexpected EOF; expected value"),
        ("a = \n", "toml: line 1 (last key \"a\"): expected value but found '\\n' instead"),
        ("a\n", "toml: line 1: expected '.' or '=', but got '\\n' instead"),
        ("x = 1\n= 2", "toml: line 2: unexpected '=': key name appears blank"),
        (
            "a = 1 b",
            "toml: line 1: expected a top-level item to end with a newline, comment, or EOF, but got 'b' instead",
        ),
        ("[a\n", "toml: line 2: expected '.' or ']' to end table name, but got '\\n' instead"),
        ("[]", "toml: line 1: unexpected end of table name (table names cannot be empty)"),
        ("a = \"x", "toml: line 1 (last key \"a\"): unexpected EOF; expected '\"'"),
        ("a = \"x\ny\"", "toml: line 1 (last key \"a\"): strings cannot contain newlines"),
        ("a = \"\\q\"", "toml: line 1 (last key \"a\"): invalid escape in string '\\q'"),
        ("a = \"\\ud800\"", "toml: line 1 (last key \"a\"): Escaped character '\\ud800' is not valid UTF-8."),
        ("a = [1,,2]", "toml: line 1 (last key \"a\"): unexpected comma"),
        ("a = [1 2]", "toml: line 1 (last key \"a\"): expected a comma (',') or array terminator (']'), but got '2'"),
        ("a = 01", "toml: line 1 (last key \"a\"): Invalid integer \"01\": cannot have leading zeroes"),
        (
            "a = 1__0",
            "toml: line 1 (last key \"a\"): Invalid integer \"1__0\": underscores must be surrounded by digits",
        ),
        ("a = 99999999999999999999", "toml: line 1 (last key \"a\"): 99999999999999999999 is out of range for int64"),
        ("a = 1.", "toml: line 1 (last key \"a\"): Invalid float \"1.\": '.' must be followed by one or more digits"),
        ("a = 2020-13-01", "toml: line 1 (last key \"a\"): invalid datetime: \"2020-13-01\""),
        ("a = \u{1}", "toml: line 1 (last key \"a\"): TOML files cannot contain control characters: '0x01'"),
    ] {
        fails(toml, want);
    }
    let e = from_toml(b"a = \xff").unwrap_err().to_string();
    assert_eq!(e, "toml: line 1 (last key \"a\"): invalid UTF-8 byte: 0xff");
}

#[test]
fn keys_are_set_once() {
    for (toml, want) in [
        ("a = 1\na = 2", "toml: line 2 (last key \"a\"): Key 'a' has already been defined."),
        ("[a]\n[a]", "toml: line 2: Key 'a' has already been defined."),
        ("a = 1\n[a.b]", "toml: line 2: Key 'a' was already created as a hash."),
        ("a = []\n[[a]]", "toml: line 2: Key 'a' was already created and cannot be used as an array."),
        ("a = {b = 1, b = 2}", "toml: line 1 (last key \"a.b\"): Key 'a.b' has already been defined."),
    ] {
        let got = from_toml(toml.as_bytes()).map(|m| format!("{m:?}")).map_err(|e| e.to_string());
        assert_eq!(got.unwrap_err(), want, "{toml}");
    }
}

#[test]
fn values_come_back() {
    let toml = "a = 1\nb = 2020-01-02\nc = [1.0, 2.5]\nd = 1e+06\n\"e f\" = \"\\\"\\n\\u0001\"\n\n[t]\n  x = true\n  [t.u]\n    y = [{z = 1}, 2]\n\n[[w]]\n  v = 1\n\n[[w]]\n";
    let map = from_toml(toml.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(to_toml(&Value::Map(map)).unwrap()).unwrap(), toml);
}

#[test]
fn values_without_toml() {
    let error = |v: &Value| to_toml(v).unwrap_err().to_string();
    let list = |v: Value| Value::List(List::new(vec![v]));
    assert_eq!(error(&list(Value::Nil)), "toml: cannot encode array with nil element");
    assert_eq!(error(&list(Value::Map(Map::new()))), "toml: top-level values must be Go maps or structs");
    assert_eq!(error(&Value::Complex([0.0, 1.0].into())), "unsupported type for key '': complex128");
    assert_eq!(error(&Value::Nil), "reflect: call of reflect.Value.Type on zero Value");
}

#[test]
fn hostile_input_ends() {
    assert!(from_toml(&[b"a = ".to_vec(), b"[".repeat(100_000)].concat()).is_err());
    assert!(from_toml(&[b"a.".repeat(100_000), b"a = 1".to_vec()].concat()).is_err());
    let m = Map::new();
    m.insert("self", Value::Map(m.clone()));
    assert!(to_toml(&Value::Map(m.clone())).is_err());
    m.remove("self");
    let wide = (0..60).fold(Value::Int(1), |v, _| Value::List(List::new(vec![v.clone(), v])));
    assert!(to_toml(&wide).is_err());
}
