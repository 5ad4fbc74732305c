//! Writing YAML, by the rules of both of Go's libraries.

use govalue::{List, Map, Str, Value};
use goyaml::json::to_json;
use goyaml::yaml::{from_yaml, to_yaml, to_yaml_limited, to_yaml_pretty};

fn map(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Map(entries.into_iter().collect())
}

fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::List(items.into_iter().collect())
}

fn sample() -> Value {
    map([
        ("b10", Value::Int(1)),
        ("b9", list([list([Value::from("x"), map([("k", Value::Nil)])]), list([]), map([])])),
        ("text", Value::from("a\n  b\n")),
        ("on", Value::from("off")),
        ("num", list([Value::Float(1e6), Value::Float(0.1), Value::Float(1e21), Value::Float(-0.0)])),
        ("deep", map([("list", list([map([("a", Value::from("it's: #1")), ("b", Value::from("\t"))])]))])),
    ])
}

#[test]
fn as_sigs_yaml_does() {
    let want = r##"b9:
- - x
  - k: null
- []
- {}
b10: 1
deep:
  list:
  - a: 'it''s: #1'
    b: "\t"
num:
- 1000000
- 0.1
- 1e+21
- 0
"on": "off"
text: |
  a
    b
"##;
    assert_eq!(String::from_utf8(to_yaml(&sample()).unwrap()).unwrap(), want);
}

#[test]
fn as_helms_pretty_form() {
    let want = r##"b9:
  - - x
    - k: null
  - []
  - {}
b10: 1
deep:
  list:
    - a: 'it''s: #1'
      b: "\t"
num:
  - 1e+06
  - 0.1
  - 1e+21
  - -0
"on": "off"
text: |
  a
    b
"##;
    assert_eq!(String::from_utf8(to_yaml_pretty(&sample()).unwrap()).unwrap(), want);
}

#[test]
fn strings_in_their_styles() {
    let words = "word ".repeat(30);
    let folded = format!("{}\n  {}", words[..84].trim_end(), words[85..].trim_end());
    for (text, v2, v3) in [
        ("", "\"\"", "\"\""),
        ("0o7", "\"0o7\"", "\"0o7\""),
        ("\n a", "|2-\n\n   a", "|2-\n\n   a"),
        ("a\n\n", "|+\n  a\n\n", "|+\n  a\n\n"),
        ("a\tb\n", "\"a\\tb\\n\"", "|\n  a\tb\n"),
        ("a \nb", "\"a \\nb\"", "\"a \\nb\""),
        ("😀é\u{7f}", "", "\"\\U0001F600é\\x7F\""),
        (words.trim_end(), &folded, words.trim_end()),
    ] {
        let value = Value::from(text);
        let line = |s: &str| if s.ends_with('\n') { s.to_owned() } else { format!("{s}\n") };
        match v2 {
            "" => assert_eq!(to_yaml(&value).unwrap_err().message(), "yaml: control characters are not allowed"),
            _ => assert_eq!(String::from_utf8(to_yaml(&value).unwrap()).unwrap(), line(v2)),
        }
        assert_eq!(String::from_utf8(to_yaml_pretty(&value).unwrap()).unwrap(), line(v3));
    }
    let bytes = Value::Str(Str::from(&b"a\xff"[..]));
    assert_eq!(to_yaml(&bytes).unwrap(), "a\u{fffd}\n".as_bytes());
    assert_eq!(to_yaml_pretty(&bytes).unwrap(), b"!!binary Yf8=\n");
}

#[test]
fn keys_that_are_long_or_break() {
    let long = "k".repeat(129);
    let value: Map = [(long.as_str(), list([Value::from("x")])), ("a\nb", Value::from("y"))].into_iter().collect();
    let want = format!("? |-\n  a\n  b\n: \"y\"\n? {long}\n: - x\n");
    assert_eq!(String::from_utf8(to_yaml(&Value::Map(value)).unwrap()).unwrap(), want);
    // go-yaml cannot read the JSON of such a key.
    let value: Map = [("k".repeat(1023), Value::Nil)].into_iter().collect();
    let error = to_yaml(&Value::Map(value)).unwrap_err();
    assert_eq!(error.message(), "yaml: did not find expected ',' or '}'");
}

#[test]
fn errors_and_limits() {
    let error = to_yaml(&Value::Float(f64::NAN)).unwrap_err();
    assert_eq!(error.message(), "error marshaling into JSON: json: unsupported value: NaN");
    assert_eq!(to_yaml_pretty(&Value::Float(f64::NAN)).unwrap(), b".nan\n");
    let deep = (0..1_000_000).fold(Value::Nil, |v, _| Value::List(List::new(vec![v])));
    assert!(to_yaml(&deep).is_err());
    assert!(to_yaml_pretty(&deep).is_err());
    let cycle = Map::new();
    cycle.insert("a", Value::Map(cycle.clone()));
    assert!(to_yaml(&Value::Map(cycle.clone())).is_err());
    assert!(to_yaml_pretty(&Value::Map(cycle.clone())).is_err());
    cycle.remove("a");
    assert!(to_yaml_limited(&list(vec![Value::from("x"); 1000]), 100).is_err());
}

/// A small generator of values; the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn string(&mut self) -> String {
        const PARTS: &[&str] = &[
            "a",
            "B",
            "9",
            "0",
            " ",
            "  ",
            ": ",
            ":",
            "#",
            " #",
            "\n",
            "\t",
            "'",
            "\"",
            "\\",
            "é",
            "😀",
            "\u{2028}",
            "-",
            "- ",
            "? ",
            "yes",
            "null",
            "1e3",
            "~",
            "{",
            "]",
            ",",
            "&a",
            "*",
            "!",
            "|",
            ">",
            "%",
            "word word word word ",
        ];
        let n = self.below(12);
        (0..n).map(|_| PARTS[self.below(PARTS.len())]).collect()
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 6 } else { 9 }) {
            0 => Value::Nil,
            1 => Value::Bool(self.below(2) == 0),
            2 => Value::Float(self.below(100_000) as f64 / 64.0),
            3..6 => Value::from(self.string()),
            6 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect::<List>().into(),
            _ => (0..self.below(5)).map(|_| (self.string(), self.value(depth - 1))).collect::<Map>().into(),
        }
    }
}

#[test]
fn what_is_written_reads_as_it_was() {
    let mut random = Random(7);
    for _ in 0..3000 {
        let value = random.value(4);
        let json = to_json(&value, true).unwrap();
        let text = to_yaml(&value).unwrap();
        let read = from_yaml(&text).unwrap();
        assert_eq!(to_json(&read, true).unwrap(), json, "{}", String::from_utf8_lossy(&text));
    }
}
