//! Objects as trees of nodes, as kyaml has them: scalars keep their text, so
//! that `1.0` as a label is not `1`.

use govalue::{List, Map, Str, Value};
use goyaml::yaml::v3::{plain_tag, refolded, tag_of, value_of};
use goyaml::yaml::{Document, NodeKind, NodeRef, Style, Tag};

use crate::error::PostRenderError;

/// How deep objects may nest; Kubernetes' own are far from it.
const MAX_DEPTH: usize = 500;

/// How many nodes a document may have after its aliases are followed.
const MAX_NODES: usize = 2_000_000;

/// How often a folded text is written and read between the template's output
/// and kustomize's result: by Helm, and by kustomize.
const REWRITES: usize = 2;

/// A node of an object.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<(Scalar, Node)>),
}

/// A text with its type.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scalar {
    /// The text as it is written, without quotes.
    pub(super) text: Str,
    /// Its type; [`Tag::None`] where it is found out by the text when it is read next.
    pub(super) tag: Tag,
    /// Whether it is written without quotes.
    pub(super) plain: bool,
    /// Whether a null is kept when a patch is merged.
    pub(super) keep: bool,
}

impl Scalar {
    /// A string.
    pub(super) fn string(text: impl Into<Str>) -> Scalar {
        let text = text.into();
        let plain = plain_tag(&text) == Tag::Str;
        Scalar { text, tag: Tag::Str, plain, keep: false }
    }

    /// A text without quotes, whatever it means.
    pub(super) fn untyped(text: impl Into<Str>) -> Scalar {
        Scalar { text: text.into(), tag: Tag::None, plain: true, keep: false }
    }

    fn is_string(&self) -> bool {
        match self.tag {
            Tag::None => !self.plain || plain_tag(&self.text) == Tag::Str,
            tag => tag == Tag::Str,
        }
    }

    fn value(&self) -> Result<Value, String> {
        match self.tag {
            Tag::None if !self.plain => Ok(Value::Str(self.text.clone())),
            tag => value_of(&self.text, tag),
        }
    }
}

impl From<Scalar> for Node {
    fn from(scalar: Scalar) -> Node {
        Node::Scalar(scalar)
    }
}

impl Node {
    /// Reads the first document of a text; `None` where there is nothing in it.
    pub(super) fn parse(text: &[u8]) -> Result<Option<Node>, PostRenderError> {
        let document = document(text)?;
        let Some(root) = document.root() else { return Ok(None) };
        let node = Reader { left: MAX_NODES }.read(root, 0, false)?;
        Ok(Some(node).filter(|n| !n.is_null()))
    }

    /// The objects of the first document of a text: the items of a `List`, any
    /// other object itself (kyaml's `ByteReader`).
    ///
    /// Helm writes each item as a document of its own. An alias whose anchor is
    /// not in its item cannot be read again then: [`Objects::unknown`] has the error.
    pub(super) fn parse_objects(text: &[u8]) -> Result<Objects, PostRenderError> {
        let document = document(text)?;
        let Some(root) = document.root() else { return Ok(Objects::default()) };
        let node = Reader { left: MAX_NODES }.read(root, 0, false)?;
        let unknown = list_items(root, &node).and_then(|items| items.into_iter().find_map(unknown_anchor));
        let list = if node.is_null() { Vec::new() } else { unwrapped(node) };
        Ok(Objects { list, unknown })
    }

    /// The node of a value that came through JSON.
    pub(super) fn from_value(value: &Value) -> Node {
        let typed = |text: String, tag| Scalar { text: Str::from(text), tag, plain: true, keep: false };
        match value {
            Value::Nil => typed("null".into(), Tag::Null).into(),
            Value::Bool(b) => typed(b.to_string(), Tag::Bool).into(),
            Value::Int(n) => typed(n.to_string(), Tag::Int).into(),
            Value::Str(text) => Scalar::string(text.clone()).into(),
            Value::List(list) => Node::List(list.iter().map(Node::from_value).collect()),
            Value::Map(map) => {
                Node::Map(map.borrow().iter().map(|(k, v)| (Scalar::string(k.clone()), Node::from_value(v))).collect())
            }
            number => {
                let text = goyaml::yaml::to_yaml(number).expect("a number can be written");
                let text = text.trim_ascii_end();
                Scalar { text: Str::from(text), tag: plain_tag(text), plain: true, keep: false }.into()
            }
        }
    }

    /// The value that Go's JSON has of the node: the way of everything that
    /// leaves kustomize.
    pub(super) fn to_value(&self) -> Result<Value, String> {
        self.value(true)
    }

