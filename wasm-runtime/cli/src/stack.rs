//! A large stack.

/// Size of the stack. Values can be nested deeply, and functions that walk them recurse up to Go's limits.
const STACK: usize = 512 << 20;

/// Runs the program on a large stack. The system provides only the pages that are used. A second thread would have to
/// be started, and would allocate pages of its own.
pub(crate) fn with_large_stack<T>(run: impl FnOnce() -> T) -> T {
    stacker::grow(STACK, run)
}
