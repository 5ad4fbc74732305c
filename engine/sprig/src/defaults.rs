//! Placeholder.

use govalue::Func;

pub(crate) const FUNCTIONS: &[Func] = &[];
