//! What the host knows of an instance, and what it lets it take.

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::{Memory, ResourceLimiter};

use crate::cancel::Deadline;
use crate::end::end;
use crate::error::PluginError;
use crate::limits::PluginLimits;
use crate::memory::Blocks;

/// How many elements all tables of an instance may have.
const MOST_ELEMENTS: usize = 1 << 20;

/// What the host knows of an instance.
pub(crate) struct State {
    pub(crate) limits: PluginLimits,
    pub(crate) kernel: Option<Memory>,
    pub(crate) blocks: Blocks,
    /// Offset and length of the call's input.
    pub(crate) input: (u64, u64),
    /// Offset and length of what it gives back.
    pub(crate) output: (u64, u64),
    /// The block with the plugin's own error.
    pub(crate) error: u64,
    pub(crate) config: Arc<BTreeMap<String, String>>,
    pub(crate) variables: BTreeMap<Vec<u8>, Vec<u8>>,
    pub(crate) deadline: Deadline,
    pub(crate) taken: Taken,
}

impl State {
    pub(crate) fn new(limits: &PluginLimits, config: &Arc<BTreeMap<String, String>>, deadline: &Deadline) -> State {
        State {
            limits: limits.clone(),
            kernel: None,
            blocks: Blocks::default(),
            input: (0, 0),
            output: (0, 0),
            error: 0,
            config: Arc::clone(config),
            variables: BTreeMap::new(),
            deadline: deadline.clone(),
            taken: Taken { memory: 0, most_memory: limits.memory(), growing: 0, elements: 0 },
        }
    }
}

/// What an instance takes.
pub(crate) struct Taken {
    pub(crate) memory: usize,
    most_memory: usize,
    growing: usize,
    elements: usize,
}

impl ResourceLimiter for Taken {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.growing = desired.saturating_sub(current);
        if self.memory.saturating_add(self.growing) > self.most_memory {
            return Err(end(PluginError::MemoryLimit { limit: self.most_memory }));
        }
        self.memory += self.growing;
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.memory -= std::mem::take(&mut self.growing);
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.elements = self.elements.saturating_add(desired.saturating_sub(current));
        if self.elements > MOST_ELEMENTS {
            return Err(end(PluginError::MemoryLimit { limit: self.most_memory }));
        }
        Ok(true)
    }

    fn instances(&self) -> usize {
        2
    }

    fn tables(&self) -> usize {
        16
    }

    fn memories(&self) -> usize {
        2
    }
}
