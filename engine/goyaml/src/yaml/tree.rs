//! A document as a tree of nodes with their places in the text.

use std::borrow::Cow;

use govalue::Index;

use super::decode::{is_merge, key_text};
use super::error::{Problem, YamlError};
use super::parse::{Event, EventKind, Parser, Tag};
use super::reader::Input;
use super::scalar::{Scalar, scalar, scalar_v3};
use super::scan::token::{Mark, Span, Style};

/// Texts beyond this are refused: offsets take 32 bits.
pub(crate) const MAX_TEXT: usize = 1 << 30;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A scalar.
    Scalar,
    /// A sequence.
    Sequence,
    /// A mapping.
    Mapping,
    /// `*name`
    Alias,
}

/// A node of a [`Document`], by its place in document order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeId(u32);

impl NodeId {
    /// The node that comes after as many: [`MAX_TEXT`] is far below what 32 bits count.
    pub(crate) fn after_all(nodes: &[Node]) -> NodeId {
        NodeId(nodes.len() as u32)
    }

    /// The first child of a collection; behind the node where it has none.
    pub(crate) fn inside(self) -> NodeId {
        NodeId(self.0 + 1)
    }

    /// Its place.
    pub(crate) fn place(self) -> usize {
        self.0 as usize
    }
}

impl std::ops::Index<NodeId> for Document<'_> {
    type Output = Node;

    fn index(&self, id: NodeId) -> &Node {
        &self.nodes[id.place()]
    }
}

/// A node. Nodes lie in document order: children right behind their parent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) style: Style,
    pub(crate) tag: Tag,
    /// Whether a scalar's type is to be found out by its text.
    pub(crate) implicit: bool,
    /// Whether a collection is written in `[…]` or `{…}`.
    pub(crate) flow: bool,
    pub(crate) start: Mark,
    /// Where it ends, in bytes from the start.
    pub(crate) end: u32,
    /// A scalar's text, or an alias's name.
    pub(crate) text: Span,
    /// A collection's next sibling, or the node that an alias stands for.
    pub(crate) link: NodeId,
}

impl Node {
    /// A node that an event starts; what only scalars or collections have is for
    /// the caller to fill in.
    pub(crate) fn new(kind: NodeKind, event: &Event) -> Node {
        Node {
            kind,
            style: Style::Plain,
            tag: event.tag,
            implicit: false,
            flow: false,
            start: event.start,
            end: event.end.offset,
            text: Span::default(),
            link: NodeId::default(),
        }
    }
}

/// The first document of a text, parsed but not yet resolved.
///
/// ```
/// use goyaml::yaml::Document;
/// let doc = Document::parse(b"image:\n  tag: v1 # pinned\n").unwrap();
/// let (key, image) = doc.root().unwrap().entries().next().unwrap();
/// assert_eq!(key.text(), b"image");
/// let (_, tag) = image.entries().next().unwrap();
/// assert_eq!((tag.start().line, tag.start().column, tag.text()), (1, 7, &b"v1"[..]));
/// ```
pub struct Document<'a> {
    source: Cow<'a, [u8]>,
    owned: Vec<u8>,
    pub(crate) nodes: Vec<Node>,
    /// How long the byte order mark was that is not in `source`.
    mark_len: usize,
}

impl<'a> Document<'a> {
    /// Parses the first document.
    ///
    /// # Errors
    /// If the text is no YAML, or has an alias of an unknown anchor.
    pub fn parse(src: &'a [u8]) -> Result<Document<'a>, YamlError> {
        if src.len() > MAX_TEXT {
            return Err(YamlError::converting("yaml: input is too large"));
        }
        let input = Input::new(src);
        let (nodes, owned) = build(&input)?;
        Ok(Document::from_parts(input, owned, nodes))
    }

    /// A document of nodes that were made of an input.
    pub(crate) fn from_parts(input: Input<'a>, owned: Vec<u8>, nodes: Vec<Node>) -> Document<'a> {
        Document { mark_len: input.skipped, source: input.text, owned, nodes }
    }

    /// The top node; none in an empty text.
    pub fn root(&self) -> Option<NodeRef<'_>> {
        (!self.nodes.is_empty()).then_some(NodeRef { doc: self, id: NodeId::default() })
    }

    /// The decoded text that offsets point into: in UTF-8, and without a byte
    /// order mark.
    pub fn source(&self) -> &[u8] {
        &self.source
    }

    /// How many bytes the byte order mark took in the original text.
    pub fn mark_len(&self) -> usize {
        self.mark_len
    }

    pub(crate) fn text(&self, span: Span) -> &[u8] {
        let from: &[u8] = if span.owned { &self.owned } else { &self.source };
        &from[span.start as usize..span.end as usize]
    }

    /// What comes behind a node and all that is in it.
    pub(crate) fn after(&self, id: NodeId) -> NodeId {
        match self[id] {
            Node { kind: NodeKind::Sequence | NodeKind::Mapping, link, .. } => link,
            _ => id.inside(),
        }
    }
}

fn build(input: &Input<'_>) -> Result<(Vec<Node>, Vec<u8>), Problem> {
    let mut parser = Parser::new(input);
    // A line makes about two nodes, half of the lines are comments or empty.
    let mut nodes: Vec<Node> = Vec::with_capacity(input.text.len() / 24);
    let mut open: Vec<NodeId> = Vec::new();
    let mut anchors: Index<NodeId> = Index::default();
    loop {
        let event = parser.next()?;
        let id = NodeId::after_all(&nodes);
        let mut node = Node::new(NodeKind::Scalar, &event);
        match event.kind {
            EventKind::StreamEnd | EventKind::DocumentEnd => break,
            EventKind::DocumentStart => continue,
            EventKind::Scalar { text, style, implicit } => {
                node.text = text;
                node.style = style;
                node.implicit = implicit;
            }
            EventKind::SequenceStart { flow } => {
                node.kind = NodeKind::Sequence;
                node.flow = flow;
                open.push(id);
            }
            EventKind::MappingStart { flow } => {
                node.kind = NodeKind::Mapping;
                node.flow = flow;
                open.push(id);
            }
            EventKind::SequenceEnd | EventKind::MappingEnd => {
                let open = open.pop().expect("the parser ends only what it began");
                let node = &mut nodes[open.place()];
                node.link = id;
                node.end = event.end.offset;
                continue;
            }
            EventKind::Alias(name) => {
                let name_text = parser.scanner.text(name);
                let Some(target) = anchors.get(name_text) else {
                    return Err(Problem::unknown_anchor(name_text, event.start.line));
                };
                node.kind = NodeKind::Alias;
                node.text = name;
                node.link = *target;
            }
        }
        if let Some(name) = event.anchor {
            anchors.insert(parser.scanner.text(name), id);
        }
        nodes.push(node);
    }
    Ok((nodes, parser.scanner.into_owned()))
}

/// A node of a [`Document`].
#[derive(Clone, Copy)]
pub struct NodeRef<'d> {
    doc: &'d Document<'d>,
    id: NodeId,
}

