//! What Helm logs while it goes on.

use std::fmt;
use std::ops::Deref;

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

/// The warnings of a run, in order; of a flood only the first
/// [`Warnings::MOST`] are kept.
#[derive(Clone, Debug, Default)]
pub struct Warnings {
    list: Vec<Warning>,
}

impl Warnings {
    /// How many warnings are kept.
    pub const MOST: usize = 1000;

    /// Adds a warning.
    pub fn push(&mut self, warning: Warning) {
        if self.list.len() < Warnings::MOST {
            self.list.push(warning);
        }
    }

    /// Adds a warning whose text is only made if it is kept.
    pub fn note<T: Into<String>>(&mut self, text: impl FnOnce() -> T) {
        if self.list.len() < Warnings::MOST {
            self.list.push(Warning::new(text()));
        }
    }

    /// Moves the warnings of another list to the end of this one.
    pub fn append(&mut self, other: &mut Warnings) {
        let left = Warnings::MOST.saturating_sub(self.list.len());
        self.list.extend(other.list.drain(..).take(left));
    }

    /// The warnings, moved out.
    pub fn into_vec(self) -> Vec<Warning> {
        self.list
    }
}

impl Deref for Warnings {
    type Target = [Warning];
    fn deref(&self) -> &[Warning] {
        &self.list
    }
}
