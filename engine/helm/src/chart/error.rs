//! Why a chart could not be loaded.

use std::error::Error;
use std::fmt;

/// A chart that cannot be loaded. `Display` is Helm's text; where that leaves the reason out, `source` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartError {
    message: String,
    reason: Option<Box<ChartError>>,
}

impl ChartError {
    /// An error with Helm's text.
    pub fn new(message: impl Into<String>) -> ChartError {
        ChartError { message: message.into(), reason: None }
    }

    /// The same with the reason that Helm's text leaves out.
    #[must_use]
    pub(super) fn because(self, reason: ChartError) -> ChartError {
        ChartError { reason: Some(Box::new(reason)), ..self }
    }

    /// Helm's text.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ChartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for ChartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.reason.as_deref().map(|reason| reason as _)
    }
}
