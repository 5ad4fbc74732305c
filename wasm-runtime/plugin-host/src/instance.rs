//! An instance of a plugin, and one call of it at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wasmtime::{Global, Instance as Wasm, Store, Trap, UpdateDeadline, Val};

use crate::abi;
use crate::cancel::Deadline;
use crate::end::{End, end};
use crate::error::PluginError;
use crate::limits::{PAGE, PluginLimits};
use crate::module::Compiled;
use crate::state::State;

/// How much of a plugin's own error text is read.
const MOST_TEXT: usize = 64 << 10;

/// A plugin that is ready for a call.
pub(crate) struct Instance {
    store: Store<State>,
    wasm: Wasm,
    input: Global,
    /// What its host remembers of it.
    pub(crate) marks: BTreeSet<String>,
}

impl Instance {
    /// Makes an instance. Its start functions count as part of the call.
    pub(crate) fn new(
        compiled: &Compiled,
        limits: &PluginLimits,
        config: &Arc<BTreeMap<String, String>>,
        deadline: &Deadline,
    ) -> Result<Instance, PluginError> {
        let mut store = Store::new(&compiled.engine, State::new(limits, config, deadline));
        store.limiter(|state| &mut state.taken);
        store.epoch_deadline_callback(|store| match store.data().deadline.check() {
            Ok(()) => Ok(UpdateDeadline::Continue(1)),
            Err(error) => Err(end(error)),
        });
        store.set_epoch_deadline(1);
        match Instance::link(&mut store, compiled) {
            Ok((wasm, input)) => Ok(Instance { store, wasm, input, marks: BTreeSet::new() }),
            Err(error) => Err(outcome(&error, String::new())),
        }
    }

    fn link(store: &mut Store<State>, compiled: &Compiled) -> wasmtime::Result<(Wasm, Global)> {
        let mut linker = compiled.linker.clone();
        let kernel = linker.instantiate(&mut *store, &compiled.kernel)?;
        let lost = || wasmtime::Error::msg("the shared memory was replaced");
        store.data_mut().kernel = Some(kernel.get_memory(&mut *store, "memory").ok_or_else(lost)?);
        let input = kernel.get_global(&mut *store, "input").ok_or_else(lost)?;
        linker.instance(&mut *store, abi::MODULE, kernel)?;
        let wasm = linker.instantiate(&mut *store, &compiled.module)?;
        // What C and WASI compilers call before anything else.
        for name in ["__wasm_call_ctors", "_initialize"] {
            if let Ok(start) = wasm.get_typed_func::<(), ()>(&mut *store, name) {
                start.call(&mut *store, ())?;
                break;
            }
        }
        Ok((wasm, input))
    }

    /// Calls a function of the plugin. After an error other than [`PluginError::Refused`] the instance is of no use.
    pub(crate) fn call(&mut self, export: &str, input: &[u8], deadline: &Deadline) -> Result<Vec<u8>, PluginError> {
        self.begin(input, deadline)?;
        let function = self.wasm.get_func(&mut self.store, export);
        let missing = || PluginError::MissingExport(export.to_owned());
        let function = function.ok_or_else(missing)?;
        let kind = function.ty(&self.store);
        let mut results: Vec<Val> = kind.results().map(|_| Val::I32(0)).collect();
        if kind.params().len() > 0 || results.len() > 1 {
            return Err(missing());
        }
        let ended = function.call(&mut self.store, &[], &mut results);
        let text = self.error_text();
        if let Err(error) = ended {
            return Err(outcome(&error, text));
        }
        let code = results.first().and_then(Val::i32).unwrap_or_default();
        match (text.as_str(), code) {
            ("", 0) => Ok(self.output()),
            ("", code) => Err(PluginError::Refused(format!("it ended with code {code}"))),
            _ => Err(PluginError::Refused(text)),
        }
    }

    /// Takes the input in, and forgets the last call.
    fn begin(&mut self, input: &[u8], deadline: &Deadline) -> Result<(), PluginError> {
        let limit = self.store.data().limits.memory();
        let too_large = PluginError::InputLimit { limit };
        let state = self.store.data_mut();
        state.deadline = deadline.clone();
        state.blocks.clear();
        (state.output, state.error) = ((0, 0), 0);
        state.input = (0, input.len() as u64);
        let offset = abi::alloc(&mut self.store, input.len() as u64).map_err(|_| too_large.clone())?;
        self.store.data_mut().input.0 = offset;
        self.store.set_epoch_deadline(1);
        let Some(kernel) = self.store.data().kernel else { return Err(too_large) };
        kernel.write(&mut self.store, offset as usize, input).map_err(|_| too_large.clone())?;
        self.input.set(&mut self.store, Val::I64(offset.cast_signed())).map_err(|_| too_large)
    }

    fn output(&self) -> Vec<u8> {
        let (offset, length) = self.store.data().output;
        self.shared(offset, length).to_vec()
    }

    /// What the plugin says of its own error.
    fn error_text(&self) -> String {
        let state = self.store.data();
        let length = state.blocks.length(state.error).min(MOST_TEXT as u64);
        String::from_utf8_lossy(self.shared(state.error, length)).into_owned()
    }

    fn shared(&self, offset: u64, length: u64) -> &[u8] {
        let kernel = self.store.data().kernel.map(|kernel| kernel.data(&self.store));
        kernel.and_then(|data| data.get(offset as usize..)?.get(..length as usize)).unwrap_or_default()
    }

    /// How many pages of memory it has.
    pub(crate) fn pages(&self) -> u32 {
        u32::try_from(self.store.data().taken.memory / PAGE).unwrap_or(u32::MAX)
    }
}

/// What our plugin's panics begin with (`plugin/src/panic.rs`).
const PANIC: &str = "panic: ";

/// How a call ended that gave no answer; `text` is the plugin's own error.
fn outcome(error: &wasmtime::Error, text: String) -> PluginError {
    if let Some(End(error)) = error.downcast_ref::<End>() {
        return error.clone();
    }
    if let Some(panic) = text.strip_prefix(PANIC) {
        return PluginError::Panic(panic.to_owned());
    }
    let trap = match error.downcast_ref::<Trap>() {
        Some(trap) => trap.to_string().trim_start_matches("wasm trap: ").to_owned(),
        None => error.root_cause().to_string(),
    };
    PluginError::Trap(if text.is_empty() { trap } else { format!("{trap}: {text}") })
}
