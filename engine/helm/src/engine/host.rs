//! What runs a render's templates: limits, and what functions may ask for.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use gotemplate::Host;
use govalue::{Env, FuncError, Index, Limit, Str, Value};

use super::programs::Programs;
use super::world::{LookupQuery, World};

/// How far a render may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps: instructions of templates, elements visited, bytes made by functions.
    pub steps: u64,
    /// Templates that run inside each other.
    pub depth: usize,
    /// Bytes of output, of all templates together.
    pub output: usize,
    /// Bytes of memory, where the world counts them.
    pub memory: usize,
    /// Time, if the world has a clock.
    pub time: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 1_000_000_000, depth: 200_000, output: 256 << 20, memory: 512 << 20, time: None }
    }
}

impl Limits {
    pub(super) fn machine(self) -> gotemplate::Limits {
        gotemplate::Limits { depth: self.depth, output: self.output, ..gotemplate::Limits::default() }
    }
}

/// What the templates of a render asked of the world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The questions of `lookup`, by all that is in them.
    pub lookups: Index<LookupQuery>,
    /// Whether they asked for the time.
    pub clock: bool,
    /// Whether they asked for randomness.
    pub random: bool,
}

/// How deep a name may be included inside itself.
const MAX_INCLUDES: usize = 1000;

/// The names that are included inside each other.
#[derive(Default)]
pub(super) struct Includes {
    running: Vec<Str>,
    /// How often each of them runs, once there are so many that it matters.
    counts: Option<Index<usize>>,
}

impl Includes {
    /// Begins to include a name; false if that is too deep inside itself.
    pub(super) fn enter(&mut self, name: Str) -> bool {
        if self.counts.is_none() && self.running.len() > MAX_INCLUDES {
            let mut counts = Index::<usize>::default();
            self.running.iter().for_each(|name| *counts.or_default(name.clone()) += 1);
            self.counts = Some(counts);
        }
        if let Some(counts) = &mut self.counts {
            let count = counts.or_default(name.clone());
            if *count > MAX_INCLUDES {
                return false;
            }
            *count += 1;
        }
        self.running.push(name);
        true
    }

    /// Ends the innermost.
    pub(super) fn leave(&mut self) {
        let name = self.running.pop().expect("a name that is left was entered");
        if let Some(counts) = &mut self.counts {
            *counts.get_mut(&name).expect("all that run are counted") -= 1;
        }
    }
}

/// After how many steps the clock is looked at.
const STEPS_A_CHECK: u64 = 1 << 16;

/// The most memory that a unit of work may need: a value in a list.
const UNIT_BYTES: u64 = 24;

pub(super) struct RenderHost {
    world: Rc<dyn World>,
    pub(super) programs: Arc<Programs>,
    pub(super) asked: Asked,
    pub(super) includes: Includes,
    limits: Limits,
    steps: u64,
    next_check: u64,
    output: usize,
}

impl RenderHost {
    pub(super) fn new(world: Rc<dyn World>, programs: Arc<Programs>, limits: Limits) -> RenderHost {
        RenderHost {
            world,
            programs,
            asked: Asked::default(),
            includes: Includes::default(),
            limits,
            steps: 0,
            next_check: STEPS_A_CHECK,
            output: 0,
        }
    }

    pub(super) fn lookup(&mut self, query: LookupQuery) -> Result<Value, FuncError> {
        let answer = self.world.lookup(&query);
        self.asked.lookups.insert(query.key(), query);
        answer
    }

    /// Counts finished output.
    pub(super) fn produced(&mut self, bytes: usize) {
        self.output = self.output.saturating_add(bytes);
    }

    /// The limits that the next template has: what others have written counts.
    pub(super) fn machine_limits(&self) -> gotemplate::Limits {
        let output = self.limits.output.saturating_sub(self.output);
        gotemplate::Limits { output, ..self.limits.machine() }
    }

    #[cold]
    fn check(&mut self, units: u64) -> Result<(), FuncError> {
        self.next_check = self.steps.saturating_add(STEPS_A_CHECK);
        let Limits { steps, memory, time, .. } = self.limits;
        if self.steps > steps {
            return Err(FuncError::limit(Limit::Steps, format!("exceeded maximum number of steps ({steps})")));
        }
        let ahead = usize::try_from(units.saturating_mul(UNIT_BYTES)).unwrap_or(usize::MAX);
        if self.world.memory().saturating_add(ahead) > memory {
            return Err(FuncError::limit(Limit::Memory, format!("exceeded maximum memory ({memory} bytes)")));
        }
        match time {
            Some(time) if self.world.elapsed() > time => {
                Err(FuncError::limit(Limit::Time, format!("exceeded maximum time ({} ms)", time.as_millis())))
            }
            _ => Ok(()),
        }
    }
}

impl Env for RenderHost {
    fn now(&mut self) -> (i64, u32) {
        self.asked.clock = true;
        self.world.now()
    }

    fn random(&mut self, buffer: &mut [u8]) -> Result<(), FuncError> {
        self.asked.random = true;
        self.world.random(buffer)
    }

    #[inline]
    fn charge(&mut self, units: u64) -> Result<(), FuncError> {
        self.steps = self.steps.saturating_add(units);
        if self.steps >= self.next_check || self.steps > self.limits.steps { self.check(units) } else { Ok(()) }
    }

    fn kept(&mut self, key: &[u8; 32]) -> Option<Vec<u8>> {
        self.world.kept(key)
    }

    fn keep(&mut self, key: [u8; 32], outcome: &[u8]) {
        self.world.keep(key, outcome);
    }
}

impl Host for RenderHost {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
