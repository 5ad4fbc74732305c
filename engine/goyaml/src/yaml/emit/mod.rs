//! Writing block YAML (go-yaml: emitterc.go, encode.go), straight into a buffer.

mod analyze;
mod scalar;
mod sort;

use govalue::{FuncError, Limit, List, Map, Value};

use super::resolve::Version;

/// Where v2 breaks lines, at the next space.
const WIDTH: usize = 80;

/// The deepest nesting that is written.
const MAX_DEPTH: usize = 10_000;

/// Why the emitter stops.
#[derive(Debug)]
pub(super) enum Stop {
    /// The value needs the long way through JSON.
    Detour,
    /// An error in Go's words, or a limit.
    Error(FuncError),
}

/// Writes values as one of go-yaml's versions does with an indentation of 2.
pub(super) struct Emitter {
    out: Vec<u8>,
    version: Version,
    /// Whether strings that a way through JSON would change stop the emitter.
    detours: bool,
    /// Where lines are broken, at the next space.
    width: usize,
    limit: usize,
    indent: i64,
    line_start: usize,
    /// Whether the last character was whitespace.
    whitespace: bool,
    /// Whether there is nothing but indentation and indicators in this line.
    indention: bool,
    frames: Vec<Frame>,
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Root,
    Item,
    /// A key on the line of its value.
    SimpleKey,
    /// A key after `?`.
    Key,
    MappingValue,
}

/// A collection that is being written.
struct Frame {
    items: Items,
    next: usize,
    /// The indentation around it.
    outer: i64,
}

enum Items {
    List(List),
    Map(Map, Option<Vec<u32>>),
    Bytes(govalue::Str),
    /// Fields of a struct, by their names in YAML.
    Fields(Vec<(String, Value)>),
}

/// What comes next in a collection.
enum Next {
    End,
    /// A node was written.
    Done,
    /// A node that is a collection, and its context.
    Open(Value, Context),
}

impl Emitter {
    pub(super) fn new(version: Version, detours: bool, limit: usize) -> Emitter {
        Emitter {
            out: Vec::new(),
            version,
            detours,
            width: if version == Version::V2 { WIDTH } else { usize::MAX },
            limit,
            indent: -1,
            line_start: 0,
            whitespace: true,
            indention: true,
            frames: Vec::new(),
        }
    }

    /// Breaks no lines.
    pub(super) fn unfolded(mut self) -> Emitter {
        self.width = usize::MAX;
        self
    }

    /// Writes a document.
    pub(super) fn document(mut self, value: &Value) -> Result<Vec<u8>, Stop> {
        if !self.leaf(value, Context::Root)? {
            self.open(value.clone(), Context::Root)?;
            while !self.frames.is_empty() {
                match self.step()? {
                    Next::Done => {}
                    Next::Open(value, context) => self.open(value, context)?,
                    Next::End => {
                        if let Some(frame) = self.frames.pop() {
                            self.indent = frame.outer;
                        }
                    }
                }
                if self.out.len() > self.limit {
                    return Err(Stop::Error(FuncError::limit(Limit::Output, "YAML output is too large")));
                }
            }
        }
        self.indent = -1;
        self.write_indent();
        Ok(self.out)
    }

    /// Writes a node that is no collection, or an empty one.
    fn leaf(&mut self, value: &Value, context: Context) -> Result<bool, Stop> {
        match value {
            Value::Nil | Value::NilPointer(_) => self.plain(b"null"),
            Value::Bool(b) => self.plain(if *b { b"true" } else { b"false" }),
            Value::Str(s) => self.string(s, context)?,
            Value::Int(n) => {
                let text = n.to_string();
                self.plain(text.as_bytes());
            }
            Value::Float(f) => self.float(*f)?,
            Value::Num(n) => self.number(*n)?,
            Value::List(l) if l.is_nil() && self.version == Version::V2 => self.plain(b"null"),
            Value::Map(m) if m.is_nil() && self.version == Version::V2 => self.plain(b"null"),
            Value::List(l) if l.is_empty() => self.empty(b"[]"),
            Value::Map(m) if m.is_empty() => self.empty(b"{}"),
            Value::List(_) | Value::Map(_) => return Ok(false),
            _ if self.version == Version::V2 => return Err(Stop::Detour),
            Value::Bytes(b) if b.is_empty() => self.empty(b"[]"),
            Value::Bytes(_) => return Ok(false),
            Value::Struct(o) | Value::Pointer(o) => return self.object(value, o, context),
            Value::Complex(_) => {
                return Err(Stop::Error(FuncError::panic("cannot marshal type: complex128")));
            }
        }
        Ok(true)
    }

