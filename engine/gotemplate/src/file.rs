//! A parsed source: its templates, compiled.

use govalue::Str;

/// A parsed source: its own body and the templates that it defines. Immutable,
/// `Send` and `Sync`.
pub struct File {
    name: Str,
    source: Str,
}

impl File {
    pub(crate) fn new(name: Str, source: Str) -> File {
        File { name, source }
    }

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
        std::iter::once(&self.name)
    }
}
