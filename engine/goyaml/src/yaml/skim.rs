//! Going over a document line by line without reading it: which text stands at
//! which of its keys.
//!
//! Most documents are block mappings with plain keys and scalars that end with
//! their line. That such a document is good YAML can be seen without tokens,
//! and then only the wanted keys need to be read. What looks any different is
//! left to the parser, good or bad.

use std::ops::Range;

use super::parse::Tag;
use super::scan::token::{Mark, Span, Style};
use super::tree::{Node, NodeId, NodeKind};

/// The deepest nesting that is gone into.
const MAX_DEPTH: usize = 64;

/// The longest key.
const MAX_KEY: usize = 256;

/// Where the entries of a document's top mapping stand, with their keys, in
/// order; `None` where it is not of the simple kind. The text has no characters
/// that YAML forbids.
pub(super) fn entries(text: &[u8]) -> Option<Vec<(Range<usize>, Range<usize>)>> {
    let skim = Skim::run(text, Nothing::default())?;
    (!skim.found.is_empty()).then_some(skim.found)
}

/// The nodes of a simple document, without their places, and the text of those
/// whose text is not in the source.
pub(super) fn nodes(text: &[u8]) -> Option<(Vec<Node>, Vec<u8>)> {
    // A line makes about two nodes, half of the lines are comments or empty.
    let nodes = Vec::with_capacity(text.len() / 24);
    let built = Skim::run(text, Nodes { nodes, open: Vec::new(), owned: Vec::new() })?.sink;
    Some((built.nodes, built.owned))
}

/// Whether there is a line break beyond ASCII.
fn has_wide_break(text: &[u8]) -> bool {
    if text.is_ascii() {
        return false;
    }
    let has = |what: &[u8]| memchr::memmem::find(text, what).is_some();
    has(b"\xC2\x85") || has(b"\xE2\x80\xA8") || has(b"\xE2\x80\xA9") || text.starts_with(b"\xEF\xBB\xBF")
}

/// What is made of what is found.
trait Sink {
    /// Whether it wants the text of scalars.
    const READS: bool;
    fn open(&mut self, mapping: bool);
    fn close(&mut self);
    fn scalar(&mut self, text: Span, implicit: bool);
    /// Where scalars are put together whose text is not in the source.
    fn owned(&mut self) -> &mut Vec<u8>;
}

/// Nothing is made.
#[derive(Default)]
struct Nothing(Vec<u8>);

impl Sink for Nothing {
    const READS: bool = false;
    fn open(&mut self, _: bool) {}
    fn close(&mut self) {}
    fn scalar(&mut self, _: Span, _: bool) {}
    fn owned(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

/// Nodes are made.
struct Nodes {
    nodes: Vec<Node>,
    open: Vec<usize>,
    owned: Vec<u8>,
}

impl Nodes {
    fn push(&mut self, kind: NodeKind, text: Span, implicit: bool) {
        let (style, tag, start) = (Style::Plain, Tag::None, Mark::default());
        let link = NodeId::default();
        self.nodes.push(Node { kind, style, tag, implicit, flow: false, start, end: 0, text, link });
    }
}

impl Sink for Nodes {
    const READS: bool = true;

    fn open(&mut self, mapping: bool) {
        self.open.push(self.nodes.len());
        self.push(if mapping { NodeKind::Mapping } else { NodeKind::Sequence }, Span::default(), false);
    }

    fn close(&mut self) {
        let end = NodeId::after_all(&self.nodes);
        let open = self.open.pop().expect("only what was opened is closed");
        self.nodes[open].link = end;
    }

    fn scalar(&mut self, text: Span, implicit: bool) {
        self.push(NodeKind::Scalar, text, implicit);
    }

    fn owned(&mut self) -> &mut Vec<u8> {
        &mut self.owned
    }
}

/// A block collection that has not ended.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Open {
    column: usize,
    mapping: bool,
}

struct Skim<'a, S> {
    text: &'a [u8],
    at: usize,
    open: Vec<Open>,
    /// Whether the innermost collection waits for a value, which may follow.
    pending: bool,
    /// Keys of the top mapping, and where their entries stand.
    found: Vec<(Range<usize>, Range<usize>)>,
    sink: S,
}

