//! Values as a person would write them.

use goyaml::yaml::{Document, NodeKind, Scalar, Style};

use super::source::is_key;
use crate::value::Value;

/// A scalar or an empty collection on one line; collections in flow style.
pub(crate) fn scalar(value: &Value, in_flow: bool) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(true) => "true".to_owned(),
        Value::Bool(false) => "false".to_owned(),
        Value::Number(n) => n.text().to_owned(),
        Value::Text(text) if is_plain(text, in_flow) => text.to_string(),
        Value::Text(text) => quoted(text),
        Value::List(_) | Value::Map(_) => flow(value),
    }
}

/// A value on one line.
pub(crate) fn flow(value: &Value) -> String {
    match value {
        Value::List(list) => {
            let items: Vec<_> = list.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => {
            let entries: Vec<_> = map.iter().map(|(k, v)| format!("{}: {}", key(k, true), flow(v))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        value => scalar(value, true),
    }
}

/// A key of a map.
pub(crate) fn key(key: &str, in_flow: bool) -> String {
    let plain = is_plain(key, in_flow) || key.bytes().all(|b| b.is_ascii_digit()) && is_key(key);
    if plain { key.to_owned() } else { quoted(key) }
}

/// A collection that is not empty, as lines that are indented by so many spaces; without a line break at the end.
pub(crate) fn block(value: &Value, indent: usize) -> String {
    let mut out = String::new();
    lines(value, indent, &mut out);
    out
}

/// What stands behind `key:` or `-`, with its lines below.
///
/// The first part goes on the line of the key, the second below it; both may be empty.
pub(crate) fn tail(value: &Value, indent: usize) -> (String, String) {
    match value {
        Value::Text(text) if is_literal(text) => {
            let (chomping, body) = match text.strip_suffix('\n') {
                None => ("|-", &**text),
                Some(body) if body.ends_with('\n') => ("|+", body),
                Some(body) => ("|", body),
            };
            let mut out = String::new();
            for (i, line) in body.split('\n').enumerate() {
                if i > 0 {
                    out.push('\n');
                }
                if !line.is_empty() {
                    spaces(indent, &mut out);
                    out.push_str(line);
                }
            }
            (chomping.to_owned(), out)
        }
        value if value.is_scalar() || value.is_empty_collection() => (scalar(value, false), String::new()),
        value => (String::new(), block(value, indent)),
    }
}

/// The same behind the `-` of an item, where a collection starts on the line of its dash.
pub(crate) fn item_tail(value: &Value, indent: usize) -> (String, String) {
    let (head, body) = tail(value, indent);
    if !head.is_empty() {
        return (head, body);
    }
    let first = body.get(indent..).unwrap_or_default();
    match first.split_once('\n') {
        Some((first, rest)) => (first.to_owned(), rest.to_owned()),
        None => (first.to_owned(), String::new()),
    }
}

fn lines(value: &Value, indent: usize, out: &mut String) {
    let mut first = true;
    let mut start = |out: &mut String| {
        if !std::mem::take(&mut first) {
            out.push('\n');
        }
        spaces(indent, out);
    };
    match value {
        Value::Map(map) => {
            for (name, value) in map.iter() {
                start(out);
                out.push_str(&key(name, false));
                out.push(':');
                push_tail(tail(value, indent + 2), out);
            }
        }
        Value::List(list) => {
            for item in list.iter() {
                start(out);
                out.push('-');
                push_tail(item_tail(item, indent + 2), out);
            }
        }
        _ => {}
    }
}

fn push_tail((head, body): (String, String), out: &mut String) {
    if !head.is_empty() {
        out.push(' ');
        out.push_str(&head);
    }
    if !body.is_empty() {
        out.push('\n');
        out.push_str(&body);
    }
}

fn spaces(n: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', n));
}

/// Whether a string is best written as a block of lines.
fn is_literal(text: &str) -> bool {
    let inner = text.trim_end_matches('\n');
    // Indentation is found by the first line, so that one must not start with spaces.
    text.contains('\n')
        && !inner.is_empty()
        && !inner.starts_with([' ', '\n', '\t'])
        && text.split('\n').all(|line| !line.ends_with([' ', '\t']) && !line.starts_with('\t'))
        && !text.chars().any(|c| c != '\n' && c != '\t' && must_escape(c))
}

fn must_escape(c: char) -> bool {
    c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a string can stand without quotes: all readers must take it for that string.
fn is_plain(text: &str, in_flow: bool) -> bool {
    let simple = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/');
    // Longer words of these characters that start with a letter mean nothing else to anyone.
    if text.len() > 5 && text.bytes().all(simple) && text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return true;
    }
    if text.is_empty() || text.chars().any(must_escape) || text.starts_with(['-', '?', ':']) && text.len() == 1 {
        return false;
    }
    // A time, a date or a number to base 60 to some readers; a document's mark.
    if is_time_like(text) || text.starts_with("---") || text.starts_with("...") || text == "=" {
        return false;
    }
    let probe = if in_flow { format!("[{text}]") } else { format!("- {text}") };
    let Ok(document) = Document::parse(probe.as_bytes()) else { return false };
    let Some(list) = document.root().filter(|root| root.kind() == NodeKind::Sequence) else { return false };
    let mut items = list.children();
    let (Some(item), None) = (items.next(), items.next()) else { return false };
    let is_same = |scalar: &Scalar<'_>| matches!(scalar, Scalar::Str(s) if **s == *text.as_bytes());
    item.kind() == NodeKind::Scalar
        && item.style() == Style::Plain
        && item.is_implicit()
        && !item.is_merge()
        && item.scalar().is_ok_and(|s| is_same(&s))
        && is_same(&item.scalar_v3())
        // As a key's value, too.
        && Document::parse(format!("k: {text}").as_bytes())
            .is_ok_and(|d| d.root().is_some_and(|r| r.entries().any(|(_, v)| v.text() == text.as_bytes())))
}

fn is_time_like(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let clock = text.contains(':') && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'_'));
    clock || (digits == 4 && text.as_bytes().get(4) == Some(&b'-'))
}

/// A string in quotes: single ones where that spares escapes.
fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) && !text.chars().any(must_escape) && !text.contains('\'') {
        return format!("'{text}'");
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if must_escape(c) => {
                let code = u32::from(c);
                let digits = if code < 0x100 { 2 } else { 4 };
                out.push_str(if digits == 2 { "\\x" } else { "\\u" });
                for i in (0..digits).rev() {
                    out.extend(char::from_digit(code >> (4 * i) & 15, 16));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_where_they_would_be_something_else() {
        for (text, want) in [
            ("web", "web"),
            ("nginx:1.27", "nginx:1.27"),
            ("true", "\"true\""),
            ("yes", "\"yes\""),
            ("n", "\"n\""),
            ("null", "\"null\""),
            ("~", "\"~\""),
            ("", "\"\""),
            ("1.0", "\"1.0\""),
            ("0x1f", "\"0x1f\""),
            ("1_000", "\"1_000\""),
            ("1e3", "\"1e3\""),
            (".5", "\".5\""),
            ("12:30", "\"12:30\""),
            ("2001-01-01", "\"2001-01-01\""),
            ("1.27.3", "1.27.3"),
            ("500m", "500m"),
            ("8Gi", "8Gi"),
            ("a: b", "\"a: b\""),
            ("a #b", "\"a #b\""),
            ("a#b", "a#b"),
            ("#b", "\"#b\""),
            ("- a", "\"- a\""),
            ("-Xmx512m", "-Xmx512m"),
            ("-", "\"-\""),
            ("a, b", "a, b"),
            ("[a]", "\"[a]\""),
            ("{{ .x }}", "\"{{ .x }}\""),
            ("*", "\"*\""),
            ("@a", "\"@a\""),
            (" a", "\" a\""),
            ("a ", "\"a \""),
            ("a:", "\"a:\""),
            ("say \"hi\"", "say \"hi\""),
            ("\"hi\"", "'\"hi\"'"),
            ("it's", "it's"),
            ("'it's \"", "\"'it's \\\"\""),
            ("a\tb\u{1}", "\"a\\tb\\x01\""),
            ("<<", "\"<<\""),
            ("=", "\"=\""),
            ("---", "\"---\""),
        ] {
            assert_eq!(scalar(&text.into(), false), want, "{text:?}");
        }
        assert_eq!(scalar(&"a, b".into(), true), "\"a, b\"");
        assert_eq!((key("8080", false), key("0755", false)), ("8080".to_owned(), "\"0755\"".to_owned()));
    }
}
