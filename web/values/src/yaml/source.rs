//! A text as nodes with their places.

use std::collections::HashMap;
use std::rc::Rc;

use goyaml::yaml::{Document, NodeKind, NodeRef, Scalar, Style, YamlError};

use super::TextError;
use crate::path::{Path, Step};
use crate::value::{Map, Number, Value};

/// The deepest nesting that is read: beyond it a page's stack would be at risk.
const MAX_DEPTH: usize = 100;
/// How many values a text may stand for, those of aliases counted each time.
const MAX_VALUES: usize = 1_000_000;

/// A text and its nodes. Offsets are those of the text, in bytes.
pub(crate) struct Source<'t> {
    pub(crate) text: &'t str,
    pub(crate) root: Option<Node>,
    /// Keys that stand twice in a map.
    pub(crate) repeated: Vec<Repeated>,
}

/// A key that stands in a map a second time: the last one counts, in Helm as here, and nobody says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeated {
    /// The key.
    pub key: Rc<str>,
    /// The line of the one that does not count, from 1.
    pub line: usize,
    /// The line of the next one.
    pub again: usize,
}

/// A node.
pub(crate) struct Node {
    /// Where it starts: at its anchor or tag, if it has one.
    pub(crate) start: usize,
    /// Behind its last character; comments and blank lines behind it are not part of it.
    pub(crate) end: usize,
    /// `|` or `>`
    pub(crate) is_block_scalar: bool,
    pub(crate) kind: Kind,
}

/// What a node is.
pub(crate) enum Kind {
    Scalar(Value),
    /// An alias, with what it stands for.
    Alias(Value),
    List {
        is_flow: bool,
        items: Vec<Node>,
    },
    Map {
        is_flow: bool,
        entries: Vec<Entry>,
        /// Its value, keys of merges among it.
        value: Value,
    },
}

/// An entry of a map, as it is written.
pub(crate) struct Entry {
    pub(crate) key: Rc<str>,
    /// Whether it is `<<`, which merges other maps in.
    pub(crate) is_merge: bool,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) value: Node,
}

impl<'t> Source<'t> {
    /// Reads the first document.
    pub(crate) fn parse(text: &'t str) -> Result<Source<'t>, TextError> {
        let document = Document::parse(text.as_bytes()).map_err(|e| error(&e, text))?;
        let mut reader = Reader { shift: document.mark_len(), text, left: MAX_VALUES, repeated: Vec::new() };
        let root = match document.root() {
            Some(root) => Some(reader.node(root, 0)?),
            None => None,
        };
        Ok(Source { text, root, repeated: reader.repeated })
    }

    /// What it stands for; null if it is empty.
    pub(crate) fn value(&self) -> Value {
        self.root.as_ref().map_or(Value::Null, Node::value)
    }

    /// The node at a path, and the key's place where the path ends in one.
    pub(crate) fn find(&self, path: &Path) -> Option<(Option<&Entry>, &Node)> {
        let mut node = self.root.as_ref()?;
        let mut entry = None;
        for step in path.steps() {
            match (&node.kind, step) {
                (Kind::Map { entries, .. }, Step::Key(key)) => {
                    let found = entries.iter().rev().find(|e| !e.is_merge && e.key == *key)?;
                    (entry, node) = (Some(found), &found.value);
                }
                (Kind::List { items, .. }, Step::Index(index)) => {
                    (entry, node) = (None, items.get(*index)?);
                }
                _ => return None,
            }
        }
        Some((entry, node))
    }
}

impl Node {
    /// What it stands for.
    pub(crate) fn value(&self) -> Value {
        match &self.kind {
            Kind::Scalar(value) | Kind::Alias(value) | Kind::Map { value, .. } => value.clone(),
            Kind::List { items, .. } => Value::from(items.iter().map(Node::value).collect::<Vec<_>>()),
        }
    }

    /// Whether nothing is written where it should be.
    pub(crate) fn is_missing(&self) -> bool {
        self.start == self.end
    }

