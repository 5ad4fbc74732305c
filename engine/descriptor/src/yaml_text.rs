//! Values as YAML that people read: block style, in the order of the values.

use govalue::Value as GoValue;
use serde_json::{Map, Value};

/// A value as JSON on one line. All of JSON is written in one way, into a vector: its own `Display` would be another.
pub(crate) fn json(value: &Value) -> String {
    serde_json::to_string(value).expect("a value with keys that are texts is always JSON")
}

/// Writes a value as YAML in block style, without a line break at the end.
///
/// Entries keep their order. What is written is read by Helm as the same value.
pub(crate) fn block(value: &Value) -> String {
    let mut out = String::new();
    node(value, 0, &mut out);
    out.truncate(out.trim_end_matches('\n').len());
    if out.is_empty() { scalar(value) } else { out }
}

/// Writes the entries of a map as [`block`] does; an empty text for an empty map.
pub(crate) fn entries(map: &Map<String, Value>) -> String {
    let mut out = String::new();
    mapping(map, 0, &mut out);
    out.truncate(out.trim_end_matches('\n').len());
    out
}

/// Writes a value on one line.
pub(crate) fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => string(text).unwrap_or_else(|| quoted(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => json(value),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let entries: Vec<String> = map.iter().map(|(k, v)| format!("{}: {}", quoted(k), flow(v))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// As [`scalar`], inside of brackets: there a plain string ends at a comma.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        _ => scalar(value),
    }
}

/// Indents all lines that are not empty.
pub(crate) fn indent(text: &str, by: usize) -> String {
    let pad = " ".repeat(by);
    let mut out = String::with_capacity(text.len() + text.len() / 8 * by);
    for line in text.split_inclusive('\n') {
        if !matches!(line, "\n" | "\r\n") {
            out.push_str(&pad);
        }
        out.push_str(line);
    }
    out
}

fn node(value: &Value, at: usize, out: &mut String) {
    match value {
        Value::Object(map) if !map.is_empty() => mapping(map, at, out),
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                out.push_str(&" ".repeat(at));
                out.push_str("- ");
                match item {
                    Value::Object(map) if !map.is_empty() => {
                        // The first entry follows the dash.
                        let start = out.len();
                        mapping(map, at + 2, out);
                        out.replace_range(start..start + at + 2, "");
                    }
                    Value::Array(inner) if !inner.is_empty() => {
                        let start = out.len();
                        node(item, at + 2, out);
                        out.replace_range(start..start + at + 2, "");
                    }
                    _ => leaf(item, at + 2, out),
                }
            }
        }
        _ => leaf(value, at + 2, out),
    }
}

fn mapping(map: &Map<String, Value>, at: usize, out: &mut String) {
    for (key, value) in map {
        out.push_str(&" ".repeat(at));
        out.push_str(&self::key(key));
        out.push(':');
        match value {
            Value::Object(inner) if !inner.is_empty() => {
                out.push('\n');
                mapping(inner, at + 2, out);
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                node(value, at + 2, out);
            }
            _ => {
                out.push(' ');
                leaf(value, at + 2, out);
            }
        }
    }
}

/// A scalar or an empty collection; `at` is where further lines start.
fn leaf(value: &Value, at: usize, out: &mut String) {
    match value {
        Value::String(text) if text.contains('\n') => match literal(text, at) {
            Some(text) => out.push_str(&text),
            None => out.push_str(&quoted(text)),
        },
        _ => out.push_str(&scalar(value)),
    }
    out.push('\n');
}

/// A key: plain where that is allowed.
pub(crate) fn key(text: &str) -> String {
    match string(text) {
        // `<<` is merged, a long key is not a simple key.
        Some(plain) if text != "<<" && plain.len() < 100 => plain,
        _ => quoted(text),
    }
}

/// A string as go-yaml writes it, if that takes one line.
fn string(text: &str) -> Option<String> {
    // What is plain beyond doubt needs no emitter.
    let first = text.bytes().next()?;
    if first.is_ascii_alphabetic()
        && text.len() > 5
        && text.len() < 70
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/' | b'.'))
    {
        return Some(text.to_owned());
    }
    let written = goyaml::yaml::to_yaml(&GoValue::from(text)).ok()?;
    let written = String::from_utf8(written).ok()?;
    let written = written.strip_suffix('\n').unwrap_or(&written);
    (!written.contains('\n')).then(|| written.to_owned())
}

