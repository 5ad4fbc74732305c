//! The functions that Extism gives its plugins, and nothing else: no network, no files, no clock, no environment.
//!
//! <https://extism.org/docs/concepts/plug-in-system> describes them. Offsets and lengths come from the plugin, so
//! nothing here trusts them.

use wasmtime::{Caller, Linker};

use crate::end::end;
use crate::error::PluginError;
use crate::limits::PAGE;
use crate::state::State;

/// The module that a plugin imports Extism's functions from.
pub(crate) const MODULE: &str = "extism:host/env";

/// Bytes that a plugin may keep in variables.
const MOST_VARIABLES: usize = 1 << 20;
/// What `get_log_level` says where nothing is logged.
const NO_LOG: i32 = i32::MAX;

/// Adds the functions of the host; those of the shared memory are in `kernel.wat`.
pub(crate) fn add(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap(MODULE, "alloc", |mut caller: Caller<'_, State>, length: u64| alloc(&mut caller, length))?;
    linker.func_wrap(MODULE, "free", |mut caller: Caller<'_, State>, at: u64| caller.data_mut().blocks.free(at))?;
    linker.func_wrap(MODULE, "length", |caller: Caller<'_, State>, at: u64| caller.data().blocks.length(at))?;
    linker.func_wrap(MODULE, "length_unsafe", |caller: Caller<'_, State>, at: u64| caller.data().blocks.length(at))?;
    linker.func_wrap(MODULE, "input_offset", |caller: Caller<'_, State>| caller.data().input.0)?;
    linker.func_wrap(MODULE, "input_length", |caller: Caller<'_, State>| caller.data().input.1)?;
    linker.func_wrap(MODULE, "output_set", output_set)?;
    linker.func_wrap(MODULE, "error_set", |mut caller: Caller<'_, State>, at: u64| caller.data_mut().error = at)?;
    linker.func_wrap(MODULE, "error_get", |caller: Caller<'_, State>| caller.data().error)?;
    linker.func_wrap(MODULE, "config_get", config_get)?;
    linker.func_wrap(MODULE, "var_get", var_get)?;
    linker.func_wrap(MODULE, "var_set", var_set)?;
    linker.func_wrap(MODULE, "http_request", |_: Caller<'_, State>, _: u64, _: u64| -> wasmtime::Result<u64> {
        Err(end(PluginError::Trap("it called http_request; plugins have no network".into())))
    })?;
    linker.func_wrap(MODULE, "http_status_code", || 0i32)?;
    linker.func_wrap(MODULE, "http_headers", || 0u64)?;
    for level in ["log_trace", "log_debug", "log_info", "log_warn", "log_error"] {
        linker.func_wrap(MODULE, level, |_: u64| ())?;
    }
    linker.func_wrap(MODULE, "get_log_level", || NO_LOG)?;
    Ok(())
}

/// A block of the shared memory.
pub(crate) fn alloc(mut store: impl wasmtime::AsContextMut<Data = State>, length: u64) -> wasmtime::Result<u64> {
    let mut store = store.as_context_mut();
    let state = store.data_mut();
    let limits = &state.limits;
    let (output, memory) = (limits.output, limits.memory());
    if length > output as u64 && length > state.input.1 {
        // Nothing else that a plugin does with a block could need so much.
        return Err(end(PluginError::OutputLimit { limit: output }));
    }
    let (offset, size) = state.blocks.alloc(length);
    if offset == 0 && length > 0 {
        return Err(end(PluginError::MemoryLimit { limit: memory }));
    }
    let Some(kernel) = state.kernel else { return Err(wasmtime::Error::msg("the plugin has no shared memory")) };
    let missing = (size as usize).div_ceil(PAGE).saturating_sub(kernel.size(&store) as usize);
    if missing > 0 {
        kernel.grow(&mut store, missing as u64)?;
    }
    Ok(offset)
}

fn output_set(mut caller: Caller<'_, State>, offset: u64, length: u64) -> wasmtime::Result<()> {
    let limit = caller.data().limits.output;
    if length > limit as u64 {
        return Err(end(PluginError::OutputLimit { limit }));
    }
    let size = caller.data().kernel.map_or(0, |kernel| kernel.data_size(&caller)) as u64;
    if offset.checked_add(length).is_none_or(|end| end > size) {
        return Err(end(PluginError::Trap("its output is outside its memory".into())));
    }
    caller.data_mut().output = (offset, length);
    Ok(())
}

fn config_get(mut caller: Caller<'_, State>, key: u64) -> wasmtime::Result<u64> {
    let key = block(&mut caller, key)?;
    let value = caller.data().config.get(&*String::from_utf8_lossy(&key)).cloned();
    value.map_or(Ok(0), |value| give(&mut caller, value.as_bytes()))
}

fn var_get(mut caller: Caller<'_, State>, key: u64) -> wasmtime::Result<u64> {
    let key = block(&mut caller, key)?;
    let value = caller.data().variables.get(&key).cloned();
    value.map_or(Ok(0), |value| give(&mut caller, &value))
}

fn var_set(mut caller: Caller<'_, State>, key: u64, value: u64) -> wasmtime::Result<()> {
    let key = block(&mut caller, key)?;
    if value == 0 {
        caller.data_mut().variables.remove(&key);
        return Ok(());
    }
    let value = block(&mut caller, value)?;
    let state = caller.data_mut();
    state.variables.remove(&key);
    let taken: usize = state.variables.iter().map(|(key, value)| key.len() + value.len()).sum();
    if taken + key.len() + value.len() > MOST_VARIABLES {
        return Err(end(PluginError::MemoryLimit { limit: MOST_VARIABLES }));
    }
    state.variables.insert(key, value);
    Ok(())
}

/// The bytes of a block that the plugin names.
fn block(caller: &mut Caller<'_, State>, offset: u64) -> wasmtime::Result<Vec<u8>> {
    let length = caller.data().blocks.length(offset);
    if length > MOST_VARIABLES as u64 {
        return Err(end(PluginError::MemoryLimit { limit: MOST_VARIABLES }));
    }
    let kernel = caller.data().kernel;
    let bytes = kernel.and_then(|k| k.data(&*caller).get(offset as usize..(offset + length) as usize));
    Ok(bytes.unwrap_or_default().to_vec())
}

/// A new block with these bytes.
fn give(caller: &mut Caller<'_, State>, bytes: &[u8]) -> wasmtime::Result<u64> {
    let offset = alloc(&mut *caller, bytes.len() as u64)?;
    if let Some(kernel) = caller.data().kernel {
        kernel.write(caller, offset as usize, bytes)?;
    }
    Ok(offset)
}