impl<'a, S: Sink> Skim<'a, S> {
    fn run(text: &'a [u8], sink: S) -> Option<Skim<'a, S>> {
        if memchr::memchr(b'\r', text).is_some() || has_wide_break(text) {
            return None;
        }
        let mut skim = Skim { text, at: 0, open: Vec::new(), pending: false, found: Vec::new(), sink };
        while skim.at < text.len() {
            skim.line()?;
        }
        while !skim.open.is_empty() {
            skim.pop();
        }
        if let Some((_, last)) = skim.found.last_mut() {
            last.end = text.len();
        }
        Some(skim)
    }

    /// Reads a line, with the block scalar that begins on it.
    fn line(&mut self) -> Option<()> {
        let start = self.at;
        let rest = self.text.get(start..)?;
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..length)?;
        self.at += length + 1;
        let column = spaces(line);
        let content = line.get(column..)?;
        match content.first() {
            None | Some(b'#') => return Some(()),
            Some(b'\t') => return None,
            Some(_) => {}
        }
        if column == 0 && (content.starts_with(b"---") || content.starts_with(b"...")) {
            return None;
        }
        while self.open.last().is_some_and(|top| top.column > column) {
            self.pop();
        }
        self.place(start, column, content)
    }

    /// Finds the collection that a line belongs to.
    fn place(&mut self, start: usize, column: usize, content: &'a [u8]) -> Option<()> {
        let is_entry = entry(content).is_some();
        match self.open.last().copied() {
            None => {
                // The top is a mapping at the margin.
                if column > 0 || is_entry {
                    return None;
                }
                self.push(column, true)?;
            }
            Some(top) if top.column < column => {
                if !self.pending {
                    return None;
                }
                self.push(column, !is_entry)?;
            }
            Some(top) if top.mapping && is_entry => {
                // A sequence may stand in the column of the mapping that it is in.
                if !self.pending {
                    return None;
                }
                self.push(column, false)?;
            }
            Some(top) if !top.mapping && !is_entry => {
                self.pop();
                if self.open.last() != Some(&Open { column, mapping: true }) {
                    return None;
                }
            }
            Some(_) => self.settle(),
        }
        if column == 0 && !is_entry {
            if let Some((_, last)) = self.found.last_mut() {
                last.end = start;
            }
            let key = key(content)?;
            self.found.push((start..start + key, start..start));
        }
        self.content(start, column, content)
    }

    /// Opens a collection, the value that was waited for.
    fn push(&mut self, column: usize, mapping: bool) -> Option<()> {
        if self.open.len() >= MAX_DEPTH {
            return None;
        }
        self.open.push(Open { column, mapping });
        self.pending = false;
        self.sink.open(mapping);
        Some(())
    }

    /// Ends the innermost collection.
    fn pop(&mut self) {
        self.settle();
        self.open.pop();
        self.sink.close();
    }

    /// What was waited for does not come: it is null.
    fn settle(&mut self) {
        if self.pending {
            self.pending = false;
            self.sink.scalar(Span::default(), true);
        }
    }

    fn source(&mut self, start: usize, length: usize, implicit: bool) -> Option<()> {
        let span = Span { start: start as u32, end: (start + length) as u32, owned: false };
        self.sink.scalar(span, implicit);
        Some(())
    }

    /// Reads an entry of the innermost collection; `line`: where its line starts.
    fn content(&mut self, line: usize, mut column: usize, mut content: &'a [u8]) -> Option<()> {
        while let Some(inner) = entry(content) {
            let skipped = inner.iter().position(|&b| b != b' ');
            let Some(skipped) = skipped.filter(|skipped| inner.get(*skipped) != Some(&b'#')) else {
                self.pending = true;
                return Some(());
            };
            let inner = inner.get(skipped..)?;
            column += content.len() - inner.len();
            content = inner;
            match (entry(content), key(content)) {
                (Some(_), _) => self.push(column, false)?,
                (None, Some(_)) => self.push(column, true)?,
                (None, None) => return self.value(line + column, content),
            }
        }
        let key = key(content)?;
        self.source(line + column, key, true)?;
        let value = content.get(key + 1..)?;
        match value.iter().position(|&b| b != b' ') {
            Some(skipped) if value.get(skipped) != Some(&b'#') => {
                self.value(line + column + key + 1 + skipped, value.get(skipped..)?)
            }
            _ => {
                self.pending = true;
                Some(())
            }
        }
    }

