//! What the scanner makes of the text.

/// A place in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Bytes from the start.
    pub offset: u32,
    /// The line, counted from 0.
    pub line: u32,
    /// The column in characters, counted from 0.
    pub column: u32,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    #[default]
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// A piece of text: of the source, or of what escapes and folding made of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Whether it lies in the scanner's own buffer.
    pub(crate) owned: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    StreamEnd,
    /// `%YAML`, with its major and minor number.
    Version(u8, u8),
    /// `%TAG`; handle and prefix by index.
    TagDirective(u32),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(Span),
    Anchor(Span),
    /// Handle and suffix by index.
    Tag(u32),
    Scalar(Span, Style),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: Mark,
    pub(crate) end: Mark,
}

/// Tokens that are scanned but not yet parsed.
#[derive(Default)]
pub(crate) struct Queue {
    items: Vec<Token>,
    head: usize,
}

impl Queue {
    pub(crate) fn len(&self) -> usize {
        self.items.len() - self.head
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.head == self.items.len()
    }

    pub(crate) fn push(&mut self, token: Token) {
        self.items.push(token);
    }

    /// Inserts before the token that is now at `at`.
    pub(crate) fn insert(&mut self, at: usize, token: Token) {
        let at = (self.head + at).min(self.items.len());
        self.items.insert(at, token);
    }

    pub(crate) fn front(&self) -> Option<&Token> {
        self.items.get(self.head)
    }

    pub(crate) fn pop(&mut self) {
        self.head += 1;
        if self.head >= self.items.len() {
            self.items.clear();
            self.head = 0;
        } else if self.head >= 256 && self.head * 2 >= self.items.len() {
            self.items.drain(..self.head);
            self.head = 0;
        }
    }
}
