//! Reading only a part of a document, after checking all of it.

use govalue::{Map, Str, Type, Value};

use super::decode::{Decoder, MAX_JSON_DEPTH, Numbers, decode, is_merge, key_text};
use super::error::YamlError;
use super::parse::Tag;
use super::resolve::{Resolved, Version, resolve};
use super::scalar::scalar;
use super::tree::{Document, Node, NodeKind};

/// A key whose value is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The key; case does not matter, as to `encoding/json`.
    pub key: &'static str,
    /// What is wanted of its mapping; nothing here: all of the value.
    pub below: &'static [Wanted],
}

impl Wanted {
    /// All of the value at a key.
    pub const fn all(key: &'static str) -> Wanted {
        Wanted { key, below: &[] }
    }

    /// Some keys of the mapping at a key.
    pub const fn some(key: &'static str, below: &'static [Wanted]) -> Wanted {
        Wanted { key, below }
    }
}

/// As [`from_yaml_typed`](super::from_yaml_typed), but leaves out what is not
/// wanted: much faster where a struct takes only a few fields.
///
/// The text is checked as a whole: it fails where `from_yaml_typed` does, with
/// the same message.
///
/// ```
/// use goyaml::yaml::{Wanted, from_yaml_part};
/// const HEAD: &[Wanted] = &[Wanted::all("kind"), Wanted::some("metadata", &[Wanted::all("name")])];
/// let v = from_yaml_part(b"kind: Pod\nmetadata: {name: x, labels: {}}\nspec: [1]", HEAD).unwrap();
/// assert_eq!(format!("{v:?}"), r#"Map({"kind": Str("Pod"), "metadata": Map({"name": Str("x")})})"#);
/// ```
///
/// # Errors
/// As [`from_yaml_typed`](super::from_yaml_typed).
pub fn from_yaml_part(src: &[u8], wanted: &[Wanted]) -> Result<Value, YamlError> {
    let doc = Document::parse(src)?;
    match doc.nodes.first() {
        Some(Node { kind: NodeKind::Mapping, .. }) => match part(&doc, 0, wanted) {
            Some(value) => Ok(value),
            // Something uncommon: all in order, for the right error if there is one.
            None => decode(&doc, Numbers::Keep),
        },
        _ => decode(&doc, Numbers::Keep),
    }
}

/// The wanted part of a mapping; `None` where there is something uncommon.
fn part(doc: &Document<'_>, index: u32, wanted: &[Wanted]) -> Option<Value> {
    let node = doc.nodes.get(index as usize)?;
    let mut entries = Vec::new();
    let mut next = index + 1;
    while next < node.link {
        let key = doc.nodes.get(next as usize)?;
        let value = next + 1;
        if !is_common_key(doc, key) {
            return None;
        }
        next = doc.after(value);
        let Some((text, found)) = find(doc, key, wanted) else {
            is_common(doc, value)?;
            continue;
        };
        let kind = doc.nodes.get(value as usize)?.kind;
        let value = if found.below.is_empty() || kind != NodeKind::Mapping {
            let mut decoder = Decoder::new(doc, Numbers::Keep);
            let decoded = decoder.run(value).ok()?;
            decoder.check(&decoded).ok()?;
            is_common(doc, value)?;
            decoded
        } else {
            part(doc, value, found.below)?
        };
        entries.push((text, value));
    }
    Some(Value::Map(Map::from_unsorted(Type::ANY_MAP, entries)))
}

fn find<'w>(doc: &Document<'_>, key: &Node, wanted: &'w [Wanted]) -> Option<(Str, &'w Wanted)> {
    let text = doc.text(key.text);
    let found = wanted.iter().find(|w| w.key.as_bytes().eq_ignore_ascii_case(text))?;
    // `on:` is not a key of that name.
    let text = key_text(&scalar(doc, key).ok()?).ok()?;
    found.key.as_bytes().eq_ignore_ascii_case(&text).then_some((text, found))
}

/// Whether a key is a plain string, number or boolean: no alias, merge or tag.
fn is_common_key(doc: &Document<'_>, key: &Node) -> bool {
    key.kind == NodeKind::Scalar
        && key.tag == Tag::None
        && !is_merge(doc, key)
        && (!key.implicit
            || !matches!(resolve(doc.text(key.text), Version::V2, false), Resolved::Null | Resolved::Uint(_)))
}

/// Checks that nothing under a node can fail to decode.
fn is_common(doc: &Document<'_>, root: u32) -> Option<()> {
    /// A collection being passed through.
    struct Open {
        end: u32,
        mapping: bool,
        at_key: bool,
    }
    let end = doc.after(root);
    let mut open: Vec<Open> = Vec::new();
    for index in root..end {
        while open.pop_if(|o| o.end <= index).is_some() {}
        let node = doc.nodes.get(index as usize)?;
        if node.tag != Tag::None {
            return None;
        }
        if let Some(top) = open.last_mut()
            && top.mapping
        {
            let is_key = top.at_key;
            top.at_key = !is_key;
            if is_key {
                is_common_key(doc, node).then_some(())?;
                continue;
            }
        }
        match node.kind {
            NodeKind::Alias => return None,
            NodeKind::Scalar if node.implicit && !is_finite(doc.text(node.text)) => return None,
            NodeKind::Scalar => {}
            // The caller's mappings are around it.
            _ if open.len() + 16 > MAX_JSON_DEPTH => return None,
            kind => open.push(Open { end: node.link, mapping: kind == NodeKind::Mapping, at_key: true }),
        }
    }
    Some(())
}

/// Whether plain text is none of `.inf`, `.nan` and the like.
fn is_finite(text: &[u8]) -> bool {
    match text {
        [b'.' | b'+' | b'-', ..] => !matches!(resolve(text, Version::V2, false), Resolved::Float(f) if !f.is_finite()),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::from_yaml_typed;
    use super::*;

    const WANTED: &[Wanted] = &[Wanted::all("kind"), Wanted::some("metadata", &[Wanted::all("name")])];

    #[test]
    fn only_what_is_wanted() {
        for (text, want) in [
            ("KIND: 1\nmetadata: x\nz: {a: [1, {b: 2}]}", r#"Map({"KIND": Int(1), "metadata": Str("x")})"#),
            ("kind: [a, {b: c}]", r#"Map({"kind": List([Str("a"), Map({"b": Str("c")})])})"#),
            ("metadata:\n  name: a\n  name: b\n  labels: {x: y}\n", r#"Map({"metadata": Map({"name": Str("b")})})"#),
            ("a: b", "Map({})"),
            ("", "Nil"),
            ("[1]", "List([Int(1)])"),
        ] {
            let got = from_yaml_part(text.as_bytes(), WANTED).unwrap();
            assert_eq!(format!("{got:?}"), want, "{text}");
        }
    }

    #[test]
    fn all_of_the_text_is_checked() {
        for text in [
            "kind: a\nx: {y: .nan}",
            "kind: a\nx: [{~: b}]",
            "kind: a\nx: [{[]: b}]",
            "kind: a\nx: !!int b",
            "kind: a\nx: *b",
            "kind: a\nx: {<<: 1}",
            "kind: .inf",
            "kind: a\n<<: 1",
            "kind: a\n18446744073709551615: 1",
            "kind: a\n b: c",
        ] {
            let want = from_yaml_typed(text.as_bytes()).unwrap_err();
            assert_eq!(from_yaml_part(text.as_bytes(), WANTED).unwrap_err(), want, "{text}");
        }
    }
}
