//! Block YAML, pulled line by line.
//!
//! Whoever reads asks for the next key of a mapping ([`Lines::key`]) and then for what is behind it ([`Lines::node`]), or
//! does not: what nobody asked for is skipped by its indentation. Anchors and tags are passed over, aliases read as
//! nothing.

use std::borrow::Cow;

use crate::error::CatalogError;
use crate::index::flow::{self, Brackets, Flow};
use crate::index::scalar;

/// What a key or an item has. Mappings and lists are read next, at the indentation that they have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Nothing,
    Scalar(String),
    /// A mapping in block form.
    Map(usize),
    /// A list in block form.
    List(usize),
    /// A value in brackets.
    Flow(Flow),
}

/// A line with something on it.
#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    /// How many spaces are before it.
    indent: usize,
    /// The text without them.
    body: &'a str,
}

/// A text, read from its start to its end.
pub(super) struct Lines<'a> {
    text: &'a str,
    /// Where the next line starts.
    at: usize,
    /// The number of the next line, from 1.
    number: usize,
    /// The line that was looked at, and not read yet.
    peeked: Option<Line<'a>>,
    /// What is behind the last key or dash, on its line.
    rest: &'a str,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Lines<'a> {
        Lines { text, at: 0, number: 1, peeked: None, rest: "" }
    }

    /// The indentation of the whole document.
    pub(super) fn root(&mut self) -> usize {
        while let Some(line) = self.peek() {
            if line.body.starts_with("---") || line.body.starts_with('%') {
                self.peeked = None;
            } else {
                return line.indent;
            }
        }
        0
    }

    /// The next key of the mapping at an indentation; what was not read of the last one is skipped.
    pub(super) fn key(&mut self, indent: usize) -> Result<Option<Cow<'a, str>>, CatalogError> {
        self.rest = "";
        while let Some(line) = self.peek() {
            if line.indent < indent || line.body == "..." {
                return Ok(None);
            }
            if line.indent == indent && !is_item(line.body) {
                if is_document(line) {
                    return Ok(None);
                }
                let Some((key, rest)) = split_key(line.body) else { return Err(self.wrong("a key is expected")) };
                self.peeked = None;
                self.rest = rest;
                return Ok(Some(key));
            }
            self.peeked = None;
        }
        Ok(None)
    }

    /// Whether the list at an indentation has a further item; what was not read of the last one is skipped.
    pub(super) fn item(&mut self, indent: usize) -> Result<bool, CatalogError> {
        self.rest = "";
        while let Some(line) = self.peek() {
            if line.indent > indent {
                self.peeked = None;
                continue;
            }
            if line.indent < indent || !is_item(line.body) || is_document(line) {
                return Ok(false);
            }
            let after = &line.body[1..];
            let body = after.trim_start_matches(' ');
            // What is behind the dash stands as if on a line of its own.
            let inner = Line { indent: indent + 1 + after.len() - body.len(), body };
            self.peeked = (!body.is_empty() && !body.starts_with('#')).then_some(inner);
            return Ok(true);
        }
        Ok(false)
    }

    /// What is behind the last key of the mapping at an indentation.
    pub(super) fn node(&mut self, indent: usize) -> Result<Node, CatalogError> {
        let rest = std::mem::take(&mut self.rest);
        let rest = without_properties(rest);
        if !rest.is_empty() {
            return self.inline(rest, indent);
        }
        match self.peek() {
            Some(line) if is_item(line.body) && line.indent >= indent && !is_document(line) => {
                Ok(Node::List(line.indent))
            }
            Some(line) if line.indent > indent => self.below(line, indent),
            _ => Ok(Node::Nothing),
        }
    }

    /// What the last item of the list at an indentation has.
    pub(super) fn item_node(&mut self, indent: usize) -> Result<Node, CatalogError> {
        match self.peek() {
            Some(line) if line.indent > indent && is_item(line.body) => Ok(Node::List(line.indent)),
            Some(line) if line.indent > indent => self.below(line, indent),
            _ => Ok(Node::Nothing),
        }
    }

    /// A value that starts on a line below what it belongs to.
    fn below(&mut self, line: Line<'a>, indent: usize) -> Result<Node, CatalogError> {
        let body = without_properties(line.body);
        if body.is_empty() {
            // An anchor alone: the value is below it.
            self.peeked = None;
            return match self.peek() {
                Some(line) if line.indent > indent => Ok(Node::Map(line.indent)),
                _ => Ok(Node::Nothing),
            };
        }
        if !body.starts_with(['{', '[', '|', '>']) && split_key(body).is_some() {
            // The first key may stand behind an anchor.
            let indent = line.indent + (line.body.len() - body.len());
            self.peeked = Some(Line { indent, body });
            return Ok(Node::Map(indent));
        }
        self.peeked = None;
        self.inline(body, indent)
    }

    /// A value that starts with a text; lines further in than `indent` go on with it.
    fn inline(&mut self, text: &'a str, indent: usize) -> Result<Node, CatalogError> {
        match text.as_bytes().first() {
            Some(b'*') => Ok(Node::Nothing),
            Some(b'|' | b'>') => Ok(Node::Scalar(self.block(text, indent))),
            Some(b'[' | b'{') => self.flow(text).map(Node::Flow),
            Some(b'"' | b'\'') => self.quoted(text).map(Node::Scalar),
            _ => Ok(Node::Scalar(self.plain(text, indent))),
        }
    }

    fn plain(&mut self, text: &str, indent: usize) -> String {
        let (first, commented) = without_comment(text);
        let mut whole = first.to_owned();
        let mut is_open = !commented;
        while is_open {
            let mark = (self.at, self.number);
            let Some((blank, line)) = self.after_blank() else { break };
            if line.indent <= indent || line.body.starts_with('#') || is_document(line) {
                (self.at, self.number) = mark;
                break;
            }
            let (more, commented) = without_comment(line.body);
            (0..blank).for_each(|_| whole.push('\n'));
            whole.push('\n');
            whole.push_str(more);
            is_open = !commented;
        }
        scalar::plain(&whole)
    }

    fn quoted(&mut self, text: &'a str) -> Result<String, CatalogError> {
        let mut whole = Cow::Borrowed(text);
        let started = self.number;
        loop {
            if let Some(end) = scalar::quoted_end(&whole) {
                return Ok(scalar::unquote(&whole[..end]));
            }
            let Some(line) = self.raw() else {
                return Err(CatalogError::Index { line: started - 1, what: "a quotation mark is not closed" });
            };
            let whole = whole.to_mut();
            whole.push('\n');
            whole.push_str(line);
        }
    }

    fn flow(&mut self, text: &'a str) -> Result<Flow, CatalogError> {
        let mut whole = Cow::Borrowed(text);
        let started = self.number.saturating_sub(1);
        let mut brackets = Brackets::default();
        let mut is_whole = brackets.close(text);
        while !is_whole {
            let line = self.raw().ok_or(CatalogError::Index { line: started, what: "a bracket is not closed" })?;
            is_whole = brackets.close(line);
            let whole = whole.to_mut();
            whole.push('\n');
            whole.push_str(line);
        }
        flow::parse(&whole, started)
    }

    /// A literal or folded text; `head` is what stands behind the key.
    fn block(&mut self, head: &str, indent: usize) -> String {
        let is_literal = head.starts_with('|');
        let keeps = head.contains('+');
        let mut text = String::new();
        let mut inner: Option<usize> = head.bytes().find(u8::is_ascii_digit).map(|d| indent + usize::from(d - b'0'));
        let mut blank = 0;
        loop {
            let mark = (self.at, self.number);
            let Some(raw) = self.raw() else { break };
            let body = raw.trim_start_matches(' ');
            let depth = raw.len() - body.len();
            if body.trim().is_empty() {
                blank += 1;
                continue;
            }
            if depth <= indent || inner.is_some_and(|inner| depth < inner) {
                (self.at, self.number) = mark;
                break;
            }
            let inner = *inner.get_or_insert(depth);
            let line = &raw[inner..];
            match (is_literal, text.is_empty(), blank) {
                (_, true, blank) => (0..blank).for_each(|_| text.push('\n')),
                (true, false, blank) => (0..=blank).for_each(|_| text.push('\n')),
                (false, false, 0) => text.push(' '),
                (false, false, blank) => (0..blank).for_each(|_| text.push('\n')),
            }
            text.push_str(line);
            blank = 0;
        }
        if !head.contains('-') && !text.is_empty() {
            (0..=if keeps { blank } else { 0 }).for_each(|_| text.push('\n'));
        }
        text
    }

    /// The next line with something on it, comments left out.
    fn peek(&mut self) -> Option<Line<'a>> {
        while self.peeked.is_none() {
            let (_, line) = self.after_blank()?;
            if !line.body.starts_with('#') {
                self.peeked = Some(line);
            }
        }
        self.peeked
    }

    /// The next line that is not blank, and how many blank ones are before it.
    fn after_blank(&mut self) -> Option<(usize, Line<'a>)> {
        let mut blank = 0;
        loop {
            let raw = self.raw()?;
            let body = raw.trim_start_matches(' ');
            let indent = raw.len() - body.len();
            let body = body.trim_end();
            if !body.is_empty() {
                return Some((blank, Line { indent, body }));
            }
            blank += 1;
        }
    }

    /// The next line as it stands.
    fn raw(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = rest.find('\n');
        self.at += end.map_or(rest.len(), |end| end + 1);
        self.number += 1;
        let line = &rest[..end.unwrap_or(rest.len())];
        Some(line.strip_suffix('\r').unwrap_or(line))
    }

    /// An error on the line that was looked at.
    fn wrong(&self, what: &'static str) -> CatalogError {
        CatalogError::Index { line: self.number.saturating_sub(1), what }
    }
}

