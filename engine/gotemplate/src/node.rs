//! The syntax tree of a source, and how Go prints its nodes.
//!
//! Nodes lie in one vector and name each other by index. The body of a template
//! is flat: an `if` is an item, and so are its `else` and `end`, so that no walk
//! over it recurses. Only parenthesised pipelines nest.

use std::ops::Range;

use govalue::{Str, strconv};

use crate::parse::{Token, number};

/// The index of a [`Node`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(pub(crate) u32);

impl NodeId {
    /// No node.
    pub(crate) const NONE: NodeId = NodeId(u32::MAX);
}

/// A piece of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    pub(crate) fn of(self, source: &[u8]) -> &[u8] {
        source.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A run of entries in [`Ast::names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

impl Names {
    /// The names from the one at `i` on.
    pub(crate) fn from(self, i: u32) -> Names {
        Names { start: self.start + i, len: self.len.saturating_sub(i) }
    }

    /// All but the last, and the last's index.
    pub(crate) fn split_last(self) -> (Names, u32) {
        let len = self.len.saturating_sub(1);
        (Names { start: self.start, len }, self.start + len)
    }
}

/// A node and where it stands (which is where Go says it stands).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) pos: u32,
    pub(crate) kind: NodeKind,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum NodeKind {
    Dot,
    Nil,
    Bool(bool),
    /// A number or character literal: its end, and what the lexer takes it for.
    Number(u32, Token),
    /// A string literal: its end.
    String(u32),
    /// `.a.b`
    Field(Names),
    /// `$x.a.b`
    Variable(Names),
    /// `(…).a.b` or `f.a.b`: an index into [`Ast::chains`].
    Chain(u32),
    /// A function: the end of its name, and its index among the callees.
    Identifier(u32, u16),
    /// An index into [`Ast::pipes`].
    Pipe(u32),
    /// A run of [`Ast::children`].
    Command(u32, u32),
    /// An action that prints the pipe.
    Action(NodeId),
    /// `{{template "name" pipe}}`: where the name, at which it stands, ends, and the pipe or none.
    Template(u32, NodeId),
}

/// A pipeline.
#[derive(Clone, Debug)]
pub(crate) struct Pipe {
    /// The variables that it declares or assigns: at most two.
    pub(crate) decl: Range<u32>,
    pub(crate) commands: Range<u32>,
    pub(crate) assign: bool,
}

/// A number and all that it may stand for.
#[derive(Clone, Debug)]
pub(crate) struct Number {
    pub(crate) text: Span,
    pub(crate) int: Option<i64>,
    pub(crate) uint: Option<u64>,
    pub(crate) float: Option<f64>,
    pub(crate) complex: Option<[f64; 2]>,
}

/// A part of a template's body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Item {
    Text(Span),
    /// An action node.
    Action(NodeId),
    /// A template node.
    Template(NodeId),
    /// A pipe node follows each of these.
    If(NodeId),
    With(NodeId),
    Range(NodeId),
    Else,
    End,
    Break,
    Continue,
}

/// The syntax trees of a source.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ast {
    pub(crate) nodes: Vec<Node>,
    pub(crate) children: Vec<NodeId>,
    pub(crate) names: Vec<Span>,
    /// What is in parentheses or called, and the fields of it.
    pub(crate) chains: Vec<(NodeId, Names)>,
    pub(crate) pipes: Vec<Pipe>,
}

/// What a string literal that was checked stands for.
pub(crate) fn unquoted(quoted: &[u8]) -> Str {
    match plain(quoted) {
        Some(plain) => Str::from(plain),
        None => strconv::unquote(quoted).map_or(Str::EMPTY, Str::from),
    }
}

/// The inside of a string literal, if that is what it stands for, as it is for most.
pub(crate) fn plain(quoted: &[u8]) -> Option<&[u8]> {
    match quoted {
        [b'`', plain @ .., _] => Some(plain).filter(|s| memchr::memchr(b'\r', s).is_none()),
        // Go puts U+FFFD for what is no UTF-8.
        [b'"', plain @ .., _] => Some(plain).filter(|s| {
            // Most are short and ASCII: one look at each byte says so.
            s.iter().all(|b| b.is_ascii() && *b != b'\\')
                || memchr::memchr(b'\\', s).is_none() && std::str::from_utf8(s).is_ok()
        }),
        _ => None,
    }
}

