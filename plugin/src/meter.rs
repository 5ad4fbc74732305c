//! The memory of this instance.

use std::cell::Cell;

use chartwright::api::Meter;

/// Counts the pages by which the instance's memory grew in this call: what earlier calls left behind is free to be
/// used again, and the same input ends in the same way in an old instance and in a new one. There is no clock: the
/// host ends calls that take too long.
#[derive(Default)]
pub(crate) struct InstanceMemory {
    /// What the instance had when the call began, in bytes.
    before: Cell<usize>,
}

impl InstanceMemory {
    /// A call begins.
    pub(crate) fn begin(&self) {
        self.before.set(memory());
    }
}

impl Meter for InstanceMemory {
    fn memory(&self) -> usize {
        memory().saturating_sub(self.before.get())
    }
}

#[cfg(target_family = "wasm")]
fn memory() -> usize {
    const PAGE: usize = 1 << 16;
    std::arch::wasm32::memory_size(0) * PAGE
}

#[cfg(not(target_family = "wasm"))]
fn memory() -> usize {
    0
}
