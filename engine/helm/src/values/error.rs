//! Why values could not be read.

use std::error::Error;
use std::fmt;

/// Values that cannot be read. `Display` is Helm's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuesError(String);

impl ValuesError {
    /// An error with Helm's text.
    pub fn new(message: impl Into<String>) -> ValuesError {
        ValuesError(message.into())
    }

    /// Helm's text.
    pub fn message(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ValuesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ValuesError {}
