//! What a pattern means, as a tree.

use crate::compile::ClassId;

/// A parsed pattern. It is at most 1000 deep, so it may be walked by recursion.
#[derive(Debug)]
pub(crate) enum Node {
    /// The empty string.
    Empty,
    /// A code point; with `fold` also those that differ only in case.
    Literal { rune: u32, fold: bool },
    /// One code point of these ranges.
    Class(Box<ClassNode>),
    /// An empty string at certain places.
    Assert(Assert),
    /// A numbered group.
    Capture { index: u32, sub: Box<Node> },
    /// A repetition.
    Repeat(Box<Repeat>),
    /// One after the other.
    Concat(Vec<Node>),
    /// The first of these that leads to a match.
    Alternate(Vec<Node>),
}

/// A class, and where the compiled program keeps it.
#[derive(Debug)]
pub(crate) struct ClassNode {
    pub(crate) ranges: Box<[(u32, u32)]>,
    pub(crate) compiled: Option<ClassId>,
}

/// `x*`, `x+`, `x?` and `x{min,max}`.
#[derive(Debug)]
pub(crate) struct Repeat {
    pub(crate) sub: Node,
    pub(crate) min: u32,
    /// `None`: without end.
    pub(crate) max: Option<u32>,
    pub(crate) greedy: bool,
}

/// Where an empty string matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Assert {
    BeginText,
    EndText,
    BeginLine,
    EndLine,
    WordBoundary,
    NoWordBoundary,
}

impl Node {
    pub(crate) fn class(ranges: impl Into<Box<[(u32, u32)]>>) -> Node {
        let ranges = ranges.into();
        match *ranges {
            [(lo, hi)] if lo == hi => Node::Literal { rune: lo, fold: false },
            _ => Node::Class(Box::new(ClassNode { ranges, compiled: None })),
        }
    }

    /// Whether it always matches one code point.
    pub(crate) fn is_class(&self) -> bool {
        matches!(self, Node::Literal { .. } | Node::Class(_))
    }
}
