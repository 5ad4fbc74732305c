//! A parsed source: its templates, compiled.

use govalue::{Str, Type};

use crate::code::{Const, Ins, Loop, Member};
use crate::funcs::Callee;
use crate::node::{Ast, Item, NodeId};

/// A parsed source: its own body and the templates that it defines. Immutable,
/// `Send` and `Sync`.
pub struct File {
    pub(crate) name: Str,
    pub(crate) source: Str,
    pub(crate) ast: Ast,
    pub(crate) templates: Vec<Template>,
    pub(crate) code: Vec<Ins>,
    pub(crate) constants: Vec<Const>,
    pub(crate) types: Vec<Type>,
    pub(crate) messages: Vec<String>,
    pub(crate) callees: Vec<Callee>,
    pub(crate) members: Vec<Member>,
    pub(crate) loops: Vec<Loop>,
}

/// A template of a file.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) name: Str,
    /// Where its code begins.
    pub(crate) entry: u32,
    pub(crate) items: Vec<Item>,
    /// Whether there is nothing in it but space.
    pub(crate) empty: bool,
}

impl File {
    /// The name it was parsed under.
    pub fn name(&self) -> &Str {
        &self.name
    }

    /// Its source text.
    pub fn source(&self) -> &Str {
        &self.source
    }

    /// The names of the templates that it defines, its own included.
    pub fn names(&self) -> impl Iterator<Item = &Str> {
        self.templates.iter().map(|t| &t.name)
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
        let template = self.templates.iter().find(|t| t.name.as_bytes() == template.as_ref())?;
        let mut out = Vec::new();
        self.ast.print_body(&self.source, &template.items, &mut out);
        Some(out)
    }

    /// The index of the template that is the file's own body.
    pub(crate) fn main(&self) -> usize {
        self.templates.iter().position(|t| t.name == self.name).unwrap_or_default()
    }

    /// The text of a node.
    pub(crate) fn show(&self, node: NodeId) -> Vec<u8> {
        let mut out = Vec::new();
        self.ast.print(&self.source, node, &mut out);
        out
    }

    /// Where an offset lies: line from 1, column in bytes from 0.
    ///
    /// The column of the first line counts from 0 and so does that of others.
    pub(crate) fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.source.get(..offset).unwrap_or(&self.source);
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|b| **b != b'\n').count();
        (line, column)
    }
}
