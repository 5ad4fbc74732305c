//! Source to syntax trees (`text/template/parse`: parse.go).

mod lex;
mod number;
mod pipeline;
pub(crate) mod runes;
mod tree;

use std::collections::BTreeMap;
use std::sync::Arc;

use govalue::{Str, strconv};

use crate::compile::compile;
use crate::error::ParseError;
use crate::file::File;
use crate::funcs::FuncMap;
use crate::node::{Ast, Item, NodeId};
use lex::{Lexer, Token};
use tree::Tree;

/// A template of a source: its name and body.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) name: Str,
    pub(crate) items: Vec<Item>,
    /// Whether there is nothing in it but space.
    pub(crate) empty: bool,
}

/// The deepest nesting of parentheses. Go goes to 10000, and to 1000 where stacks
/// are small; nobody writes a tenth of this.
const MAX_EXPRESSION_DEPTH: usize = 500;

/// Parses a source (`Template.Parse`).
///
/// ```
/// use gotemplate::{FuncMap, parse};
/// let file = parse("a", "{{define \"b\"}}x{{end}}{{template \"b\"}}", &FuncMap::new()).unwrap();
/// assert_eq!(file.names().count(), 2);
/// let error = parse("a", "one\n{{.x", &FuncMap::new()).err().unwrap();
/// assert_eq!(error.to_string(), "template: a:2: unclosed action");
/// ```
///
/// # Errors
/// Where it is no template, or calls functions that are not in `funcs`.
pub fn parse(name: impl Into<Str>, source: impl Into<Str>, funcs: &FuncMap) -> Result<Arc<File>, ParseError> {
    let (name, source) = (name.into(), source.into());
    if u32::try_from(source.len()).is_err() {
        return Err(ParseError { name, line: 1, offset: 0, message: "template is too large".to_owned() });
    }
    let mut parser = Parser {
        source: &source,
        funcs,
        lexer: Lexer::new(&source),
        ast: Ast::default(),
        scratch: Vec::new(),
        bodies: Vec::new(),
        trees: Vec::new(),
        index: BTreeMap::new(),
        tree: Tree::new(name.clone()),
    };
    parser.lexer.break_ok = funcs.get(b"break").is_none();
    parser.lexer.continue_ok = funcs.get(b"continue").is_none();
    if let Err(fail) = parser.parse() {
        let Failure { message, line, offset } = *fail;
        return Err(ParseError { name, line: line as usize, offset, message });
    }
    let (ast, bodies) = (parser.ast, parser.bodies);
    Ok(Arc::new(compile(name, source, ast, bodies, funcs)))
}

/// Why parsing stopped. In a box, for the parser's frames are many and should be small.
type Fail = Box<Failure>;

struct Failure {
    message: String,
    line: u32,
    offset: usize,
}

struct Parser<'a> {
    source: &'a [u8],
    funcs: &'a FuncMap,
    lexer: Lexer<'a>,
    ast: Ast,
    /// Children of nodes that are not complete yet.
    scratch: Vec<NodeId>,
    /// Templates that are complete.
    bodies: Vec<Body>,
    /// Where they are, by name.
    index: BTreeMap<Str, usize>,
    /// Templates around the current one: it is a `block` inside them.
    trees: Vec<Tree<'a>>,
    /// The current one.
    tree: Tree<'a>,
}

impl<'a> Parser<'a> {
    #[cold]
    #[inline(never)]
    fn fail<T>(&self, message: impl Into<String>) -> Result<T, Fail> {
        let item = self.tree.tokens[0];
        let offset = if item.token() == Token::Error { self.lexer.error_pos } else { item.start() as usize };
        Err(Box::new(Failure { message: message.into(), line: item.line(), offset }))
    }

    fn text(&self, item: lex::Item) -> &'a [u8] {
        item.span().of(self.source)
    }

    /// The token as error messages show it.
    fn show(&self, item: lex::Item) -> String {
        let text = self.text(item);
        match item.token() {
            Token::Eof => "EOF".to_owned(),
            Token::Error => self.lexer.error.clone(),
            t if t.is_keyword() => format!("<{}>", String::from_utf8_lossy(text)),
            _ if text.len() > 10 => {
                // %.10q counts runes.
                let mut end = 0;
                for _ in 0..10 {
                    end += runes::decode(text.get(end..).unwrap_or_default()).1;
                }
                format!("{}...", strconv::quote(text.get(..end).unwrap_or_default()))
            }
            _ => strconv::quote(text),
        }
    }

    #[cold]
    #[inline(never)]
    fn unexpected<T>(&self, item: lex::Item, context: &str) -> Result<T, Fail> {
        if item.token() != Token::Error {
            return self.fail(format!("unexpected {} in {context}", self.show(item)));
        }
        let mut message = self.lexer.error.clone();
        let started = self.tree.action_line;
        if started != 0 && started != item.line() {
            if !message.ends_with(" action") {
                message.push_str(" in action");
            }
            message.push_str(&format!(" started at {}:{started}", self.parse_name()));
        }
        self.fail(message)
    }

    /// The name of the source.
    fn parse_name(&self) -> &Str {
        &self.trees.first().unwrap_or(&self.tree).parse_name
    }

    fn node(&mut self, pos: u32, kind: crate::node::NodeKind) -> NodeId {
        let id = NodeId(self.ast.nodes.len() as u32);
        self.ast.nodes.push(crate::node::Node { pos, kind });
        id
    }

    /// Moves the scratch nodes from `mark` on to the children.
    fn adopt(&mut self, mark: usize) -> std::ops::Range<u32> {
        let start = self.ast.children.len() as u32;
        self.ast.children.extend(self.scratch.drain(mark..));
        start..self.ast.children.len() as u32
    }
}