    fn empty(&mut self, brackets: &[u8]) {
        self.indicator(brackets, true, false, false);
    }

    /// Starts a collection that is not empty.
    fn open(&mut self, value: Value, context: Context) -> Result<(), Stop> {
        if self.frames.len() >= MAX_DEPTH {
            return Err(match self.version {
                Version::V2 if self.detours => Stop::Detour,
                _ => Stop::Error(FuncError::limit(Limit::Depth, "YAML output is nested too deeply")),
            });
        }
        let items = match value {
            Value::Map(m) => {
                let entries = m.borrow();
                let order = sort::order(entries.len(), |i| entries[i].0.as_bytes(), self.version);
                drop(entries);
                Items::Map(m, order)
            }
            Value::List(l) => Items::List(l),
            Value::Bytes(b) => Items::Bytes(b),
            Value::Struct(o) | Value::Pointer(o) => Items::Fields(scalar::fields(&o)),
            _ => return Ok(()),
        };
        let is_list = matches!(items, Items::List(_) | Items::Bytes(_));
        let in_mapping = matches!(context, Context::MappingValue | Context::Key);
        let indentless = self.version == Version::V2 && is_list && in_mapping && !self.indention;
        let outer = self.indent;
        self.indent = match outer {
            ..0 => 0,
            _ if indentless => outer,
            _ => outer + 2,
        };
        self.frames.push(Frame { items, next: 0, outer });
        Ok(())
    }

    /// Writes the next child of the innermost collection.
    fn step(&mut self) -> Result<Next, Stop> {
        let Some(frame) = self.frames.last_mut() else { return Ok(Next::End) };
        let at = frame.next;
        frame.next += 1;
        match &frame.items {
            Items::List(l) => {
                let l = l.clone();
                let Some(value) = l.get(at) else { return Ok(Next::End) };
                self.item();
                if self.leaf(value, Context::Item)? {
                    return Ok(Next::Done);
                }
                Ok(Next::Open(value.clone(), Context::Item))
            }
            Items::Bytes(b) => {
                let Some(byte) = b.get(at).copied() else { return Ok(Next::End) };
                self.item();
                self.plain(byte.to_string().as_bytes());
                Ok(Next::Done)
            }
            Items::Map(m, order) => {
                let m = m.clone();
                let at = match order {
                    Some(order) => order.get(at).map_or(usize::MAX, |i| *i as usize),
                    None => at,
                };
                let entries = m.borrow();
                let Some((key, value)) = entries.get(at) else { return Ok(Next::End) };
                self.entry(key, value)
            }
            Items::Fields(fields) => {
                let Some((key, value)) = fields.get(at).cloned() else { return Ok(Next::End) };
                self.entry(key.as_bytes(), &value)
            }
        }
    }

    fn item(&mut self) {
        self.write_indent();
        self.indicator(b"-", true, false, true);
    }

    fn entry(&mut self, key: &[u8], value: &Value) -> Result<Next, Stop> {
        self.write_indent();
        self.key(key)?;
        if self.leaf(value, Context::MappingValue)? {
            return Ok(Next::Done);
        }
        Ok(Next::Open(value.clone(), Context::MappingValue))
    }

    fn put_break(&mut self) {
        self.out.push(b'\n');
        self.line_start = self.out.len();
        if self.version == Version::V3 {
            self.indention = true;
        }
    }

    fn write_indent(&mut self) {
        let indent = self.indent.max(0) as usize;
        let column = self.out.len() - self.line_start;
        if !self.indention || column > indent || (column == indent && !self.whitespace) {
            self.put_break();
        }
        let column = self.out.len() - self.line_start;
        self.out.resize(self.out.len() + indent.saturating_sub(column), b' ');
        self.whitespace = true;
        if self.version == Version::V2 {
            self.indention = true;
        }
    }

    fn indicator(&mut self, text: &[u8], need_whitespace: bool, is_whitespace: bool, is_indention: bool) {
        if need_whitespace {
            self.space();
        }
        self.out.extend_from_slice(text);
        self.whitespace = is_whitespace;
        self.indention &= is_indention;
    }

    /// Sets a node off from what is before it.
    fn space(&mut self) {
        if !self.whitespace {
            self.out.push(b' ');
        }
    }
}

/// Whether v3 can write a text of several lines as a block.
pub(super) fn writes_literally(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok()
        && analyze::analyze(text, Version::V3).style(text, Version::V3, false) == analyze::Style::Literal
}
