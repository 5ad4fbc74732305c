//! Nodes to values (go-yaml v2: decode.go; `sigs.k8s.io/yaml`:
//! `convertToJSONableObject`), without recursion.

use govalue::{List, Map, Num, Str, Type, Value};

use super::error::YamlError;
use super::gosyntax;
use super::parse::Tag;
use super::scalar::{Scalar, float_key, scalar};
use super::tree::{Document, Node, NodeId, NodeKind};

/// The deepest nesting that `encoding/json` reads.
pub(crate) const MAX_JSON_DEPTH: usize = 10_000;

/// What becomes of numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// All are `float64`, as after a way through JSON.
    Json,
    /// Integers stay integers.
    Keep,
}

/// Counts the work that aliases cause, and refuses bombs, as go-yaml does.
#[derive(Default)]
pub(crate) struct AliasBudget {
    decoded: u64,
    by_alias: u64,
    depth: u64,
}

impl AliasBudget {
    pub(crate) fn enter(&mut self) {
        self.depth += 1;
    }

    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Counts a node.
    ///
    /// # Errors
    /// When too much of the work comes from aliases.
    pub(crate) fn count(&mut self) -> Result<(), YamlError> {
        self.decoded += 1;
        if self.depth > 0 {
            self.by_alias += 1;
            if self.by_alias > 100 && self.decoded > 1000 {
                let ratio = self.by_alias as f64 / self.decoded as f64;
                if ratio > allowed_alias_ratio(self.decoded) {
                    return Err(YamlError::converting("yaml: document contains excessive aliasing"));
                }
            }
        }
        Ok(())
    }
}

/// From 99 % for small documents down to 10 % for large ones.
fn allowed_alias_ratio(decoded: u64) -> f64 {
    const LOW: u64 = 400_000;
    const HIGH: u64 = 4_000_000;
    match decoded {
        ..=LOW => 0.99,
        HIGH.. => 0.10,
        n => 0.99 - 0.89 * ((n - LOW) as f64 / (HIGH - LOW) as f64),
    }
}

/// A collection, alias or key that is being decoded.
enum Frame {
    Sequence {
        next: NodeId,
        end: NodeId,
        /// Where its items start on the stack of values.
        base: usize,
    },
    Mapping {
        next: NodeId,
        end: NodeId,
        /// Where its entries start on the stack of entries.
        base: usize,
        /// The key of the value being decoded.
        key: Option<Str>,
        /// Whether it is merged into the mapping below.
        merged: bool,
    },
    /// The mappings that `<<: [...]` still has to merge, the next one last.
    Merge {
        left: Vec<NodeId>,
        base: usize,
    },
    Alias {
        node: NodeId,
    },
    /// A collection in place of a key.
    Key {
        node: NodeId,
    },
}

pub(crate) struct Decoder<'d> {
    doc: &'d Document<'d>,
    numbers: Numbers,
    budget: AliasBudget,
    frames: Vec<Frame>,
    values: Vec<Value>,
    entries: Vec<(Str, Value)>,
    /// Aliases being followed.
    active: Vec<bool>,
    depth: usize,
    /// The first key that JSON cannot have.
    bad_key: Option<String>,
    /// Whether there is an infinity or NaN, or nesting that JSON does not allow.
    suspicious: bool,
}

/// Decodes a document into an `interface{}`.
pub(crate) fn decode(doc: &Document<'_>, numbers: Numbers) -> Result<Value, YamlError> {
    if doc.nodes.is_empty() {
        return Ok(Value::Nil);
    }
    let mut decoder = Decoder::new(doc, numbers);
    decoder.budget.count()?;
    let value = decoder.run(NodeId::default())?;
    decoder.check(&value)?;
    Ok(value)
}

