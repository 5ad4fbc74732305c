//! Values as JSON that people read: what fits on a line is on one.

use serde_json::Value;

/// How wide a line may be for a list or an object to stay on it.
const WIDTH: usize = 120;

/// Writes a value with two spaces a level and a line break at the end. Entries keep their order.
#[cfg(any(test, feature = "schema"))]
pub(crate) fn json_text(value: &Value) -> String {
    let mut out = Vec::new();
    write(&mut out, value, 0);
    out.push(b'\n');
    text(out)
}

/// Writes an object over several lines, with two spaces a level and a line break at the end. Entries keep their order.
///
/// Its last entry, `table`, holds values that [`part_text`] has written already.
pub(crate) fn json_text_with(object: &Value, table: &str, parts: &[(&str, &str)]) -> String {
    let mut out = vec![b'{'];
    let mut count = 0;
    for (key, value) in object.as_object().expect("only objects are written with a table") {
        entry(&mut out, count, key, 2);
        write(&mut out, value, 2);
        count += 1;
    }
    entry(&mut out, count, table, 2);
    out.push(b'{');
    for (i, (key, text)) in parts.iter().enumerate() {
        entry(&mut out, i, key, 4);
        out.extend_from_slice(text.as_bytes());
    }
    if !parts.is_empty() {
        line(&mut out, 2);
    }
    out.push(b'}');
    end(&mut out, b'}', 0);
    out.push(b'\n');
    text(out)
}

/// Writes a value as a cell of a table, by its key there.
pub(crate) fn part_text(value: &Value, key: &str) -> String {
    let mut out = Vec::new();
    line(&mut out, 4);
    scalar(&mut out, key);
    out.extend_from_slice(b": ");
    let start = out.len();
    write(&mut out, value, 4);
    text(out.split_off(start))
}

fn text(out: Vec<u8>) -> String {
    String::from_utf8(out).expect("serde_json writes UTF-8, and so do we")
}

/// A value whose own line is indented by `indent` and already begun.
fn write(out: &mut Vec<u8>, value: &Value, indent: usize) {
    let start = out.len();
    let line = out.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    // One more for the comma behind it.
    if inline(out, value, line + WIDTH - 1) {
        return;
    }
    out.truncate(start);
    match value {
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                next(out, i, indent + 2);
                write(out, item, indent + 2);
            }
            end(out, b']', indent);
        }
        Value::Object(map) => {
            out.push(b'{');
            for (i, (key, value)) in map.iter().enumerate() {
                entry(out, i, key, indent + 2);
                write(out, value, indent + 2);
            }
            end(out, b'}', indent);
        }
        _ => scalar(out, value),
    }
}

/// Writes a value on one line; false, with part of it written, if that line would end behind `end`.
fn inline(out: &mut Vec<u8>, value: &Value, end: usize) -> bool {
    match value {
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                separate(out, i);
                if !inline(out, item, end) {
                    return false;
                }
            }
            out.push(b']');
        }
        Value::Object(map) => {
            out.push(b'{');
            for (i, (key, value)) in map.iter().enumerate() {
                separate(out, i);
                scalar(out, key);
                out.extend_from_slice(b": ");
                if !inline(out, value, end) {
                    return false;
                }
            }
            out.push(b'}');
        }
        _ => scalar(out, value),
    }
    out.len() <= end
}

fn separate(out: &mut Vec<u8>, index: usize) {
    if index > 0 {
        out.extend_from_slice(b", ");
    }
}

fn next(out: &mut Vec<u8>, index: usize, indent: usize) {
    if index > 0 {
        out.push(b',');
    }
    line(out, indent);
}

/// Begins an entry of an object on a line of its own.
fn entry(out: &mut Vec<u8>, index: usize, key: &str, indent: usize) {
    next(out, index, indent);
    scalar(out, key);
    out.extend_from_slice(b": ");
}

fn end(out: &mut Vec<u8>, bracket: u8, indent: usize) {
    line(out, indent);
    out.push(bracket);
}

fn line(out: &mut Vec<u8>, indent: usize) {
    out.push(b'\n');
    out.resize(out.len() + indent, b' ');
}

/// A key, or a value without others in it, which is JSON whatever it is.
fn scalar<T: serde::Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    serde_json::to_writer(out, value).expect("texts and values are always JSON, and a vector takes all of it");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_fits_stands_on_a_line() {
        let value = json!({"type": ["object", "null"], "a\"b": {}, "c": [], "n": [1, 2.5, null, true, "ä\n"]});
        let line = r#"{"type": ["object", "null"], "a\"b": {}, "c": [], "n": [1, 2.5, null, true, "ä\n"]}"#;
        assert_eq!(json_text(&value), format!("{line}\n"));
    }

    #[test]
    fn what_does_not_fit_is_broken_from_the_outside() {
        let long = "x".repeat(70);
        let value = json!({"one": {"about": long, "type": "string"}, "two": {"about": long, "enum": [long, long]}});
        let text = json_text(&value);
        let wanted = "{
  \"one\": {\"about\": \"X\", \"type\": \"string\"},
  \"two\": {
    \"about\": \"X\",
    \"enum\": [
      \"X\",
      \"X\"
    ]
  }
}
";
        assert_eq!(text, wanted.replace('X', &long));
    }

    #[test]
    fn lines_are_as_wide_as_they_may_be() {
        // Two spaces, the key, brackets, quotes, and the comma after all but the last.
        for (more, lines) in [(0, 4), (1, 6)] {
            let text = "x".repeat(WIDTH - 2 - 5 - 2 - 2 - 1 + more);
            let value = json!({"a": [text], "b": 0});
            assert_eq!(json_text(&value).lines().count(), lines, "{}", json_text(&value));
        }
    }

    #[test]
    fn parts_stand_as_if_written_at_once() {
        let long = "x".repeat(100);
        let part = json!({"about": long, "type": "string", "properties": {"a": {}}});
        let head = json!({"title": "t", "properties": {"a": {"about": long}, "b": [long, long]}});
        for parts in [vec![], vec![("one", json!(true))], vec![("one", part.clone()), ("tw\"o", part)]] {
            let texts: Vec<String> = parts.iter().map(|(key, value)| part_text(value, key)).collect();
            let named: Vec<(&str, &str)> = parts.iter().zip(&texts).map(|((k, _), t)| (*k, t.as_str())).collect();
            let mut whole = head.clone();
            whole["$defs"] = parts.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
            let text = json_text_with(&head, "$defs", &named);
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), whole);
            // A table that fits is written on one line, were it a value.
            assert!(parts.len() == 1 || text == json_text(&whole), "{text}");
        }
        assert_eq!(json_text_with(&json!({}), "a", &[]), "{\n  \"a\": {}\n}\n");
    }

    #[test]
    fn it_is_the_same_value() {
        let mut value = json!({"": "\u{1}\"\\/", "number": -1.5e300, "none": null, "big": u64::MAX});
        for i in 0..40 {
            value = if i % 2 == 0 { json!([value, i]) } else { json!({"inner": value, "text": "x".repeat(i)}) };
        }
        assert_eq!(serde_json::from_str::<Value>(&json_text(&value)).unwrap(), value);
    }
}