/// A text of several lines as a literal (`|`), where YAML would change nothing in it; lines are indented by `at`, and
/// no line break ends it.
pub(crate) fn literal(text: &str, at: usize) -> Option<String> {
    let plain = |c: char| matches!(c, '\n' | '\t') || is_printable(c);
    if !text.chars().all(plain) || text.starts_with([' ', '\n']) || text.lines().any(|l| l.starts_with('\t')) {
        return None;
    }
    let body = text.trim_end_matches('\n');
    let mark = match text.len() - body.len() {
        0 => "|-",
        1 => "|",
        _ => return None,
    };
    Some(format!("{mark}\n{}", indent(body, at)))
}

/// Whether a character needs no escape in any style.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a1}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}')
        || matches!(c, '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

/// A string in double quotes.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            _ => out.push_str(&match c as u32 {
                n @ 0..=0xff => format!("\\x{n:02X}"),
                n @ 0x100..=0xffff => format!("\\u{n:04X}"),
                n => format!("\\U{n:08X}"),
            }),
        }
    }
    out.push('"');
    out
}

/// Whether Helm reads a text of YAML as this value.
#[cfg(test)]
pub(crate) fn reads_as(text: &str, value: &Value) -> bool {
    match goyaml::yaml::from_yaml(text.as_bytes()) {
        Ok(read) => same(&read, value),
        Err(_) => false,
    }
}

/// Whether Helm reads a text of YAML as a map of these entries.
pub(crate) fn reads_as_entries(text: &str, entries: &Map<String, Value>) -> bool {
    match goyaml::yaml::from_yaml(text.as_bytes()) {
        Ok(read) => same_entries(&read, entries),
        Err(_) => false,
    }
}

fn same_entries(read: &GoValue, entries: &Map<String, Value>) -> bool {
    match read {
        GoValue::Nil => entries.is_empty(),
        GoValue::Map(read) => {
            read.len() == entries.len() && entries.iter().all(|(k, v)| read.get(k).is_some_and(|a| same(&a, v)))
        }
        _ => false,
    }
}

fn same(read: &GoValue, value: &Value) -> bool {
    match (read, value) {
        (GoValue::Nil, Value::Null) => true,
        (read, Value::Object(entries)) => same_entries(read, entries),
        (GoValue::Bool(a), Value::Bool(b)) => a == b,
        (GoValue::Float(a), Value::Number(b)) => b.as_f64() == Some(*a),
        (GoValue::Str(a), Value::String(b)) => a.as_bytes() == b.as_bytes(),
        (GoValue::List(a), Value::Array(b)) => {
            let items: Vec<GoValue> = a.clone().into_items();
            items.len() == b.len() && items.iter().zip(b).all(|(a, b)| same(a, b))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_keep_their_order_and_are_read_again() {
        let value = json!({
            "b": 1, "a": [1, [2, 3], {"x": "y", "z": {}}, []], "n": null, "on": "yes", "~": "~", "": "",
            "<<": "merge", "y": true, "1": "1", "text": "one\ntwo\n", "kept": "one\n\n", "odd": " one\ntwo",
            "trail": "a \nb", "c1": "\u{85}\u{7f}\u{0}\u{1f600}", "long": "word ".repeat(40), "colon": "a: b # c",
            "brace": "{{ .x }}", "list": ["a, b", "- c", "1e3", "0o7", "0x1"], "deep": {"a": {"b": {"c": "d\ne"}}},
        });
        let text = block(&value);
        assert!(reads_as(&text, &value), "{text}");
        insta::assert_snapshot!(text);
        for (key, value) in value.as_object().unwrap() {
            let line = format!("{}: {}", self::key(key), scalar(value));
            assert!(!line.contains('\n'), "{line}");
            assert!(reads_as(&line, &json!({key: value})), "{line}");
        }
    }

    #[test]
    fn scalars_alone() {
        for (value, want) in [
            (json!({}), "{}"),
            (json!([]), "[]"),
            (json!("a"), "a"),
            (json!("true"), "\"true\""),
            (json!(1.5), "1.5"),
            (json!("a\nb"), "|-\n  a\n  b"),
        ] {
            let text = block(&value);
            assert!(reads_as(&text, &value), "{text}");
            assert_eq!(text, want, "{value}");
        }
        assert_eq!(entries(&Map::new()), "");
    }
}
