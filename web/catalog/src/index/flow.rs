//! Values in brackets and braces.

use crate::error::CatalogError;
use crate::index::scalar;

/// How deep brackets may nest.
const DEPTH: usize = 32;

/// A value in brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Scalar(String),
    List(Vec<Flow>),
    Map(Vec<(String, Flow)>),
}

impl Flow {
    /// The items of a list; none of everything else.
    pub(super) fn items(&self) -> &[Flow] {
        match self {
            Flow::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of a mapping; none of everything else.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Flow)> {
        let entries: &[(String, Flow)] = match self {
            Flow::Map(entries) => entries,
            _ => &[],
        };
        entries.iter().map(|(key, value)| (key.as_str(), value))
    }
}

/// How the brackets of a text stand, line by line: whether it is complete.
#[derive(Default)]
pub(super) struct Brackets {
    open: usize,
    quote: Option<u8>,
}

impl Brackets {
    /// Goes over a further line. Whether all that was opened is closed behind it.
    pub(super) fn close(&mut self, line: &str) -> bool {
        let bytes = line.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match (self.quote, byte) {
                (Some(b'"'), b'\\') => at += 1,
                (Some(quote), byte) if *byte == quote => self.quote = None,
                (None, b'"' | b'\'') if starts_quote(bytes, at) => self.quote = Some(*byte),
                (None, b'#') if at > 0 && bytes[at - 1] == b' ' => break,
                (None, b'[' | b'{') => self.open += 1,
                (None, b']' | b'}') => self.open = self.open.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
        self.open == 0 && self.quote.is_none()
    }
}

/// Whether a quotation mark starts a quoted text, and is not part of a plain one (`it's`).
fn starts_quote(bytes: &[u8], at: usize) -> bool {
    let before = bytes[..at].iter().rev().find(|byte| **byte != b' ');
    before.is_none_or(|byte| matches!(byte, b'[' | b'{' | b',' | b':'))
}

/// Reads a value in brackets; `line` is where it starts.
pub(super) fn parse(text: &str, line: usize) -> Result<Flow, CatalogError> {
    let mut parser = Parser { text, at: 0, line };
    parser.value(DEPTH)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Parser<'a> {
    fn wrong(&self, what: &'static str) -> CatalogError {
        CatalogError::Index { line: self.line, what }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next character that is not white space.
    fn peek(&mut self) -> Option<char> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.rest().chars().next()
    }

    fn value(&mut self, depth: usize) -> Result<Flow, CatalogError> {
        if depth == 0 {
            return Err(self.wrong("brackets are nested too deeply"));
        }
        match self.peek() {
            Some('[') => self.list(depth),
            Some('{') => self.map(depth),
            Some(_) => Ok(Flow::Scalar(self.scalar(false)?)),
            None => Err(self.wrong("a bracket is not closed")),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Flow, CatalogError> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            match self.peek() {
                Some(']') => {
                    self.at += 1;
                    return Ok(Flow::List(items));
                }
                Some(',') => self.at += 1,
                Some(_) => items.push(self.value(depth - 1)?),
                None => return Err(self.wrong("a bracket is not closed")),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Flow, CatalogError> {
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            match self.peek() {
                Some('}') => {
                    self.at += 1;
                    return Ok(Flow::Map(entries));
                }
                Some(',') => self.at += 1,
                Some(_) => {
                    let key = self.scalar(true)?;
                    let mut value = Flow::Scalar(String::new());
                    if self.peek() == Some(':') {
                        self.at += 1;
                        if !matches!(self.peek(), Some(',' | '}')) {
                            value = self.value(depth - 1)?;
                        }
                    }
                    entries.push((key, value));
                }
                None => return Err(self.wrong("a brace is not closed")),
            }
        }
    }

    /// A quoted or plain text. It moves on by at least a character.
    fn scalar(&mut self, is_key: bool) -> Result<String, CatalogError> {
        let rest = self.rest();
        if let Some(end) = scalar::quoted_end(rest) {
            self.at += end;
            return Ok(scalar::unquote(&rest[..end]));
        }
        if rest.starts_with(['"', '\'']) {
            return Err(self.wrong("a quotation mark is not closed"));
        }
        let bytes = rest.as_bytes();
        let ends = |at: usize| match bytes[at] {
            b',' | b'[' | b']' | b'{' | b'}' => true,
            b':' => is_key && bytes.get(at + 1).is_none_or(|next| matches!(next, b' ' | b',' | b'}' | b'\n')),
            _ => false,
        };
        let end = (0..bytes.len()).find(|at| ends(*at)).unwrap_or(bytes.len()).max(1);
        // A plain text that starts with a bracket of the wrong kind has but that one.
        let end = (end..=bytes.len()).find(|at| rest.is_char_boundary(*at)).unwrap_or(bytes.len());
        self.at += end;
        Ok(scalar::plain(&rest[..end]))
    }
}