impl<'d> Decoder<'d> {
    pub(crate) fn new(doc: &'d Document<'d>, numbers: Numbers) -> Decoder<'d> {
        Decoder {
            doc,
            numbers,
            budget: AliasBudget::default(),
            frames: Vec::new(),
            values: Vec::new(),
            entries: Vec::new(),
            active: Vec::new(),
            depth: 0,
            bad_key: None,
            suspicious: false,
        }
    }

    /// Fails if JSON cannot hold what was decoded.
    pub(crate) fn check(&mut self, value: &Value) -> Result<(), YamlError> {
        if let Some(message) = self.bad_key.take() {
            return Err(YamlError::converting(message));
        }
        if self.suspicious { check_json(value) } else { Ok(()) }
    }

    /// Decodes a node.
    pub(crate) fn run(&mut self, root: NodeId) -> Result<Value, YamlError> {
        let mut done = self.visit(root)?;
        loop {
            // Hand a finished value to whoever waits for it.
            while let Some(value) = done.take() {
                match self.frames.last_mut() {
                    None => return Ok(value),
                    Some(Frame::Sequence { .. }) => self.values.push(value),
                    Some(Frame::Mapping { key, .. }) => {
                        let key = key.take().expect("a value of a mapping comes after its key");
                        self.entries.push((key, value));
                    }
                    Some(Frame::Alias { node }) => {
                        self.active[node.place()] = false;
                        self.budget.leave();
                        self.frames.pop();
                        done = Some(value);
                    }
                    Some(Frame::Key { node }) => {
                        let text = gosyntax::value(self.doc, *node);
                        return Err(YamlError::converting(format!("yaml: invalid map key: {text}")));
                    }
                    Some(Frame::Merge { .. }) => {}
                }
            }
            done = self.step()?;
        }
    }

    /// Goes on with the innermost frame: starts its next child, or finishes it.
    fn step(&mut self) -> Result<Option<Value>, YamlError> {
        match self.frames.last_mut() {
            Some(Frame::Sequence { next, end, base }) => {
                if *next < *end {
                    let node = *next;
                    *next = self.doc.after(node);
                    return self.visit(node);
                }
                let items = self.values.split_off(*base);
                self.frames.pop();
                self.depth -= 1;
                Ok(Some(Value::List(List::grown(Type::ANY_SLICE, items))))
            }
            Some(Frame::Mapping { next, end, base, merged, .. }) => {
                if *next < *end {
                    let key = *next;
                    let value = self.doc.after(key);
                    *next = self.doc.after(value);
                    return self.entry(key, value);
                }
                let (base, merged) = (*base, *merged);
                self.frames.pop();
                if merged {
                    self.end_merged();
                    return Ok(None);
                }
                self.depth -= 1;
                let entries = self.entries.split_off(base);
                Ok(Some(Value::Map(Map::from_unsorted(Type::ANY_MAP, entries))))
            }
            Some(Frame::Merge { left, base }) => {
                let base = *base;
                match left.pop() {
                    Some(node) => self.merge_one(node, base)?,
                    None => {
                        self.frames.pop();
                    }
                }
                Ok(None)
            }
            Some(Frame::Alias { .. } | Frame::Key { .. }) | None => {
                unreachable!("aliases and keys wait for a value, and the last value ends the decoding")
            }
        }
    }

    /// After a merged mapping comes the alias that led to it.
    fn end_merged(&mut self) {
        if let Some(Frame::Alias { node }) = self.frames.last() {
            self.active[node.place()] = false;
            self.budget.leave();
            self.frames.pop();
        }
    }

    fn node(&self, id: NodeId) -> Node {
        self.doc[id]
    }

    /// Starts a node: gives the value of a scalar, or opens a frame.
    fn visit(&mut self, id: NodeId) -> Result<Option<Value>, YamlError> {
        self.budget.count()?;
        let node = self.node(id);
        match node.kind {
            NodeKind::Scalar => self.scalar_value(&node).map(Some),
            NodeKind::Sequence => {
                self.open();
                self.frames.push(Frame::Sequence { next: id.inside(), end: node.link, base: self.values.len() });
                Ok(None)
            }
            NodeKind::Mapping => {
                self.open();
                let base = self.entries.len();
                self.frames.push(Frame::Mapping { next: id.inside(), end: node.link, base, key: None, merged: false });
                Ok(None)
            }
            NodeKind::Alias => {
                self.follow(id)?;
                self.visit_target(node.link)
            }
        }
    }

    /// An alias never stands for an alias, so this is no deeper than two calls.
    fn visit_target(&mut self, target: NodeId) -> Result<Option<Value>, YamlError> {
        self.visit(target)
    }

    fn open(&mut self) {
        self.depth += 1;
        self.suspicious |= self.depth > MAX_JSON_DEPTH;
    }

    /// Marks an alias as being followed.
    fn follow(&mut self, id: NodeId) -> Result<(), YamlError> {
        if self.active.is_empty() {
            self.active.resize(self.doc.nodes.len(), false);
        }
        let active = &mut self.active[id.place()];
        if std::mem::replace(active, true) {
            let name = self.doc.text(self.node(id).text);
            let name = govalue::utf8::lossy(name);
            return Err(YamlError::converting(format!("yaml: anchor '{name}' value contains itself")));
        }
        self.budget.enter();
        self.frames.push(Frame::Alias { node: id });
        Ok(())
    }

    fn scalar_value(&mut self, node: &Node) -> Result<Value, YamlError> {
        let scalar = scalar(self.doc, node).map_err(YamlError::converting)?;
        Ok(match scalar {
            Scalar::Null => Value::Nil,
            Scalar::Bool(b) => Value::Bool(b),
            Scalar::Str(s) => Value::Str(Str::from(&*s)),
            Scalar::Float(f) => {
                self.suspicious |= !f.is_finite();
                Value::Float(f)
            }
            Scalar::Int(n) if self.numbers == Numbers::Json => Value::Float(n as f64),
            Scalar::Uint(n) if self.numbers == Numbers::Json => Value::Float(n as f64),
            Scalar::Int(n) => Value::Int(n),
            Scalar::Uint(n) => Value::Num(Num::uint(Type::Uint64, n)),
        })
    }

    /// Decodes a key, and starts its value.
    fn entry(&mut self, key: NodeId, value: NodeId) -> Result<Option<Value>, YamlError> {
        let node = self.node(key);
        if is_merge(self.doc, &node) {
            self.merge(value)?;
            return Ok(None);
        }
        let scalar_node = match node.kind {
            NodeKind::Scalar => {
                self.budget.count()?;
                node
            }
            NodeKind::Alias if self.node(node.link).kind == NodeKind::Scalar => {
                self.budget.count()?;
                self.budget.enter();
                self.budget.count()?;
                self.budget.leave();
                self.node(node.link)
            }
            _ => {
                self.frames.push(Frame::Key { node: key });
                return self.visit(key);
            }
        };
        let decoded = scalar(self.doc, &scalar_node).map_err(YamlError::converting)?;
        let text = key_text(&decoded).unwrap_or_else(|(ty, shown)| {
            let value = || gosyntax::value_of_entry(self.doc, value);
            let doc_key = self.bad_key.take();
            self.bad_key = doc_key
                .or_else(|| Some(format!("unsupported map key of type: {ty}, key: {shown}, value: {}", value())));
            Str::EMPTY
        });
        let Some(Frame::Mapping { key, .. }) = self.frames.last_mut() else {
            unreachable!("entries belong to mappings")
        };
        *key = Some(text);
        self.visit(value)
    }

    /// Starts merging what stands behind `<<`.
    fn merge(&mut self, value: NodeId) -> Result<(), YamlError> {
        let Some(Frame::Mapping { base, .. }) = self.frames.last() else { unreachable!("entries belong to mappings") };
        let base = *base;
        let node = self.node(value);
        if node.kind != NodeKind::Sequence {
            return self.merge_one(value, base);
        }
        let mut left = Vec::new();
        let mut next = value.inside();
        while next < node.link {
            left.push(next);
            next = self.doc.after(next);
        }
        self.frames.push(Frame::Merge { left, base });
        Ok(())
    }

    fn merge_one(&mut self, id: NodeId, base: usize) -> Result<(), YamlError> {
        let node = self.node(id);
        let mapping = match node.kind {
            NodeKind::Alias => node.link,
            _ => id,
        };
        let target = self.node(mapping);
        if target.kind != NodeKind::Mapping {
            return Err(YamlError::converting("yaml: map merge requires map or sequence of maps as the value"));
        }
        self.budget.count()?;
        if mapping != id {
            self.follow(id)?;
            self.budget.count()?;
        }
        self.frames.push(Frame::Mapping { next: mapping.inside(), end: target.link, base, key: None, merged: true });
        Ok(())
    }
}

