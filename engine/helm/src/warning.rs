//! What Helm logs while it goes on.

use std::fmt;

/// Something odd that does not stop a render: what Helm writes to its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(String);

impl Warning {
    /// A warning with Helm's text.
    pub fn new(text: impl Into<String>) -> Warning {
        Warning(text.into())
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The warnings of a run, in order.
pub type Warnings = Vec<Warning>;
