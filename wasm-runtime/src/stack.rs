//! A thread with a large stack.

use std::process::ExitCode;
use std::thread;

/// Values can be nested deeply, and what walks them may recurse up to Go's limits.
const STACK: usize = 512 << 20;

/// Runs the program on a thread with a large stack. Only what is used of it is
/// ever taken from the system.
pub(crate) fn with_large_stack(run: impl FnOnce() -> ExitCode + Send + 'static) -> ExitCode {
    let spawned = thread::Builder::new().stack_size(STACK).spawn(run);
    match spawned.map(thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        Ok(Err(_)) => ExitCode::from(101),
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}
