//! Standard output.

use std::io::{self, Write};

/// Writes to stdout. A reader that goes away is not a failure; a full disk is.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn put(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
