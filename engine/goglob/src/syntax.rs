//! Patterns to trees (gobwas/glob: syntax/lexer, syntax/ast).

use govalue::utf8::decode;

use crate::BadPattern;

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// The empty string.
    Nothing,
    /// One after the other.
    Pattern(Vec<Node>),
    /// One of several, each a [`Node::Pattern`].
    AnyOf(Vec<Node>),
    Text(Vec<u8>),
    /// `*`
    Any,
    /// `**`
    Super,
    /// `?`
    Single,
    /// `[abc]`
    List {
        chars: Vec<char>,
        not: bool,
    },
    /// `[a-z]`
    Range {
        lo: char,
        hi: char,
        not: bool,
    },
}

/// How deep braces may nest, and how long a pattern may be.
const MAX_DEPTH: usize = 100;
const MAX_LEN: usize = 4096;

/// Parses a pattern; braces that are not closed end with it.
pub(crate) fn parse(pattern: &[u8]) -> Result<Node, BadPattern> {
    if pattern.len() > MAX_LEN {
        return Err(BadPattern);
    }
    // The pattern around, and for each open brace its alternatives and the one that is being read.
    let mut open: Vec<(Vec<Node>, Vec<Node>)> = Vec::new();
    let mut current = Vec::new();
    let mut lexer = Lexer { rest: pattern };
    while let Some(c) = lexer.peek()? {
        match c {
            '{' => {
                lexer.next()?;
                if open.len() >= MAX_DEPTH {
                    return Err(BadPattern);
                }
                open.push((std::mem::take(&mut current), Vec::new()));
            }
            ',' | '}' if !open.is_empty() => {
                lexer.next()?;
                let alternative = Node::Pattern(std::mem::take(&mut current));
                if c == '}' {
                    if let Some((outer, mut alternatives)) = open.pop() {
                        alternatives.push(alternative);
                        current = outer;
                        current.push(Node::AnyOf(alternatives));
                    }
                } else if let Some((_, alternatives)) = open.last_mut() {
                    alternatives.push(alternative);
                }
            }
            '[' => {
                lexer.next()?;
                current.push(lexer.range()?);
            }
            '?' => {
                lexer.next()?;
                current.push(Node::Single);
            }
            '*' => {
                lexer.next()?;
                if lexer.peek()? == Some('*') {
                    lexer.next()?;
                    current.push(Node::Super);
                } else {
                    current.push(Node::Any);
                }
            }
            _ => {
                let breakers: &[char] =
                    if open.is_empty() { &['?', '*', '[', '{'] } else { &['?', '*', '[', '{', '}', ','] };
                let text = lexer.text(breakers)?;
                if !text.is_empty() {
                    current.push(Node::Text(text.into_iter().collect::<String>().into_bytes()));
                }
            }
        }
    }
    while let Some((outer, mut alternatives)) = open.pop() {
        alternatives.push(Node::Pattern(std::mem::replace(&mut current, outer)));
        current.push(Node::AnyOf(alternatives));
    }
    Ok(Node::Pattern(current))
}

struct Lexer<'p> {
    rest: &'p [u8],
}

impl Lexer<'_> {
    /// The next character; nothing at the end, which a NUL is too.
    fn peek(&self) -> Result<Option<char>, BadPattern> {
        match decode(self.rest) {
            (_, 0) | ('\0', _) => Ok(None),
            // As in Go, also one that is written out.
            (char::REPLACEMENT_CHARACTER, _) => Err(BadPattern),
            (c, _) => Ok(Some(c)),
        }
    }

    fn next(&mut self) -> Result<Option<char>, BadPattern> {
        let c = self.peek()?;
        self.rest = &self.rest[c.map_or(0, char::len_utf8)..];
        Ok(c)
    }

    /// Text up to one of the characters, but for those after a backslash.
    fn text(&mut self, breakers: &[char]) -> Result<Vec<char>, BadPattern> {
        let mut out = Vec::new();
        while let Some(mut c) = self.peek()? {
            if breakers.contains(&c) {
                return Ok(out);
            }
            self.next()?;
            if c == '\\' {
                match self.next()? {
                    Some(escaped) => c = escaped,
                    None => break,
                }
            }
            out.push(c);
        }
        // A NUL ends the text, but here not the pattern.
        self.rest = self.rest.strip_prefix(b"\0").unwrap_or(self.rest);
        Ok(out)
    }

    /// What follows a `[`.
    fn range(&mut self) -> Result<Node, BadPattern> {
        let not = self.peek()? == Some('!');
        if not {
            self.next()?;
        }
        let start = self.rest;
        let lo = self.next()?.ok_or(BadPattern)?;
        let node = if self.peek()? == Some('-') {
            self.next()?;
            let hi = self.next()?.ok_or(BadPattern)?;
            if hi < lo {
                return Err(BadPattern);
            }
            Node::Range { lo, hi, not }
        } else {
            self.rest = start;
            let chars = self.text(&[']'])?;
            if chars.is_empty() {
                return Err(BadPattern);
            }
            Node::List { chars, not }
        };
        if self.next()? == Some(']') { Ok(node) } else { Err(BadPattern) }
    }
}
