//! A large stack.

/// Values can be nested deeply, and what walks them may recurse up to Go's limits.
const STACK: usize = 512 << 20;

/// Runs the program on a large stack. Only what is used of it is ever taken
/// from the system. A second thread would have to be started, and would fill
/// pages of its own with what it allocates.
pub(crate) fn with_large_stack<T>(run: impl FnOnce() -> T) -> T {
    stacker::grow(STACK, run)
}
