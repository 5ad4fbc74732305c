//! What is wrong with values, as a tree, and how it is printed.

use std::fmt;

use crate::message::quote;

/// A failure of one schema at one value.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Where the value is, as a JSON pointer; maybe not UTF-8.
    pub(crate) at: Vec<u8>,
    pub(crate) kind: Kind,
    pub(crate) causes: Failures,
}

/// Several failures. They are boxed: what goes through a frame of each schema around should be small.
pub(crate) type Failures = Vec<Box<Failure>>;

/// What kind of failure it is.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Several failures of one schema.
    Group,
    /// A failure of what `$ref` and its like refer to.
    Reference,
    /// Any other, with its message.
    Message(String),
}

impl Failure {
    /// The failures that it groups, or itself.
    pub(crate) fn parts(self: Box<Failure>) -> Failures {
        match self.kind {
            Kind::Group => self.causes,
            _ => vec![self],
        }
    }

    /// Collects the failures that are about one place each. Alternatives none of which fits are one failure.
    pub(crate) fn violations(&self, found: &mut Vec<Violation>) {
        match &self.kind {
            Kind::Message(text) => {
                let mut reasons = Vec::new();
                self.causes.iter().for_each(|cause| cause.reasons(&mut reasons));
                let message = match reasons.is_empty() {
                    true => text.clone(),
                    false => format!("{text}: {}", reasons.join(" or ")),
                };
                found.push(Violation { at: govalue::utf8::lossy(&self.at).into_owned(), message });
            }
            Kind::Group | Kind::Reference => self.causes.iter().for_each(|cause| cause.violations(found)),
        }
    }

    /// The messages of the innermost failures.
    fn reasons<'a>(&'a self, found: &mut Vec<&'a str>) {
        match &self.kind {
            Kind::Message(text) if self.causes.is_empty() => found.push(text),
            _ => self.causes.iter().for_each(|cause| cause.reasons(found)),
        }
    }

    /// Appends the failure and its causes, a line each.
    ///
    /// A reference with a single cause is not shown.
    pub(crate) fn display(&self, out: &mut String, mut indent: usize) {
        if !(matches!(self.kind, Kind::Reference) && self.causes.len() == 1) {
            out.push('\n');
            for _ in 0..indent {
                out.push_str("  ");
            }
            out.push_str("- at ");
            out.push_str(&quote(&self.at));
            out.push_str(": ");
            out.push_str(match &self.kind {
                Kind::Group | Kind::Reference => "validation failed",
                Kind::Message(text) => text,
            });
            indent += 1;
        }
        for cause in &self.causes {
            cause.display(out, indent);
        }
    }
}

/// A value that does not meet a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where the value is, as a JSON pointer.
    pub at: String,
    /// What is wrong with it, in the words that Helm prints.
    pub message: String,
}

/// Why a schema does not compile, or why values do not meet it. `Display` is the text that Helm prints below the
/// chart's name; that of values ends with a newline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError(pub(crate) String);

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SchemaError {}
