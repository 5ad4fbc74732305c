//! Source to tokens (`text/template/parse`: lex.go).
//!
//! Space inside actions makes no token: a token knows whether there was any
//! before it. Lines are counted when an error wants one.

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

impl Token {
    /// The keyword or literal that a word is, if it is none of a function's names.
    fn word(word: &[u8]) -> Token {
        match word {
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
            b"true" | b"false" => Token::Bool,
            _ => Token::Identifier,
        }
    }

    /// Whether it is a keyword; Go counts the lone dot among them.
    pub(crate) fn is_keyword(self) -> bool {
        KEYWORDS & (1 << self as u32) != 0
    }

    /// Whether an operand can begin with it.
    pub(crate) fn is_term(self) -> bool {
        TERMS & (1 << self as u32) != 0
    }
}

const KEYWORDS: u32 = set(&[
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
]);

const TERMS: u32 = set(&[
    Token::Bool,
    Token::CharConstant,
    Token::Complex,
    Token::Dot,
    Token::Field,
    Token::Identifier,
    Token::Number,
    Token::Nil,
    Token::RawString,
    Token::String,
    Token::Variable,
    Token::LeftParen,
]);

/// Some tokens, a bit each.
const fn set(tokens: &[Token]) -> u32 {
    let (mut set, mut i) = (0, 0);
    while i < tokens.len() {
        set |= 1 << tokens[i] as u32;
        i += 1;
    }
    set
}

/// A token: a piece of the source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) token: Token,
    /// Whether there is space before it that does not belong to a delimiter.
    pub(crate) spaced: bool,
    /// Whether it is a string with escapes.
    pub(crate) escaped: bool,
}

impl Item {
    pub(crate) const NONE: Item = Item::new(Token::Error, 0, 0);

    pub(super) const fn new(token: Token, start: u32, end: u32) -> Item {
        Item { start, end, token, spaced: false, escaped: false }
    }

    pub(crate) fn span(self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

/// Splits a source into tokens.
pub(crate) struct Lexer<'a> {
    src: &'a [u8],
    pos: usize,
    paren_depth: usize,
    /// Whether `break` and `continue` are keywords.
    pub(crate) break_ok: bool,
    pub(crate) continue_ok: bool,
    /// The text of the error item.
    pub(crate) error: String,
    /// Where the error was found.
    pub(crate) error_pos: usize,
}

/// What a byte can be, a bit each: an ASCII letter, digit or underscore,
const WORD: u8 = 1;
/// space,
const SPACE: u8 = 2;
/// what may stand behind an identifier (as `}}` may),
const TERMINATOR: u8 = 4;
/// what may not be skipped in a string.
const IN_QUOTES: u8 = 8;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut b = 0;
    while b < 128 {
        let byte = b as u8;
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            classes[b] |= WORD;
        }
        if is_space(byte) {
            classes[b] |= SPACE | TERMINATOR;
        }
        if matches!(byte, b'.' | b',' | b'|' | b':' | b')' | b'(') {
            classes[b] |= TERMINATOR;
        }
        if matches!(byte, b'\\' | b'\n' | b'"' | b'\'') {
            classes[b] |= IN_QUOTES;
        }
        b += 1;
    }
    classes
};

