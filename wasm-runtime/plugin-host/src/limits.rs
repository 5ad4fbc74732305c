//! How far a plugin may go.

use std::time::Duration;

/// Bytes of a page of Wasm's memory.
#[cfg(feature = "run")]
pub(crate) const PAGE: usize = 64 << 10;

/// What a plugin may take. Every limit ends a call with an error of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginLimits {
    /// The longest that a call may take, waiting for a free instance included.
    pub timeout: Duration,
    /// The most pages of memory (64 KiB each) that an instance may have; its own and what it shares with the host.
    pub memory_pages: u32,
    /// The most bytes that a call may give back.
    pub output: usize,
    /// The most bytes that a module may have: what is larger is not compiled.
    pub module: usize,
    /// Bytes of native stack for a call: functions that call each other deeper than this trap.
    pub stack: usize,
}

impl Default for PluginLimits {
    fn default() -> PluginLimits {
        PluginLimits {
            timeout: Duration::from_secs(60),
            memory_pages: 12_288,
            output: 256 << 20,
            module: 32 << 20,
            stack: 16 << 20,
        }
    }
}

#[cfg(feature = "run")]
impl PluginLimits {
    /// The most bytes of memory.
    pub(crate) fn memory(&self) -> usize {
        usize::try_from(self.memory_pages).unwrap_or(usize::MAX).saturating_mul(PAGE)
    }
}
