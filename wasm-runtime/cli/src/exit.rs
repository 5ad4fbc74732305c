//! How commands end.

use std::process::ExitCode;

/// Exit code for an invalid command line.
pub(crate) const USAGE: u8 = 2;
/// Exit code for a source that could not be reached.
pub(crate) const UNREACHABLE: u8 = 3;

/// What kept a command from its work, and its exit code.
pub(crate) type Stop = (String, u8);

/// Ends a command: says what kept it from its work.
pub(crate) fn with(result: Result<u8, Stop>) -> ExitCode {
    match result {
        Ok(code) => ExitCode::from(code),
        Err((message, code)) => {
            crate::say!("error: {message}");
            ExitCode::from(code)
        }
    }
}
