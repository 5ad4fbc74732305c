//! What is written is read again as the same: random values with nasty texts.

use govalue::{List, Map, Str, Value};
use goyaml::json::{from_json, to_json};
use goyaml::yaml::{from_yaml, to_yaml};

/// Without delete (0x7f), which go-yaml refuses to write, and `<<`, which it
/// writes plain and reads as a merge.
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    "yes",
    "No",
    "on",
    "~",
    "null",
    "true",
    "1",
    "-1",
    "0x1F",
    "1e3",
    ".5",
    "1_000",
    "0o7",
    ".inf",
    ".NaN",
    "2001-12-14",
    "12:30:45",
    "=",
    "-",
    "- a",
    "a: b",
    "a:",
    ":a",
    "#",
    "a #b",
    "&a",
    "*a",
    "!a",
    "%a",
    "@",
    "`",
    "[",
    "]",
    "{",
    "}",
    ",",
    "?",
    "? a",
    "|",
    ">",
    "'",
    "\"",
    "it's",
    "\\",
    "a\nb",
    "a\n",
    "\na",
    "\n",
    "a\n\n",
    " a",
    "a ",
    "a\n  b",
    "\ta",
    "a\tb",
    "\r",
    "a\rb",
    "\u{7}",
    "\u{1b}[0m",
    "é",
    "\u{feff}",
    "\u{1f600}",
    "---",
    "...",
    "--- a",
    "a\u{a0}b",
    "very long text with many words that goes on and on beyond the width at which lines are folded, and on",
];

/// A small generator of numbers (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    fn text(&mut self) -> Str {
        let count = if self.below(3) == 0 { 2 } else { 1 };
        Str::from((0..count).map(|_| TEXTS[self.below(TEXTS.len())]).collect::<String>())
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 4 } else { 6 }) {
            0 => Value::Nil,
            1 => Value::Bool(self.below(2) == 0),
            2 => Value::Float((self.below(2_000_001) as f64 - 1e6) * [1.0, 0.001, 1e15, 1e-12][self.below(4)]),
            3 => Value::Str(self.text()),
            4 => Value::List((0..self.below(4)).map(|_| self.value(depth - 1)).collect::<List>()),
            _ => {
                let map = Map::new();
                for _ in 0..self.below(4) {
                    map.insert(self.text(), self.value(depth - 1));
                }
                Value::Map(map)
            }
        }
    }
}

#[test]
fn values_survive_yaml_and_json() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..5_000 {
        let value = numbers.value(4);
        let want = format!("{value:?}");
        let json = to_json(&value, true).unwrap();
        assert_eq!(format!("{:?}", from_json(&json).unwrap()), want);
        let yaml = to_yaml(&value).unwrap();
        let again = from_yaml(&yaml).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&yaml)));
        assert_eq!(format!("{again:?}"), want, "{}", String::from_utf8_lossy(&yaml));
    }
}