    /// Reads a scalar that ends with the line, or begins a block scalar.
    fn value(&mut self, start: usize, value: &'a [u8]) -> Option<()> {
        let after = match *value {
            [style @ (b'|' | b'>'), ref header @ ..] => {
                let (strip, keep) = (header == b"-", header == b"+");
                if !(header.is_empty() || strip || keep) || S::READS && (style == b'>' || keep) {
                    return None;
                }
                return self.block_scalar(strip);
            }
            [b'{', ref rest @ ..] => {
                self.sink.open(true);
                self.sink.close();
                rest.get(spaces(rest)..)?.strip_prefix(b"}")?
            }
            [b'[', ref rest @ ..] => self.flow(start + 1, rest)?,
            [b'"', ref rest @ ..] => {
                let stop = rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20))?;
                match rest.get(stop..)? {
                    [b'"', after @ ..] => {
                        self.source(start + 1, stop, false)?;
                        after
                    }
                    _ => self.escaped(rest)?,
                }
            }
            [b'\'', ref rest @ ..] => {
                let end = rest.iter().position(|b| matches!(b, b'\'' | 0..0x20))?;
                self.source(start + 1, end, false)?;
                rest.get(end..)?.strip_prefix(b"'")?
            }
            _ => return self.source(start, plain(value)?, true),
        };
        match after.iter().position(|&b| b != b' ') {
            None => Some(()),
            Some(blanks) => (blanks > 0 && after.get(blanks) == Some(&b'#')).then_some(()),
        }
    }

    /// Reads a sequence of simple scalars; gives what is behind its bracket.
    fn flow(&mut self, start: usize, rest: &'a [u8]) -> Option<&'a [u8]> {
        self.sink.open(false);
        let mut at = spaces(rest);
        while rest.get(at) != Some(&b']') {
            if at > spaces(rest) {
                at += 1;
                at += spaces(rest.get(at..)?);
            }
            let item = rest.get(at..)?;
            let (quoted, length) = match item {
                [quote @ (b'"' | b'\''), inner @ ..] => {
                    (1, inner.iter().position(|b| b == quote || matches!(b, b'\\' | 0..0x20))?)
                }
                [first, ..] if CLASS[usize::from(*first)] & KEY != 0 && !matches!(first, b'.' | b'-') => {
                    (0, item.iter().position(|b| CLASS[usize::from(*b)] & KEY == 0)?)
                }
                _ => return None,
            };
            if quoted > 0 && item.get(length + 1) != item.first() {
                return None;
            }
            self.source(start + at + quoted, length, quoted == 0)?;
            at += length + 2 * quoted;
            at += spaces(rest.get(at..)?);
            if !matches!(rest.get(at), Some(b',' | b']')) {
                return None;
            }
        }
        self.sink.close();
        rest.get(at + 1..)
    }

    /// Reads a string with common escapes; gives what is behind its quote.
    fn escaped(&mut self, mut rest: &'a [u8]) -> Option<&'a [u8]> {
        let start = self.sink.owned().len();
        loop {
            let stop = rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20))?;
            let (plain, tail) = rest.split_at_checked(stop)?;
            if S::READS {
                self.sink.owned().extend_from_slice(plain);
            }
            let (c, after) = match *tail {
                [b'"', ref after @ ..] => {
                    if S::READS {
                        let end = self.sink.owned().len();
                        self.sink.scalar(Span { start: start as u32, end: end as u32, owned: true }, false);
                    }
                    return Some(after);
                }
                [b'\\', c @ (b'"' | b'\\' | b'/'), ref after @ ..] => (c, after),
                [b'\\', b'n', ref after @ ..] => (b'\n', after),
                [b'\\', b't', ref after @ ..] => (b'\t', after),
                [b'\\', b'r', ref after @ ..] => (b'\r', after),
                _ => return None,
            };
            if S::READS {
                self.sink.owned().push(c);
            }
            rest = after;
        }
    }

    /// Reads the lines of a block scalar. Only literal ones are ever put
    /// together: without empty lines in front, the last line break stripped or not.
    fn block_scalar(&mut self, strip: bool) -> Option<()> {
        let least = self.open.last()?.column + 1;
        let start = self.sink.owned().len();
        // The first line that is not empty says how deep it is.
        let mut depth = None;
        let mut widest = 0;
        let mut empty = 0;
        while let Some(rest) = self.text.get(self.at..).filter(|rest| !rest.is_empty()) {
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let column = spaces(rest);
            if column >= length {
                // Nothing but spaces.
                widest = widest.max(length);
                empty += 1;
                if S::READS && depth.is_none_or(|depth| length > depth) {
                    return None;
                }
            } else if column < depth.unwrap_or(least) {
                // Go complains about some tabs in place of spaces.
                if rest.get(column) == Some(&b'\t') {
                    return None;
                }
                break;
            } else {
                if depth.is_none() && (widest > column || rest.get(column) == Some(&b'\t')) {
                    return None;
                }
                let depth = *depth.get_or_insert(column);
                if S::READS {
                    let line = rest.get(depth..length)?;
                    let owned = self.sink.owned();
                    if owned.len() > start {
                        owned.resize(owned.len() + empty + 1, b'\n');
                    }
                    owned.extend_from_slice(line);
                    // How Go ends a scalar where the text ends is not of the simple kind.
                    rest.get(length)?;
                }
                empty = 0;
            }
            self.at += length + 1;
        }
        if depth.is_none() && (S::READS || widest >= least) {
            return None;
        }
        if S::READS {
            let owned = self.sink.owned();
            if !strip {
                owned.push(b'\n');
            }
            let end = owned.len();
            self.sink.scalar(Span { start: start as u32, end: end as u32, owned: true }, false);
        }
        Some(())
    }
}

