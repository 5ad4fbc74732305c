//! Checksums, passwords, keys, certificates and random strings.

use govalue::Func;

/// The functions of this group.
pub(crate) const FUNCTIONS: &[Func] = &[];