impl Ast {
    /// Forgets all nodes, but not the room that they took.
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.children.clear();
        self.names.clear();
        self.chains.clear();
        self.pipes.clear();
    }

    pub(crate) fn node(&self, id: NodeId) -> Option<Node> {
        self.nodes.get(id.0 as usize).copied()
    }

    /// A node's kind; `Dot` for no node.
    #[inline(always)]
    pub(crate) fn kind(&self, id: NodeId) -> NodeKind {
        self.node(id).map_or(NodeKind::Dot, |n| n.kind)
    }

    pub(crate) fn names(&self, names: Names) -> &[Span] {
        self.names
            .get(names.start as usize..(names.start + names.len) as usize)
            .expect("a node's names are in its tree")
    }

    pub(crate) fn children(&self, range: Range<u32>) -> &[NodeId] {
        self.children.get(range.start as usize..range.end as usize).expect("a node's children are in its tree")
    }

    /// The pipe that a node is.
    pub(crate) fn pipe(&self, id: NodeId) -> Option<&Pipe> {
        match self.kind(id) {
            NodeKind::Pipe(i) => self.pipes.get(i as usize),
            _ => None,
        }
    }

    /// The text in the source of a node that is a word or literal, or begins with its name.
    pub(crate) fn text<'a>(&self, source: &'a [u8], id: NodeId) -> &'a [u8] {
        match self.node(id) {
            Some(Node {
                pos: start,
                kind:
                    NodeKind::Identifier(end, _)
                    | NodeKind::Number(end, _)
                    | NodeKind::String(end)
                    | NodeKind::Template(end, _),
            }) => Span { start, end }.of(source),
            _ => &[],
        }
    }

    /// The number that a node is.
    pub(crate) fn number(&self, source: &[u8], id: NodeId) -> Option<Number> {
        match self.node(id)? {
            Node { pos: start, kind: NodeKind::Number(end, token) } => {
                let span = Span { start, end };
                number(span.of(source), span, token).ok()
            }
            _ => None,
        }
    }

    /// What a node of a chain hangs on, and the fields of it.
    pub(crate) fn chain(&self, index: u32) -> (NodeId, Names) {
        *self.chains.get(index as usize).expect("a chain is in its tree")
    }

    /// The operands of a command.
    pub(crate) fn command(&self, id: NodeId) -> &[NodeId] {
        match self.kind(id) {
            NodeKind::Command(start, end) => self.children(start..end),
            _ => &[],
        }
    }

    /// Prints a node as Go's `Node.String` does.
    pub(crate) fn print(&self, source: &[u8], id: NodeId, out: &mut Vec<u8>) {
        let Some(node) = self.node(id) else { return };
        match node.kind {
            NodeKind::Dot => out.push(b'.'),
            NodeKind::Nil => out.extend_from_slice(b"nil"),
            NodeKind::Bool(b) => out.extend_from_slice(if b { b"true" } else { b"false" }),
            NodeKind::Number(..) | NodeKind::String(_) | NodeKind::Identifier(..) => {
                out.extend_from_slice(self.text(source, id));
            }
            NodeKind::Field(names) => self.print_fields(source, names, out),
            NodeKind::Variable(names) => {
                if let Some(first) = self.names(names).first() {
                    out.extend_from_slice(first.of(source));
                }
                self.print_fields(source, names.from(1), out);
            }
            NodeKind::Chain(index) => {
                let (of, names) = self.chain(index);
                self.print_operand(source, of, out);
                self.print_fields(source, names, out);
            }
            NodeKind::Pipe(_) => self.print_pipe(source, id, out),
            NodeKind::Command(..) => {
                for (i, arg) in self.command(id).iter().enumerate() {
                    if i > 0 {
                        out.push(b' ');
                    }
                    self.print_operand(source, *arg, out);
                }
            }
            NodeKind::Action(pipe) => {
                out.extend_from_slice(b"{{");
                self.print_pipe(source, pipe, out);
                out.extend_from_slice(b"}}");
            }
            NodeKind::Template(_, pipe) => {
                out.extend_from_slice(b"{{template ");
                out.extend_from_slice(strconv::quote(&unquoted(self.text(source, id))).as_bytes());
                if pipe != NodeId::NONE {
                    out.push(b' ');
                    self.print_pipe(source, pipe, out);
                }
                out.extend_from_slice(b"}}");
            }
        }
    }

    /// An operand: a pipeline among them is in parentheses.
    fn print_operand(&self, source: &[u8], id: NodeId, out: &mut Vec<u8>) {
        if let NodeKind::Pipe(_) = self.kind(id) {
            out.push(b'(');
            self.print_pipe(source, id, out);
            out.push(b')');
        } else {
            self.print(source, id, out);
        }
    }

    fn print_fields(&self, source: &[u8], names: Names, out: &mut Vec<u8>) {
        for name in self.names(names) {
            out.push(b'.');
            out.extend_from_slice(name.of(source));
        }
    }

    fn print_pipe(&self, source: &[u8], id: NodeId, out: &mut Vec<u8>) {
        let Some(pipe) = self.pipe(id) else { return };
        for (i, variable) in self.children(pipe.decl.clone()).iter().enumerate() {
            if i > 0 {
                out.extend_from_slice(b", ");
            }
            self.print(source, *variable, out);
        }
        if !pipe.decl.is_empty() {
            out.extend_from_slice(if pipe.assign { b" = " } else { b" := " });
        }
        for (i, command) in self.children(pipe.commands.clone()).iter().enumerate() {
            if i > 0 {
                out.extend_from_slice(b" | ");
            }
            self.print(source, *command, out);
        }
    }

    /// Prints a body as Go's `ListNode.String` does.
    pub(crate) fn print_body(&self, source: &[u8], items: &[Item], out: &mut Vec<u8>) {
        for item in items {
            let (word, pipe): (&[u8], _) = match item {
                Item::Text(text) => {
                    out.extend_from_slice(text.of(source));
                    continue;
                }
                Item::Action(node) | Item::Template(node) => {
                    self.print(source, *node, out);
                    continue;
                }
                Item::If(pipe) => (b"if ", *pipe),
                Item::With(pipe) => (b"with ", *pipe),
                Item::Range(pipe) => (b"range ", *pipe),
                Item::Else => (b"else", NodeId::NONE),
                Item::End => (b"end", NodeId::NONE),
                Item::Break => (b"break", NodeId::NONE),
                Item::Continue => (b"continue", NodeId::NONE),
            };
            out.extend_from_slice(b"{{");
            out.extend_from_slice(word);
            self.print_pipe(source, pipe, out);
            out.extend_from_slice(b"}}");
        }
    }
}
