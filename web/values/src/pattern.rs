//! Regular expressions of schemas and questions.

use std::fmt;
use std::rc::Rc;

/// Patterns that compile to more instructions are too costly to run for each key that is typed.
#[cfg(feature = "patterns")]
const MAX_SIZE: usize = 20_000;

/// A pattern. Whether a text matches is not known where Go's dialect does not have it, where it is too large, or without
/// the feature `patterns`.
#[derive(Clone)]
pub(crate) struct Pattern {
    text: Rc<str>,
    #[cfg(feature = "patterns")]
    regex: Option<goregex::Regex>,
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Pattern {
        Pattern {
            text: text.into(),
            #[cfg(feature = "patterns")]
            regex: goregex::Regex::new(text.as_bytes()).ok().filter(|regex| regex.size() <= MAX_SIZE),
        }
    }

    /// As it is written.
    pub(crate) fn text(&self) -> &Rc<str> {
        &self.text
    }

    /// Whether a text matches, if that is known.
    #[cfg(feature = "patterns")]
    pub(crate) fn matches(&self, text: &str) -> Option<bool> {
        self.regex.as_ref().map(|regex| regex.is_match(text.as_bytes()))
    }

    /// Not known.
    #[cfg(not(feature = "patterns"))]
    pub(crate) fn matches(&self, _text: &str) -> Option<bool> {
        None
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
