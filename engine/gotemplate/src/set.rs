//! The templates that a running template can name.

use std::sync::Arc;

use govalue::Str;

use crate::file::File;

/// The templates that are associated with each other. Cheap to clone; a clone's
/// additions are its own.
#[derive(Clone)]
pub struct TemplateSet {
    root: Str,
}

impl TemplateSet {
    /// An empty set. `root` is the name in `no template "x" associated with template "root"`.
    pub fn new(root: impl Into<Str>) -> TemplateSet {
        TemplateSet { root: root.into() }
    }

    /// The name it was made with (Helm's: `gotpl`).
    pub fn root(&self) -> &Str {
        &self.root
    }

    /// Adds the templates of a file: the last of a name wins, but one that is
    /// empty replaces nothing (`text/template`: `AddParseTree`).
    pub fn add(&mut self, _file: &Arc<File>) {}

    /// Whether there is a template of that name.
    pub fn contains(&self, _name: &[u8]) -> bool {
        false
    }
}
