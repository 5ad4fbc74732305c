//! Random values that are difficult for YAML, and how they are merged.

use serde_json::{Map, Value, json};

/// Strings that YAML, templates or shells may misread.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "  lead",
    "trail ",
    "yes",
    "no",
    "on",
    "y",
    "N",
    "true",
    "null",
    "~",
    "0",
    "-0",
    "0777",
    "0o17",
    "0x1F",
    "1e3",
    "1_000",
    ".5",
    "+1",
    ".inf",
    ".nan",
    "2020-01-01",
    "12:30:45",
    "a: b",
    "a:b",
    "# no comment",
    "a # b",
    "- item",
    "-",
    "--",
    "---",
    "? key",
    ": x",
    "{}",
    "[]",
    "{a: 1}",
    "[1, 2]",
    "*alias",
    "&anchor",
    "!tag",
    "|",
    ">",
    "%YAML",
    "@at",
    "`tick`",
    "'",
    "\"",
    "\\",
    "it's",
    "{{ .Values.x }}",
    "{{",
    "}}",
    "{{- /* c */ -}}",
    "{{{{",
    "{ {",
    "${VAR}",
    "$x",
    "<% x %>",
    "<< y >>",
    "<# z #>",
    "tab\there",
    "\t",
    "two\nlines",
    "end\n",
    "ends\n\n",
    "\nstart",
    " lead\nand more",
    "a\n  b\n c",
    "cr\r\nlf",
    "umläut",
    "日本語",
    "😀",
    "\u{a0}nbsp",
    "\u{2028}ls",
    "\u{feff}bom",
    "\u{1}ctl",
    "word word word word word word word word word word word word \
     word word word word word word word word",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
];

/// Keys of maps: few, so that both sides have the same.
const KEYS: &[&str] = &[
    "a",
    "b",
    "c",
    "app",
    "name",
    "nested",
    "image",
    "config",
    "a-b",
    "a.b/c",
    "with space",
    "true",
    "1",
    "on",
    "{{ k }}",
    "~",
    "é",
];

/// A source of random numbers: the same seed gives the same numbers.
pub struct Dice(u64);

impl Dice {
    /// A source with a seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit.max(1)
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list.get(self.below(list.len())).copied().unwrap_or_default()
    }

    /// A map of values with a maximum depth, and nulls if `nulls` is set.
    pub fn map(&mut self, depth: usize, nulls: bool) -> Map<String, Value> {
        (0..self.below(6)).map(|_| (self.pick(KEYS).to_owned(), self.value(depth, nulls))).collect()
    }

    fn value(&mut self, depth: usize, nulls: bool) -> Value {
        match self.below(if depth == 0 { 7 } else { 12 }) {
            0 => json!(self.below(2) == 0),
            1 => json!(self.below(1_000_000_000) as i64 * if self.below(2) == 0 { 1 } else { -1_000 }),
            2 => json!(self.below(2_000) as f64 / 8.0),
            3 if nulls => Value::Null,
            4 => [json!(0), json!(""), json!(false), json!({}), json!([])][self.below(5)].clone(),
            3..=6 => json!(self.pick(HOSTILE)),
            7 | 8 => (0..self.below(4)).map(|_| self.value(depth - 1, false)).collect(),
            _ => Value::Object(self.map(depth - 1, nulls)),
        }
    }
}

/// Merges values over others: maps are merged, everything else replaces, `null` included.
pub fn merged(below: &Value, above: &Value) -> Value {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            let mut out = below.clone();
            for (key, value) in above {
                let there = below.get(key).unwrap_or(&Value::Null);
                out.insert(key.clone(), merged(there, value));
            }
            Value::Object(out)
        }
        _ => above.clone(),
    }
}

/// Whether two values are equal for Helm, where all numbers are floats and maps have no order.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|b| same(v, b)))
        }
        _ => a == b,
    }
}
