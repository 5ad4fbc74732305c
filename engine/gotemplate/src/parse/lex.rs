//! Source to tokens (`text/template/parse`: lex.go).

use govalue::strconv;

use crate::node::Span;
use crate::parse::runes::{decode, is_alphanumeric, is_space, show_rune};

/// What kind of token an [`Item`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Error,
    Bool,
    Char,
    CharConstant,
    Comment,
    Complex,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

/// All kinds, in the order of their declaration.
const TOKENS: [Token; 34] = [
    Token::Error,
    Token::Bool,
    Token::Char,
    Token::CharConstant,
    Token::Comment,
    Token::Complex,
    Token::Assign,
    Token::Declare,
    Token::Eof,
    Token::Field,
    Token::Identifier,
    Token::LeftDelim,
    Token::LeftParen,
    Token::Number,
    Token::Pipe,
    Token::RawString,
    Token::RightDelim,
    Token::RightParen,
    Token::Space,
    Token::String,
    Token::Text,
    Token::Variable,
    Token::Block,
    Token::Break,
    Token::Continue,
    Token::Dot,
    Token::Define,
    Token::Else,
    Token::End,
    Token::If,
    Token::Nil,
    Token::Range,
    Token::Template,
    Token::With,
];

impl Token {
    fn keyword(word: &[u8]) -> Option<Token> {
        Some(match word {
            b"block" => Token::Block,
            b"break" => Token::Break,
            b"continue" => Token::Continue,
            b"define" => Token::Define,
            b"else" => Token::Else,
            b"end" => Token::End,
            b"if" => Token::If,
            b"range" => Token::Range,
            b"nil" => Token::Nil,
            b"template" => Token::Template,
            b"with" => Token::With,
            _ => return None,
        })
    }

    /// Whether it is a keyword; Go counts the lone dot among them.
    pub(crate) fn is_keyword(self) -> bool {
        matches!(
            self,
            Token::Block
                | Token::Break
                | Token::Continue
                | Token::Dot
                | Token::Define
                | Token::Else
                | Token::End
                | Token::If
                | Token::Nil
                | Token::Range
                | Token::Template
                | Token::With
        )
    }
}

/// A token: a piece of the source.
///
/// It is two words, so that it is passed in registers: the parser copies tokens
/// a lot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    /// Start and end.
    place: u64,
    /// Line and kind.
    what: u64,
}

impl Item {
    pub(crate) const NONE: Item = Item::new(Token::Error, 0, 0, 0);

    const fn new(token: Token, start: u32, end: u32, line: u32) -> Item {
        Item { place: start as u64 | (end as u64) << 32, what: line as u64 | (token as u64) << 32 }
    }

    pub(crate) fn token(self) -> Token {
        TOKENS.get((self.what >> 32) as usize).copied().unwrap_or(Token::Error)
    }

    pub(crate) fn start(self) -> u32 {
        self.place as u32
    }

    pub(crate) fn end(self) -> u32 {
        (self.place >> 32) as u32
    }

    pub(crate) fn line(self) -> u32 {
        self.what as u32
    }

    pub(crate) fn span(self) -> Span {
        Span { start: self.start(), end: self.end() }
    }
}

/// Splits a source into tokens.
pub(crate) struct Lexer<'a> {
    src: &'a [u8],
    pos: usize,
    start: usize,
    /// Where the last rune began, to step back.
    last: usize,
    at_eof: bool,
    paren_depth: usize,
    line: u32,
    start_line: u32,
    inside_action: bool,
    /// Whether `break` and `continue` are keywords.
    pub(crate) break_ok: bool,
    pub(crate) continue_ok: bool,
    /// The text of the last error item.
    pub(crate) error: String,
    /// Where the last error was found.
    pub(crate) error_pos: usize,
}

/// Whether a byte is an ASCII letter, digit or underscore.
const WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut b = 0;
    while b < 128 {
        word[b] = (b as u8).is_ascii_alphanumeric() || b as u8 == b'_';
        b += 1;
    }
    word
};

/// The end of input among runes.
const EOF: Option<char> = None;

