//! Scalars by the rules of `go.yaml.in/yaml/v3`, which kyaml and kustomize
//! read YAML with: no `yes` and `on`, but `0o17`; timestamps are times.

use govalue::{Num, Str, Type, Value};

use super::emit::writes_literally;
use super::parse::Tag;
use super::resolve::{Resolved, Version, is_timestamp, resolve};
use super::scalar::{decode_base64, json_text};
use super::tree::{Document, NodeRef};

/// The type of a text that is written without quotes and tag.
///
/// ```
/// use goyaml::yaml::{Tag, v3::plain_tag};
/// assert_eq!((plain_tag(b"on"), plain_tag(b"0o7"), plain_tag(b"2001-01-01")), (Tag::Str, Tag::Int, Tag::Timestamp));
/// ```
pub fn plain_tag(text: &[u8]) -> Tag {
    match text {
        b"<<" => Tag::Merge,
        _ => resolve(text, Version::V3, true).tag(),
    }
}

/// The type of a scalar node.
pub fn tag_of(node: NodeRef<'_>) -> Tag {
    match node.tag() {
        Tag::None if node.is_implicit() => plain_tag(node.text()),
        Tag::None | Tag::Other => Tag::Str,
        tag => tag,
    }
}

/// The value of a scalar with this type, as it is after a way through JSON:
/// times and binary data are strings.
///
/// # Errors
/// If the text does not fit the type, with go-yaml's message.
pub fn value_of(text: &[u8], tag: Tag) -> Result<Value, String> {
    let resolved = match tag {
        Tag::Str | Tag::Merge | Tag::Other => return Ok(Value::from(text.to_vec())),
        Tag::Binary => {
            let bytes = decode_base64(text).ok_or("yaml: !!binary value contains invalid base64 data")?;
            return Ok(Value::from(json_text(bytes).into_owned()));
        }
        Tag::Timestamp if is_timestamp(text) => return Ok(Value::from(time_text(text))),
        Tag::None => resolve(text, Version::V3, true),
        _ => resolve(text, Version::V3, false),
    };
    Ok(match resolved {
        Resolved::Int(n) if tag == Tag::Float => Value::Float(n as f64),
        resolved if tag != Tag::None && resolved.tag() != tag => {
            let text = govalue::utf8::lossy(text);
            return Err(format!("yaml: cannot decode {} `{text}` as a {}", resolved.tag().short(), tag.short()));
        }
        Resolved::Null => Value::Nil,
        Resolved::Bool(b) => Value::Bool(b),
        Resolved::Int(n) => Value::Int(n),
        Resolved::Uint(n) => Value::Num(Num::uint(Type::Uint64, n)),
        Resolved::Float(f) => Value::Float(f),
        Resolved::Timestamp => Value::from(time_text(text)),
        Resolved::Str => Value::Str(Str::from(text)),
    })
}

/// A timestamp as `encoding/json` writes Go's time: `2001-01-01T00:00:00Z`.
fn time_text(text: &[u8]) -> String {
    let text = govalue::utf8::lossy(text);
    let (date, rest) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], text[at + 1..].trim_start_matches(' ')),
        None => (&*text, ""),
    };
    let two = |part: &str| format!("{part:0>2}");
    let date: Vec<String> = date.split('-').map(two).collect();
    let (clock, zone) = match rest.find(['Z', '+', '-']) {
        Some(at) => rest.split_at(at),
        None => (rest, "Z"),
    };
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    let mut parts: Vec<String> = clock.split(':').filter(|p| !p.is_empty()).map(two).collect();
    parts.resize(3, "00".into());
    let digits: String = fraction.chars().take(9).collect();
    let fraction = match digits.trim_end_matches('0') {
        "" => String::new(),
        digits => format!(".{digits}"),
    };
    let zone = if matches!(zone, "+00:00" | "-00:00") { "Z" } else { zone };
    format!("{}T{}{fraction}{zone}", date.join("-"), parts.join(":"))
}

/// The text of a folded scalar (`>`) after v3 has written it in that style and
/// read it again: line breaks around indented lines multiply. `None` where it
/// writes another style, or nothing changes.
pub fn refolded(text: &[u8]) -> Option<Vec<u8>> {
    if !text.contains(&b'\n') || !writes_literally(text) {
        return None;
    }
    let mut out = b">".to_vec();
    let is_break = |i: usize| text.get(i) == Some(&b'\n');
    let is_blank = |i: usize| matches!(text.get(i), Some(b' ' | b'\t'));
    if is_break(0) || text.first() == Some(&b' ') {
        out.push(b'2');
    }
    match text {
        [.., b'\n', b'\n'] | [b'\n'] => out.push(b'+'),
        [.., b'\n'] => {}
        _ => out.push(b'-'),
    }
    out.push(b'\n');
    // Go looks for the next line's start at the text's own.
    let start = (0..).find(|&i| !is_break(i)).unwrap_or(0);
    let doubles = start < text.len() && !is_blank(start);
    let (mut breaks, mut leading) = (true, true);
    for (i, &byte) in text.iter().enumerate() {
        if byte == b'\n' {
            if !breaks && !leading && doubles {
                out.push(b'\n');
            }
            out.push(b'\n');
            breaks = true;
            continue;
        }
        if breaks {
            out.extend_from_slice(b"  ");
            leading = is_blank(i);
        }
        out.push(byte);
        breaks = false;
    }
    if !breaks {
        out.push(b'\n');
    }
    let mut document = b"a: ".to_vec();
    document.extend_from_slice(&out);
    let document = Document::parse(&document).ok()?;
    let (_, value) = document.root()?.entries().next()?;
    (value.text() != text).then(|| value.text().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_as_kyaml_reads_them() {
        for (text, want) in [
            ("yes", "Str(\"yes\")"),
            ("0o17", "Int(15)"),
            ("017", "Int(15)"),
            ("1_000", "Int(1000)"),
            ("1.0", "Float(1.0)"),
            ("~", "Nil"),
            ("2001-01-01", "Str(\"2001-01-01T00:00:00Z\")"),
            ("2001-1-2t3:4:5.670+01:30", "Str(\"2001-01-02T03:04:05.67+01:30\")"),
            ("2001-12-14 21:59:43.10", "Str(\"2001-12-14T21:59:43.1Z\")"),
        ] {
            assert_eq!(format!("{:?}", value_of(text.as_bytes(), Tag::None).unwrap()), want, "{text}");
        }
        assert_eq!(value_of(b"a", Tag::Int).unwrap_err(), "yaml: cannot decode !!str `a` as a !!int");
    }

    #[test]
    fn folded_text_changes_when_it_is_written_again() {
        for (text, want) in [
            ("a\nb\n", None),
            ("a\n", None),
            ("cc\n  dd\n\nee\n", Some("cc\n\n  dd\n\nee\n")),
            ("a\n\n", Some("a\n\n\n")),
            ("a \nb", None),
        ] {
            assert_eq!(refolded(text.as_bytes()).as_deref(), want.map(str::as_bytes), "{text:?}");
        }
    }
}