    fn value(&self, top: bool) -> Result<Value, String> {
        Ok(match self {
            Node::Scalar(scalar) => match scalar.value()? {
                Value::Float(f) if !f.is_finite() => {
                    let name = if f.is_nan() {
                        "NaN"
                    } else if f > 0.0 {
                        "+Inf"
                    } else {
                        "-Inf"
                    };
                    return Err(format!("json: unsupported value: {name}"));
                }
                // JSON has no -0 here.
                Value::Float(0.0) => Value::Int(0),
                value => value,
            },
            Node::List(items) => {
                Value::List(List::new(items.iter().map(|i| i.value(false)).collect::<Result<_, _>>()?))
            }
            Node::Map(entries) => {
                if !top && !entries.iter().all(|(key, _)| key.is_string()) {
                    return Err("json: unsupported type: map[interface {}]interface {}".into());
                }
                let map = Map::new();
                for (key, node) in entries {
                    if map.insert(key.text.clone(), node.value(false)?).is_some() {
                        return Err(format!("mapping key {:?} already defined", key.text.to_str_lossy()));
                    }
                }
                Value::Map(map)
            }
        })
    }

    /// Whether it is null, by its type.
    pub(super) fn is_null(&self) -> bool {
        matches!(self, Node::Scalar(Scalar { tag: Tag::Null, .. }))
    }

    /// Whether it is null, or a collection without items (`IsYNodeNilOrEmpty`).
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Node::Scalar(_) => self.is_null(),
            Node::List(items) => items.is_empty(),
            Node::Map(entries) => entries.is_empty(),
        }
    }

    /// The text of a scalar; empty for anything else.
    pub(super) fn text(&self) -> &[u8] {
        match self {
            Node::Scalar(scalar) => &scalar.text,
            _ => b"",
        }
    }

    /// The value at a key of a map.
    pub(super) fn get(&self, key: &[u8]) -> Option<&Node> {
        match self {
            Node::Map(entries) => entries.iter().find(|(k, _)| *k.text == *key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// The value at a key of a map, to be changed.
    pub(super) fn get_mut(&mut self, key: &[u8]) -> Option<&mut Node> {
        match self {
            Node::Map(entries) => entries.iter_mut().find(|(k, _)| *k.text == *key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// Sets a key of a map; a scalar keeps the quotes of the one before (`FieldSetter`).
    pub(super) fn set(&mut self, key: &[u8], mut value: Node) {
        let Node::Map(entries) = self else { return };
        match entries.iter_mut().find(|(k, _)| *k.text == *key) {
            Some((_, old)) => {
                if let (Node::Scalar(old), Node::Scalar(new)) = (&*old, &mut value) {
                    new.plain = old.plain;
                }
                *old = value;
            }
            None => entries.push((Scalar::untyped(key), value)),
        }
    }

    /// Removes a key of a map.
    pub(super) fn remove(&mut self, key: &[u8]) -> Option<Node> {
        let Node::Map(entries) = self else { return None };
        let at = entries.iter().position(|(k, _)| *k.text == *key)?;
        Some(entries.remove(at).1)
    }

    /// The map at a key, created if missing or null.
    pub(super) fn map_at(&mut self, key: &[u8]) -> Option<&mut Node> {
        if !matches!(self, Node::Map(_)) {
            return None;
        }
        if self.get(key).is_none_or(Node::is_null) {
            self.remove(key);
            self.set(key, Node::Map(Vec::new()));
        }
        self.get_mut(key)
    }

    /// What kind of node it is, in kyaml's words.
    pub(super) fn kind_name(&self) -> &'static str {
        match self {
            Node::Scalar(_) => "ScalarNode",
            Node::List(_) => "SequenceNode",
            Node::Map(_) => "MappingNode",
        }
    }

    /// kyaml's error where another kind of node is wanted.
    pub(super) fn wrong_kind(&self, wanted: &str) -> String {
        let text = self.to_value().ok().and_then(|v| goyaml::yaml::to_yaml(&v).ok()).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        format!("wrong node kind: expected {wanted} but got {}: node contents:\n{text}", self.kind_name())
    }
}

/// The objects of a document.
#[derive(Default)]
pub(super) struct Objects {
    pub(super) list: Vec<Node>,
    /// Why what Helm writes of them cannot be read again.
    pub(super) unknown: Option<PostRenderError>,
}

fn document(text: &[u8]) -> Result<Document<'_>, PostRenderError> {
    Document::parse(text)
        .map_err(|e| PostRenderError::new(format!("MalformedYAMLError: {}", e.bare_message())).at_line(e.line()))
}

/// Whether a document is taken apart into its items.
fn is_list(node: &Node) -> bool {
    let kind = node.get(b"kind").map(Node::text).unwrap_or_default();
    matches!(kind, b"List" | b"ResourceList") && (node.get(b"items").is_some() || node.get(b"functionConfig").is_some())
}

/// The items of a `List`; any other object itself.
pub(super) fn unwrapped(node: Node) -> Vec<Node> {
    if !is_list(&node) {
        return vec![node];
    }
    match node.get(b"items") {
        Some(Node::List(items)) => items.clone(),
        _ => Vec::new(),
    }
}

/// The items of a `List` as they are written.
fn list_items<'d>(root: NodeRef<'d>, node: &Node) -> Option<Vec<NodeRef<'d>>> {
    if !is_list(node) {
        return None;
    }
    let (_, items) = root.target().entries().find(|(key, _)| key.text() == b"items")?;
    Some(items.target().children().collect())
}

/// The error of reading an item by itself that has an alias for something outside of it.
fn unknown_anchor(item: NodeRef<'_>) -> Option<PostRenderError> {
    let start = item.start().offset;
    let mut left = vec![item];
    while let Some(node) = left.pop() {
        if node.kind() == NodeKind::Alias && node.target().start().offset < start {
            let name = String::from_utf8_lossy(node.text());
            let message = format!("MalformedYAMLError: yaml: unknown anchor '{name}' referenced");
            return Some(PostRenderError::new(message).at_line(Some(node.start().line as usize + 1)));
        }
        let mut below: Vec<NodeRef<'_>> = match node.kind() {
            NodeKind::Sequence => node.children().collect(),
            NodeKind::Mapping => node.entries().flat_map(|(key, value)| [key, value]).collect(),
            NodeKind::Alias | NodeKind::Scalar => Vec::new(),
        };
        below.reverse();
        left.append(&mut below);
    }
    None
}

