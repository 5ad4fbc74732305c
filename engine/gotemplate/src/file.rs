//! A parsed source: its templates, compiled when they are first executed.

use std::sync::atomic::AtomicU32;
use std::sync::{Arc, OnceLock};

use govalue::Str;

use crate::code::Code;
use crate::compile::compile;
use crate::funcs::Callee;
use crate::node::{Ast, Item, Names, NodeId};
use crate::path::Path;
use crate::source::Source;

/// A parsed source: its own body and the templates that it defines. Immutable,
/// `Send` and `Sync`.
pub struct File {
    pub(crate) name: Str,
    pub(crate) program: Arc<Program>,
}

/// What a file has whatever its name is.
pub(crate) struct Program {
    pub(crate) source: Source,
    pub(crate) ast: Ast,
    /// Hints where the names of the tree were found last: see [`Path`].
    pub(crate) near: Box<[AtomicU32]>,
    pub(crate) templates: Vec<Template>,
    /// The index of the template that is the file's own body.
    pub(crate) main: usize,
    /// Whether one of its templates is defined under the name that it was first parsed under.
    pub(crate) clash: bool,
    /// The functions that it was parsed with.
    pub(crate) funcs: Arc<Vec<Callee>>,
}

impl Program {
    /// The path that a run of names is; `source` is its own.
    pub(crate) fn path<'p>(&'p self, source: &'p [u8], names: Names) -> Path<'p> {
        let near = self.near.get(names.start as usize..).expect("each name has a place for its hint");
        Path::new(source, self.ast.names(names), near)
    }
}

/// A template of a file.
pub(crate) struct Template {
    /// Its name; of the file's own body, the name that it was first parsed under.
    pub(crate) name: Str,
    pub(crate) items: Box<[Item]>,
    /// Whether there is nothing in it but space.
    pub(crate) empty: bool,
    code: OnceLock<Arc<Code>>,
}

impl Template {
    pub(crate) fn new(name: Str, items: Box<[Item]>, empty: bool) -> Template {
        Template { name, items, empty, code: OnceLock::new() }
    }
}

impl File {
    /// The name it was parsed under.
    pub fn name(&self) -> &Str {
        &self.name
    }

    /// Its source text.
    pub fn source(&self) -> &[u8] {
        &self.program.source
    }

    /// The names of the templates that it defines, its own included.
    pub fn names(&self) -> impl Iterator<Item = &Str> {
        (0..self.program.templates.len()).map(|i| self.template_name(i))
    }

    /// The same source under another name, without parsing it again. `None`
    /// where that gives something else, for one of its templates has either name.
    ///
    /// ```
    /// use gotemplate::{FuncMap, parse};
    /// let file = parse("a", "{{define \"b\"}}1{{end}}2", &FuncMap::new()).unwrap();
    /// assert_eq!(file.renamed("c").unwrap().print("c").unwrap(), b"2");
    /// assert!(file.renamed("b").is_none());
    /// ```
    pub fn renamed(&self, name: impl Into<Str>) -> Option<Arc<File>> {
        let (name, program) = (name.into(), &self.program);
        let mut defined = program.templates.iter().enumerate().filter(|(i, _)| *i != program.main);
        if program.clash || defined.any(|(_, t)| t.name == name) {
            return None;
        }
        Some(Arc::new(File { name, program: Arc::clone(program) }))
    }

    /// A template's body as Go prints its syntax tree, which parses to the same
    /// tree again.
    ///
    /// ```
    /// use gotemplate::{FuncMap, parse};
    /// let file = parse("a", "{{- if  .x -}} 1 {{end}}", &FuncMap::new()).unwrap();
    /// assert_eq!(file.print("a").unwrap(), b"{{if .x}}1 {{end}}");
    /// ```
    pub fn print(&self, template: impl AsRef<[u8]>) -> Option<Vec<u8>> {
        let index = self.names().position(|name| name.as_bytes() == template.as_ref())?;
        let mut out = Vec::new();
        let program = &self.program;
        program.ast.print_body(&program.source, &program.templates.get(index)?.items, &mut out);
        Some(out)
    }

    /// The index of the template that is the file's own body.
    pub(crate) fn main(&self) -> usize {
        self.program.main
    }

    /// The name of the template at an index.
    pub(crate) fn template_name(&self, index: usize) -> &Str {
        match self.program.templates.get(index) {
            Some(template) if index != self.program.main => &template.name,
            _ => &self.name,
        }
    }

    /// The code of the template at an index.
    pub(crate) fn code(&self, index: usize) -> &Arc<Code> {
        let template = self.program.templates.get(index).expect("templates are found with their index");
        template.code.get_or_init(|| Arc::new(compile(&self.program, &template.items)))
    }

    /// The text of a node.
    pub(crate) fn show(&self, node: NodeId) -> Vec<u8> {
        let mut out = Vec::new();
        self.program.ast.print(&self.program.source, node, &mut out);
        out
    }

    /// Where an offset lies: line from 1, column in bytes from 0.
    ///
    /// The column of the first line counts from 0 and so does that of others.
    pub(crate) fn position(&self, offset: usize) -> (usize, usize) {
        let source = &self.program.source;
        let before = source.get(..offset).unwrap_or(source);
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|b| **b != b'\n').count();
        (line, column)
    }
}
