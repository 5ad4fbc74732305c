//! Why a text could not be read as YAML.

use std::error::Error;
use std::fmt;

use super::reader::ReaderError;

/// What goes before the messages of go-yaml in those of `sigs.k8s.io/yaml`.
const CONVERTING: &str = "error converting YAML to JSON: ";

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

    /// An error of the conversion to JSON.
    pub(crate) fn converting(message: impl fmt::Display) -> YamlError {
        YamlError::new(format!("{CONVERTING}{message}"))
    }

    /// An error of decoding the JSON.
    pub(crate) fn decoding(message: impl fmt::Display) -> YamlError {
        YamlError::new(format!("error unmarshaling JSON: while decoding JSON: {message}"))
    }

    /// Go's text.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Its message as go-yaml itself gives it, without what `sigs.k8s.io/yaml`
    /// puts before it.
    pub fn bare_message(&self) -> &str {
        self.message.strip_prefix(CONVERTING).unwrap_or(&self.message)
    }

    /// The line where the text is wrong, counted from 1, if it is about one.
    ///
    /// Go's own messages are often one line off; this is the true one.
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

/// A failure of the reader, scanner or parser; small, as it is seldom there.
#[derive(Debug)]
pub(crate) struct Problem(Box<Repr>);

#[derive(Debug)]
struct Repr {
    text: &'static str,
    /// The line in the message; 0: none.
    shown: u32,
    /// The line where it is, counted from 1; 0: unknown.
    line: u32,
    /// The anchor that the text is about.
    anchor: Option<Box<[u8]>>,
}

impl Problem {
    #[cold]
    fn new(text: &'static str, shown: u32, line: u32) -> Problem {
        Problem(Box::new(Repr { text, shown, line, anchor: None }))
    }

    pub(crate) fn reader(error: ReaderError) -> Problem {
        Problem::new(error.message(), 0, 0)
    }

    /// At a line counted from 0. Go leaves out the first line of the text.
    pub(crate) fn scanner(text: &'static str, line: u32) -> Problem {
        Problem::new(text, if line == 0 { 0 } else { line + 1 }, line + 1)
    }

    /// Noticed at a line counted from 0, which Go shows, because of what is on the line before it or further up.
    pub(crate) fn scanner_since(text: &'static str, line: u32, since: u32) -> Problem {
        let mut problem = Problem::scanner(text, line);
        problem.0.line = since + 1;
        problem
    }

    /// At a line counted from 0, which Go shows as it is.
    pub(crate) fn parser(text: &'static str, line: u32) -> Problem {
        Problem::new(text, line, line + 1)
    }

    /// An alias of an anchor that is not there.
    pub(crate) fn unknown_anchor(name: &[u8], line: u32) -> Problem {
        let mut problem = Problem::new("", 0, line + 1);
        problem.0.anchor = Some(name.into());
        problem
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repr = &*self.0;
        f.write_str("yaml: ")?;
        if let Some(anchor) = &repr.anchor {
            return write!(f, "unknown anchor '{}' referenced", govalue::utf8::lossy(anchor));
        }
        if repr.shown > 0 {
            write!(f, "line {}: ", repr.shown)?;
        }
        f.write_str(repr.text)
    }
}

impl From<Problem> for YamlError {
    fn from(problem: Problem) -> YamlError {
        let error = YamlError::converting(&problem);
        if problem.0.line > 0 { error.at_line(problem.0.line as usize) } else { error }
    }
}
