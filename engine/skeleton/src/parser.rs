//! From text to a tree.

use serde_json::Value;

use crate::error::Error;
use crate::lexer::{Lexer, Tag, Token};

/// A part of a template.
#[derive(Debug)]
pub(crate) enum Node<'s> {
    /// Text as it is.
    Text(&'s str),
    /// `<< value >>`
    Print(u32, Expr<'s>),
    /// `<% for names in list if filter %>body<% else %>otherwise<% endfor %>`
    For(u32, Box<For<'s>>),
    /// `<% if … %>…<% elif … %>…<% else %>…<% endif %>`: the conditions in order, then what stands if none holds.
    If(Vec<(u32, Expr<'s>, Vec<Node<'s>>)>, Vec<Node<'s>>),
    /// `<% set name = value %>`
    Set(u32, &'s str, Expr<'s>),
    /// `<% set name %>body<% endset %>`
    SetBlock(&'s str, Vec<Node<'s>>),
    /// `<% include template %>`
    Include(u32, Expr<'s>),
}

/// A loop.
#[derive(Debug)]
pub(crate) struct For<'s> {
    pub(crate) names: Vec<&'s str>,
    pub(crate) list: Expr<'s>,
    pub(crate) filter: Option<Expr<'s>>,
    pub(crate) body: Vec<Node<'s>>,
    pub(crate) otherwise: Vec<Node<'s>>,
}

/// What has a value.
#[derive(Debug)]
pub(crate) enum Expr<'s> {
    /// A string, a number, `true`, `false` or `none`.
    Constant(Value),
    /// A name.
    Name(&'s str),
    /// `a.b`
    Field(Box<Expr<'s>>, &'s str),
    /// `a[b]`
    Index(Box<(Expr<'s>, Expr<'s>)>),
    /// `a[from:to]`
    Slice(Box<(Expr<'s>, Option<Expr<'s>>, Option<Expr<'s>>)>),
    /// `[a, b]`
    List(Vec<Expr<'s>>),
    /// `{"a": b}`
    Map(Vec<(Expr<'s>, Expr<'s>)>),
    /// `not a`
    Not(Box<Expr<'s>>),
    /// `-a`
    Minus(Box<Expr<'s>>),
    /// `a + b` and the like.
    Binary(Operator, Box<(Expr<'s>, Expr<'s>)>),
    /// `then if condition else otherwise`: condition, then, otherwise.
    If(Box<(Expr<'s>, Expr<'s>, Option<Expr<'s>>)>),
    /// `value | name(…)`
    Filter(Box<Expr<'s>>, Call<'s>),
    /// `value is name(…)`
    Test(Box<Expr<'s>>, Call<'s>),
    /// `range(…)`
    Range(Vec<Argument<'s>>),
}

/// A filter or a test with its arguments.
#[derive(Debug)]
pub(crate) struct Call<'s> {
    pub(crate) name: &'s str,
    pub(crate) arguments: Vec<Argument<'s>>,
}

/// An argument, with its name if it has one.
#[derive(Debug)]
pub(crate) struct Argument<'s> {
    pub(crate) name: Option<&'s str>,
    pub(crate) value: Expr<'s>,
}

/// What stands between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Plus,
    Minus,
    Join,
    Times,
    Divide,
    DivideFloor,
    Remainder,
}

/// How tightly comparisons bind: more than `not`, less than `+`.
const COMPARISON: u8 = 4;
const NOT: u8 = 3;

impl Operator {
    /// The operator that a token is, and how tightly it binds.
    fn of(token: &Token<'_>) -> Option<(Operator, u8)> {
        Some(match token {
            Token::Name("or") => (Operator::Or, 1),
            Token::Name("and") => (Operator::And, 2),
            Token::Name("in") => (Operator::In, COMPARISON),
            Token::Op(op) => match op {
                b"==" => (Operator::Equal, COMPARISON),
                b"!=" => (Operator::NotEqual, COMPARISON),
                b"<\0" => (Operator::Less, COMPARISON),
                b"<=" => (Operator::LessOrEqual, COMPARISON),
                b">\0" => (Operator::Greater, COMPARISON),
                b">=" => (Operator::GreaterOrEqual, COMPARISON),
                b"+\0" => (Operator::Plus, 5),
                b"-\0" => (Operator::Minus, 5),
                b"~\0" => (Operator::Join, 6),
                b"*\0" => (Operator::Times, 7),
                b"/\0" => (Operator::Divide, 7),
                b"//" => (Operator::DivideFloor, 7),
                b"%\0" => (Operator::Remainder, 7),
                _ => return None,
            },
            _ => return None,
        })
    }
}

/// Words that are no names.
const WORDS: &[&str] = &["and", "else", "if", "in", "is", "not", "or"];
/// How deep blocks and brackets may lie in each other.
const DEEPEST: u32 = 100;
/// How many operators, filters and fields one tag may have: they may all lie in each other.
const MOST_LINKS: u32 = 1000;

/// Parses a template.
pub(crate) fn parse(text: &str) -> Result<Vec<Node<'_>>> {
    let mut parser = Parser { lexer: Lexer::new(text), token: Token::End, depth: 0, links: 0, line: 1 };
    let parsed = parser.nodes(&[]);
    parsed.map(|(nodes, _)| nodes).map_err(|e| e.at(parser.line))
}

struct Parser<'s> {
    lexer: Lexer<'s>,
    /// The token at hand.
    token: Token<'s>,
    /// How deep what is being read lies.
    depth: u32,
    /// The operators, filters and fields of the tag so far.
    links: u32,
    /// The line of the tag.
    line: u32,
}

type Result<T> = std::result::Result<T, Box<Error>>;

impl<'s> Parser<'s> {
    fn deeper(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > DEEPEST { Err(Error::syntax("this is nested too deeply")) } else { Ok(()) }
    }

    fn link(&mut self) -> Result<()> {
        self.links += 1;
        if self.links > MOST_LINKS { Err(Error::syntax("the tag is too long")) } else { Ok(()) }
    }

    /// Goes to the next token and gives the one that was at hand.
    fn advance(&mut self) -> Result<Token<'s>> {
        let next = self.lexer.token()?;
        Ok(std::mem::replace(&mut self.token, next))
    }

    /// Takes a token if it is the one at hand.
    fn take(&mut self, token: &Token<'_>) -> Result<bool> {
        let found = self.token == *token;
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn take_op(&mut self, op: u8) -> Result<bool> {
        self.take(&Token::Op([op, 0]))
    }

    fn expect_op(&mut self, op: u8) -> Result<()> {
        if self.take_op(op)? { Ok(()) } else { Err(self.unexpected(&format!("`{}`", char::from(op)))) }
    }

    fn name(&mut self) -> Result<&'s str> {
        let Token::Name(name) = self.token else { return Err(self.unexpected("a name")) };
        self.advance()?;
        Ok(name)
    }

    /// The tag must end here.
    fn end(&self) -> Result<()> {
        if self.token == Token::End { Ok(()) } else { Err(self.unexpected("the end of the tag")) }
    }

    fn unexpected(&self, wanted: &str) -> Box<Error> {
        let found = match &self.token {
            Token::Name(name) => format!("`{name}`"),
            Token::Constant(value) => crate::value::json(value),
            Token::Op([a, 0]) => format!("`{}`", char::from(*a)),
            Token::Op([a, b]) => format!("`{}{}`", char::from(*a), char::from(*b)),
            Token::End => "the end of the tag".to_owned(),
        };
        Error::syntax(format!("expected {wanted}, found {found}"))
    }

    /// Parts up to a block with one of these words, which is taken, and that word; else up to the end.
    fn nodes(&mut self, until: &[&str]) -> Result<(Vec<Node<'s>>, &'s str)> {
        self.deeper()?;
        let mut nodes = Vec::new();
        loop {
            let tag = self.lexer.text(|text| {
                if !text.is_empty() {
                    nodes.push(Node::Text(text));
                }
            });
            self.line = self.lexer.line();
            let tag = tag?;
            if tag == Tag::None {
                self.depth -= 1;
                return match until.last() {
                    None => Ok((nodes, "")),
                    Some(end) => Err(Error::syntax(format!("the block has no end: {end}"))),
                };
            }
            let line = self.line;
            self.links = 0;
            self.token = self.lexer.token()?;
            if tag == Tag::Print {
                let value = self.expression()?;
                self.end()?;
                nodes.push(Node::Print(line, value));
                continue;
            }
            let word = match self.token {
                Token::Name("raw") => {
                    self.token = self.lexer.token()?;
                    self.end()?;
                    nodes.push(Node::Text(self.lexer.raw()?));
                    continue;
                }
                _ => self.name()?,
            };
            if until.contains(&word) {
                self.depth -= 1;
                return Ok((nodes, word));
            }
            nodes.push(self.block(word, line)?);
        }
    }

    /// A block, from behind its first word.
    fn block(&mut self, word: &str, line: u32) -> Result<Node<'s>> {
        match word {
            "for" => self.for_block(line),
            "if" => self.if_block(line),
            "set" => {
                let name = self.name()?;
                if self.take_op(b'=')? {
                    let value = self.expression()?;
                    self.end()?;
                    return Ok(Node::Set(line, name, value));
                }
                Ok(Node::SetBlock(name, self.body("endset")?))
            }
            "include" => {
                let template = self.expression()?;
                self.end()?;
                Ok(Node::Include(line, template))
            }
            other => Err(Error::syntax(format!("there is no block `{other}`"))),
        }
    }

    /// The parts from the end of this tag to a block of one word.
    fn body(&mut self, end: &'static str) -> Result<Vec<Node<'s>>> {
        self.end()?;
        let (nodes, _) = self.nodes(&[end])?;
        self.end()?;
        Ok(nodes)
    }

    fn for_block(&mut self, line: u32) -> Result<Node<'s>> {
        let mut names = vec![self.name()?];
        while self.take_op(b',')? {
            names.push(self.name()?);
        }
        if !self.take(&Token::Name("in"))? {
            return Err(self.unexpected("`in`"));
        }
        let list = self.binary(1)?;
        let filter = if self.take(&Token::Name("if"))? { Some(self.expression()?) } else { None };
        self.end()?;
        let (body, word) = self.nodes(&["else", "endfor"])?;
        let otherwise = if word == "else" { self.body("endfor")? } else { Vec::new() };
        self.end()?;
        Ok(Node::For(line, Box::new(For { names, list, filter, body, otherwise })))
    }

    fn if_block(&mut self, mut line: u32) -> Result<Node<'s>> {
        let mut arms = Vec::new();
        loop {
            let condition = self.expression()?;
            self.end()?;
            let (body, word) = self.nodes(&["elif", "else", "endif"])?;
            arms.push((line, condition, body));
            if word == "elif" {
                line = self.line;
                continue;
            }
            let otherwise = if word == "else" { self.body("endif")? } else { Vec::new() };
            self.end()?;
            return Ok(Node::If(arms, otherwise));
        }
    }

    fn expression(&mut self) -> Result<Expr<'s>> {
        let mut value = self.binary(1)?;
        while self.take(&Token::Name("if"))? {
            let condition = self.binary(1)?;
            let otherwise = if self.take(&Token::Name("else"))? { Some(self.expression()?) } else { None };
            value = Expr::If(Box::new((condition, value, otherwise)));
        }
        Ok(value)
    }

    /// Operators that bind at least that tightly.
    fn binary(&mut self, least: u8) -> Result<Expr<'s>> {
        self.deeper()?;
        let mut compared = false;
        let mut left = if least <= NOT && self.take(&Token::Name("not"))? {
            Expr::Not(Box::new(self.binary(NOT)?))
        } else {
            self.unary()?
        };
        loop {
            let negated = least <= COMPARISON && self.take(&Token::Name("not"))?;
            let found = Operator::of(&self.token).filter(|(_, binds)| *binds >= least);
            let (operator, binds) = match found {
                Some(found) if !negated || found.0 == Operator::In => found,
                None if !negated => break,
                _ => return Err(self.unexpected("`in`")),
            };
            if binds == COMPARISON && std::mem::replace(&mut compared, true) {
                return Err(Error::syntax("a comparison has two sides: use `and`"));
            }
            self.link()?;
            self.advance()?;
            let right = self.binary(binds + 1)?;
            left = Expr::Binary(operator, Box::new((left, right)));
            if negated {
                left = Expr::Not(Box::new(left));
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    /// A value with its filters and tests.
    fn unary(&mut self) -> Result<Expr<'s>> {
        let mut value = self.operand()?;
        loop {
            self.link()?;
            if self.take_op(b'|')? {
                value = Expr::Filter(Box::new(value), self.call()?);
            } else if self.take(&Token::Name("is"))? {
                let negated = self.take(&Token::Name("not"))?;
                let mut call = self.call()?;
                // `is startingwith "a"`
                let argument = match &self.token {
                    Token::Constant(_) | Token::Op([b'[' | b'{' | b'-', 0]) => true,
                    Token::Name(name) => !WORDS.contains(name),
                    _ => false,
                };
                if call.arguments.is_empty() && argument {
                    call.arguments.push(Argument { name: None, value: self.operand()? });
                }
                value = Expr::Test(Box::new(value), call);
                if negated {
                    value = Expr::Not(Box::new(value));
                }
            } else {
                return Ok(value);
            }
        }
    }

    /// The name of a filter or a test, and its arguments.
    fn call(&mut self) -> Result<Call<'s>> {
        let name = self.name()?;
        let arguments = if self.take_op(b'(')? { self.arguments()? } else { Vec::new() };
        Ok(Call { name, arguments })
    }

    /// Arguments up to the closing bracket.
    fn arguments(&mut self) -> Result<Vec<Argument<'s>>> {
        let mut arguments = Vec::new();
        while !self.take_op(b')')? {
            let value = self.expression()?;
            arguments.push(match value {
                Expr::Name(name) if self.take_op(b'=')? => Argument { name: Some(name), value: self.expression()? },
                value => Argument { name: None, value },
            });
            if !self.take_op(b',')? && self.token != Token::Op([b')', 0]) {
                return Err(self.unexpected("`)`"));
            }
        }
        Ok(arguments)
    }

    /// A value with fields and indices.
    fn operand(&mut self) -> Result<Expr<'s>> {
        if self.take_op(b'-')? {
            self.deeper()?;
            let value = self.operand()?;
            self.depth -= 1;
            return Ok(Expr::Minus(Box::new(value)));
        }
        let mut value = self.primary()?;
        loop {
            self.link()?;
            if self.token == Token::Op([b'.', 0]) {
                // A number behind a point is an index.
                let word = self.lexer.word();
                self.advance()?;
                value = match word.parse::<u32>() {
                    Ok(index) => Expr::Index(Box::new((value, Expr::Constant(index.into())))),
                    Err(_) if word.is_empty() => return Err(self.unexpected("a name")),
                    Err(_) => Expr::Field(Box::new(value), word),
                };
            } else if self.take_op(b'[')? {
                let from = if self.token == Token::Op([b':', 0]) { None } else { Some(self.expression()?) };
                value = if self.take_op(b':')? {
                    let to = if self.token == Token::Op([b']', 0]) { None } else { Some(self.expression()?) };
                    Expr::Slice(Box::new((value, from, to)))
                } else {
                    Expr::Index(Box::new((value, from.unwrap_or(Expr::Constant(Value::Null)))))
                };
                self.expect_op(b']')?;
            } else {
                return Ok(value);
            }
        }
    }

    fn primary(&mut self) -> Result<Expr<'s>> {
        self.deeper()?;
        let value = match self.token {
            Token::Name("true" | "True") => Expr::Constant(true.into()),
            Token::Name("false" | "False") => Expr::Constant(false.into()),
            Token::Name("none" | "None") => Expr::Constant(Value::Null),
            Token::Name(name) if !WORDS.contains(&name) => Expr::Name(name),
            Token::Constant(ref mut value) => Expr::Constant(value.take()),
            Token::Op([b'(' | b'[' | b'{', 0]) => Expr::List(Vec::new()),
            _ => return Err(self.unexpected("a value")),
        };
        let token = self.advance()?;
        let value = match (token, value) {
            (Token::Op([b'(', _]), _) => {
                let value = self.expression()?;
                self.expect_op(b')')?;
                value
            }
            (Token::Op([b'[', _]), _) => self.list()?,
            (Token::Op([b'{', _]), _) => self.map()?,
            (Token::Name("range"), _) if self.take_op(b'(')? => Expr::Range(self.arguments()?),
            (_, value) => value,
        };
        self.depth -= 1;
        Ok(value)
    }

    fn list(&mut self) -> Result<Expr<'s>> {
        let mut items = Vec::new();
        while !self.take_op(b']')? {
            items.push(self.expression()?);
            if !self.take_op(b',')? && self.token != Token::Op([b']', 0]) {
                return Err(self.unexpected("`]`"));
            }
        }
        Ok(Expr::List(items))
    }

    fn map(&mut self) -> Result<Expr<'s>> {
        let mut entries = Vec::new();
        while !self.take_op(b'}')? {
            let key = self.expression()?;
            self.expect_op(b':')?;
            entries.push((key, self.expression()?));
            if !self.take_op(b',')? && self.token != Token::Op([b'}', 0]) {
                return Err(self.unexpected("`}`"));
            }
        }
        Ok(Expr::Map(entries))
    }
}