    /// Whether it is a map or list in braces or brackets.
    pub(crate) fn is_flow(&self) -> bool {
        matches!(self.kind, Kind::List { is_flow: true, .. } | Kind::Map { is_flow: true, .. })
    }
}

fn error(e: &YamlError, text: &str) -> TextError {
    let message = e.bare_message();
    let message = message.strip_prefix("yaml: ").unwrap_or(message);
    // The parser's own number of the line is often one off; the true one stands beside it.
    let message = match message.strip_prefix("line ").and_then(|m| m.split_once(": ")) {
        Some((_, rest)) if e.line().is_some() => rest,
        _ => message,
    };
    // What is missing at the end is missing on the last line.
    let last = text.lines().count().max(1);
    let line = e.line().map(|line| line.min(last));
    let written = line.and_then(|line| text.lines().nth(line.checked_sub(1)?)).unwrap_or_default();
    // The parser names the place that it was at, and not the character, which nobody sees.
    let message = match written.trim_start_matches([' ', '-', '?']).starts_with('\t') {
        true => "a tab is where spaces must be: YAML is indented with spaces",
        false => message,
    };
    TextError { message: message.to_owned(), line, is_yaml: false }
}

/// Makes nodes of the parser's.
struct Reader<'t> {
    /// How long a byte order mark is, which the parser's offsets leave out.
    shift: usize,
    text: &'t str,
    /// How many values more there may be.
    left: usize,
    repeated: Vec<Repeated>,
}

impl Reader<'_> {
    fn count(&mut self, depth: usize, at: NodeRef<'_>) -> Result<(), TextError> {
        let problem = match self.left.checked_sub(1) {
            None => "the text stands for too many values",
            Some(_) if depth > MAX_DEPTH => "the values are nested too deep",
            Some(left) => {
                self.left = left;
                return Ok(());
            }
        };
        Err(fail(problem.to_owned(), at))
    }

    fn node(&mut self, node: NodeRef<'_>, depth: usize) -> Result<Node, TextError> {
        self.count(depth, node)?;
        let start = node.start().offset as usize + self.shift;
        let mut end = node.end_offset() + self.shift;
        let is_block_scalar = node.kind() == NodeKind::Scalar && matches!(node.style(), Style::Literal | Style::Folded);
        let kind = match node.kind() {
            NodeKind::Scalar => {
                if is_block_scalar {
                    end = self.block_scalar_end(start, end);
                }
                Kind::Scalar(value_of(node)?)
            }
            NodeKind::Alias => Kind::Alias(self.value(node.target(), depth + 1)?),
            NodeKind::Sequence => {
                let items = node.children().map(|item| self.node(item, depth + 1)).collect::<Result<Vec<_>, _>>()?;
                if !node.is_flow() {
                    end = items.last().map_or(end, |item| item.end);
                }
                Kind::List { is_flow: node.is_flow(), items }
            }
            NodeKind::Mapping => {
                let mut entries = Vec::new();
                let mut map = Map::default();
                let mut lines: HashMap<Rc<str>, usize> = HashMap::new();
                for (key, value) in node.entries() {
                    let is_merge = key.is_merge();
                    let entry = Entry {
                        key: if is_merge { "<<".into() } else { self.key(key)? },
                        is_merge,
                        start: key.start().offset as usize + self.shift,
                        end: key.end_offset() + self.shift,
                        value: self.node(value, depth + 1)?,
                    };
                    if is_merge {
                        self.merge(&mut map, value, depth)?;
                    } else {
                        map.insert(entry.key.clone(), entry.value.value());
                        let again = key.start().line as usize + 1;
                        if let Some(line) = lines.insert(entry.key.clone(), again) {
                            self.repeated.push(Repeated { key: entry.key.clone(), line, again });
                        }
                    }
                    entries.push(entry);
                }
                if !node.is_flow() {
                    end = entries.last().map_or(end, |e| e.value.end.max(e.end));
                }
                Kind::Map { is_flow: node.is_flow(), entries, value: Value::from(map) }
            }
        };
        Ok(Node { start, end: end.max(start), is_block_scalar, kind })
    }

    /// Where the text of `|` or `>` ends: blank lines behind it count only where `+` keeps them.
    fn block_scalar_end(&self, start: usize, end: usize) -> usize {
        let text = self.text.get(start..end).unwrap_or_default();
        let header = text.lines().next().unwrap_or_default();
        let trimmed = match header.split('#').next().unwrap_or_default().contains('+') {
            true => text.strip_suffix('\n').unwrap_or(text),
            false => text.trim_end(),
        };
        start + trimmed.len()
    }

    /// What a node stands for, without its places.
    fn value(&mut self, node: NodeRef<'_>, depth: usize) -> Result<Value, TextError> {
        self.count(depth, node)?;
        match node.kind() {
            NodeKind::Scalar => value_of(node),
            NodeKind::Alias => self.value(node.target(), depth + 1),
            NodeKind::Sequence => {
                let items = node.children().map(|item| self.value(item, depth + 1)).collect::<Result<Vec<_>, _>>()?;
                Ok(Value::from(items))
            }
            NodeKind::Mapping => Ok(Value::from(self.map(node, depth)?)),
        }
    }

    fn map(&mut self, node: NodeRef<'_>, depth: usize) -> Result<Map, TextError> {
        let mut map = Map::default();
        for (key, value) in node.entries() {
            if key.is_merge() {
                self.merge(&mut map, value, depth)?;
            } else {
                map.insert(self.key(key)?, self.value(value, depth + 1)?);
            }
        }
        Ok(map)
    }

    /// Merges a map, or a list of maps whose first counts most, into another.
    fn merge(&mut self, into: &mut Map, node: NodeRef<'_>, depth: usize) -> Result<(), TextError> {
        let parts: Vec<_> = match node.kind() {
            NodeKind::Sequence => node.children().collect(),
            _ => vec![node],
        };
        for part in parts.into_iter().rev() {
            let target = part.target();
            if target.kind() != NodeKind::Mapping {
                return Err(fail("map merge requires map or sequence of maps as the value".to_owned(), part));
            }
            self.count(depth + 1, part)?;
            for (key, value) in &self.map(target, depth + 1)? {
                into.insert(key.clone(), value.clone());
            }
        }
        Ok(())
    }

    fn key(&mut self, node: NodeRef<'_>) -> Result<Rc<str>, TextError> {
        key_of(node).ok_or_else(|| fail("a key must be text, a number or a boolean".to_owned(), node))
    }
}

