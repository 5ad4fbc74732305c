//! Pipelines, commands and operands.

use super::lex::{Item as LexItem, Token};
use super::number::number;
use super::{Fail, MAX_EXPRESSION_DEPTH, Parser};
use crate::node::{Literal, Names, NodeId, NodeKind, Pipe, Span};
use govalue::strconv;

impl Parser<'_> {
    /// A pipeline up to the token `end`, which is read.
    pub(super) fn pipeline(&mut self, context: &str, end: Token) -> Result<NodeId, Fail> {
        let pos = self.peek_non_space().start();
        let mark = self.scratch.len();
        let assign = self.declarations(context, mark)?;
        let decl = self.adopt(mark);
        loop {
            let item = self.next_non_space();
            match item.token() {
                t if t == end => break,
                Token::Bool
                | Token::CharConstant
                | Token::Complex
                | Token::Dot
                | Token::Field
                | Token::Identifier
                | Token::Number
                | Token::Nil
                | Token::RawString
                | Token::String
                | Token::Variable
                | Token::LeftParen => {
                    self.backup();
                    let command = self.command()?;
                    self.scratch.push(command);
                }
                _ => return self.unexpected(item, context),
            }
        }
        let commands = self.adopt(mark);
        self.check_pipeline(commands.clone(), context)?;
        let index = self.ast.pipes.len() as u32;
        self.ast.pipes.push(Pipe { decl, commands, assign });
        Ok(self.node(pos, NodeKind::Pipe(index)))
    }

    /// `$x :=`, `$x =`, `$i, $x :=`; true for an assignment.
    #[inline(never)]
    fn declarations(&mut self, context: &str, mark: usize) -> Result<bool, Fail> {
        loop {
            let variable = self.peek_non_space();
            if variable.token() != Token::Variable {
                return Ok(false);
            }
            self.next();
            // Whether a space follows the variable must be known again later.
            let after = self.peek();
            let next = self.peek_non_space();
            match next.token() {
                Token::Assign | Token::Declare => {
                    self.next_non_space();
                    self.declare(variable);
                    return Ok(next.token() == Token::Assign);
                }
                Token::Char if self.text(next) == b"," => {
                    self.next_non_space();
                    self.declare(variable);
                    if context == "range" && self.scratch.len() - mark < 2 {
                        match self.peek_non_space().token() {
                            Token::Variable | Token::RightDelim | Token::RightParen => continue,
                            _ => return self.fail("range can only initialize variables"),
                        }
                    }
                    return self.fail(format!("too many declarations in {context}"));
                }
                _ if after.token() == Token::Space => {
                    self.tree.tokens[1] = after;
                    self.tree.tokens[2] = variable;
                    self.tree.peeked = 3;
                    return Ok(false);
                }
                _ => {
                    self.tree.tokens[1] = variable;
                    self.tree.peeked = 2;
                    return Ok(false);
                }
            }
        }
    }

    fn declare(&mut self, item: LexItem) {
        let names = self.name(item.span());
        let node = self.node(item.start(), NodeKind::Variable(names));
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
            if let NodeKind::Bool(_) | NodeKind::Dot | NodeKind::Nil | NodeKind::Number(_) | NodeKind::String(_) =
                self.ast.kind(first)
            {
                return self.fail(format!("non executable command in pipeline stage {}", stage + 1));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result<NodeId, Fail> {
        let pos = self.peek_non_space().start();
        let mark = self.scratch.len();
        loop {
            self.peek_non_space();
            if let Some(operand) = self.operand()? {
                self.scratch.push(operand);
            }
            let item = self.next();
            match item.token() {
                Token::Space => continue,
                Token::RightDelim | Token::RightParen => self.backup(),
                Token::Pipe => {}
                _ => return self.unexpected(item, "operand"),
            }
            break;
        }
        let args = self.adopt(mark);
        if args.is_empty() {
            return self.fail("empty command");
        }
        Ok(self.node(pos, NodeKind::Command(args.start, args.end)))
    }

    /// A term and the fields behind it.
    fn operand(&mut self) -> Result<Option<NodeId>, Fail> {
        let Some(term) = self.term()? else { return Ok(None) };
        if self.peek().token() != Token::Field {
            return Ok(Some(term));
        }
        self.fields(term).map(Some)
    }

    /// The fields behind a term.
    #[inline(never)]
    fn fields(&mut self, term: NodeId) -> Result<NodeId, Fail> {
        let field = self.peek();
        let start = self.ast.names.len() as u32;
        while self.peek().token() == Token::Field {
            let item = self.next();
            self.ast.names.push(Span { start: item.start() + 1, end: item.end() });
        }
        let fields = Names { start, len: self.ast.names.len() as u32 - start };
        // Fields of fields and variables go on with their names, at the place of the first of them.
        let kind = match self.ast.kind(term) {
            NodeKind::Field(names) => NodeKind::Field(Names { start: names.start, len: names.len + fields.len }),
            NodeKind::Variable(names) => NodeKind::Variable(Names { start: names.start, len: names.len + fields.len }),
            NodeKind::Bool(_) | NodeKind::String(_) | NodeKind::Number(_) | NodeKind::Nil | NodeKind::Dot => {
                let mut shown = Vec::new();
                self.ast.print(self.source, term, &mut shown);
                return self.fail(format!("unexpected . after term {}", strconv::quote(&shown)));
            }
            _ => NodeKind::Chain(term, fields),
        };
        Ok(self.node(field.start(), kind))
    }

    /// A literal, function, field, variable or parenthesised pipeline.
    fn term(&mut self) -> Result<Option<NodeId>, Fail> {
        let item = self.next_non_space();
        if item.token() != Token::LeftParen {
            return self.simple_term(item);
        }
        if self.tree.expression_depth >= MAX_EXPRESSION_DEPTH {
            return self.fail("max expression depth exceeded");
        }
        self.tree.expression_depth += 1;
        let pipe = self.pipeline("parenthesized pipeline", Token::RightParen)?;
        self.tree.expression_depth -= 1;
        Ok(Some(pipe))
    }

    /// A term that is no pipeline.
    #[inline(never)]
    fn simple_term(&mut self, item: LexItem) -> Result<Option<NodeId>, Fail> {
        let span = item.span();
        let kind = match item.token() {
            Token::Identifier => {
                let name = self.text(item);
                if self.funcs.get(name).is_none() {
                    return self.fail(format!("function {} not defined", strconv::quote(name)));
                }
                NodeKind::Identifier(item.end())
            }
            Token::Dot => NodeKind::Dot,
            Token::Nil => NodeKind::Nil,
            Token::Variable => {
                let name = self.text(item);
                if name != b"$" && self.tree.variables.find(name).is_none() {
                    return self.fail(format!("undefined variable {}", strconv::quote(name)));
                }
                NodeKind::Variable(self.name(span))
            }
            Token::Field => NodeKind::Field(self.name(Span { start: item.start() + 1, end: item.end() })),
            Token::Bool => NodeKind::Bool(self.text(item) == b"true"),
            Token::CharConstant | Token::Complex | Token::Number => {
                match number(self.text(item), span, item.token()) {
                    Ok(n) => self.ast.numbers.push(n),
                    Err(message) => return self.fail(message),
                }
                NodeKind::Number(self.ast.numbers.len() as u32 - 1)
            }
            Token::String | Token::RawString => {
                let text = self.unquote(item)?;
                self.ast.strings.push(Literal { quoted: span, text });
                NodeKind::String(self.ast.strings.len() as u32 - 1)
            }
            _ => {
                self.backup();
                return Ok(None);
            }
        };
        Ok(Some(self.node(item.start(), kind)))
    }
}
