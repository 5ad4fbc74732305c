//! What is wrong with a template.

use std::fmt;

/// What kind of mistake it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// It cannot be read.
    Syntax,
    /// Something is used that does not exist.
    Undefined,
    /// It takes more steps than it may.
    Steps,
    /// Something else cannot be done.
    Operation,
}

/// A mistake in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What kind of mistake it is.
    pub kind: ErrorKind,
    /// What is wrong.
    pub message: String,
    /// The template.
    pub template: String,
    /// The line.
    pub line: u32,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Box<Error> {
        Box::new(Error { kind, message: message.into(), template: String::new(), line: 0 })
    }

    pub(crate) fn syntax(message: impl Into<String>) -> Box<Error> {
        Error::new(ErrorKind::Syntax, message)
    }

    pub(crate) fn operation(message: impl Into<String>) -> Box<Error> {
        Error::new(ErrorKind::Operation, message)
    }

    /// With the line, if none is known yet.
    pub(crate) fn at(mut self: Box<Error>, line: u32) -> Box<Error> {
        if self.line == 0 {
            self.line = line;
        }
        self
    }

    /// With the template, if none is known yet.
    pub(crate) fn within(mut self: Box<Error>, template: &str) -> Box<Error> {
        if self.template.is_empty() {
            self.template.push_str(template);
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
