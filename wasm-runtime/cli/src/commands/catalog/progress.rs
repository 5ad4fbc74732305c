//! How far a build is, on a terminal.

use std::cell::Cell;
use std::io::{IsTerminal, Write};

use chartwright_catalog_build::Progress;

/// A line that changes. Without a terminal there is none: a log wants no progress.
pub(super) struct Shown {
    is_terminal: bool,
    is_shown: Cell<bool>,
}

/// Deletes a terminal's line, from its start.
const CLEAR: &str = "\r\x1b[K";

impl Shown {
    pub(super) fn new() -> Shown {
        Shown { is_terminal: std::io::stderr().is_terminal(), is_shown: Cell::new(false) }
    }

    /// Deletes the line.
    pub(super) fn end(&self) {
        if self.is_shown.take() {
            let _ = write!(std::io::stderr().lock(), "{CLEAR}");
        }
    }
}

impl Progress for Shown {
    fn version(&self, module: &str, version: &str, done: usize, all: usize) {
        if self.is_terminal {
            // Names of charts may have anything in them, and terminals obey what they print.
            let plain = |text: &str| text.chars().filter(|c| !c.is_control()).take(60).collect::<String>();
            let (module, version) = (plain(module), plain(version));
            let _ = write!(std::io::stderr().lock(), "{CLEAR}{}/{all} {module} {version}", done + 1);
            self.is_shown.set(true);
        }
    }
}
