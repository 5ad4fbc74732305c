//! Why a template could not be parsed or executed.

use std::error::Error;
use std::fmt;

use govalue::{FuncError, Limit, Str};

/// Why a source is no template. `Display` is Go's text.
#[derive(Debug)]
pub struct ParseError {
    /// The name of the source.
    pub name: Str,
    /// The line, from 1.
    pub line: usize,
    /// The byte offset in the source where the parser stood.
    pub offset: usize,
    /// What is wrong, without `template: name:line: `.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template: {}:{}: {}", self.name, self.line, self.message)
    }
}

impl Error for ParseError {}

/// Why an execution failed. `Display` is Go's text for all of it.
#[derive(Debug)]
pub struct ExecError {
    /// Where it happened: the outermost template first, then those that it ran
    /// by `include` or `tpl`. Empty if there was no template to execute.
    pub sites: Vec<Site>,
    /// What happened at the last site.
    pub message: String,
    /// What kind of failure it is.
    pub kind: ErrorKind,
    /// The error of the function that failed, if one did.
    pub cause: Option<FuncError>,
}

/// What kind of failure an [`ExecError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The template did something that cannot be done.
    Plain,
    /// A function returned an error: [`ExecError::cause`].
    Call,
    /// There is no template of that name (no `ExecError` in Go, but a plain error).
    NoTemplate,
    /// A limit was exceeded.
    Limit(Limit),
}

/// A place in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The template that was executing.
    pub template: Str,
    /// The source it was parsed from.
    pub source: Str,
    /// The byte offset in the source.
    pub offset: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 0.
    pub column: usize,
    /// The expression, as Go prints it.
    pub context: String,
    /// If the failure came from a template that was run from here: what stands
    /// between here and there, `error calling include: `.
    pub via: String,
}

impl Site {
    /// `template: a.yaml:1:3: executing "a.yaml" at <.x>: `
    pub fn head(&self) -> String {
        format!(
            "template: {}:{}:{}: executing {} at <{}>: ",
            self.source,
            self.line,
            self.column,
            govalue::strconv::quote(&self.template),
            self.context
        )
    }
}

impl ExecError {
    /// The text from a site on: what the error that was returned there says.
    pub fn text_from(&self, site: usize) -> String {
        let mut text = String::new();
        for s in self.sites.iter().skip(site) {
            text.push_str(&s.head());
            text.push_str(&s.via);
        }
        text.push_str(&self.message);
        text
    }
}

impl fmt::Display for ExecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text_from(0))
    }
}

impl Error for ExecError {}
