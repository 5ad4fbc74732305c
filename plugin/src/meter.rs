//! The memory of this instance.

use chartwright::api::Meter;

/// Counts the pages of the instance's memory. There is no clock: the host ends
/// calls that take too long.
pub(crate) struct InstanceMemory;

impl Meter for InstanceMemory {
    #[cfg(target_family = "wasm")]
    fn memory(&self) -> usize {
        const PAGE: usize = 1 << 16;
        std::arch::wasm32::memory_size(0) * PAGE
    }
}