/// Follows aliases and merges what follows `<<` (kyaml's `DeAnchor`).
struct Reader {
    left: usize,
}

impl Reader {
    /// `flow`: whether it is in brackets.
    fn read(&mut self, node: NodeRef<'_>, depth: usize, flow: bool) -> Result<Node, PostRenderError> {
        self.left = self.left.checked_sub(1).ok_or_else(|| PostRenderError::new("too many nodes behind aliases"))?;
        if depth > MAX_DEPTH {
            return Err(PostRenderError::new(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        match node.kind() {
            NodeKind::Alias => self.read(node.target(), depth + 1, flow),
            NodeKind::Scalar => {
                let scalar = read_scalar(node);
                // Helm writes an empty scalar in brackets as `''`.
                let written = flow && scalar.plain && scalar.text.is_empty();
                Ok(if written { Scalar::string("") } else { scalar }.into())
            }
            NodeKind::Sequence => Ok(Node::List(
                node.children().map(|n| self.read(n, depth + 1, flow || node.is_flow())).collect::<Result<_, _>>()?,
            )),
            NodeKind::Mapping => self.mapping(node, depth, flow || node.is_flow()),
        }
    }

    fn mapping(&mut self, node: NodeRef<'_>, depth: usize, flow: bool) -> Result<Node, PostRenderError> {
        let mut entries: Vec<(Scalar, Node)> = Vec::new();
        let mut merged = Vec::new();
        for (key, value) in node.entries() {
            let target = key.target();
            if target.kind() != NodeKind::Scalar {
                return Err(PostRenderError::new("a list or map as a key cannot be written as JSON"));
            }
            if tag_of(target) == Tag::Merge {
                merged.push(value);
            } else {
                entries.push((read_scalar(target), self.read(value, depth + 1, flow)?));
            }
        }
        for value in merged {
            let value = value.target();
            let maps = if value.kind() == NodeKind::Sequence { value.children().collect() } else { vec![value] };
            for map in maps {
                match self.read(map, depth + 1, flow)? {
                    Node::Map(more) => {
                        for (key, value) in more {
                            if entries.iter().all(|(k, _)| k.text != key.text) {
                                entries.push((key, value));
                            }
                        }
                    }
                    _ => return Err(PostRenderError::new("invalid map merge: received alias for a non-map value")),
                }
            }
        }
        Ok(Node::Map(entries))
    }
}

fn read_scalar(node: NodeRef<'_>) -> Scalar {
    let tag = tag_of(node);
    let mut text = Str::from(node.text());
    if node.style() == Style::Folded {
        for _ in 0..REWRITES {
            match refolded(&text) {
                Some(changed) => text = Str::from(changed),
                None => break,
            }
        }
    }
    Scalar { text, tag, plain: node.style() == Style::Plain, keep: false }
}