/// How many spaces a line begins with.
fn spaces(line: &[u8]) -> usize {
    line.iter().take_while(|b| **b == b' ').count()
}

/// What follows the hyphen of an entry of a sequence.
fn entry(content: &[u8]) -> Option<&[u8]> {
    let inner = content.strip_prefix(b"-")?;
    matches!(inner.first(), None | Some(b' ')).then_some(inner)
}

const KEY: u8 = 1;
const FIRST: u8 = 2;
const STOP: u8 = 4;

/// What bytes can be: part of a key, the first of a plain scalar, something in
/// a plain scalar that needs a look.
static CLASS: [u8; 256] = {
    let mut t = [0; 256];
    let mut b = 0;
    while b < 256 {
        t[b] = match b as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'/' => KEY | FIRST,
            b'.' | b'-' => KEY,
            b'$' | b'(' | b'~' => FIRST,
            b':' | b'#' | 0..0x20 => STOP,
            _ => 0,
        };
        b += 1;
    }
    t
};

/// How long the key is that a line begins with, if it does.
fn key(content: &[u8]) -> Option<usize> {
    let length = content.iter().position(|b| CLASS[usize::from(*b)] & KEY == 0)?;
    let key = content.get(..length)?;
    let is_key = key.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
        && length <= MAX_KEY
        && matches!(content.get(length..), Some([b':'] | [b':', b' ', ..]))
        && !matches!(key, b"null" | b"Null" | b"NULL");
    is_key.then_some(length)
}

/// How long the plain scalar is that a text is, maybe with a comment behind it.
fn plain(text: &[u8]) -> Option<usize> {
    match text {
        [b'-', next, ..] if CLASS[usize::from(*next)] & FIRST != 0 || *next == b'-' => {}
        [b'.', next, ..] if next.is_ascii_digit() || *next == b'/' => {}
        [first, ..] if CLASS[usize::from(*first)] & FIRST != 0 => {}
        _ => return None,
    }
    let mut at = 1;
    while let Some(n) = text.get(at..)?.iter().position(|b| CLASS[usize::from(*b)] & STOP != 0) {
        at += n;
        match text.get(at - 1..)? {
            [b' ', b'#', ..] => return Some(trimmed(text.get(..at)?)),
            [_, b'#', ..] => {}
            [_, b':', next, ..] if *next != b' ' => {}
            _ => return None,
        }
        at += 1;
    }
    Some(trimmed(text))
}

/// How long a text is without the spaces at its end.
fn trimmed(text: &[u8]) -> usize {
    text.iter().rposition(|&b| b != b' ').map_or(0, |last| last + 1)
}

#[cfg(test)]
mod tests;
