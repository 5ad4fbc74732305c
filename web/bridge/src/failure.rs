//! What a worker that broke means, in words for people.

use std::time::Duration;

use contract::{Failure, FailureKind};

/// How a worker broke.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trap {
    /// What the browser says.
    pub error: String,
    /// The text of the panic, if there was one.
    pub panic: Option<String>,
    /// How many bytes of memory the engine had.
    pub memory: u64,
}

/// An engine that has so much memory when it traps has most likely asked for more than there is: the build allows it
/// one gibibyte.
const MUCH: u64 = 900 << 20;

/// Why a request that a worker broke on has no result.
pub(crate) fn trapped(trap: &Trap) -> Failure {
    // A panic says why it is one. What stops without a word is an allocation that could not be made.
    let is_silent = trap.panic.is_none() && trap.error.to_ascii_lowercase().contains("unreachable");
    if trap.memory >= MUCH || is_silent {
        let message = "the render needs more memory than the page may use (1 GiB), and was stopped";
        return Failure::new(FailureKind::LimitMemory, message);
    }
    // What browsers say of a stack that is full: "Maximum call stack size exceeded", "too much recursion".
    if trap.error.contains("call stack") || trap.error.contains("recursion") {
        let message = "the render nests deeper than the browser allows, and was stopped";
        return Failure::new(FailureKind::LimitDepth, message);
    }
    let what = trap.panic.as_ref().unwrap_or(&trap.error);
    Failure::new(FailureKind::Panic, format!("the engine broke, which is a bug in it; it was started anew: {what}"))
}

/// Why a request that took too long has no result.
pub(crate) fn overdue(patience: Duration) -> Failure {
    let message = format!("it took longer than {} s, and was stopped", patience.as_secs_f32());
    Failure::new(FailureKind::LimitTime, message)
}

/// Why nothing can be answered.
pub(crate) fn not_started(why: &str) -> Failure {
    Failure::new(FailureKind::Internal, format!("the engine could not be started: {why}"))
}

/// A request that somebody cancelled.
pub(crate) fn cancelled() -> Failure {
    Failure::new(FailureKind::Cancelled, "the request was cancelled")
}
