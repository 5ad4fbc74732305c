//! YAML to JSON values in the order of the text, with the place of each.

use govalue::Index;
use goyaml::yaml::{Document, Mark, NodeKind, NodeRef, Scalar, YamlError};
use serde_json::{Map, Number, Value};

use crate::places::{Places, Span, field, item};
use contract::{Code, Place, Problem, Severity};

/// The deepest nesting of a document.
const MAX_DEPTH: usize = 100;

/// The most values of a document, those that aliases repeat included.
const MAX_VALUES: usize = 100_000;

/// Where a document lies in the text of its file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Origin {
    /// Bytes before it.
    pub(super) offset: usize,
    /// Lines before it.
    pub(super) lines: u32,
}

/// A document as values.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) value: Value,
    pub(super) places: Places,
    pub(super) problems: Vec<Problem>,
}

/// Reads one document.
///
/// # Errors
/// If it is not YAML, or beyond the limits.
pub(super) fn read(file: &str, text: &str, origin: Origin) -> Result<Tree, Problem> {
    let place = |line: usize| Place { file: file.to_owned(), line: line as u32 + origin.lines, column: 0 };
    let doc = Document::parse(text.as_bytes()).map_err(|error| {
        let message = yaml_message(&error);
        Problem::new(
            Severity::Error,
            Code::Yaml,
            format!("this is not YAML: {message}"),
            place(yaml_line(&error, text)),
        )
    })?;
    let mut reader = Reader { file, origin, doc: &doc, tree: Tree::default(), values: 0, active: Vec::new() };
    if let Some(root) = doc.root() {
        let value = reader.node(root, String::new(), None, 0)?;
        reader.tree.value = value;
    }
    Ok(reader.tree)
}

/// What is wrong, without the line: Go's own is often one off, [`YamlError::line`] is not.
pub fn yaml_message(error: &YamlError) -> &str {
    let message = error.bare_message();
    let message = message.strip_prefix("yaml: ").unwrap_or(message);
    match (message.strip_prefix("line "), error.line()) {
        (Some(rest), Some(_)) => rest.split_once(": ").map_or(message, |(_, m)| m),
        _ => message,
    }
}

/// The line of what is wrong. What is missing at the end of a text is missing on its last line, not below it.
pub fn yaml_line(error: &YamlError, text: &str) -> usize {
    const BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
    let text = text.trim_end_matches(BREAKS);
    let last = text.matches(BREAKS).count() - text.matches("\r\n").count() + 1;
    error.line().unwrap_or(1).min(last)
}

struct Reader<'d> {
    file: &'d str,
    origin: Origin,
    doc: &'d Document<'d>,
    tree: Tree,
    values: usize,
    /// Where the targets of the aliases being followed start.
    active: Vec<u32>,
}

impl<'d> Reader<'d> {
    fn span(&self, node: NodeRef<'d>) -> Span {
        let start = node.start();
        let shift = self.doc.mark_len() + self.origin.offset;
        Span {
            start: start.offset as usize + shift,
            end: end(node) + shift,
            line: start.line + 1 + self.origin.lines,
            column: start.column + 1,
        }
    }

    fn problem(&self, at: Mark, path: &str, code: Code, message: String) -> Problem {
        let place = Place { file: self.file.to_owned(), line: at.line + 1 + self.origin.lines, column: at.column + 1 };
        Problem { path: path.to_owned(), ..Problem::new(Severity::Error, code, message, place) }
    }

    /// Reads a node; its depth is bounded.
    fn node(
        &mut self,
        node: NodeRef<'d>,
        path: String,
        key: Option<NodeRef<'d>>,
        depth: usize,
    ) -> Result<Value, Problem> {
        self.count(node, depth)?;
        let key = key.map(|k| self.span(k));
        let value = self.span(node);
        self.tree.places.insert(path.clone(), key, value);
        let target = self.follow(node)?;
        let read = match target.kind() {
            NodeKind::Scalar | NodeKind::Alias => self.scalar(target, &path),
            NodeKind::Sequence => {
                let mut items = Vec::new();
                for (i, child) in target.children().enumerate() {
                    items.push(self.node(child, item(&path, i), None, depth + 1)?);
                }
                Value::Array(items)
            }
            NodeKind::Mapping => {
                let mut map = Map::new();
                self.mapping(target, &path, &mut map, depth)?;
                Value::Object(map)
            }
        };
        self.leave(node);
        Ok(read)
    }

