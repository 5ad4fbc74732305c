//! What counts time and memory for an engine that has neither clock nor allocator of its own.

use std::time::Duration;

/// A host's measure of what a call takes.
pub trait Meter {
    /// How long the call has taken.
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    /// How many bytes of memory the program uses; 0 if it is not counted.
    fn memory(&self) -> usize {
        0
    }
}

/// Counts nothing: only steps, depth and output bound a call.
pub struct NoMeter;

impl Meter for NoMeter {}