fn is(b: u8, class: u8) -> bool {
    CLASSES[usize::from(b)] & class != 0
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(src: &'a [u8]) -> Lexer<'a> {
        Lexer { src, pos: 0, paren_depth: 0, break_ok: true, continue_ok: true, error: String::new(), error_pos: 0 }
    }

    fn from(&self, pos: usize) -> &'a [u8] {
        self.src.get(pos..).unwrap_or_default()
    }

    fn byte(&self, pos: usize) -> Option<u8> {
        self.src.get(pos).copied()
    }

    /// How many bytes from `pos` on are of a class.
    #[inline(always)]
    fn run(&self, pos: usize, class: u8) -> usize {
        let rest = self.from(pos);
        rest.iter().position(|b| !is(*b, class)).unwrap_or(rest.len())
    }

    /// The item from `start` to `end`; the lexer goes on behind it.
    fn item(&mut self, token: Token, start: usize, end: usize, spaced: bool) -> Item {
        self.pos = end;
        Item { spaced, ..Item::new(token, start as u32, end as u32) }
    }

    /// An error in what begins at `start`, found at `pos`.
    #[cold]
    #[inline(never)]
    fn fail(&mut self, start: usize, pos: usize, message: impl Into<String>) -> Item {
        self.error = message.into();
        self.error_pos = pos;
        Item::new(Token::Error, start as u32, start as u32)
    }

    /// The next token outside of actions: text, a left delimiter, the end.
    /// Comments are skipped.
    pub(crate) fn text(&mut self) -> Item {
        loop {
            let rest = self.from(self.pos);
            if rest.is_empty() {
                return self.item(Token::Eof, self.src.len(), self.src.len(), false);
            }
            let start = self.pos;
            if !rest.starts_with(b"{{") {
                let Some(x) = delimiter(rest) else {
                    return self.item(Token::Text, start, self.src.len(), false);
                };
                let text = rest.get(..x).unwrap_or_default();
                let trim = has_left_trim(self.from(start + x + 2));
                let len = if trim { x - spaces(text.iter().rev()) } else { x };
                self.pos = start + x;
                if len > 0 {
                    return Item::new(Token::Text, start as u32, (start + len) as u32);
                }
            }
            // The left delimiter, maybe of a comment.
            let start = self.pos;
            let inside = start + if has_left_trim(self.from(start + 2)) { 4 } else { 2 };
            if !self.from(inside).starts_with(b"/*") {
                self.pos = inside;
                self.paren_depth = 0;
                return Item::new(Token::LeftDelim, start as u32, start as u32 + 2);
            }
            if let Some(error) = self.comment(inside) {
                return error;
            }
        }
    }

    fn comment(&mut self, start: usize) -> Option<Item> {
        let Some(x) = memchr::memmem::find(self.from(start + 2), b"*/") else {
            return Some(self.fail(start, start + 2, "unclosed comment"));
        };
        let end = start + 2 + x + 2;
        match self.from(end) {
            [a, b'-', b'}', b'}', rest @ ..] if is_space(*a) => self.pos = end + 4 + spaces(rest.iter()),
            [b'}', b'}', ..] => self.pos = end + 2,
            _ => return Some(self.fail(start, end, "comment ends before closing delimiter")),
        }
        None
    }

    /// The next token of an action.
    pub(crate) fn action(&mut self) -> Item {
        let space = self.run(self.pos, SPACE);
        let start = self.pos + space;
        let spaced = space > 0;
        let Some(c) = self.byte(start) else {
            return self.fail(start, start, "unclosed action");
        };
        let next = start + 1;
        match c {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.identifier(start, spaced),
            b'.' if self.byte(next).is_some_and(|b| !b.is_ascii_digit()) => self.name(start, spaced, Token::Field),
            b'$' => self.name(start, spaced, Token::Variable),
            b'"' => self.quoted(start, spaced),
            b'\'' => self.quoted(start, spaced),
            b'`' => self.raw_quoted(start, spaced),
            b'}' if self.byte(next) == Some(b'}') => {
                if self.paren_depth > 0 {
                    return self.fail(start, start, "unclosed left paren");
                }
                self.item(Token::RightDelim, start, start + 2, spaced)
            }
            b'-' if spaced && self.from(next).starts_with(b"}}") => {
                // The space before belongs to the delimiter.
                if self.paren_depth > 0 {
                    return self.fail(start - 1, start - 1, "unclosed left paren");
                }
                let item = self.item(Token::RightDelim, next, next + 2, space > 1);
                self.pos += spaces(self.from(self.pos).iter());
                item
            }
            b'(' => {
                self.paren_depth += 1;
                self.item(Token::LeftParen, start, next, spaced)
            }
            b')' => {
                if self.paren_depth == 0 {
                    return self.fail(start, next, "unexpected right paren");
                }
                self.paren_depth -= 1;
                self.item(Token::RightParen, start, next, spaced)
            }
            b'|' => self.item(Token::Pipe, start, next, spaced),
            b'=' => self.item(Token::Assign, start, next, spaced),
            b':' if self.byte(next) == Some(b'=') => self.item(Token::Declare, start, next + 1, spaced),
            b':' => {
                let width = decode(self.from(next)).1;
                self.fail(start, next + width, "expected :=")
            }
            b'.' | b'+' | b'-' | b'0'..=b'9' => self.number(start, spaced),
            c if c.is_ascii_graphic() => self.item(Token::Char, start, next, spaced),
            _ => {
                let (c, width) = decode(self.from(start));
                if is_alphanumeric(c) {
                    return self.identifier(start, spaced);
                }
                self.fail(start, start + width, format!("unrecognized character in action: {}", show_rune(Some(c))))
            }
        }
    }

    /// Where the letters, digits and underscores from `pos` on end, and whether an
    /// identifier may end there.
    fn word(&self, mut pos: usize) -> (usize, bool) {
        loop {
            pos += self.run(pos, WORD);
            if self.at_terminator(pos) {
                return (pos, true);
            }
            // Nearly all are ASCII.
            let (c, width) = decode(self.from(pos));
            if c.is_ascii() || !is_alphanumeric(c) {
                return (pos, false);
            }
            pos += width;
        }
    }

    #[cold]
    #[inline(never)]
    fn bad_character(&mut self, start: usize, pos: usize) -> Item {
        let (c, _) = decode(self.from(pos));
        self.fail(start, pos, format!("bad character {}", show_rune(Some(c))))
    }

    /// Whether an identifier may end here.
    fn at_terminator(&self, pos: usize) -> bool {
        match self.byte(pos) {
            None => true,
            Some(b'}') => self.byte(pos + 1) == Some(b'}'),
            Some(b) => is(b, TERMINATOR),
        }
    }

    /// Whether what stands right behind the last item can only be a field.
    pub(crate) fn at_field(&self) -> bool {
        self.byte(self.pos) == Some(b'.') && self.byte(self.pos + 1).is_some_and(|b| b.is_ascii_alphabetic())
    }

    /// The field that stands right behind the last item, without its dot, if there is one.
    /// That is how most fields are read; the rest is left to [`Lexer::action`].
    pub(crate) fn next_field(&mut self) -> Option<Span> {
        let start = self.pos + 1;
        if self.byte(self.pos) != Some(b'.') || self.byte(start).is_some_and(|b| b.is_ascii_digit()) {
            return None;
        }
        let end = start + self.run(start, WORD);
        if end == start || !self.at_terminator(end) {
            return None;
        }
        self.pos = end;
        Some(Span { start: start as u32, end: end as u32 })
    }

    fn identifier(&mut self, start: usize, spaced: bool) -> Item {
        let (end, ok) = self.word(start);
        if !ok {
            return self.bad_character(start, end);
        }
        let token = match Token::word(self.src.get(start..end).unwrap_or_default()) {
            Token::Break if !self.break_ok => Token::Identifier,
            Token::Continue if !self.continue_ok => Token::Identifier,
            token => token,
        };
        self.item(token, start, end, spaced)
    }

    /// A field or variable, which may have no name behind its `.` or `$`.
    fn name(&mut self, start: usize, spaced: bool, token: Token) -> Item {
        match self.word(start + 1) {
            (end, false) => self.bad_character(start, end),
            (end, true) if end == start + 1 && token == Token::Field => self.item(Token::Dot, start, end, spaced),
            (end, true) => self.item(token, start, end, spaced),
        }
    }

    /// A string or character in the quotes that stand at `start`.
    fn quoted(&mut self, start: usize, spaced: bool) -> Item {
        let quote = self.byte(start);
        let (token, unterminated) = match quote {
            Some(b'"') => (Token::String, "unterminated quoted string"),
            _ => (Token::CharConstant, "unterminated character constant"),
        };
        let (mut pos, mut escaped) = (start + 1, false);
        loop {
            let rest = self.from(pos);
            pos += rest.iter().position(|b| is(*b, IN_QUOTES)).unwrap_or(rest.len());
            let mut found = self.byte(pos);
            pos += 1;
            if found == Some(b'\\') {
                escaped = true;
                found = self.byte(pos);
                pos += 1;
                if found.is_some() && found != Some(b'\n') {
                    continue;
                }
            }
            match found {
                None | Some(b'\n') => return self.fail(start, pos.min(self.src.len()), unterminated),
                found if found == quote => return Item { escaped, ..self.item(token, start, pos, spaced) },
                _ => {}
            }
        }
    }

    fn raw_quoted(&mut self, start: usize, spaced: bool) -> Item {
        match memchr::memchr(b'`', self.from(start + 1)) {
            Some(len) => self.item(Token::RawString, start, start + len + 2, spaced),
            None => self.fail(start, self.src.len(), "unterminated raw quoted string"),
        }
    }

    fn number(&mut self, start: usize, spaced: bool) -> Item {
        let (mut ok, mut end) = self.scan_number(start);
        let mut token = Token::Number;
        if ok && matches!(self.byte(end), Some(b'+' | b'-')) {
            // Complex: 1+2i, without spaces.
            token = Token::Complex;
            (ok, end) = self.scan_number(end);
            ok &= self.byte(end.wrapping_sub(1)) == Some(b'i');
        }
        if ok {
            return self.item(token, start, end, spaced);
        }
        let text = self.src.get(start..end).unwrap_or_default();
        self.fail(start, end, format!("bad number syntax: {}", strconv::quote(text)))
    }

    /// Whether there is a number at `pos`, and where it or what is wrong in it ends.
    fn scan_number(&self, mut pos: usize) -> (bool, usize) {
        let accept = |pos: &mut usize, valid: &[u8]| {
            let accepted = self.byte(*pos).is_some_and(|b| valid.contains(&b));
            *pos += usize::from(accepted);
            accepted
        };
        accept(&mut pos, b"+-");
        let (mut digits, mut decimal, mut hex): (&[u8], bool, bool) = (b"0123456789_", true, false);
        if accept(&mut pos, b"0") {
            if accept(&mut pos, b"xX") {
                (digits, decimal, hex) = (b"0123456789abcdefABCDEF_", false, true);
            } else if accept(&mut pos, b"oO") {
                (digits, decimal) = (b"01234567_", false);
            } else if accept(&mut pos, b"bB") {
                (digits, decimal) = (b"01_", false);
            }
        }
        while accept(&mut pos, digits) {}
        if accept(&mut pos, b".") {
            while accept(&mut pos, digits) {}
        }
        if decimal && accept(&mut pos, b"eE") || hex && accept(&mut pos, b"pP") {
            accept(&mut pos, b"+-");
            while accept(&mut pos, b"0123456789_") {}
        }
        accept(&mut pos, b"i");
        if self.byte(pos).is_none() {
            return (true, pos);
        }
        let (c, width) = decode(self.from(pos));
        if is_alphanumeric(c) { (false, pos + width) } else { (true, pos) }
    }
}

