//! How much work values may cause.

use govalue::MAX_DEPTH;

use crate::Warnings;
use crate::chart::ChartError;

/// How many entries of tables may be visited while the charts of a render get
/// their values. Helm has no such limit: small charts can share and import
/// tables so that it runs out of memory.
const MOST: usize = 1 << 25;

/// The warnings of a run, and what it has done so far.
pub(crate) struct Work<'w> {
    pub(crate) warnings: &'w mut Warnings,
    visited: usize,
}

impl<'w> Work<'w> {
    pub(crate) fn new(warnings: &'w mut Warnings) -> Work<'w> {
        Work { warnings, visited: 0 }
    }

    /// Says that so many entries will be visited.
    ///
    /// # Errors
    /// If these are too many.
    pub(crate) fn visit(&mut self, entries: usize) -> Result<(), ChartError> {
        self.visited = self.visited.saturating_add(entries);
        if self.visited > MOST {
            return Err(ChartError::new(format!("values of charts have more than {MOST} entries")));
        }
        Ok(())
    }
}

/// Checks that a value does not nest too deep. Imports can nest a table in
/// itself, which crashes Helm.
///
/// # Errors
/// If it does.
pub(crate) fn check_depth(depth: usize) -> Result<(), ChartError> {
    if depth > MAX_DEPTH {
        return Err(ChartError::new(format!("values nest deeper than {MAX_DEPTH} levels")));
    }
    Ok(())
}
