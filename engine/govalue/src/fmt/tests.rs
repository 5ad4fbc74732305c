use super::{sprint, sprintf, sprintln};
use crate::{List, Map, Value};

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(k, v)| (*k, v.clone())).collect::<Map>())
}

fn list(items: &[Value]) -> Value {
    Value::List(List::new(items.to_vec()))
}

#[track_caller]
fn check(format: &str, args: &[Value], want: &str) {
    let got = sprintf(format.as_bytes(), args).unwrap();
    assert_eq!(String::from_utf8_lossy(&got), want, "{format}");
}

#[test]
fn verbs() {
    let s = || Value::from("a\"b");
    for (format, arg, want) in [
        ("%v", s(), "a\"b"),
        ("%q", s(), r#""a\"b""#),
        ("%#q", s(), "`a\"b`"),
        ("%x", s(), "612262"),
        ("% X", s(), "61 22 62"),
        ("%# x", s(), "0x61 0x22 0x62"),
        ("%6.2s|", s(), "    a\"|"),
        ("%-6s|", s(), "a\"b   |"),
        ("%06s|", s(), "000a\"b|"),
        ("%d", s(), "%!d(string=a\"b)"),
        ("%5d", s(), "%!d(string=  a\"b)"),
        ("%T", s(), "string"),
        ("%t", Value::Bool(true), "true"),
        ("%d", Value::Int(-42), "-42"),
        ("%+d", Value::Int(42), "+42"),
        ("%06d", Value::Int(-42), "-00042"),
        ("%-6d|", Value::Int(42), "42    |"),
        ("%.4d", Value::Int(42), "0042"),
        ("%8.4d", Value::Int(42), "    0042"),
        ("%.0d|", Value::Int(0), "|"),
        ("%#x", Value::Int(-255), "-0xff"),
        ("%#X", Value::Int(255), "0XFF"),
        ("%#o", Value::Int(8), "010"),
        ("%O", Value::Int(8), "0o10"),
        ("%#b", Value::Int(5), "0b101"),
        ("%c", Value::Int(0x20ac), "€"),
        ("%q", Value::Int(10), r"'\n'"),
        ("%U", Value::Int(0x1f600), "U+1F600"),
        ("%#U", Value::Int(0xe9), "U+00E9 'é'"),
        ("%s", Value::Int(1), "%!s(int=1)"),
        ("%z", Value::Int(3), "%!z(int=3)"),
        ("%v", Value::Float(1e6), "1e+06"),
        ("%#v", Value::Float(1e6), "1e+06"),
        ("%f", Value::Float(1.5), "1.500000"),
        ("%8.3f|", Value::Float(-1.5), "  -1.500|"),
        ("%08.2f|", Value::Float(-1.5), "-0001.50|"),
        ("%+.1e", Value::Float(12345.0), "+1.2e+04"),
        ("%#g", Value::Float(1.0), "1.00000"),
        ("%#.3x", Value::Float(1.0), "0x1.000p+00"),
        ("% v", Value::Float(1.0), " 1"),
        ("%05v", Value::Float(f64::INFINITY), " +Inf"),
        ("%d", Value::Float(1.0), "%!d(float64=1)"),
        ("%v", Value::Complex([1.0, -2.0].into()), "(1-2i)"),
        ("%#v", Value::uint8(200), "0xc8"),
        ("%v", Value::Nil, "<nil>"),
        ("%s", Value::Nil, "%!s(<nil>)"),
        ("%x", Value::Bytes("ab".into()), "6162"),
        ("%v", Value::Bytes("ab".into()), "[97 98]"),
        ("%#v", Value::Bytes("ab".into()), "[]byte{0x61, 0x62}"),
        ("%z", Value::Bytes("a".into()), "[%!z(uint8=97)]"),
        ("%w", list(&[Value::Int(1)]), "%!w([]interface {}=[1])"),
    ] {
        check(format, &[arg], want);
    }
}

#[test]
fn containers() {
    let v = map(&[("b", list(&[Value::Int(1), Value::from("x"), Value::Nil])), ("a", Value::Bool(true))]);
    check("%v", std::slice::from_ref(&v), "map[a:true b:[1 x <nil>]]");
    check(
        "%#v",
        std::slice::from_ref(&v),
        r#"map[string]interface {}{"a":true, "b":[]interface {}{1, "x", interface {}(nil)}}"#,
    );
    check("%s", &[v], "map[a:%!s(bool=true) b:[%!s(int=1) x <nil>]]");
    check("%03d", &[list(&[Value::Int(1), Value::Float(2.0)])], "[001 %!d(float64=002)]");
    check("%q", &[Value::List(List::strings(["a", "b"]))], r#"["a" "b"]"#);
    check("%#v %v", &[Value::List(List::nil(crate::Type::STRING_SLICE)), map(&[])], "[]string(nil) map[]");
}

#[test]
fn arguments() {
    let one_two = [Value::Int(1), Value::Int(2)];
    for (format, want) in [
        ("%[2]d %[1]d", "2 1"),
        ("%[2]d", "2"),
        ("%d", "1%!(EXTRA int=2)"),
        ("%d %d %d", "1 2 %!d(MISSING)"),
        ("%*d|", "2|"),
        ("%-*d|", "2|"),
        ("%[3]d", "%!d(BADINDEX)"),
        ("%[x]d", "%!d(BADINDEX)"),
        ("%[1d", "%!d(BADINDEX)"),
        ("%[2]*[1]d|", " 1|"),
        ("%[1]2d", "%!d(BADINDEX)"),
        ("%.*d", "2"),
        ("%d %d%", "1 2%!(NOVERB)"),
        ("%d %d%%", "1 2%"),
        ("%d %d %é", "1 2 %!é(MISSING)"),
        ("%d %d%.", "1 2%!.(MISSING)"),
        ("%d %d%100000000d", "1 2%!(NOVERB)"),
    ] {
        check(format, &one_two, want);
    }
    check("%*d", &[Value::from("x"), Value::Int(2)], "%!(BADWIDTH)2");
    check("%.*d", &[Value::Int(-1), Value::Int(2)], "%!(BADPREC)2");
    check("%*d|", &[Value::Int(-3), Value::Int(2)], "2  |");
    check("%*d", &[Value::Int(1_000_001), Value::Int(2)], "%!(BADWIDTH)2");
    check("", &[Value::Nil, Value::from("x")], "%!(EXTRA <nil>, string=x)");
}

#[test]
fn print_and_println() {
    let args = [Value::from("a"), Value::Int(1), Value::Nil, Value::from("b"), Value::from("c")];
    assert_eq!(sprint(&args).unwrap(), b"a1 <nil>bc");
    assert_eq!(sprintln(&args).unwrap(), b"a 1 <nil> b c\n");
}

#[test]
fn hostile_values_end() {
    let m = Map::new();
    m.insert("self", Value::Map(m.clone()));
    assert!(sprint(&[Value::Map(m.clone())]).is_err(), "a map that contains itself");
    m.remove("self");
    let mut v = list(&[Value::from("x".repeat(1000))]);
    for _ in 0..60 {
        v = list(&[v.clone(), v]);
    }
    assert!(sprint(&[v]).is_err(), "2^60 times the same list");
}
