//! What this machine adds to an input: the time, randomness, and how long and how much a render takes.

use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chartwright::api::{Meter, NativeEngine};
use contract::{Base64, WorldGiven};

use crate::allocator::Since;

/// The engine in this program, with this machine's clock and its count of memory.
pub fn native_engine() -> NativeEngine {
    NativeEngine::new(|| Rc::new(MachineMeter::start()))
}

/// Measures a call from when it is made.
struct MachineMeter {
    started: Instant,
    since: Since,
}

impl MachineMeter {
    fn start() -> MachineMeter {
        MachineMeter { started: Instant::now(), since: Since::now() }
    }
}

impl Meter for MachineMeter {
    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn memory(&self) -> usize {
        self.since.held()
    }
}

/// What depends on this machine and on the moment: the time that it is, unless one is given, and a key of the system's
/// randomness if there is no seed.
///
/// # Errors
/// If the system has no randomness.
pub fn world(now: Option<(i64, u32)>, seed: Option<u64>) -> Result<WorldGiven, String> {
    let (now, now_nanos) = now.unwrap_or_else(self::now);
    let mut world = WorldGiven { now, now_nanos, seed, ..WorldGiven::default() };
    if seed.is_none() {
        let mut key = vec![0; 32];
        getrandom::fill(&mut key).map_err(|e| e.to_string())?;
        world.key = Some(Base64(key));
    }
    Ok(world)
}

/// Seconds since 1970, and nanoseconds.
pub(crate) fn now() -> (i64, u32) {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    (i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos())
}