/// Whether a key is `<<`.
pub(crate) fn is_merge(doc: &Document<'_>, node: &Node) -> bool {
    node.kind == NodeKind::Scalar
        && (node.implicit || node.tag == Tag::Merge)
        && node.text.end - node.text.start == 2
        && doc.text(node.text) == b"<<"
}

/// A key as a string; of those that JSON cannot have, type and Go syntax.
pub(crate) fn key_text(key: &Scalar<'_>) -> Result<Str, (&'static str, String)> {
    Ok(match key {
        Scalar::Str(s) => Str::from(&**s),
        Scalar::Int(n) => Str::from(n.to_string()),
        Scalar::Float(f) => Str::from(float_key(*f)),
        Scalar::Bool(true) => Str::from("true"),
        Scalar::Bool(false) => Str::from("false"),
        Scalar::Uint(n) => return Err(("uint64", format!("{n:#x}"))),
        Scalar::Null => return Err(("%!s(<nil>)", "<nil>".into())),
    })
}

/// Finds what JSON cannot write, or read again; in the order of its text.
fn check_json(value: &Value) -> Result<(), YamlError> {
    walk(value, |value, _| match value {
        Value::Float(f) if !f.is_finite() => {
            let text = match *f {
                f if f.is_nan() => "NaN",
                f if f > 0.0 => "+Inf",
                _ => "-Inf",
            };
            Err(YamlError::converting(format!("json: unsupported value: {text}")))
        }
        _ => Ok(()),
    })?;
    walk(value, |value, depth| match value {
        Value::List(_) if depth > MAX_JSON_DEPTH => {
            Err(YamlError::decoding("invalid character '[' exceeded max depth"))
        }
        Value::Map(_) if depth > MAX_JSON_DEPTH => Err(YamlError::decoding("invalid character '{' exceeded max depth")),
        _ => Ok(()),
    })
}

/// Visits values in order, with their depth counted from 1.
fn walk(value: &Value, visit: impl Fn(&Value, usize) -> Result<(), YamlError>) -> Result<(), YamlError> {
    let mut stack = vec![(value.clone(), 1)];
    while let Some((value, depth)) = stack.pop() {
        visit(&value, depth)?;
        match &value {
            Value::List(l) => stack.extend(l.iter().rev().map(|v| (v.clone(), depth + 1))),
            Value::Map(m) => stack.extend(m.borrow().iter().rev().map(|(_, v)| (v.clone(), depth + 1))),
            _ => {}
        }
    }
    Ok(())
}
