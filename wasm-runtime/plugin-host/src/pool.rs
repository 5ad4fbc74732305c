//! Instances that wait for calls.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::cancel::Deadline;
use crate::error::PluginError;
use crate::instance::Instance;

/// How often a call that waits for an instance looks whether it was cancelled.
const LOOK: Duration = Duration::from_millis(5);

/// Instances, at most so many.
pub(crate) struct Pool {
    most: usize,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    /// The one that was used last is used next.
    idle: Vec<Instance>,
    busy: usize,
}

/// A place in the pool, with an instance or room for one.
pub(crate) struct Place<'a> {
    pool: &'a Pool,
    /// The instance. What is left here goes back to the pool.
    pub(crate) instance: Option<Instance>,
}

impl Pool {
    pub(crate) fn new(most: usize) -> Pool {
        Pool { most: most.max(1), state: Mutex::default(), freed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place, as soon as one is free.
    ///
    /// # Errors
    /// If the call has to end before.
    pub(crate) fn place(&self, deadline: &Deadline) -> Result<Place<'_>, PluginError> {
        let mut state = self.state();
        loop {
            deadline.check()?;
            if state.busy < self.most {
                state.busy += 1;
                return Ok(Place { pool: self, instance: state.idle.pop() });
            }
            (state, _) = self.freed.wait_timeout(state, LOOK).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// How many instances wait.
    pub(crate) fn idle(&self) -> usize {
        self.state().idle.len()
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.state();
        state.busy -= 1;
        state.idle.extend(self.instance.take());
        drop(state);
        self.pool.freed.notify_one();
    }
}
