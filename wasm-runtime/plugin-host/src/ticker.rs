//! What interrupts calls: a thread that lets an engine's epoch pass while calls run.
//!
//! At each tick every running call looks at its own deadline and whether it was cancelled ([`crate::instance`]), so
//! that the end of one call does not end another.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use wasmtime::Engine;

/// How long a call may go on after its deadline.
const TICK: Duration = Duration::from_millis(5);

/// The thread of an engine. It sleeps while no call runs, and ends with the last handle.
#[derive(Clone)]
pub(crate) struct Ticker {
    handle: Arc<Handle>,
}

struct Handle {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    calls: usize,
    started: bool,
    ended: bool,
}

impl Shared {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the ticker going.
pub(crate) struct Running {
    shared: Arc<Shared>,
}

impl Ticker {
    pub(crate) fn new() -> Ticker {
        Ticker { handle: Arc::new(Handle { shared: Arc::default() }) }
    }

    /// Ticks until what it returns is dropped.
    pub(crate) fn run(&self, engine: &Engine) -> std::io::Result<Running> {
        let shared = &self.handle.shared;
        let mut state = shared.state();
        if !state.started {
            let (of_thread, engine) = (Arc::clone(shared), engine.clone());
            thread::Builder::new().name("plugin-clock".into()).spawn(move || tick(&of_thread, &engine))?;
            state.started = true;
        }
        state.calls += 1;
        if state.calls == 1 {
            shared.changed.notify_one();
        }
        drop(state);
        Ok(Running { shared: Arc::clone(shared) })
    }
}

fn tick(shared: &Shared, engine: &Engine) {
    let mut state = shared.state();
    while !state.ended {
        state = if state.calls == 0 {
            shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
        } else {
            let (state, _) = shared.changed.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner);
            engine.increment_epoch();
            state
        };
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.state().calls -= 1;
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.state().ended = true;
        self.shared.changed.notify_one();
    }
}
