//! Pipelines, commands and operands.

use super::lex::{Item as LexItem, Token};
use super::number::{is_plain, number};
use super::{Fail, MAX_EXPRESSION_DEPTH, Parser};
use crate::node::{Names, NodeId, NodeKind, Pipe, Span};
use govalue::strconv;

impl Parser<'_> {
    /// A pipeline from the current token on up to the token `end`, which stays current.
    pub(super) fn pipeline(&mut self, context: &str, end: Token) -> Result<NodeId, Fail> {
        let pos = self.item.start;
        let mark = self.scratch.len();
        let mut assign = false;
        let mut decl = 0..0;
        if self.item.token == Token::Variable && !self.lexer.at_field() {
            assign = self.declarations(context, mark)?;
            decl = self.adopt(mark);
        }
        while self.item.token != end {
            if !self.item.token.is_term() {
                return self.unexpected(context);
            }
            let command = self.command()?;
            self.scratch.push(command);
        }
        let commands = self.adopt(mark);
        if commands.len() != 1 {
            self.check_pipeline(commands.clone(), context)?;
        }
        let index = self.ast.pipes.len() as u32;
        self.ast.pipes.push(Pipe { decl, commands, assign });
        Ok(self.node(pos, NodeKind::Pipe(index)))
    }

    /// `$x :=`, `$x =`, `$i, $x :=`, from the current token, a variable, on;
    /// true for an assignment.
    #[inline(never)]
    fn declarations(&mut self, context: &str, mark: usize) -> Result<bool, Fail> {
        loop {
            let variable = self.item;
            if variable.token != Token::Variable {
                return Ok(false);
            }
            let next = self.lexer.action();
            match next.token {
                Token::Assign | Token::Declare => {
                    self.declare(variable);
                    self.advance();
                    return Ok(next.token == Token::Assign);
                }
                Token::Char if self.text(next) == b"," => {
                    self.item = next;
                    self.declare(variable);
                    if context != "range" || self.scratch.len() - mark >= 2 {
                        return self.fail(format!("too many declarations in {context}"));
                    }
                    self.advance();
                    if !matches!(self.item.token, Token::Variable | Token::RightDelim | Token::RightParen) {
                        return self.fail("range can only initialize variables");
                    }
                }
                _ => {
                    self.ahead = Some(next);
                    return Ok(false);
                }
            }
        }
    }

    fn declare(&mut self, item: LexItem) {
        let names = self.name(item.span());
        let node = self.node(item.start, NodeKind::Variable(names));
        self.scratch.push(node);
        self.tree.variables.push(self.text(item));
    }

    fn name(&mut self, name: Span) -> Names {
        self.ast.names.push(name);
        Names { start: self.ast.names.len() as u32 - 1, len: 1 }
    }

    #[inline(never)]
    fn check_pipeline(&mut self, commands: std::ops::Range<u32>, context: &str) -> Result<(), Fail> {
        if commands.is_empty() {
            return self.fail(format!("missing value for {context}"));
        }
        for (stage, command) in self.ast.children(commands).iter().enumerate().skip(1) {
            let first = self.ast.command(*command).first().copied().unwrap_or(NodeId::NONE);
            if let NodeKind::Bool(_) | NodeKind::Dot | NodeKind::Nil | NodeKind::Number(..) | NodeKind::String(_) =
                self.ast.kind(first)
            {
                return self.fail(format!("non executable command in pipeline stage {}", stage + 1));
            }
        }
        Ok(())
    }

    /// A command, of which the current token is the first; the `|` behind it is read.
    fn command(&mut self) -> Result<NodeId, Fail> {
        let pos = self.item.start;
        let mark = self.scratch.len();
        loop {
            let operand = self.operand()?;
            self.scratch.push(operand);
            match self.item.token {
                Token::RightDelim | Token::RightParen => break,
                Token::Pipe => {
                    self.advance();
                    break;
                }
                token if token.is_term() && self.item.spaced => {}
                _ => return self.unexpected("operand"),
            }
        }
        let args = self.adopt(mark);
        Ok(self.node(pos, NodeKind::Command(args.start, args.end)))
    }

    /// Adds the fields that stand right behind a field or variable to its names;
    /// it then stands where the first of them does.
    fn more_names(&mut self, mut names: Names, pos: &mut u32) -> Names {
        if self.ahead.is_none()
            && let Some(name) = self.lexer.next_field()
        {
            *pos = name.start - 1;
            self.ast.names.push(name);
            names.len += 1;
            while let Some(name) = self.lexer.next_field() {
                self.ast.names.push(name);
                names.len += 1;
            }
        }
        names
    }

    /// A term and the fields behind it.
    fn operand(&mut self) -> Result<NodeId, Fail> {
        let term = if self.item.token == Token::LeftParen { self.parenthesized()? } else { self.term()? };
        self.advance();
        if self.item.token != Token::Field || self.item.spaced { Ok(term) } else { self.fields(term) }
    }

    /// A pipeline in parentheses, the second of which stays current.
    fn parenthesized(&mut self) -> Result<NodeId, Fail> {
        if self.expression_depth >= MAX_EXPRESSION_DEPTH {
            return self.fail("max expression depth exceeded");
        }
        self.expression_depth += 1;
        self.advance();
        let pipe = self.pipeline("parenthesized pipeline", Token::RightParen)?;
        self.expression_depth -= 1;
        Ok(pipe)
    }

    /// The fields behind a term, of which the current token is the first.
    #[inline(never)]
    fn fields(&mut self, term: NodeId) -> Result<NodeId, Fail> {
        let pos = self.item.start;
        let start = self.ast.names.len() as u32;
        let mut end = self.item.end;
        while self.item.token == Token::Field && !self.item.spaced {
            end = self.item.end;
            self.ast.names.push(Span { start: self.item.start + 1, end });
            self.advance();
        }
        let fields = Names { start, len: self.ast.names.len() as u32 - start };
        // Fields and variables go on with their names. They stand where the first of these does, which may have been
        // read with the term.
        let goes_on = |names: Names| Names { len: names.len + fields.len, ..names };
        let (kind, stands) = match self.ast.kind(term) {
            NodeKind::Field(names) => (NodeKind::Field(goes_on(names)), names.len > 1),
            NodeKind::Variable(names) => (NodeKind::Variable(goes_on(names)), names.len > 1),
            NodeKind::Bool(_) | NodeKind::String(_) | NodeKind::Number(..) | NodeKind::Nil | NodeKind::Dot => {
                let mut shown = Vec::new();
                self.ast.print(self.source, term, &mut shown);
                let message = format!("unexpected . after term {}", strconv::quote(&shown));
                // Go has read no further than the space behind them.
                let space = LexItem::new(Token::Char, end, end);
                let item = self.item;
                let beyond = item.spaced || item.start > end && item.token == Token::Error;
                return self.fail_at(if beyond { space } else { item }, message);
            }
            _ => {
                let index = self.ast.chains.len() as u32;
                self.ast.chains.push((term, fields));
                return Ok(self.node(pos, NodeKind::Chain(index)));
            }
        };
        // Nobody has seen the term yet.
        let node = self.ast.nodes.get_mut(term.0 as usize).expect("the term was just added to the nodes");
        node.kind = kind;
        if !stands {
            node.pos = pos;
        }
        Ok(term)
    }

    /// The index of a function. Most have been called before.
    fn function(&mut self, name: &[u8]) -> Option<u16> {
        let [first, .., last] = name else { return self.funcs.find(name) };
        let place = (usize::from(*first) * 7 + usize::from(*last) + name.len()) % self.functions.len();
        let known = self.functions.get_mut(place)?;
        if known.0 != name {
            *known = self.funcs.entry(name)?;
        }
        Some(known.1)
    }

    /// The literal, function, field or variable that the current token is.
    fn term(&mut self) -> Result<NodeId, Fail> {
        let item = self.item;
        let mut pos = item.start;
        let kind = match item.token {
            Token::Identifier => {
                let name = self.text(item);
                match self.function(name) {
                    Some(callee) => NodeKind::Identifier(item.end, callee),
                    None => return self.fail(format!("function {} not defined", strconv::quote(name))),
                }
            }
            Token::Field => {
                let first = self.name(Span { start: item.start + 1, end: item.end });
                NodeKind::Field(self.more_names(first, &mut pos))
            }
            Token::Variable => {
                let name = self.text(item);
                if name != b"$" && self.tree.variables.find(name).is_none() {
                    return self.fail(format!("undefined variable {}", strconv::quote(name)));
                }
                let first = self.name(item.span());
                NodeKind::Variable(self.more_names(first, &mut pos))
            }
            Token::String | Token::RawString => {
                self.check_string()?;
                NodeKind::String(item.end)
            }
            Token::Dot => NodeKind::Dot,
            Token::Nil => NodeKind::Nil,
            Token::Bool => NodeKind::Bool(self.text(item) == b"true"),
            _ => {
                let text = self.text(item);
                if !is_plain(text)
                    && let Err(message) = number(text, item.span(), item.token)
                {
                    return self.fail(message);
                }
                NodeKind::Number(item.end, item.token)
            }
        };
        Ok(self.node(pos, kind))
    }
}
