//! Source to syntax trees (`text/template/parse`: parse.go).

mod lex;
mod number;
mod pipeline;
pub(crate) mod runes;
mod tree;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use govalue::{Str, strconv};

use crate::error::ParseError;
use crate::file::{File, Program, Template};
use crate::funcs::FuncMap;
use crate::node::{Ast, Item, Node, NodeId, NodeKind};
use crate::source::Source;
pub(crate) use lex::Token;
use lex::{Item as LexItem, Lexer};
pub(crate) use number::number;
use tree::Tree;

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
/// If it is no template, or calls functions that are not in `funcs`.
pub fn parse(name: impl Into<Str>, source: impl Into<Source>, funcs: &FuncMap) -> Result<Arc<File>, ParseError> {
    Buffers::default().parse(name, source, funcs)
}

/// The room that parsing takes, for those who parse many sources.
///
/// ```
/// use gotemplate::{Buffers, FuncMap};
/// let (mut buffers, funcs) = (Buffers::default(), FuncMap::new());
/// let files = ["{{.a}}", "{{.b}}"].map(|source| buffers.parse("a", source, &funcs).unwrap());
/// assert_eq!(files[1].print("a").unwrap(), b"{{.b}}");
/// ```
#[derive(Default)]
pub struct Buffers {
    ast: Ast,
    scratch: Vec<NodeId>,
    items: Vec<Item>,
}

impl Buffers {
    /// Parses a source, as [`parse`] does.
    ///
    /// # Errors
    /// Those of [`parse`].
    pub fn parse(
        &mut self,
        name: impl Into<Str>,
        source: impl Into<Source>,
        funcs: &FuncMap,
    ) -> Result<Arc<File>, ParseError> {
        self.parse_source(name.into(), source.into(), funcs)
    }

    fn parse_source(&mut self, name: Str, source: Source, funcs: &FuncMap) -> Result<Arc<File>, ParseError> {
        if u32::try_from(source.len()).is_err() {
            return Err(ParseError { name, line: 1, offset: 0, message: "template is too large".to_owned() });
        }
        let Buffers { mut ast, mut scratch, mut items } = std::mem::take(self);
        ast.clear();
        scratch.clear();
        items.clear();
        let mut parser = Parser {
            name: &name,
            source: &source,
            funcs,
            lexer: Lexer::new(&source),
            item: LexItem::NONE,
            ahead: None,
            ast,
            scratch,
            templates: Vec::new(),
            index: BTreeMap::new(),
            clash: false,
            items,
            expression_depth: 0,
            functions: [(&[], 0); 32],
            trees: Vec::new(),
            tree: Tree::new(name.clone()),
        };
        parser.lexer.break_ok = funcs.find(b"break").is_none();
        parser.lexer.continue_ok = funcs.find(b"continue").is_none();
        let result = parser.parse();
        let Parser { ast, scratch, items, templates, clash, .. } = parser;
        *self = Buffers { ast, scratch, items };
        if let Err(fail) = result {
            let Failure { message, line, offset } = *fail;
            return Err(ParseError { name, line, offset, message });
        }
        let main = templates.iter().position(|t| t.name == name).expect("the source's own body is a template");
        // The clone has no more room than its nodes need.
        let ast = self.ast.clone();
        let near = ast.names.iter().map(|_| AtomicU32::new(0)).collect();
        let program = Program { source, ast, near, templates, main, clash, funcs: funcs.callees() };
        Ok(Arc::new(File { name, program: Arc::new(program) }))
    }
}

/// Why parsing stopped. In a box, for the parser's frames are many and should be small.
type Fail = Box<Failure>;

struct Failure {
    message: String,
    line: usize,
    offset: usize,
}

struct Parser<'a> {
    name: &'a Str,
    source: &'a [u8],
    funcs: &'a FuncMap,
    lexer: Lexer<'a>,
    /// The current token, which waits to be used.
    item: LexItem,
    /// The one behind it, where the parser had to look at that already.
    ahead: Option<LexItem>,
    ast: Ast,
    /// Children of nodes that are not complete yet.
    scratch: Vec<NodeId>,
    /// Templates that are complete.
    templates: Vec<Template>,
    /// Where they are, by name.
    index: BTreeMap<Str, usize>,
    /// Whether the source's own body has the name of a template in it.
    clash: bool,
    /// The items of the templates that are not complete: the current one's last.
    items: Vec<Item>,
    expression_depth: usize,
    /// Functions that were called, and their indices.
    functions: [(&'static [u8], u16); 32],
    /// Templates around the current one: it is defined inside them.
    trees: Vec<Tree<'a>>,
    /// The current one.
    tree: Tree<'a>,
}

impl<'a> Parser<'a> {
    /// Goes on to the next token of an action.
    fn advance(&mut self) {
        self.item = match self.ahead.take() {
            Some(ahead) => ahead,
            None => self.lexer.action(),
        };
    }

    /// An error at the last token that was read.
    #[cold]
    #[inline(never)]
    fn fail<T>(&self, message: impl Into<String>) -> Result<T, Fail> {
        self.fail_at(self.ahead.unwrap_or(self.item), message)
    }

    #[cold]
    #[inline(never)]
    fn fail_at<T>(&self, item: LexItem, message: impl Into<String>) -> Result<T, Fail> {
        let offset = if item.token == Token::Error { self.lexer.error_pos } else { item.start as usize };
        Err(Box::new(Failure { message: message.into(), line: self.line(item), offset }))
    }

    /// The line in which a token begins, from 1.
    fn line(&self, item: LexItem) -> usize {
        let before = self.source.get(..item.start as usize).unwrap_or_default();
        memchr::memchr_iter(b'\n', before).count() + 1
    }

    fn text(&self, item: LexItem) -> &'a [u8] {
        item.span().of(self.source)
    }

    /// The token as error messages show it.
    fn show(&self, item: LexItem) -> String {
        let text = self.text(item);
        match item.token {
            Token::Eof => "EOF".to_owned(),
            Token::Error => self.lexer.error.clone(),
            t if t.is_keyword() => format!("<{}>", govalue::utf8::lossy(text)),
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

    /// The error that the current token gives where another is wanted.
    #[cold]
    #[inline(never)]
    fn unexpected<T>(&self, context: &str) -> Result<T, Fail> {
        let item = self.item;
        if item.token != Token::Error {
            return self.fail(format!("unexpected {} in {context}", self.show(item)));
        }
        let mut message = self.lexer.error.clone();
        if let Some(action) = self.tree.action
            && self.line(action) != self.line(item)
        {
            if !message.ends_with(" action") {
                message.push_str(" in action");
            }
            message.push_str(&format!(" started at {}:{}", self.name, self.line(action)));
        }
        self.fail(message)
    }

    #[inline(always)]
    fn node(&mut self, pos: u32, kind: NodeKind) -> NodeId {
        let id = NodeId(self.ast.nodes.len() as u32);
        self.ast.nodes.push(Node { pos, kind });
        id
    }

    /// Moves the scratch nodes from `mark` on to the children: very few, so one by one.
    fn adopt(&mut self, mark: usize) -> Range<u32> {
        let start = self.ast.children.len() as u32;
        for id in self.scratch.get(mark..).expect("nothing below the mark was taken") {
            self.ast.children.push(*id);
        }
        self.scratch.truncate(mark);
        start..self.ast.children.len() as u32
    }
}