impl<'d> NodeRef<'d> {
    fn node(self) -> &'d Node {
        &self.doc[self.id]
    }

    /// What it is.
    pub fn kind(self) -> NodeKind {
        self.node().kind
    }

    /// How a scalar was written.
    pub fn style(self) -> Style {
        self.node().style
    }

    /// Its tag.
    pub fn tag(self) -> Tag {
        self.node().tag
    }

    /// Whether a scalar's type is to be found out by its text: it has neither
    /// quotes nor tag.
    pub fn is_implicit(self) -> bool {
        self.node().implicit
    }

    /// Whether a collection is written in `[…]` or `{…}`.
    pub fn is_flow(self) -> bool {
        self.node().flow
    }

    /// Where it starts.
    pub fn start(self) -> Mark {
        self.node().start
    }

    /// Where it ends, in bytes from the start. Block collections end where the
    /// next token starts.
    pub fn end_offset(self) -> usize {
        self.node().end as usize
    }

    /// A scalar's text, unfolded and without escapes; an alias's name.
    pub fn text(self) -> &'d [u8] {
        self.doc.text(self.node().text)
    }

    /// What a scalar stands for, by its tag or its text, as `sigs.k8s.io/yaml` resolves it.
    ///
    /// ```
    /// use goyaml::yaml::{Document, Scalar};
    /// let doc = Document::parse(b"0x10").unwrap();
    /// assert!(matches!(doc.root().unwrap().scalar(), Ok(Scalar::Int(16))));
    /// ```
    ///
    /// # Errors
    /// If the text does not fit its tag, with go-yaml's message.
    pub fn scalar(self) -> Result<Scalar<'d>, String> {
        scalar(self.doc, self.node())
    }

    /// What a scalar stands for to go-yaml v3, to which `yes` and `on` are text; null for anything else.
    ///
    /// ```
    /// use goyaml::yaml::{Document, Scalar};
    /// let doc = Document::parse(b"yes").unwrap();
    /// assert!(matches!(doc.root().unwrap().scalar_v3(), Scalar::Str(s) if &*s == b"yes"));
    /// ```
    pub fn scalar_v3(self) -> Scalar<'d> {
        match self.kind() {
            NodeKind::Scalar => scalar_v3(self.doc, self.node()),
            _ => Scalar::Null,
        }
    }

    /// A scalar's text as the key of a map; `None` where JSON has no such key (`null`, an integer beyond `int64`).
    pub fn key(self) -> Option<Vec<u8>> {
        let text = key_text(&self.scalar().ok()?).ok()?;
        Some(text.as_bytes().to_vec())
    }

    /// Whether it is the key `<<`, whose value is merged into the mapping.
    pub fn is_merge(self) -> bool {
        is_merge(self.doc, self.node())
    }

    /// The node that an alias stands for; any other node itself.
    pub fn target(self) -> NodeRef<'d> {
        match self.kind() {
            NodeKind::Alias => NodeRef { doc: self.doc, id: self.node().link },
            _ => self,
        }
    }

    /// The items of a sequence; the keys and values of a mapping by turns.
    pub fn children(self) -> impl Iterator<Item = NodeRef<'d>> {
        let doc = self.doc;
        let end = match self.kind() {
            NodeKind::Sequence | NodeKind::Mapping => self.node().link,
            _ => NodeId::default(),
        };
        let mut next = self.id.inside();
        std::iter::from_fn(move || {
            let id = next;
            if id >= end {
                return None;
            }
            next = doc.after(id);
            Some(NodeRef { doc, id })
        })
    }

    /// The entries of a mapping, as written.
    pub fn entries(self) -> impl Iterator<Item = (NodeRef<'d>, NodeRef<'d>)> {
        let mut children = (self.kind() == NodeKind::Mapping).then(|| self.children());
        std::iter::from_fn(move || {
            let children = children.as_mut()?;
            Some((children.next()?, children.next()?))
        })
    }
}