impl<'a> Lexer<'a> {
    pub(crate) fn new(src: &'a [u8]) -> Lexer<'a> {
        Lexer {
            src,
            pos: 0,
            start: 0,
            last: 0,
            at_eof: false,
            paren_depth: 0,
            line: 1,
            start_line: 1,
            inside_action: false,
            break_ok: true,
            continue_ok: true,
            error: String::new(),
            error_pos: 0,
        }
    }

    /// The next token.
    pub(crate) fn next_item(&mut self) -> Item {
        if self.inside_action { self.action() } else { self.text() }
    }

    fn rest(&self) -> &'a [u8] {
        self.src.get(self.pos..).unwrap_or_default()
    }

    fn pending(&self) -> &'a [u8] {
        self.src.get(self.start..self.pos).unwrap_or_default()
    }

    fn next(&mut self) -> Option<char> {
        let Some(&b) = self.src.get(self.pos) else {
            self.at_eof = true;
            return EOF;
        };
        self.last = self.pos;
        if b < 0x80 {
            self.pos += 1;
            if b == b'\n' {
                self.line += 1;
            }
            return Some(char::from(b));
        }
        let (c, width) = decode(self.rest());
        self.pos += width;
        Some(c)
    }

    fn backup(&mut self) {
        if !self.at_eof && self.pos > 0 {
            self.pos = self.last;
            if self.src.get(self.pos) == Some(&b'\n') {
                self.line -= 1;
            }
        }
    }

    fn peek(&mut self) -> Option<char> {
        let c = self.next();
        self.backup();
        c
    }

    fn emit(&mut self, token: Token) -> Item {
        let item = Item::new(token, self.start as u32, self.pos as u32, self.start_line);
        self.start = self.pos;
        self.start_line = self.line;
        item
    }

    fn ignore(&mut self) {
        self.line += newlines(self.pending());
        self.start = self.pos;
        self.start_line = self.line;
    }

    fn fail(&mut self, message: impl Into<String>) -> Item {
        let item = Item::new(Token::Error, self.start as u32, self.start as u32, self.start_line);
        self.error = message.into();
        self.error_pos = self.pos;
        self.start = 0;
        self.pos = 0;
        self.src = &[];
        item
    }

    fn accept(&mut self, valid: &[u8]) -> bool {
        if self.src.get(self.pos).is_some_and(|b| valid.contains(b)) {
            self.next();
            return true;
        }
        false
    }

    fn accept_run(&mut self, valid: &[u8]) {
        while self.accept(valid) {}
    }

    /// Text up to the next action; comments are skipped.
    fn text(&mut self) -> Item {
        loop {
            let Some(x) = find(self.rest(), b"{{") else {
                self.pos = self.src.len();
                if self.pos > self.start {
                    self.line += newlines(self.pending());
                    return self.emit(Token::Text);
                }
                return self.emit(Token::Eof);
            };
            if x > 0 {
                self.pos += x;
                let trim = if has_left_trim(self.src.get(self.pos + 2..).unwrap_or_default()) {
                    trailing_space(self.pending())
                } else {
                    0
                };
                self.pos -= trim;
                self.line += newlines(self.pending());
                let item = self.emit(Token::Text);
                self.pos += trim;
                self.ignore();
                if item.end() > item.start() {
                    return item;
                }
            }
            // The left delimiter, maybe of a comment.
            self.pos += 2;
            let marker = if has_left_trim(self.rest()) { 2 } else { 0 };
            if !self.src.get(self.pos + marker..).unwrap_or_default().starts_with(b"/*") {
                let item = self.emit(Token::LeftDelim);
                self.inside_action = true;
                self.pos += marker;
                self.ignore();
                self.paren_depth = 0;
                return item;
            }
            self.pos += marker;
            self.ignore();
            if let Some(error) = self.comment() {
                return error;
            }
        }
    }

    fn comment(&mut self) -> Option<Item> {
        self.pos += 2;
        let Some(x) = find(self.rest(), b"*/") else {
            return Some(self.fail("unclosed comment"));
        };
        self.pos += x + 2;
        let Some(trim) = self.at_right_delim() else {
            return Some(self.fail("comment ends before closing delimiter"));
        };
        self.line += newlines(self.pending());
        self.emit(Token::Comment);
        self.skip_right_delim(trim);
        self.ignore();
        None
    }

    /// Whether a right delimiter stands here, and whether it trims.
    fn at_right_delim(&self) -> Option<bool> {
        match self.rest() {
            [a, b'-', b'}', b'}', ..] if is_space(*a) => Some(true),
            [b'}', b'}', ..] => Some(false),
            _ => None,
        }
    }

    fn skip_right_delim(&mut self, trim: bool) {
        if trim {
            self.pos += 2;
        }
        self.pos += 2;
        if trim {
            self.pos += self.rest().iter().take_while(|b| is_space(**b)).count();
        }
    }

    fn right_delim(&mut self, trim: bool) -> Item {
        if trim {
            self.pos += 2;
            self.ignore();
        }
        self.pos += 2;
        let item = self.emit(Token::RightDelim);
        if trim {
            self.pos += self.rest().iter().take_while(|b| is_space(**b)).count();
            self.ignore();
        }
        self.inside_action = false;
        item
    }

    fn action(&mut self) -> Item {
        if let Some(trim) = self.at_right_delim() {
            if self.paren_depth == 0 {
                return self.right_delim(trim);
            }
            return self.fail("unclosed left paren");
        }
        let Some(c) = self.next() else {
            return self.fail("unclosed action");
        };
        match c {
            ' ' | '\t' | '\r' | '\n' => {
                self.backup();
                self.space()
            }
            '=' => self.emit(Token::Assign),
            ':' => {
                if self.next() != Some('=') {
                    return self.fail("expected :=");
                }
                self.emit(Token::Declare)
            }
            '|' => self.emit(Token::Pipe),
            '"' => self.quoted('"', Token::String, "unterminated quoted string"),
            '`' => self.raw_quoted(),
            '\'' => self.quoted('\'', Token::CharConstant, "unterminated character constant"),
            '$' => self.field_or_variable(Token::Variable),
            '.' if self.src.get(self.pos).is_some_and(|b| !b.is_ascii_digit()) => self.field_or_variable(Token::Field),
            '.' | '+' | '-' | '0'..='9' => {
                self.backup();
                self.number()
            }
            c if is_alphanumeric(c) => {
                self.backup();
                self.identifier()
            }
            '(' => {
                self.paren_depth += 1;
                self.emit(Token::LeftParen)
            }
            ')' => {
                if self.paren_depth == 0 {
                    return self.fail("unexpected right paren");
                }
                self.paren_depth -= 1;
                self.emit(Token::RightParen)
            }
            c if c.is_ascii_graphic() => self.emit(Token::Char),
            c => self.fail(format!("unrecognized character in action: {}", show_rune(Some(c)))),
        }
    }

    fn space(&mut self) -> Item {
        let mut spaces = 0;
        while let Some(b) = self.src.get(self.pos).filter(|b| is_space(**b)) {
            self.line += u32::from(*b == b'\n');
            self.last = self.pos;
            self.pos += 1;
            spaces += 1;
        }
        if self.src.get(self.pos..).is_some_and(|rest| rest.starts_with(b"-}}")) {
            // The last space belongs to the delimiter that trims.
            self.backup();
            if spaces == 1 {
                return self.right_delim(true);
            }
        }
        self.emit(Token::Space)
    }

    /// Reads letters, digits and underscores; nearly all are ASCII.
    fn word(&mut self) {
        loop {
            self.pos += self.rest().iter().take_while(|b| WORD[usize::from(**b)]).count();
            if self.src.get(self.pos).is_none_or(u8::is_ascii) {
                return;
            }
            if !self.next().is_some_and(is_alphanumeric) {
                self.backup();
                return;
            }
        }
    }

    fn identifier(&mut self) -> Item {
        self.word();
        if !self.at_terminator() {
            let c = self.peek();
            return self.fail(format!("bad character {}", show_rune(c)));
        }
        let word = self.pending();
        let token = match Token::keyword(word) {
            Some(Token::Break) if !self.break_ok => Token::Identifier,
            Some(Token::Continue) if !self.continue_ok => Token::Identifier,
            Some(keyword) => keyword,
            None if word == b"true" || word == b"false" => Token::Bool,
            None => Token::Identifier,
        };
        self.emit(token)
    }

    /// The `.` or `$` has been read.
    fn field_or_variable(&mut self, token: Token) -> Item {
        if self.at_terminator() {
            return self.emit(if token == Token::Variable { Token::Variable } else { Token::Dot });
        }
        self.word();
        if !self.at_terminator() {
            let c = self.peek();
            return self.fail(format!("bad character {}", show_rune(c)));
        }
        self.emit(token)
    }

    /// Whether an identifier may end here.
    fn at_terminator(&self) -> bool {
        match self.rest() {
            [] => true,
            [b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(', ..] => true,
            rest => rest.starts_with(b"}}"),
        }
    }

    /// A string or character in `quote`, which has been read.
    fn quoted(&mut self, quote: char, token: Token, unterminated: &str) -> Item {
        loop {
            let plain = |b: &&u8| b.is_ascii_graphic() && !matches!(**b, b'\\' | b'"' | b'\'') || **b == b' ';
            self.pos += self.rest().iter().take_while(plain).count();
            match self.next() {
                Some('\\') => {
                    if matches!(self.next(), EOF | Some('\n')) {
                        return self.fail(unterminated);
                    }
                }
                EOF | Some('\n') => return self.fail(unterminated),
                Some(c) if c == quote => return self.emit(token),
                Some(_) => {}
            }
        }
    }

    fn raw_quoted(&mut self) -> Item {
        loop {
            match self.next() {
                EOF => return self.fail("unterminated raw quoted string"),
                Some('`') => return self.emit(Token::RawString),
                Some(_) => {}
            }
        }
    }

    fn number(&mut self) -> Item {
        if !self.scan_number() {
            return self.bad_number();
        }
        if matches!(self.peek(), Some('+' | '-')) {
            // Complex: 1+2i, without spaces.
            if !self.scan_number() || self.src.get(self.pos.wrapping_sub(1)) != Some(&b'i') {
                return self.bad_number();
            }
            return self.emit(Token::Complex);
        }
        self.emit(Token::Number)
    }

    fn bad_number(&mut self) -> Item {
        let message = format!("bad number syntax: {}", strconv::quote(self.pending()));
        self.fail(message)
    }

    fn scan_number(&mut self) -> bool {
        self.accept(b"+-");
        let (mut digits, mut decimal, mut hex): (&[u8], bool, bool) = (b"0123456789_", true, false);
        if self.accept(b"0") {
            if self.accept(b"xX") {
                (digits, decimal, hex) = (b"0123456789abcdefABCDEF_", false, true);
            } else if self.accept(b"oO") {
                (digits, decimal) = (b"01234567_", false);
            } else if self.accept(b"bB") {
                (digits, decimal) = (b"01_", false);
            }
        }
        self.accept_run(digits);
        if self.accept(b".") {
            self.accept_run(digits);
        }
        if decimal && self.accept(b"eE") || hex && self.accept(b"pP") {
            self.accept(b"+-");
            self.accept_run(b"0123456789_");
        }
        self.accept(b"i");
        if self.peek().is_some_and(is_alphanumeric) {
            self.next();
            return false;
        }
        true
    }
}

fn newlines(s: &[u8]) -> u32 {
    if s.len() < 16 {
        return s.iter().map(|b| u32::from(*b == b'\n')).sum();
    }
    memchr::memchr_iter(b'\n', s).count() as u32
}

fn find(s: &[u8], needle: &[u8; 2]) -> Option<usize> {
    let mut from = 0;
    while let Some(i) = memchr::memchr(needle[0], s.get(from..)?) {
        if s.get(from + i + 1) == Some(&needle[1]) {
            return Some(from + i);
        }
        from += i + 1;
    }
    None
}

fn has_left_trim(s: &[u8]) -> bool {
    matches!(s, [b'-', b, ..] if is_space(*b))
}

fn trailing_space(s: &[u8]) -> usize {
    s.iter().rev().take_while(|b| is_space(**b)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_keeps_its_parts() {
        for (i, token) in TOKENS.into_iter().enumerate() {
            assert_eq!(token as usize, i);
            let item = Item::new(token, 7, u32::MAX, 9);
            assert_eq!((item.token(), item.start(), item.end(), item.line()), (token, 7, u32::MAX, 9));
        }
    }
}
