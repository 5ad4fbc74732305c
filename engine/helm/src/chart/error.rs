//! Why a chart could not be loaded.

use std::error::Error;
use std::fmt;

/// A chart that cannot be loaded. `Display` is Helm's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartError(String);

impl ChartError {
    /// An error with Helm's text.
    pub fn new(message: impl Into<String>) -> ChartError {
        ChartError(message.into())
    }

    /// Helm's text.
    pub fn message(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ChartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ChartError {}
