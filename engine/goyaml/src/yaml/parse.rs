//! The parser: tokens to events (go-yaml: parserc.go).

use super::error::Problem;
use super::reader::Input;
use super::scan::Scanner;
use super::scan::token::{Mark, Span, Style, Token, TokenKind};

/// The tags that mean something to go-yaml.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tag {
    /// None was written.
    #[default]
    None,
    /// `!!str`
    Str,
    /// `!!bool`
    Bool,
    /// `!!int`
    Int,
    /// `!!float`
    Float,
    /// `!!null`
    Null,
    /// `!!timestamp`
    Timestamp,
    /// `!!binary`
    Binary,
    /// `!!merge`
    Merge,
    /// Any other, `!` too.
    Other,
}

impl Tag {
    fn of(prefix: &[u8], suffix: &[u8]) -> Tag {
        let long = b"tag:yaml.org,2002:";
        let mut tag = Vec::with_capacity(prefix.len() + suffix.len());
        tag.extend_from_slice(prefix);
        tag.extend_from_slice(suffix);
        match tag.strip_prefix(long) {
            Some(b"str") => Tag::Str,
            Some(b"bool") => Tag::Bool,
            Some(b"int") => Tag::Int,
            Some(b"float") => Tag::Float,
            Some(b"null") => Tag::Null,
            Some(b"timestamp") => Tag::Timestamp,
            Some(b"binary") => Tag::Binary,
            Some(b"merge") => Tag::Merge,
            _ if tag.is_empty() => Tag::None,
            _ => Tag::Other,
        }
    }

    /// `!!int` and so on, as in messages.
    pub(crate) fn short(self) -> &'static str {
        match self {
            Tag::None | Tag::Other => "",
            Tag::Str => "!!str",
            Tag::Bool => "!!bool",
            Tag::Int => "!!int",
            Tag::Float => "!!float",
            Tag::Null => "!!null",
            Tag::Timestamp => "!!timestamp",
            Tag::Binary => "!!binary",
            Tag::Merge => "!!merge",
        }
    }
}

/// What the parser finds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    pub(crate) kind: EventKind,
    pub(crate) start: Mark,
    pub(crate) end: Mark,
    pub(crate) anchor: Option<Span>,
    pub(crate) tag: Tag,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventKind {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    SequenceStart {
        flow: bool,
    },
    SequenceEnd,
    MappingStart {
        flow: bool,
    },
    MappingEnd,
    Alias(Span),
    /// `implicit`: its type is to be found out by its text.
    Scalar {
        text: Span,
        style: Style,
        implicit: bool,
    },
}

