//! The machine as the world of a render that no input describes: snippets.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use chartwright::{ChaCha, FuncError, LookupQuery, Map, Objects, Value, World};

use crate::{allocator, machine};

/// What a snippet on this machine may ask for.
pub struct MachineWorld {
    objects: Objects,
    now: Option<(i64, u32)>,
    seeded: Option<RefCell<ChaCha>>,
    started: Instant,
}

impl MachineWorld {
    /// A world that starts now. Without a time or a seed it takes the system's.
    pub fn new(objects: Objects, now: Option<(i64, u32)>, seed: Option<u64>) -> MachineWorld {
        let seeded = seed.map(|seed| RefCell::new(ChaCha::from_seed(seed)));
        MachineWorld { objects, now, seeded, started: Instant::now() }
    }
}

impl World for MachineWorld {
    fn lookup(&self, query: &LookupQuery) -> Result<Value, FuncError> {
        Ok(Value::Map(if self.objects.is_empty() { Map::new() } else { self.objects.lookup(query) }))
    }

    fn now(&self) -> (i64, u32) {
        self.now.unwrap_or_else(machine::now)
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), FuncError> {
        match &self.seeded {
            Some(random) => random.borrow_mut().fill(buffer),
            None => getrandom::fill(buffer).map_err(|e| FuncError::new(e.to_string()))?,
        }
        Ok(())
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn memory(&self) -> usize {
        allocator::held()
    }

    fn file(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("open {path}: snippets have no files"))
    }
}

impl std::fmt::Debug for MachineWorld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MachineWorld").field("now", &self.now).finish_non_exhaustive()
    }
}
