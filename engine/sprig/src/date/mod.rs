//! Dates and durations.

use govalue::Func;

/// The functions of this group.
pub(crate) const FUNCTIONS: &[Func] = &[];