#[derive(Clone, Copy, Debug)]
enum State {
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceFirstEntry,
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingFirstKey,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceFirstEntry,
    FlowSequenceEntry,
    FlowSequenceEntryMappingKey,
    FlowSequenceEntryMappingValue,
    FlowSequenceEntryMappingEnd,
    FlowMappingFirstKey,
    FlowMappingKey,
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

/// The parser's state.
pub(crate) struct Parser<'a> {
    pub(crate) scanner: Scanner<'a>,
    state: State,
    states: Vec<State>,
    /// Handles and prefixes of `%TAG`.
    directives: Vec<[Box<[u8]>; 2]>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(input: &'a Input<'_>) -> Parser<'a> {
        Parser {
            scanner: Scanner::new(input),
            state: State::ImplicitDocumentStart,
            states: Vec::new(),
            directives: Vec::new(),
        }
    }

    /// The next event; after the end of the stream, that end again.
    pub(crate) fn next(&mut self) -> Result<Event, Problem> {
        match self.state {
            State::ImplicitDocumentStart => self.document_start(true),
            State::DocumentStart => self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(true, false),
            State::BlockSequenceFirstEntry => self.block_sequence_entry(true),
            State::BlockSequenceEntry => self.block_sequence_entry(false),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingFirstKey => self.block_mapping_key(true),
            State::BlockMappingKey => self.block_mapping_key(false),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceFirstEntry => self.flow_sequence_entry(true),
            State::FlowSequenceEntry => self.flow_sequence_entry(false),
            State::FlowSequenceEntryMappingKey => self.flow_sequence_entry_mapping_key(),
            State::FlowSequenceEntryMappingValue => self.flow_sequence_entry_mapping_value(),
            State::FlowSequenceEntryMappingEnd => {
                let token = self.scanner.peek()?;
                self.state = State::FlowSequenceEntry;
                Ok(event(EventKind::MappingEnd, token.start, token.start))
            }
            State::FlowMappingFirstKey => self.flow_mapping_key(true),
            State::FlowMappingKey => self.flow_mapping_key(false),
            State::FlowMappingValue => self.flow_mapping_value(false),
            State::FlowMappingEmptyValue => self.flow_mapping_value(true),
            State::End => {
                let token = self.scanner.peek()?;
                Ok(event(EventKind::StreamEnd, token.start, token.end))
            }
        }
    }

    fn pop_state(&mut self) {
        self.state = self.states.pop().expect("whoever enters a state leaves another to return to");
    }

    /// Takes the token and ends the collection with it.
    fn end_collection(&mut self, kind: EventKind, token: Token) -> Event {
        self.pop_state();
        self.scanner.skip();
        event(kind, token.start, token.end)
    }

    fn document_start(&mut self, implicit: bool) -> Result<Event, Problem> {
        let mut token = self.scanner.peek()?;
        if !implicit {
            while token.kind == TokenKind::DocumentEnd {
                self.scanner.skip();
                token = self.scanner.peek()?;
            }
        }
        match token.kind {
            TokenKind::StreamEnd => {
                self.state = State::End;
                Ok(event(EventKind::StreamEnd, token.start, token.end))
            }
            TokenKind::Version(..) | TokenKind::TagDirective(_) | TokenKind::DocumentStart => {
                self.explicit_document(token)
            }
            _ if implicit => {
                self.states.push(State::DocumentEnd);
                self.state = State::BlockNode;
                Ok(event(EventKind::DocumentStart, token.start, token.end))
            }
            _ => self.explicit_document(token),
        }
    }

    fn explicit_document(&mut self, first: Token) -> Result<Event, Problem> {
        self.read_directives()?;
        let token = self.scanner.peek()?;
        if token.kind != TokenKind::DocumentStart {
            return Err(Problem::parser("did not find expected <document start>", token.start.line));
        }
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        self.scanner.skip();
        Ok(event(EventKind::DocumentStart, first.start, token.end))
    }

    fn read_directives(&mut self) -> Result<(), Problem> {
        let mut has_version = false;
        loop {
            let token = self.scanner.peek()?;
            let line = token.start.line;
            match token.kind {
                TokenKind::Version(..) if has_version => {
                    return Err(Problem::parser("found duplicate %YAML directive", line));
                }
                TokenKind::Version(1, 1) => has_version = true,
                TokenKind::Version(..) => return Err(Problem::parser("found incompatible YAML document", line)),
                TokenKind::TagDirective(index) => {
                    let (handle, prefix) = self.scanner.tag(index);
                    if self.directives.iter().any(|[h, _]| **h == *handle) {
                        return Err(Problem::parser("found duplicate %TAG directive", line));
                    }
                    self.directives.push([handle.into(), prefix.into()]);
                }
                _ => break,
            }
            self.scanner.skip();
        }
        Ok(())
    }

    fn document_content(&mut self) -> Result<Event, Problem> {
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::Version(..)
            | TokenKind::TagDirective(_)
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                self.pop_state();
                Ok(empty_scalar(token.start))
            }
            _ => self.node(true, false),
        }
    }

    fn document_end(&mut self) -> Result<Event, Problem> {
        let token = self.scanner.peek()?;
        let mut end = token.start;
        if token.kind == TokenKind::DocumentEnd {
            end = token.end;
            self.scanner.skip();
        }
        self.directives.clear();
        self.state = State::DocumentStart;
        Ok(event(EventKind::DocumentEnd, token.start, end))
    }

    fn node(&mut self, block: bool, indentless_sequence: bool) -> Result<Event, Problem> {
        let mut token = self.scanner.peek()?;
        if let TokenKind::Alias(name) = token.kind {
            self.pop_state();
            self.scanner.skip();
            return Ok(event(EventKind::Alias(name), token.start, token.end));
        }
        let start = token.start;
        let mut properties_end = token.start;
        let mut anchor = None;
        let mut tag = None;
        loop {
            match token.kind {
                TokenKind::Anchor(name) if anchor.is_none() => anchor = Some(name),
                TokenKind::Tag(index) if tag.is_none() => tag = Some((index, token.start)),
                _ => break,
            }
            properties_end = token.end;
            self.scanner.skip();
            token = self.scanner.peek()?;
        }
        let (tag, bang) = match tag {
            Some((index, mark)) => self.resolve_tag(index, mark)?,
            None => (Tag::None, false),
        };
        let found = |kind, end| Event { kind, start, end, anchor, tag };
        match token.kind {
            TokenKind::BlockEntry if indentless_sequence => {
                self.state = State::IndentlessSequenceEntry;
                Ok(found(EventKind::SequenceStart { flow: false }, token.end))
            }
            TokenKind::Scalar(text, style) => {
                self.pop_state();
                self.scanner.skip();
                let implicit = bang || (tag == Tag::None && style == Style::Plain);
                Ok(found(EventKind::Scalar { text, style, implicit }, token.end))
            }
            TokenKind::FlowSequenceStart => {
                self.state = State::FlowSequenceFirstEntry;
                Ok(found(EventKind::SequenceStart { flow: true }, token.end))
            }
            TokenKind::FlowMappingStart => {
                self.state = State::FlowMappingFirstKey;
                Ok(found(EventKind::MappingStart { flow: true }, token.end))
            }
            TokenKind::BlockSequenceStart if block => {
                self.state = State::BlockSequenceFirstEntry;
                Ok(found(EventKind::SequenceStart { flow: false }, token.end))
            }
            TokenKind::BlockMappingStart if block => {
                self.state = State::BlockMappingFirstKey;
                Ok(found(EventKind::MappingStart { flow: false }, token.end))
            }
            _ if anchor.is_some() || tag != Tag::None => {
                self.pop_state();
                let implicit = tag == Tag::None;
                let kind = EventKind::Scalar { text: Span::default(), style: Style::Plain, implicit };
                Ok(found(kind, properties_end))
            }
            _ => Err(Problem::parser("did not find expected node content", token.start.line)),
        }
    }

    /// The tag, and whether it is just `!`.
    fn resolve_tag(&self, index: u32, mark: Mark) -> Result<(Tag, bool), Problem> {
        let (handle, suffix) = self.scanner.tag(index);
        if handle.is_empty() {
            return Ok((Tag::of(b"", suffix), suffix == b"!"));
        }
        let prefix: &[u8] = match self.directives.iter().find(|[h, _]| **h == *handle) {
            Some([_, prefix]) => prefix,
            None if handle == b"!" => b"!",
            None if handle == b"!!" => b"tag:yaml.org,2002:",
            None => b"",
        };
        if prefix.is_empty() && suffix.is_empty() || !self.knows_handle(handle) {
            return Err(Problem::parser("found undefined tag handle", mark.line));
        }
        Ok((Tag::of(prefix, suffix), suffix.is_empty() && prefix == b"!"))
    }

    fn knows_handle(&self, handle: &[u8]) -> bool {
        handle == b"!" || handle == b"!!" || self.directives.iter().any(|[h, _]| **h == *handle)
    }

    fn block_sequence_entry(&mut self, first: bool) -> Result<Event, Problem> {
        if first {
            self.scanner.skip();
        }
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::BlockEntry => {
                self.scanner.skip();
                let next = self.scanner.peek()?;
                if matches!(next.kind, TokenKind::BlockEntry | TokenKind::BlockEnd) {
                    self.state = State::BlockSequenceEntry;
                    return Ok(empty_scalar(token.end));
                }
                self.states.push(State::BlockSequenceEntry);
                self.node(true, false)
            }
            TokenKind::BlockEnd => Ok(self.end_collection(EventKind::SequenceEnd, token)),
            _ => Err(Problem::parser("did not find expected '-' indicator", token.start.line)),
        }
    }

    fn indentless_sequence_entry(&mut self) -> Result<Event, Problem> {
        let token = self.scanner.peek()?;
        if token.kind != TokenKind::BlockEntry {
            self.pop_state();
            return Ok(event(EventKind::SequenceEnd, token.start, token.start));
        }
        self.scanner.skip();
        let next = self.scanner.peek()?;
        if matches!(next.kind, TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd) {
            self.state = State::IndentlessSequenceEntry;
            return Ok(empty_scalar(token.end));
        }
        self.states.push(State::IndentlessSequenceEntry);
        self.node(true, false)
    }

    fn block_mapping_key(&mut self, first: bool) -> Result<Event, Problem> {
        if first {
            self.scanner.skip();
        }
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::Key => {
                self.scanner.skip();
                self.block_mapping_node(token.end, State::BlockMappingValue)
            }
            TokenKind::BlockEnd => Ok(self.end_collection(EventKind::MappingEnd, token)),
            _ => Err(Problem::parser("did not find expected key", token.start.line)),
        }
    }

    fn block_mapping_value(&mut self) -> Result<Event, Problem> {
        let token = self.scanner.peek()?;
        if token.kind == TokenKind::Value {
            self.scanner.skip();
            return self.block_mapping_node(token.end, State::BlockMappingKey);
        }
        self.state = State::BlockMappingKey;
        Ok(empty_scalar(token.start))
    }

    /// The key after `?`, or the value after `:`; maybe nothing.
    fn block_mapping_node(&mut self, after: Mark, then: State) -> Result<Event, Problem> {
        let token = self.scanner.peek()?;
        if matches!(token.kind, TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd) {
            self.state = then;
            return Ok(empty_scalar(after));
        }
        self.states.push(then);
        self.node(true, true)
    }

    fn flow_sequence_entry(&mut self, first: bool) -> Result<Event, Problem> {
        if first {
            self.scanner.skip();
        }
        let mut token = self.scanner.peek()?;
        if token.kind != TokenKind::FlowSequenceEnd {
            if !first {
                if token.kind != TokenKind::FlowEntry {
                    return Err(Problem::parser("did not find expected ',' or ']'", token.start.line));
                }
                self.scanner.skip();
                token = self.scanner.peek()?;
            }
            match token.kind {
                TokenKind::Key => {
                    self.state = State::FlowSequenceEntryMappingKey;
                    self.scanner.skip();
                    return Ok(event(EventKind::MappingStart { flow: true }, token.start, token.end));
                }
                TokenKind::FlowSequenceEnd => {}
                _ => {
                    self.states.push(State::FlowSequenceEntry);
                    return self.node(false, false);
                }
            }
        }
        Ok(self.end_collection(EventKind::SequenceEnd, token))
    }

    fn flow_sequence_entry_mapping_key(&mut self) -> Result<Event, Problem> {
        let token = self.scanner.peek()?;
        if matches!(token.kind, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
            // As in Go, which swallows that token.
            self.scanner.skip();
            self.state = State::FlowSequenceEntryMappingValue;
            return Ok(empty_scalar(token.end));
        }
        self.states.push(State::FlowSequenceEntryMappingValue);
        self.node(false, false)
    }

    fn flow_sequence_entry_mapping_value(&mut self) -> Result<Event, Problem> {
        let token = self.scanner.peek()?;
        if token.kind == TokenKind::Value {
            self.scanner.skip();
            let next = self.scanner.peek()?;
            if !matches!(next.kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
                self.states.push(State::FlowSequenceEntryMappingEnd);
                return self.node(false, false);
            }
        }
        self.state = State::FlowSequenceEntryMappingEnd;
        Ok(empty_scalar(token.start))
    }

    fn flow_mapping_key(&mut self, first: bool) -> Result<Event, Problem> {
        if first {
            self.scanner.skip();
        }
        let mut token = self.scanner.peek()?;
        if token.kind != TokenKind::FlowMappingEnd {
            if !first {
                if token.kind != TokenKind::FlowEntry {
                    return Err(Problem::parser("did not find expected ',' or '}'", token.start.line));
                }
                self.scanner.skip();
                token = self.scanner.peek()?;
            }
            match token.kind {
                TokenKind::Key => {
                    self.scanner.skip();
                    let next = self.scanner.peek()?;
                    if matches!(next.kind, TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
                        self.state = State::FlowMappingValue;
                        return Ok(empty_scalar(next.start));
                    }
                    self.states.push(State::FlowMappingValue);
                    return self.node(false, false);
                }
                TokenKind::FlowMappingEnd => {}
                _ => {
                    self.states.push(State::FlowMappingEmptyValue);
                    return self.node(false, false);
                }
            }
        }
        Ok(self.end_collection(EventKind::MappingEnd, token))
    }

    fn flow_mapping_value(&mut self, empty: bool) -> Result<Event, Problem> {
        let mut token = self.scanner.peek()?;
        if !empty && token.kind == TokenKind::Value {
            self.scanner.skip();
            token = self.scanner.peek()?;
            if !matches!(token.kind, TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
                self.states.push(State::FlowMappingKey);
                return self.node(false, false);
            }
        }
        self.state = State::FlowMappingKey;
        Ok(empty_scalar(token.start))
    }
}

fn event(kind: EventKind, start: Mark, end: Mark) -> Event {
    Event { kind, start, end, anchor: None, tag: Tag::None }
}

/// The scalar where there is nothing.
fn empty_scalar(mark: Mark) -> Event {
    let kind = EventKind::Scalar {
        text: Span { start: mark.offset, end: mark.offset, owned: false },
        style: Style::Plain,
        implicit: true,
    };
    event(kind, mark, mark)
}