/// The key that a node stands for. `NodeRef::key` would bring all of Go's ways to write numbers along, 5 kB compressed,
/// for keys with fractions.
fn key_of(node: NodeRef<'_>) -> Option<Rc<str>> {
    let target = node.target();
    if target.kind() != NodeKind::Scalar {
        return None;
    }
    Some(match target.scalar().ok()? {
        Scalar::Str(s) => String::from_utf8_lossy(&s).into(),
        Scalar::Int(n) => n.to_string().into(),
        Scalar::Bool(true) => "true".into(),
        Scalar::Bool(false) => "false".into(),
        // Of numbers with a fraction the spelling is taken, which Go would make uniform.
        Scalar::Float(n) if n.is_finite() => String::from_utf8_lossy(target.text()).into(),
        Scalar::Float(_) | Scalar::Uint(_) | Scalar::Null => return None,
    })
}

/// Whether a text is read back as the key that it is: `080` is, but `0755` is 493.
pub(crate) fn is_key(text: &str) -> bool {
    let document = Document::parse(text.as_bytes()).ok();
    document.as_ref().and_then(Document::root).and_then(key_of).is_some_and(|key| *key == *text)
}

fn fail(message: String, at: NodeRef<'_>) -> TextError {
    TextError { message, line: Some(at.start().line as usize + 1), is_yaml: false }
}

/// What a scalar stands for.
fn value_of(node: NodeRef<'_>) -> Result<Value, TextError> {
    let scalar = node.scalar().map_err(|message| fail(message, node))?;
    let text = || String::from_utf8_lossy(node.text());
    Ok(match scalar {
        Scalar::Null => Value::Null,
        Scalar::Bool(b) => Value::Bool(b),
        Scalar::Int(n) => Value::Number(Number::of_int(&text(), i128::from(n))),
        Scalar::Uint(n) => Value::Number(Number::of_int(&text(), i128::from(n))),
        Scalar::Float(n) if n.is_finite() => Value::Number(Number::of_float(&text(), n)),
        Scalar::Float(_) => return Err(fail(format!("{} is no number that values may have", text()), node)),
        Scalar::Str(s) => Value::Text(String::from_utf8_lossy(&s).into()),
    })
}

/// The number that a text stands for, if it is one.
pub(crate) fn number(text: &str) -> Option<Number> {
    let document = Document::parse(text.as_bytes()).ok()?;
    let root = document.root().filter(|root| root.is_implicit() && root.text() == text.as_bytes())?;
    match value_of(root) {
        Ok(Value::Number(number)) => Some(number),
        _ => None,
    }
}
