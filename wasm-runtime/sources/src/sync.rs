//! Locks.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex; what a panicking thread left is still whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
