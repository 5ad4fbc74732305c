//! The actions of a template: text, control structures, definitions.

use std::mem;

use govalue::{Str, strconv};

use super::lex::{Item as LexItem, Token};
use super::{Body, Fail, Parser, runes};
use crate::node::{Item, Literal, NodeId, NodeKind};
use crate::scope::Scope;

/// The state of a template that is being parsed (Go's `Tree`).
pub(super) struct Tree<'a> {
    pub(super) name: Str,
    pub(super) parse_name: Str,
    /// The last tokens, the newest first; `peeked` of them are to be read again.
    pub(super) tokens: [LexItem; 3],
    pub(super) peeked: usize,
    /// The variables in scope.
    pub(super) variables: Scope<'a>,
    /// Where the current action began; 0: not in one.
    pub(super) action_line: u32,
    pub(super) expression_depth: usize,
    range_depth: usize,
    items: Vec<Item>,
    open: Vec<Open>,
    kind: TreeKind,
}

/// How a template is written.
enum TreeKind {
    /// The body of the source itself.
    Main,
    Define,
    /// What takes the block's place in the template around it.
    Block(NodeId),
}

/// A control structure that has not ended.
struct Open {
    context: Control,
    /// Variables in scope before it.
    variables: usize,
    in_else: bool,
    /// It is an `else if`: it ends with the structure around it.
    chained: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Control {
    If,
    With,
    Range,
}

/// What [`Parser::text_or_action`] found beyond what it added itself.
enum Found {
    Done,
    End,
    Else,
}

impl Tree<'_> {
    pub(super) fn new(name: Str) -> Self {
        Tree {
            parse_name: name.clone(),
            name,
            tokens: [LexItem::NONE; 3],
            peeked: 0,
            variables: Scope::default(),
            action_line: 0,
            expression_depth: 0,
            range_depth: 0,
            items: Vec::new(),
            open: Vec::new(),
            kind: TreeKind::Main,
        }
    }
}

