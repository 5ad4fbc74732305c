//! The actions of a template: text, control structures, definitions.

use std::mem;

use govalue::{Str, strconv};

use super::lex::{Item as LexItem, Token};
use super::{Fail, Parser, runes};
use crate::file::Template;
use crate::node::{self, Item, NodeId, NodeKind};
use crate::scope::Scope;

/// The state of a template that is being parsed (Go's `Tree`).
pub(super) struct Tree<'a> {
    name: Str,
    /// The variables in scope.
    pub(super) variables: Scope<'a>,
    /// The left delimiter of the current action, if Go knows that it is in one.
    pub(super) action: Option<LexItem>,
    /// The last token read before a template inside it began.
    left_at: LexItem,
    range_depth: usize,
    /// Where its items begin.
    items: usize,
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

impl Tree<'_> {
    pub(super) fn new(name: Str) -> Self {
        Tree {
            name,
            variables: Scope::default(),
            action: None,
            left_at: LexItem::NONE,
            range_depth: 0,
            items: 0,
            open: Vec::new(),
            kind: TreeKind::Main,
        }
    }
}

impl Parser<'_> {
    /// Parses all of the source.
    pub(super) fn parse(&mut self) -> Result<(), Fail> {
        loop {
            self.item = self.lexer.text();
            match self.item.token {
                Token::Text => self.items.push(Item::Text(self.item.span())),
                Token::LeftDelim => {
                    let delimiter = self.item;
                    self.advance();
                    let main = matches!(self.tree.kind, TreeKind::Main) && self.tree.open.is_empty();
                    if main && self.item.token == Token::Define {
                        self.define()?;
                    } else {
                        self.tree.action = Some(delimiter);
                        self.action()?;
                    }
                }
                Token::Eof => {
                    if !matches!(self.tree.kind, TreeKind::Main) || !self.tree.open.is_empty() {
                        return self.fail("unexpected EOF");
                    }
                    return self.finish();
                }
                _ => return self.unexpected("input"),
            }
        }
    }

    /// Adds the current template, which is complete.
    fn finish(&mut self) -> Result<(), Fail> {
        let name = self.tree.name.clone();
        let items = self.items.get(self.tree.items..).expect("items of the templates around are kept");
        let empty = items.iter().all(|i| matches!(i, Item::Text(t) if runes::is_blank(t.of(self.source))));
        self.clash |= matches!(self.tree.kind, TreeKind::Main) && self.index.contains_key(&name);
        let old = self.index.get(&name).and_then(|i| self.templates.get_mut(*i));
        match old {
            None => {
                self.index.insert(name.clone(), self.templates.len());
                self.templates.push(Template::new(name, items.into(), empty));
            }
            Some(old) if old.empty => *old = Template::new(name, items.into(), empty),
            Some(_) if empty => {}
            Some(_) => {
                return self.fail(format!("template: multiple definition of template {}", strconv::quote(&name)));
            }
        }
        self.items.truncate(self.tree.items);
        Ok(())
    }

    /// A template inside a source, with no variables but its own.
    fn enter(&mut self, name: Str, kind: TreeKind) {
        let tree = Tree { kind, items: self.items.len(), ..Tree::new(name) };
        let mut outer = mem::replace(&mut self.tree, tree);
        outer.left_at = self.item;
        self.trees.push(outer);
    }

    /// Ends the current template and goes back to the one around it.
    fn leave(&mut self) -> Result<(), Fail> {
        let outer = self.trees.pop().expect("what is left was entered");
        self.finish()?;
        let inner = mem::replace(&mut self.tree, outer);
        if let TreeKind::Block(node) = inner.kind {
            self.items.push(Item::Template(node));
            self.tree.action = None;
        }
        Ok(())
    }

    /// Checks that the current token is that one.
    fn expect(&mut self, token: Token, context: &str) -> Result<(), Fail> {
        if self.item.token == token { Ok(()) } else { self.unexpected(context) }
    }

    /// `{{define "name"}}`, from the keyword on.
    fn define(&mut self) -> Result<(), Fail> {
        self.advance();
        self.enter(Str::EMPTY, TreeKind::Define);
        let context = "define clause";
        self.expect_name(context)?;
        self.tree.name = node::unquoted(self.text(self.item));
        self.advance();
        self.expect(Token::RightDelim, context)
    }

    /// Checks that the current token can be the name of a template.
    fn expect_name(&mut self, context: &str) -> Result<(), Fail> {
        if !matches!(self.item.token, Token::String | Token::RawString) {
            return self.unexpected(context);
        }
        self.check_string()
    }

    /// Checks the escapes of the string that the current token is.
    pub(super) fn check_string(&self) -> Result<(), Fail> {
        if !self.item.escaped {
            return Ok(());
        }
        match strconv::unquote(self.text(self.item)) {
            Ok(_) => Ok(()),
            Err(e) => self.fail(e.to_string()),
        }
    }

    /// An action after its left delimiter. Go forgets that it was in one, but
    /// not behind the beginning of a structure.
    fn action(&mut self) -> Result<(), Fail> {
        match self.item.token {
            Token::If => self.control(Control::If, false),
            Token::With => self.control(Control::With, false),
            Token::Range => self.control(Control::Range, false),
            Token::Else => self.else_(),
            Token::End => self.end(),
            Token::Block => self.block(),
            token => {
                match token {
                    Token::Template => self.template()?,
                    Token::Break => self.jump(Item::Break, "{{break}}")?,
                    Token::Continue => self.jump(Item::Continue, "{{continue}}")?,
                    _ => {
                        let pos = self.item.start;
                        let pipe = self.pipeline("command", Token::RightDelim)?;
                        let node = self.node(pos, NodeKind::Action(pipe));
                        self.items.push(Item::Action(node));
                    }
                }
                self.tree.action = None;
                Ok(())
            }
        }
    }

    fn jump(&mut self, item: Item, shown: &str) -> Result<(), Fail> {
        self.advance();
        self.expect(Token::RightDelim, shown)?;
        if self.tree.range_depth == 0 {
            return self.fail(format!("{shown} outside {{{{range}}}}"));
        }
        self.items.push(item);
        Ok(())
    }

    /// The beginning of a control structure, from its keyword on.
    fn control(&mut self, context: Control, chained: bool) -> Result<(), Fail> {
        self.advance();
        let variables = self.tree.variables.len();
        let name = match context {
            Control::If => "if",
            Control::With => "with",
            Control::Range => "range",
        };
        let pipe = self.pipeline(name, Token::RightDelim)?;
        self.items.push(match context {
            Control::If => Item::If(pipe),
            Control::With => Item::With(pipe),
            Control::Range => Item::Range(pipe),
        });
        if context == Control::Range {
            self.tree.range_depth += 1;
        }
        self.tree.open.push(Open { context, variables, in_else: false, chained });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Fail> {
        self.advance();
        self.expect(Token::RightDelim, "end")?;
        self.tree.action = None;
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
            self.items.push(Item::End);
            if !open.chained {
                break;
            }
        }
        Ok(())
    }

    fn else_(&mut self) -> Result<(), Fail> {
        self.advance();
        // What follows an `else` may be the `if` or `with` that it is chained to.
        let chain = match self.item.token {
            Token::If => Some(Control::If),
            Token::With => Some(Control::With),
            _ => None,
        };
        if chain.is_none() {
            self.expect(Token::RightDelim, "else")?;
        }
        self.tree.action = None;
        let Some(open) = self.tree.open.last_mut() else {
            return match self.tree.kind {
                TreeKind::Main => self.fail("unexpected {{else}}"),
                TreeKind::Define => self.fail("unexpected {{else}} in define clause"),
                TreeKind::Block(_) => {
                    // Go reports this as the template around the block.
                    let at = self.trees.last().map_or(self.item, |outer| outer.left_at);
                    self.fail_at(at, "unexpected {{else}} in block clause")
                }
            };
        };
        if open.in_else {
            return self.fail("expected end; found {{else}}");
        }
        open.in_else = true;
        let context = open.context;
        self.items.push(Item::Else);
        if context == Control::Range {
            self.tree.range_depth -= 1;
        }
        match chain {
            None => Ok(()),
            Some(chain) if chain == context => self.control(context, true),
            Some(_) => self.unexpected("input"),
        }
    }

    /// `{{block "name" pipeline}}`, from the keyword on.
    fn block(&mut self) -> Result<(), Fail> {
        self.advance();
        let context = "block clause";
        let item = self.item;
        self.expect_name(context)?;
        self.advance();
        let pipe = self.pipeline(context, Token::RightDelim)?;
        let node = self.node(item.start, NodeKind::Template(item.end, pipe));
        self.enter(node::unquoted(self.text(item)), TreeKind::Block(node));
        Ok(())
    }

    /// `{{template "name" pipeline}}`, from the keyword on.
    fn template(&mut self) -> Result<(), Fail> {
        self.advance();
        let context = "template clause";
        let item = self.item;
        self.expect_name(context)?;
        self.advance();
        let mut pipe = NodeId::NONE;
        if self.item.token != Token::RightDelim {
            pipe = self.pipeline(context, Token::RightDelim)?;
        }
        let node = self.node(item.start, NodeKind::Template(item.end, pipe));
        self.items.push(Item::Template(node));
        Ok(())
    }
}