/// Where the next left delimiter is.
fn delimiter(s: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(b'{', s.get(from..)?)?;
        if s.get(at + 1) == Some(&b'{') {
            return Some(at);
        }
        from = at + 1;
    }
}

fn has_left_trim(s: &[u8]) -> bool {
    matches!(s, [b'-', b, ..] if is_space(*b))
}

/// How many bytes of space there are first.
fn spaces<'b>(bytes: impl Iterator<Item = &'b u8>) -> usize {
    bytes.take_while(|b| is_space(**b)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens of a source, with `_` before those that have space before them.
    fn tokens(src: &str) -> String {
        let mut lexer = Lexer::new(src.as_bytes());
        let (mut out, mut inside) = (Vec::new(), false);
        loop {
            let item = if inside { lexer.action() } else { lexer.text() };
            inside =
                !matches!(item.token, Token::RightDelim | Token::Text) && (inside || item.token == Token::LeftDelim);
            let text = &src[item.start as usize..item.end as usize];
            out.push(format!("{}{:?}({text})", if item.spaced { "_" } else { "" }, item.token));
            if matches!(item.token, Token::Eof | Token::Error) {
                return out.join(" ");
            }
        }
    }

    #[test]
    fn space_is_of_the_token_behind_it_or_of_a_delimiter() {
        assert_eq!(
            tokens("a {{- .x  .y|len -}} b{{ (1) }}"),
            "Text(a) LeftDelim({{) _Field(.x) _Field(.y) Pipe(|) Identifier(len) RightDelim(}}) Text(b) LeftDelim({{) \
             _LeftParen(() Number(1) RightParen()) _RightDelim(}}) Eof()"
                .replace("LeftDelim({{) _Field(.x)", "LeftDelim({{) Field(.x)")
        );
        assert_eq!(tokens("{{x  -}}"), "LeftDelim({{) Identifier(x) _RightDelim(}}) Eof()");
        assert_eq!(tokens("{{/* c */ -}} \n{{- /**/}}"), "Eof()");
    }

    #[test]
    fn escapes_do_not_end_a_string() {
        assert_eq!(tokens(r#"{{"a\"b'"}}"#), r#"LeftDelim({{) String("a\"b'") RightDelim(}}) Eof()"#);
        assert_eq!(tokens(r"{{'\''}}"), r"LeftDelim({{) CharConstant('\'') RightDelim(}}) Eof()");
        assert_eq!(tokens("{{`a\n\\`}}"), "LeftDelim({{) RawString(`a\n\\`) RightDelim(}}) Eof()");
        assert_eq!(tokens("{{\"é\\é"), "LeftDelim({{) Error()");
    }
}
