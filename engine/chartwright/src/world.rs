//! A world that always gives the same answers.

use std::cell::RefCell;

use govalue::{FuncError, Value};
use helm::engine::{LookupQuery, Objects, World};

use crate::random::ChaCha;

/// A world of given objects, a fixed clock, and randomness from a
/// seed: the same answers in every host.
///
/// ```
/// use chartwright::FixedWorld;
/// let world = FixedWorld { now: (1_700_000_000, 0), ..FixedWorld::seeded(1) };
/// ```
#[derive(Default)]
pub struct FixedWorld {
    /// What `lookup` finds.
    pub objects: Objects,
    /// The time: seconds since the Unix epoch, and nanoseconds.
    pub now: (i64, u32),
    /// Randomness, if there is any.
    pub random: Option<RefCell<ChaCha>>,
}

impl FixedWorld {
    /// A world with randomness from this seed, without objects.
    pub fn seeded(seed: u64) -> FixedWorld {
        FixedWorld { random: Some(RefCell::new(ChaCha::from_seed(seed))), ..FixedWorld::default() }
    }
}

impl World for FixedWorld {
    fn lookup(&self, query: &LookupQuery) -> Result<Value, FuncError> {
        Ok(Value::Map(if self.objects.is_empty() { govalue::Map::new() } else { self.objects.lookup(query) }))
    }

    fn now(&self) -> (i64, u32) {
        self.now
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), FuncError> {
        match &self.random {
            Some(random) => {
                random.borrow_mut().fill(buffer);
                Ok(())
            }
            None => Err(FuncError::new("no source of randomness")),
        }
    }
}