/// Whether a line starts an item of a list.
fn is_item(body: &str) -> bool {
    body == "-" || body.starts_with("- ")
}

/// Whether a line ends the document.
fn is_document(line: Line<'_>) -> bool {
    line.indent == 0 && (line.body == "---" || line.body == "..." || line.body.starts_with("--- "))
}

/// A line's key and what is behind it.
fn split_key(body: &str) -> Option<(Cow<'_, str>, &str)> {
    let (key, rest) = match scalar::quoted_end(body) {
        Some(end) => {
            let rest = body[end..].trim_start().strip_prefix(':')?;
            (Cow::Owned(scalar::unquote(&body[..end])), rest)
        }
        None => {
            let at = body.match_indices(':').map(|(at, _)| at);
            let ends = |at: &usize| matches!(body.as_bytes().get(at + 1), None | Some(b' ' | b'\t'));
            let at = at.into_iter().find(ends)?;
            let key = body[..at].trim_end();
            if key.contains(" #") {
                return None;
            }
            (Cow::Borrowed(key), &body[at + 1..])
        }
    };
    let rest = rest.trim();
    let rest = if rest.starts_with('#') { "" } else { rest };
    (rest.is_empty() || body.len() > rest.len()).then_some((key, rest))
}

/// A text without the anchors and tags that it starts with.
fn without_properties(mut text: &str) -> &str {
    while text.starts_with(['&', '!']) {
        text = text.split_once(' ').map_or("", |(_, rest)| rest.trim_start());
    }
    text
}

/// A plain text without a comment behind it, and whether there was one.
fn without_comment(text: &str) -> (&str, bool) {
    match text.find(" #") {
        Some(at) => (text[..at].trim_end(), true),
        None => (text, false),
    }
}
