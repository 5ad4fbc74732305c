//! Reading only a part of a document, after checking all of it.

use govalue::{Map, Value};

use super::decode::{MAX_JSON_DEPTH, Numbers, decode};
use super::error::{Problem, YamlError};
use super::parse::{EventKind, Parser, Tag};
use super::reader::Input;
use super::resolve::{Resolved, Version, resolve};
use super::skim;
use super::tree::{Document, MAX_TEXT, Node, NodeId, NodeKind};

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
    if src.len() <= MAX_TEXT {
        let input = Input::new(src);
        if let Some(value) = skimmed(&input, wanted) {
            return Ok(value);
        }
        if let Some((nodes, owned)) = (Part { nodes: Vec::new(), open: Vec::new() }).read(&input, wanted)? {
            let doc = Document::from_parts(input, owned, nodes);
            if let Ok(value) = decode(&doc, Numbers::Keep) {
                return Ok(value);
            }
        }
    }
    // Something uncommon: all in order, for the right error if there is one.
    decode(&Document::parse(src)?, Numbers::Keep)
}

/// What is wanted of a simple document, of which nothing else is read.
fn skimmed(input: &Input<'_>, wanted: &[Wanted]) -> Option<Value> {
    if input.error.is_some() {
        return None;
    }
    let text = &input.text;
    let mut kept = Vec::new();
    for (key, entry) in skim::entries(text)? {
        let key = text.get(key)?;
        if wanted.iter().any(|w| w.key.as_bytes().eq_ignore_ascii_case(key)) {
            kept.extend_from_slice(text.get(entry)?);
        }
    }
    if kept.is_empty() {
        return Some(Value::Map(Map::new()));
    }
    let input = Input::new(&kept);
    let (nodes, owned) = (Part { nodes: Vec::new(), open: Vec::new() }).read(&input, wanted).ok()??;
    decode(&Document::from_parts(input, owned, nodes), Numbers::Keep).ok()
}

/// A collection that is being read.
struct Open<'w> {
    mapping: bool,
    /// Whether a key comes next.
    at_key: bool,
    /// Its node, if it is kept.
    node: Option<usize>,
    /// What is wanted of it, if not all or nothing.
    wanted: &'w [Wanted],
    /// What becomes of the next value.
    next: Next<'w>,
}

/// What becomes of a value.
#[derive(Clone, Copy)]
enum Next<'w> {
    Skip,
    Keep,
    Some(&'w [Wanted]),
}

/// The nodes of the wanted part: nothing else of the document takes memory.
struct Part<'w> {
    nodes: Vec<Node>,
    open: Vec<Open<'w>>,
}

impl<'w> Part<'w> {
    /// Reads a document; `None` where there is something uncommon: another top
    /// than a mapping, aliases, tags, merges, keys and numbers that JSON has not.
    ///
    /// # Errors
    /// If the text is no YAML.
    #[expect(clippy::type_complexity, reason = "the parts of a document")]
    fn read(mut self, input: &Input<'_>, wanted: &'w [Wanted]) -> Result<Option<(Vec<Node>, Vec<u8>)>, Problem> {
        let mut parser = Parser::new(input);
        let mut next = Next::Some(wanted);
        loop {
            let event = parser.next()?;
            let (kind, mapping) = match event.kind {
                EventKind::DocumentStart => continue,
                EventKind::StreamEnd | EventKind::DocumentEnd => break,
                EventKind::SequenceEnd | EventKind::MappingEnd => {
                    let end = NodeId::after_all(&self.nodes);
                    let open = self.open.pop().expect("the parser ends only what it began");
                    // What is skipped has no node.
                    if let Some(node) = open.node {
                        self.nodes[node].link = end;
                    }
                    continue;
                }
                EventKind::Alias(_) => return Ok(None),
                EventKind::Scalar { .. } => (NodeKind::Scalar, false),
                EventKind::SequenceStart { .. } => (NodeKind::Sequence, false),
                EventKind::MappingStart { .. } => (NodeKind::Mapping, true),
            };
            let is_root = self.open.is_empty();
            if event.tag != Tag::None || (is_root && !mapping) {
                return Ok(None);
            }
            let mut is_key = false;
            if let Some(top) = self.open.last_mut() {
                is_key = top.mapping && top.at_key;
                top.at_key = !is_key;
                next = top.next;
            }
            let mut node = Node::new(kind, &event);
            if let EventKind::Scalar { text, style, implicit } = event.kind {
                let content = parser.scanner.text(text);
                if is_key {
                    if !is_common_key(content, implicit) {
                        return Ok(None);
                    }
                    next = self.key(content);
                } else if implicit && !is_finite(content) {
                    return Ok(None);
                }
                (node.text, node.style, node.implicit) = (text, style, implicit);
            } else {
                // The caller's mappings are around it.
                if is_key || self.open.len() + 16 > MAX_JSON_DEPTH {
                    return Ok(None);
                }
                let kept = !matches!(next, Next::Skip);
                self.open.push(Open {
                    mapping,
                    at_key: mapping,
                    node: kept.then_some(self.nodes.len()),
                    wanted: if let (Next::Some(wanted), true) = (next, mapping) { wanted } else { &[] },
                    next: if kept { Next::Keep } else { Next::Skip },
                });
            }
            if !matches!(next, Next::Skip) {
                self.nodes.push(node);
            }
        }
        Ok((!self.nodes.is_empty()).then(|| (self.nodes, parser.scanner.into_owned())))
    }

    /// What becomes of a key of the innermost mapping, and of its value.
    fn key(&mut self, text: &[u8]) -> Next<'w> {
        let Some(top) = self.open.last_mut() else { return Next::Skip };
        if !top.wanted.is_empty() {
            top.next = match top.wanted.iter().find(|w| w.key.as_bytes().eq_ignore_ascii_case(text)) {
                None => Next::Skip,
                Some(found) if found.below.is_empty() => Next::Keep,
                Some(found) => Next::Some(found.below),
            };
        }
        top.next
    }
}

/// Whether a key is a plain string, number or boolean: no merge, nothing that
/// JSON has not.
fn is_common_key(text: &[u8], implicit: bool) -> bool {
    !implicit || (text != b"<<" && !matches!(resolve(text, Version::V2, false), Resolved::Null | Resolved::Uint(_)))
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