impl Parser<'_> {
    pub(super) fn next(&mut self) -> LexItem {
        if self.tree.peeked > 0 {
            self.tree.peeked -= 1;
        } else {
            self.tree.tokens[0] = self.lexer.next_item();
        }
        self.tree.tokens.get(self.tree.peeked).copied().unwrap_or(LexItem::NONE)
    }

    pub(super) fn backup(&mut self) {
        self.tree.peeked += 1;
    }

    pub(super) fn peek(&mut self) -> LexItem {
        if self.tree.peeked == 0 {
            self.tree.tokens[0] = self.lexer.next_item();
            self.tree.peeked = 1;
        }
        self.tree.tokens.get(self.tree.peeked - 1).copied().unwrap_or(LexItem::NONE)
    }

    pub(super) fn next_non_space(&mut self) -> LexItem {
        loop {
            let item = self.next();
            if item.token() != Token::Space {
                return item;
            }
        }
    }

    pub(super) fn peek_non_space(&mut self) -> LexItem {
        let item = self.next_non_space();
        self.backup();
        item
    }

    fn expect(&mut self, token: Token, context: &str) -> Result<LexItem, Fail> {
        let item = self.next_non_space();
        if item.token() == token { Ok(item) } else { self.unexpected(item, context) }
    }

    /// Parses all of the source.
    pub(super) fn parse(&mut self) -> Result<(), Fail> {
        loop {
            let item = self.peek_non_space();
            let main = matches!(self.tree.kind, TreeKind::Main) && self.tree.open.is_empty();
            if item.token() == Token::Eof {
                if main {
                    break;
                }
                return self.fail("unexpected EOF");
            }
            if main && item.token() == Token::LeftDelim {
                let delim = self.next();
                if self.next_non_space().token() == Token::Define {
                    self.define()?;
                    continue;
                }
                self.tree.tokens[1] = delim;
                self.tree.peeked = 2;
            }
            match self.text_or_action()? {
                Found::Done => {}
                Found::End => self.end()?,
                Found::Else => self.else_()?,
            }
        }
        let main = mem::replace(&mut self.tree, Tree::new(Str::EMPTY));
        let tokens = main.tokens;
        let name = main.name.clone();
        self.finish(name, main.items, tokens)
    }

    /// Adds a complete template; `tokens` is for the error's line.
    fn finish(&mut self, name: Str, items: Vec<Item>, tokens: [LexItem; 3]) -> Result<(), Fail> {
        let empty = items.iter().all(|i| matches!(i, Item::Text(t) if runes::is_blank(t.of(self.source))));
        let old = self.index.get(&name).and_then(|i| self.bodies.get_mut(*i));
        match old {
            None => {
                self.index.insert(name.clone(), self.bodies.len());
                self.bodies.push(Body { name, items, empty });
            }
            Some(old) if old.empty => *old = Body { name, items, empty },
            Some(_) if empty => {}
            Some(_) => {
                self.tree.tokens = tokens;
                return self.fail(format!("template: multiple definition of template {}", strconv::quote(&name)));
            }
        }
        Ok(())
    }

    /// A template inside a source, with no variables but its own.
    fn enter(&mut self, name: Str, kind: TreeKind) {
        let mut tree = Tree::new(name);
        tree.parse_name = self.parse_name().clone();
        tree.kind = kind;
        let outer = mem::replace(&mut self.tree, tree);
        self.trees.push(outer);
    }

    /// Ends the current template and goes back to the one around it.
    fn leave(&mut self) -> Result<(), Fail> {
        let Some(outer) = self.trees.pop() else { return Ok(()) };
        let inner = mem::replace(&mut self.tree, outer);
        self.finish(inner.name, inner.items, inner.tokens)?;
        if let TreeKind::Block(node) = inner.kind {
            self.tree.items.push(Item::Template(node));
            self.tree.action_line = 0;
        }
        Ok(())
    }

    /// `{{define "name"}}`, of which the keyword has been read.
    fn define(&mut self) -> Result<(), Fail> {
        self.enter(Str::from("definition"), TreeKind::Define);
        let context = "define clause";
        let item = self.next_non_space();
        if !matches!(item.token(), Token::String | Token::RawString) {
            return self.unexpected(item, context);
        }
        self.tree.name = self.unquote(item)?;
        self.expect(Token::RightDelim, context)?;
        Ok(())
    }

    pub(super) fn unquote(&self, item: LexItem) -> Result<Str, Fail> {
        let text = self.text(item);
        // Most strings have nothing to unescape.
        if let [quote @ (b'"' | b'`'), plain @ .., end] = text
            && quote == end
            && memchr::memchr2(b'\\', b'\r', plain).is_none()
            && std::str::from_utf8(plain).is_ok()
        {
            return Ok(Str::from(plain));
        }
        match strconv::unquote(text) {
            Ok(s) => Ok(Str::from(s)),
            Err(e) => self.fail(e.to_string()),
        }
    }

    fn text_or_action(&mut self) -> Result<Found, Fail> {
        let item = self.next_non_space();
        match item.token() {
            Token::Text => {
                self.tree.items.push(Item::Text(item.span()));
                Ok(Found::Done)
            }
            Token::LeftDelim => {
                self.tree.action_line = item.line();
                self.action()
            }
            _ => self.unexpected(item, "input"),
        }
    }

    /// An action after its left delimiter.
    fn action(&mut self) -> Result<Found, Fail> {
        let item = self.next_non_space();
        match item.token() {
            Token::Block => return self.block(),
            Token::If => return self.control(Control::If, false),
            Token::With => return self.control(Control::With, false),
            Token::Range => return self.control(Control::Range, false),
            Token::Break => self.jump(Item::Break, "{{break}}")?,
            Token::Continue => self.jump(Item::Continue, "{{continue}}")?,
            Token::Template => self.template()?,
            Token::Else => {
                // What follows an `else` may be the `if` or `with` that it is chained to.
                if !matches!(self.peek_non_space().token(), Token::If | Token::With) {
                    self.expect(Token::RightDelim, "else")?;
                }
                self.tree.action_line = 0;
                return Ok(Found::Else);
            }
            Token::End => {
                self.expect(Token::RightDelim, "end")?;
                self.tree.action_line = 0;
                return Ok(Found::End);
            }
            _ => {
                self.backup();
                let pos = self.peek().start();
                let pipe = self.pipeline("command", Token::RightDelim)?;
                let node = self.node(pos, NodeKind::Action(pipe));
                self.tree.items.push(Item::Action(node));
            }
        }
        self.tree.action_line = 0;
        Ok(Found::Done)
    }

    fn jump(&mut self, item: Item, shown: &str) -> Result<(), Fail> {
        let token = self.next_non_space();
        if token.token() != Token::RightDelim {
            return self.unexpected(token, shown);
        }
        if self.tree.range_depth == 0 {
            return self.fail(format!("{shown} outside {{{{range}}}}"));
        }
        self.tree.items.push(item);
        Ok(())
    }

    /// The beginning of a control structure, after its keyword.
    fn control(&mut self, context: Control, chained: bool) -> Result<Found, Fail> {
        let variables = self.tree.variables.len();
        let name = match context {
            Control::If => "if",
            Control::With => "with",
            Control::Range => "range",
        };
        let pipe = self.pipeline(name, Token::RightDelim)?;
        self.tree.items.push(match context {
            Control::If => Item::If(pipe),
            Control::With => Item::With(pipe),
            Control::Range => Item::Range(pipe),
        });
        if context == Control::Range {
            self.tree.range_depth += 1;
        }
        self.tree.open.push(Open { context, variables, in_else: false, chained });
        Ok(Found::Done)
    }

    fn end(&mut self) -> Result<(), Fail> {
        if self.tree.open.is_empty() {
            return match self.tree.kind {
                TreeKind::Main => self.fail("unexpected {{end}}"),
                _ => self.leave(),
            };
        }
        while let Some(open) = self.tree.open.pop() {
            if open.context == Control::Range && !open.in_else {
                self.tree.range_depth -= 1;
            }
            self.tree.variables.truncate(open.variables);
            self.tree.items.push(Item::End);
            if !open.chained {
                break;
            }
        }
        Ok(())
    }

    fn else_(&mut self) -> Result<(), Fail> {
        let Some(open) = self.tree.open.last_mut() else {
            return match self.tree.kind {
                TreeKind::Main => self.fail("unexpected {{else}}"),
                TreeKind::Define => self.fail("unexpected {{else}} in define clause"),
                TreeKind::Block(_) => {
                    // Go reports this as the template around the block.
                    if let Some(outer) = self.trees.pop() {
                        self.tree = outer;
                    }
                    self.fail("unexpected {{else}} in block clause")
                }
            };
        };
        if open.in_else {
            return self.fail("expected end; found {{else}}");
        }
        open.in_else = true;
        let context = open.context;
        self.tree.items.push(Item::Else);
        if context == Control::Range {
            self.tree.range_depth -= 1;
        }
        let chain = match context {
            Control::If => Some(Token::If),
            Control::With => Some(Token::With),
            Control::Range => None,
        };
        if chain.is_some() && chain == Some(self.peek().token()) {
            self.next();
            self.control(context, true)?;
        }
        Ok(())
    }

    /// `{{block "name" pipeline}}`, after the keyword.
    fn block(&mut self) -> Result<Found, Fail> {
        let context = "block clause";
        let item = self.next_non_space();
        let name = self.template_name(item, context)?;
        let pipe = self.pipeline(context, Token::RightDelim)?;
        let node = self.template_node(item, name.clone(), pipe);
        self.enter(name, TreeKind::Block(node));
        Ok(Found::Done)
    }

    /// `{{template "name" pipeline}}`, after the keyword.
    fn template(&mut self) -> Result<(), Fail> {
        let context = "template clause";
        let item = self.next_non_space();
        let name = self.template_name(item, context)?;
        let mut pipe = NodeId::NONE;
        if self.next_non_space().token() != Token::RightDelim {
            self.backup();
            pipe = self.pipeline(context, Token::RightDelim)?;
        }
        let node = self.template_node(item, name, pipe);
        self.tree.items.push(Item::Template(node));
        Ok(())
    }

    fn template_name(&mut self, item: LexItem, context: &str) -> Result<Str, Fail> {
        match item.token() {
            Token::String | Token::RawString => self.unquote(item),
            _ => self.unexpected(item, context),
        }
    }

    fn template_node(&mut self, item: LexItem, text: Str, pipe: NodeId) -> NodeId {
        let name = self.ast.strings.len() as u32;
        self.ast.strings.push(Literal { quoted: item.span(), text });
        self.node(item.start(), NodeKind::Template(name, pipe))
    }
}
