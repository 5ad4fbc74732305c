//! Why a text could not be read as YAML.

use std::error::Error;
use std::fmt;

/// A failure to read YAML, in the words of `sigs.k8s.io/yaml`.
///
/// `Display` is Go's full text, such as
/// `error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context`.
#[derive(Clone, PartialEq, Eq)]
pub struct YamlError {
    message: String,
    line: Option<usize>,
}

impl YamlError {
    /// An error of this full text.
    pub fn new(message: impl Into<String>) -> YamlError {
        YamlError { message: message.into(), line: None }
    }

    /// The same, at a line (counted from 1).
    pub fn at_line(mut self, line: usize) -> YamlError {
        self.line = Some(line);
        self
    }

    /// Go's text.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The line where the text is wrong, counted from 1, if it is about one.
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for YamlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for YamlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "YamlError({:?})", self.message)
    }
}

impl Error for YamlError {}
