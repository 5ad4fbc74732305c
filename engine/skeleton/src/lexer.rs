//! Text, and the tokens in tags.

use govalue::strconv::parse_decimal;
use serde_json::{Number, Value};

use crate::error::Error;

/// A piece of a tag.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token<'s> {
    /// A name or a word of the language.
    Name(&'s str),
    /// A string or a number.
    Constant(Value),
    /// An operator: one character and 0, or two.
    Op([u8; 2]),
    /// The end of the tag.
    End,
}

/// What a tag is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    /// `<% … %>`
    Block,
    /// `<< … >>`
    Print,
    /// The template ends: there is no tag.
    None,
}

/// Reads a template.
pub(crate) struct Lexer<'s> {
    text: &'s str,
    at: usize,
    /// The line of `counted`.
    line: u32,
    counted: usize,
    /// Open brackets of all kinds: inside, `>>` is no end.
    open: u32,
    /// What ends the tag that is being read.
    end: &'static str,
}

impl<'s> Lexer<'s> {
    pub(crate) fn new(text: &'s str) -> Lexer<'s> {
        Lexer { text, at: 0, line: 1, counted: 0, open: 0, end: "" }
    }

    fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The line that has been read to.
    pub(crate) fn line(&mut self) -> u32 {
        let passed = self.text.get(self.counted..self.at).unwrap_or_default();
        self.line += passed.bytes().filter(|b| *b == b'\n').count() as u32;
        self.counted = self.at;
        self.line
    }

    /// The text up to the next tag that is no comment, and that tag, begun.
    pub(crate) fn text(&mut self, mut add: impl FnMut(&'s str)) -> Result<Tag, Box<Error>> {
        loop {
            let from = self.at;
            let bytes = self.text.as_bytes();
            let tag = |i: &usize| bytes.get(*i) == Some(&b'<') && matches!(bytes.get(i + 1), Some(b'<' | b'%' | b'#'));
            let Some(start) = (from..bytes.len()).find(tag) else {
                add(self.rest());
                self.at = self.text.len();
                return Ok(Tag::None);
            };
            let kind = bytes.get(start + 1).copied().unwrap_or_default();
            let mut lead = self.text.get(from..start).unwrap_or_default();
            self.at = start + 2;
            match bytes.get(self.at) {
                Some(b'-') => {
                    lead = lead.trim_end();
                    self.at += 1;
                }
                Some(b'+') => self.at += 1,
                _ if kind == b'<' => {}
                _ => lead = self.without_indent(lead, start),
            }
            add(lead);
            match kind {
                b'#' => {
                    let Some(length) = self.rest().find("#>") else {
                        return Err(Error::syntax("the comment has no end: #>"));
                    };
                    let last = self.rest().get(..length).and_then(|comment| comment.bytes().last());
                    self.at += length + 2;
                    self.after(last);
                }
                b'%' => {
                    self.end = "%>";
                    return Ok(Tag::Block);
                }
                _ => {
                    self.end = ">>";
                    return Ok(Tag::Print);
                }
            }
        }
    }

    /// The text before a block without the space before it, if that is all of the line.
    fn without_indent(&self, lead: &'s str, start: usize) -> &'s str {
        let before = self.text.get(..start).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |i| i + 1);
        let indent = before.get(line..).unwrap_or_default();
        if indent.trim().is_empty() { lead.strip_suffix(indent).unwrap_or(lead) } else { lead }
    }

    /// What a block or a comment takes with it: with a minus at its end all space, else the line break.
    fn after(&mut self, last: Option<u8>) {
        let rest = self.rest();
        let left = match last {
            Some(b'-') => rest.trim_start(),
            Some(b'+') => rest,
            _ => {
                let rest = rest.strip_prefix('\r').filter(|rest| rest.starts_with('\n')).unwrap_or(rest);
                rest.strip_prefix('\n').unwrap_or(rest)
            }
        };
        self.at = self.text.len() - left.len();
    }

    /// Whether the tag ends here, and goes past its end then.
    fn ends(&mut self) -> bool {
        let rest = self.rest();
        let sign = rest.bytes().next().filter(|b| matches!(b, b'-' | b'+'));
        let Some(left) = rest.get(usize::from(sign.is_some())..).and_then(|r| r.strip_prefix(self.end)) else {
            return false;
        };
        self.at = self.text.len() - left.len();
        if sign == Some(b'-') || self.end == "%>" {
            self.after(sign);
        }
        true
    }

    /// The next token of the tag.
    pub(crate) fn token(&mut self) -> Result<Token<'s>, Box<Error>> {
        self.at = self.text.len() - self.rest().trim_ascii_start().len();
        if self.open == 0 && self.ends() {
            return Ok(Token::End);
        }
        let rest = self.rest();
        let first = rest.bytes().next().unwrap_or_default();
        if first.is_ascii_alphabetic() || first == b'_' {
            return Ok(Token::Name(self.word()));
        }
        match first {
            b'0'..=b'9' => return self.number(),
            b'"' | b'\'' => return self.string(first),
            b'(' | b'[' | b'{' => self.open += 1,
            b')' | b']' | b'}' => self.open = self.open.saturating_sub(1),
            0 => return Err(Error::syntax(format!("the tag has no end: {}", self.end))),
            _ => {}
        }
        let two = matches!(rest.as_bytes().get(..2), Some(b"==" | b"!=" | b"<=" | b">=" | b"//"));
        if !two && !b"()[]{}<>=+-*/%~|.,:".contains(&first) {
            let character = rest.chars().next().unwrap_or_default();
            return Err(Error::syntax(format!("unexpected character {character:?}")));
        }
        self.at += 1 + usize::from(two);
        let second = if two { rest.as_bytes().get(1).copied().unwrap_or_default() } else { 0 };
        Ok(Token::Op([first, second]))
    }

    /// A word of letters, digits and underscores. It may be empty.
    pub(crate) fn word(&mut self) -> &'s str {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn number(&mut self) -> Result<Token<'s>, Box<Error>> {
        let rest = self.rest();
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let mut end = digits(rest);
        if let Some(fraction) = rest.get(end..).and_then(|r| r.strip_prefix('.')) {
            let length = digits(fraction);
            end += if length > 0 { 1 + length } else { 0 };
        }
        self.at += end;
        let text = rest.get(..end).unwrap_or_default();
        let number = match text.parse::<i64>() {
            Ok(integer) => Some(Number::from(integer)),
            Err(_) => parse_decimal(text, 64).and_then(Number::from_f64),
        };
        number.map(|n| Token::Constant(n.into())).ok_or_else(|| Error::syntax(format!("{text} is no number")))
    }

    fn string(&mut self, quote: u8) -> Result<Token<'s>, Box<Error>> {
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((i, character)) = characters.next() {
            if character == char::from(quote) {
                self.at += i + 1;
                return Ok(Token::Constant(text.into()));
            }
            if character != '\\' {
                text.push(character);
                continue;
            }
            text.push(match characters.next() {
                Some((_, 'n')) => '\n',
                Some((_, 't')) => '\t',
                Some((_, 'r')) => '\r',
                Some((_, c @ ('\\' | '/' | '"' | '\''))) => c,
                _ => return Err(Error::syntax("unknown escape in a string")),
            });
        }
        Err(Error::syntax("the string has no end"))
    }

    /// The text up to `<% endraw %>`, which is read too.
    pub(crate) fn raw(&mut self) -> Result<&'s str, Box<Error>> {
        let from = self.at;
        for (start, _) in self.text.match_indices("<%").filter(|(i, _)| *i >= from) {
            self.at = start + 2;
            let sign = self.rest().bytes().next().filter(|b| matches!(b, b'-' | b'+'));
            self.at += usize::from(sign.is_some());
            let Some(rest) = self.rest().trim_ascii_start().strip_prefix("endraw") else { continue };
            self.at = self.text.len() - rest.trim_ascii_start().len();
            if self.ends() {
                let raw = self.text.get(from..start).unwrap_or_default();
                return Ok(match sign {
                    Some(b'-') => raw.trim_end(),
                    Some(_) => raw,
                    None => self.without_indent(raw, start),
                });
            }
        }
        Err(Error::syntax("the block has no end: endraw"))
    }
}