    /// Counts a node against the limits.
    fn count(&mut self, node: NodeRef<'d>, depth: usize) -> Result<(), Problem> {
        self.values += 1;
        if depth > MAX_DEPTH {
            return Err(self.problem(
                node.start(),
                "",
                Code::TooDeep,
                format!("nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        if self.values > MAX_VALUES {
            let message = format!("more than {MAX_VALUES} values, those of aliases included");
            return Err(self.problem(node.start(), "", Code::TooLarge, message));
        }
        Ok(())
    }

    /// The value of an alias.
    fn follow(&mut self, node: NodeRef<'d>) -> Result<NodeRef<'d>, Problem> {
        let target = node.target();
        if node.kind() == NodeKind::Alias {
            let at = target.start().offset;
            if self.active.contains(&at) {
                let name = String::from_utf8_lossy(node.text()).into_owned();
                let message = format!("anchor '{name}' contains itself");
                return Err(self.problem(node.start(), "", Code::Yaml, message));
            }
            self.active.push(at);
        }
        Ok(target)
    }

    fn leave(&mut self, node: NodeRef<'d>) {
        if node.kind() == NodeKind::Alias {
            self.active.pop().expect("what is left was entered");
        }
    }

    fn scalar(&mut self, node: NodeRef<'d>, path: &str) -> Value {
        let number = match node.scalar() {
            Ok(Scalar::Null) => return Value::Null,
            Ok(Scalar::Bool(b)) => return Value::Bool(b),
            Ok(Scalar::Str(s)) => return Value::String(String::from_utf8_lossy(&s).into_owned()),
            Ok(Scalar::Int(n)) => Some(Number::from(n)),
            Ok(Scalar::Uint(n)) => Some(Number::from(n)),
            Ok(Scalar::Float(f)) => Number::from_f64(f),
            Err(message) => {
                let message = message.strip_prefix("yaml: ").unwrap_or(&message).to_owned();
                let problem = self.problem(node.start(), path, Code::Yaml, message);
                self.tree.problems.push(problem);
                return Value::Null;
            }
        };
        if let Some(number) = number {
            return Value::Number(number);
        }
        let text = String::from_utf8_lossy(node.text()).into_owned();
        let message = format!("{text} is a number that JSON cannot express");
        let problem =
            self.problem(node.start(), path, Code::Yaml, message).hint("put it in quotes if it is meant as text");
        self.tree.problems.push(problem);
        Value::Null
    }

    /// Reads the entries of a mapping; later ones replace earlier ones, as in go-yaml.
    fn mapping(
        &mut self,
        node: NodeRef<'d>,
        path: &str,
        map: &mut Map<String, Value>,
        depth: usize,
    ) -> Result<(), Problem> {
        let mut first: Index<u32> = Index::default();
        for (key, value) in node.entries() {
            if key.is_merge() {
                self.merge(value, path, map, depth)?;
                continue;
            }
            let target = key.target();
            let text = if target.kind() == NodeKind::Scalar { target.key() } else { None };
            let Some(text) = text else {
                let message = "a key must be text".to_owned();
                let problem = self.problem(key.start(), path, Code::Key, message).hint("put it in quotes");
                self.tree.problems.push(problem);
                continue;
            };
            let name = String::from_utf8_lossy(&text).into_owned();
            let below = field(path, &name);
            let written = String::from_utf8_lossy(target.text());
            if matches!(target.scalar(), Ok(Scalar::Bool(_))) && written != name {
                let message = format!("the key {written} is a boolean in YAML: it is read as {name:?}");
                let problem = self.problem(key.start(), &below, Code::KeyBoolean, message);
                let problem = Problem { severity: Severity::Warning, ..problem }.hint(format!("write \"{written}\""));
                self.tree.problems.push(problem);
            }
            let line = key.start().line + 1 + self.origin.lines;
            if let Some(earlier) = first.insert(name.as_str(), line) {
                let message = format!("duplicate key {name}: it is already on line {earlier}");
                let problem = self.problem(key.start(), &below, Code::DuplicateKey, message);
                self.tree.problems.push(problem.hint("keep one of them; the last one wins"));
            }
            let value = self.node(value, below, Some(key), depth + 1)?;
            map.insert(name, value);
        }
        Ok(())
    }

    /// `<<: *anchor`, or a list of them, of which the first wins.
    fn merge(
        &mut self,
        node: NodeRef<'d>,
        path: &str,
        map: &mut Map<String, Value>,
        depth: usize,
    ) -> Result<(), Problem> {
        let mut parts = match node.kind() {
            NodeKind::Sequence => node.children().collect(),
            _ => vec![node],
        };
        while let Some(part) = parts.pop() {
            self.count(part, depth + 1)?;
            let target = self.follow(part)?;
            if target.kind() == NodeKind::Mapping {
                self.mapping(target, path, map, depth + 1)?;
            } else {
                let message = "<< can only merge a mapping".to_owned();
                let problem = self.problem(part.start(), path, Code::Yaml, message);
                self.tree.problems.push(problem);
            }
            self.leave(part);
        }
        Ok(())
    }
}

/// Where a node ends: a block collection with its last child, not where the next token starts.
fn end(node: NodeRef<'_>) -> usize {
    let mut node = node;
    loop {
        let block = matches!(node.kind(), NodeKind::Sequence | NodeKind::Mapping) && !node.is_flow();
        match node.children().last() {
            Some(last) if block => node = last,
            _ => return node.end_offset(),
        }
    }
}
