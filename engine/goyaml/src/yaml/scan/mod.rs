//! The scanner: text to tokens (go-yaml: scannerc.go).
//!
//! It works on the bytes in place: plain and quoted scalars without escapes or
//! folded lines are spans of the source. Which token is scanned when, and with
//! it which error comes first, is exactly as in libyaml.

mod block;
mod chars;
mod flow;
mod tag;
pub(crate) mod token;

use super::error::Problem;
use super::reader::{Input, ReaderError};
use chars::{CLASS, HIGH};
use token::{Mark, Queue, Span, Token, TokenKind};

/// The deepest nesting of flow collections, and of block indentation.
const MAX_DEPTH: usize = 10_000;

/// How far a simple key may reach, in characters.
const MAX_SIMPLE_KEY: usize = 1024;

/// A place where a key without `?` may have started.
#[derive(Clone, Copy, Default)]
struct SimpleKey {
    possible: bool,
    /// Whether its token waits for it. Closing an empty flow collection makes
    /// Go forget that of the collection, so that `[]: x` is an error.
    awaited: bool,
    required: bool,
    token: usize,
    mark: Mark,
}

/// The scanner's state.
pub(crate) struct Scanner<'a> {
    text: &'a [u8],
    error: Option<ReaderError>,
    pos: usize,
    line: u32,
    /// The start of the line, moved on by what makes bytes more than characters.
    line_start: usize,
    /// Text of scalars that differ from the source.
    owned: Vec<u8>,
    /// Line breaks inside the scalar at hand.
    breaks: Vec<u8>,
    /// Handle and suffix, or prefix, of tags.
    tags: Vec<(Span, Span)>,
    queue: Queue,
    /// Whether the front of the queue cannot change any more.
    available: bool,
    parsed: usize,
    /// One for each flow level, and one for the block context.
    simple_keys: Vec<SimpleKey>,
    simple_key_allowed: bool,
    indent: i64,
    indents: Vec<i64>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(input: &'a Input<'_>) -> Scanner<'a> {
        Scanner {
            text: &input.text,
            error: input.error,
            pos: 0,
            line: 0,
            line_start: 0,
            owned: Vec::new(),
            breaks: Vec::new(),
            tags: Vec::new(),
            queue: Queue::default(),
            available: false,
            parsed: 0,
            simple_keys: vec![SimpleKey::default()],
            simple_key_allowed: true,
            indent: -1,
            indents: Vec::new(),
        }
    }

    /// The text of a span.
    pub(crate) fn text(&self, span: Span) -> &[u8] {
        let from: &[u8] = if span.owned { &self.owned } else { self.text };
        &from[span.start as usize..span.end as usize]
    }

    /// The buffer that owned spans point into.
    pub(crate) fn into_owned(self) -> Vec<u8> {
        self.owned
    }

    /// Handle and suffix of a tag.
    pub(crate) fn tag(&self, index: u32) -> (&[u8], &[u8]) {
        match self.tags.get(index as usize) {
            Some((handle, suffix)) => (self.text(*handle), self.text(*suffix)),
            None => (&[], &[]),
        }
    }

    /// The next token, without taking it.
    #[inline(always)]
    pub(crate) fn peek(&mut self) -> Result<Token, Problem> {
        if !self.available {
            self.fetch_more()?;
        }
        // Inlined, so that callers read only the fields that they need: a copy
        // of what was just written in pieces stalls.
        match self.queue.front() {
            Some(token) => Ok(*token),
            None => Ok(self.end_token()),
        }
    }

    /// What comes where there is no token any more.
    #[cold]
    fn end_token(&self) -> Token {
        let mark = self.mark();
        Token { kind: TokenKind::StreamEnd, start: mark, end: mark }
    }

    /// Takes the token that was peeked at.
    pub(crate) fn skip(&mut self) {
        self.available = false;
        self.parsed += 1;
        self.queue.pop();
    }

    /// Scans until the front of the queue is settled: a token that may turn out
    /// to be a simple key waits for its `:`.
    fn fetch_more(&mut self) -> Result<(), Problem> {
        loop {
            if !self.queue.is_empty() {
                match self.key_at_front() {
                    Some(level) if self.is_valid(level)? => {}
                    _ => break,
                }
            }
            self.fetch_next()?;
        }
        self.available = true;
        Ok(())
    }

    /// The level whose possible simple key starts at the front of the queue.
    fn key_at_front(&self) -> Option<usize> {
        let keys = &self.simple_keys;
        let from = if keys.len() == 1 { 0 } else { keys.partition_point(|k| k.token < self.parsed) };
        let same = keys.get(from..)?.iter().take_while(|k| k.token == self.parsed);
        same.enumerate().find(|(_, k)| k.possible && k.awaited).map(|(i, _)| from + i)
    }

    fn fetch_next(&mut self) -> Result<(), Problem> {
        self.skip_to_next_token()?;
        self.unroll_indent(self.column());
        self.need(4)?;
        let c = self.byte(0);
        if self.column() == 0 {
            match c {
                b'%' => return self.fetch_directive(),
                b'-' if self.at_document_indicator() => return self.fetch_document_indicator(TokenKind::DocumentStart),
                b'.' if self.at_document_indicator() => return self.fetch_document_indicator(TokenKind::DocumentEnd),
                _ => {}
            }
        }
        let in_flow = self.in_flow();
        match c {
            0 if self.pos >= self.text.len() => self.fetch_stream_end(),
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if self.blankz(1) => self.fetch_block_entry(),
            b'?' if in_flow || self.blankz(1) => self.fetch_key(),
            b':' if in_flow || self.blankz(1) => self.fetch_value(),
            b'*' => self.fetch_anchor(true),
            b'&' => self.fetch_anchor(false),
            b'!' => self.fetch_tag(),
            b'|' if !in_flow => self.fetch_block_scalar(true),
            b'>' if !in_flow => self.fetch_block_scalar(false),
            b'\'' => self.fetch_quoted(true),
            b'"' => self.fetch_quoted(false),
            b' ' | b'\t' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => self.cannot_start(),
            _ => self.fetch_plain(),
        }
    }

    fn cannot_start(&self) -> Result<(), Problem> {
        Err(self.problem("found character that cannot start any token"))
    }

    /// A key without colon: noticed here, wrong where the key is.
    fn no_colon(&self, key: SimpleKey) -> Problem {
        Problem::scanner_since("could not find expected ':'", self.line, key.mark.line)
    }

    /// A scanner error at the current line.
    fn problem(&self, problem: &'static str) -> Problem {
        Problem::scanner(problem, self.line)
    }

    /// Reads blanks, a comment and the line's end, where nothing else may stand.
    fn end_of_line(&mut self) -> Result<(), Problem> {
        self.need(1)?;
        self.skip_blanks();
        self.need(1)?;
        if self.byte(0) == b'#' {
            self.skip_to_break();
            self.need(1)?;
        }
        if !self.at_breakz() {
            return Err(self.problem("did not find expected comment or line break"));
        }
        if self.at_break() {
            self.need(2)?;
            self.skip_break();
        }
        Ok(())
    }

    /// Fails as Go's reader does if `n` more characters cannot be had because
    /// of a bad one. Past the end of good input there are zeros.
    #[inline]
    fn need(&self, n: usize) -> Result<(), Problem> {
        match self.error {
            None => Ok(()),
            Some(e) => {
                let rest = &self.text[self.pos..];
                let chars = rest.iter().filter(|b| **b & 0xC0 != 0x80).take(n).count();
                if chars < n { Err(Problem::reader(e)) } else { Ok(()) }
            }
        }
    }

    fn in_flow(&self) -> bool {
        self.simple_keys.len() > 1
    }

    fn mark(&self) -> Mark {
        Mark { offset: self.pos as u32, line: self.line, column: self.column() as u32 }
    }

    fn column(&self) -> i64 {
        self.pos as i64 - self.line_start as i64
    }

    fn push(&mut self, kind: TokenKind, start: Mark) {
        let end = self.mark();
        self.queue.push(Token { kind, start, end });
    }

    /// Makes a token of the next `n` bytes.
    fn push_indicator(&mut self, kind: TokenKind, n: usize) {
        let start = self.mark();
        self.pos += n;
        self.push(kind, start);
    }

    fn skip_to_next_token(&mut self) -> Result<(), Problem> {
        if self.pos == 0 && self.text.starts_with(b"\xEF\xBB\xBF") {
            self.pos = 3;
            self.line_start = 2;
        }
        loop {
            let tabs = self.in_flow() || !self.simple_key_allowed;
            while self.byte(0) == b' ' || (tabs && self.byte(0) == b'\t') {
                self.pos += 1;
            }
            self.need(1)?;
            if self.byte(0) == b'#' {
                self.skip_to_break();
                self.need(1)?;
            }
            if CLASS[self.byte(0) as usize] & (chars::BREAK | HIGH) == 0 || !self.at_break() {
                return Ok(());
            }
            self.need(2)?;
            self.skip_break();
            if !self.in_flow() {
                self.simple_key_allowed = true;
            }
        }
    }

    /// Whether the possible simple key of a level can still become one.
    fn is_valid(&mut self, level: usize) -> Result<bool, Problem> {
        let Some(key) = self.simple_keys.get(level).copied() else { return Ok(false) };
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < self.line || self.further_than(key.mark.offset as usize, MAX_SIMPLE_KEY) {
            if key.required {
                return Err(self.no_colon(key));
            }
            if let Some(key) = self.simple_keys.get_mut(level) {
                key.possible = false;
            }
            return Ok(false);
        }
        Ok(true)
    }

    /// Whether more than `n` characters lie between `from` and here.
    fn further_than(&self, from: usize, n: usize) -> bool {
        let bytes = self.pos - from;
        if bytes <= n || bytes > 4 * n {
            return bytes > n;
        }
        self.text[from..self.pos].iter().filter(|b| **b & 0xC0 != 0x80).count() > n
    }

    fn save_simple_key(&mut self) -> Result<(), Problem> {
        if self.simple_key_allowed {
            let required = !self.in_flow() && self.indent == self.column();
            let token = self.parsed + self.queue.len();
            let key = SimpleKey { possible: true, awaited: true, required, token, mark: self.mark() };
            self.remove_simple_key()?;
            if let Some(last) = self.simple_keys.last_mut() {
                *last = key;
            }
        }
        Ok(())
    }

    fn remove_simple_key(&mut self) -> Result<(), Problem> {
        match self.simple_keys.last_mut() {
            Some(key) if key.possible && key.required => {
                let key = *key;
                Err(self.no_colon(key))
            }
            Some(key) => {
                key.possible = false;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Opens a block collection if the column is deeper than the current one.
    fn roll_indent(&mut self, column: i64, at: Option<usize>, kind: TokenKind, mark: Mark) -> Result<(), Problem> {
        if self.in_flow() || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_DEPTH {
            return Err(self.problem("exceeded max depth of 10000"));
        }
        let token = Token { kind, start: mark, end: mark };
        self.insert(at, token);
        Ok(())
    }

    /// Inserts a token at a number, or appends it.
    fn insert(&mut self, at: Option<usize>, token: Token) {
        match at.and_then(|number| number.checked_sub(self.parsed)) {
            Some(ahead) => self.queue.insert(ahead, token),
            None => self.queue.push(token),
        }
    }

    /// Closes the block collections that are deeper than the column.
    fn unroll_indent(&mut self, column: i64) {
        if self.in_flow() {
            return;
        }
        while self.indent > column {
            let mark = self.mark();
            self.queue.push(Token { kind: TokenKind::BlockEnd, start: mark, end: mark });
            self.indent = self.indents.pop().expect("what is deeper than the document has something around it");
        }
    }

    fn fetch_stream_end(&mut self) -> Result<(), Problem> {
        if self.column() != 0 {
            self.line_start = self.pos;
            self.line += 1;
        }
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.push_indicator(TokenKind::StreamEnd, 0);
        Ok(())
    }

    fn fetch_directive(&mut self) -> Result<(), Problem> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.scan_directive()
    }

    fn fetch_document_indicator(&mut self, kind: TokenKind) -> Result<(), Problem> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.push_indicator(kind, 3);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Result<(), Problem> {
        self.save_simple_key()?;
        let token = self.parsed + self.queue.len();
        self.simple_keys.push(SimpleKey { token, ..SimpleKey::default() });
        if self.simple_keys.len() > MAX_DEPTH + 1 {
            return Err(self.problem("exceeded max depth of 10000"));
        }
        self.simple_key_allowed = true;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Result<(), Problem> {
        self.remove_simple_key()?;
        if self.in_flow()
            && let Some(closed) = self.simple_keys.pop()
            && let Some(key) = self.simple_keys.last_mut()
        {
            key.awaited &= key.token != closed.token;
        }
        self.simple_key_allowed = false;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Result<(), Problem> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(TokenKind::FlowEntry, 1);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<(), Problem> {
        // In flow context the parser complains, as it knows the context.
        if !self.in_flow() {
            if !self.simple_key_allowed {
                return Err(self.problem("block sequence entries are not allowed in this context"));
            }
            self.roll_indent(self.column(), None, TokenKind::BlockSequenceStart, self.mark())?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<(), Problem> {
        if !self.in_flow() {
            if !self.simple_key_allowed {
                return Err(self.problem("mapping keys are not allowed in this context"));
            }
            self.roll_indent(self.column(), None, TokenKind::BlockMappingStart, self.mark())?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = !self.in_flow();
        self.push_indicator(TokenKind::Key, 1);
        Ok(())
    }

    fn fetch_value(&mut self) -> Result<(), Problem> {
        let level = self.simple_keys.len() - 1;
        if self.is_valid(level)? {
            let key = self.simple_keys[level];
            let token = Token { kind: TokenKind::Key, start: key.mark, end: key.mark };
            self.insert(Some(key.token), token);
            let column = i64::from(key.mark.column);
            self.roll_indent(column, Some(key.token), TokenKind::BlockMappingStart, key.mark)?;
            self.simple_keys[level].possible = false;
            self.simple_key_allowed = false;
        } else {
            if !self.in_flow() {
                if !self.simple_key_allowed {
                    return Err(self.problem("mapping values are not allowed in this context"));
                }
                self.roll_indent(self.column(), None, TokenKind::BlockMappingStart, self.mark())?;
            }
            self.simple_key_allowed = !self.in_flow();
        }
        self.push_indicator(TokenKind::Value, 1);
        Ok(())
    }

    fn fetch_anchor(&mut self, alias: bool) -> Result<(), Problem> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        self.scan_anchor(alias)
    }

    fn fetch_tag(&mut self) -> Result<(), Problem> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        self.scan_tag()
    }

    fn fetch_block_scalar(&mut self, literal: bool) -> Result<(), Problem> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.scan_block_scalar(literal)
    }

    fn fetch_quoted(&mut self, single: bool) -> Result<(), Problem> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        self.scan_quoted(single)
    }

    fn fetch_plain(&mut self) -> Result<(), Problem> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        self.scan_plain()
    }
}
