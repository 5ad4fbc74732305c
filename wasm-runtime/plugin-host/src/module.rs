//! A plugin's module: its digest, what it wants and has, and its machine code.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use wasmtime::{Config, Engine, ExternType, Linker, Module, OptLevel, Store};

use crate::abi;
use crate::cache::ModuleCache;
use crate::cancel::{CancelToken, Deadline};
use crate::error::PluginError;
use crate::limits::PluginLimits;
use crate::state::State;

/// The functions of the shared memory: `kernel.wat`, compiled (a test compares).
const KERNEL: &[u8] = include_bytes!("kernel.wasm");

/// A module that can be made instances of.
pub(crate) struct Compiled {
    pub(crate) engine: Engine,
    pub(crate) module: Module,
    pub(crate) kernel: Module,
    pub(crate) linker: Linker<State>,
    /// Whether the machine code came from the cache.
    pub(crate) from_cache: bool,
}

/// `sha256:` and the digest of these bytes.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
    format!("sha256:{hex}")
}

impl Compiled {
    /// Compiles a module, or takes its machine code from the cache.
    pub(crate) fn new(
        bytes: &[u8],
        digest: &str,
        limits: &PluginLimits,
        cache: Option<&ModuleCache>,
    ) -> Result<Compiled, PluginError> {
        let load = |error: wasmtime::Error| PluginError::Load(format!("{error:#}"));
        if bytes.len() > limits.module {
            return Err(PluginError::Load(format!("it has {} bytes, more than {}", bytes.len(), limits.module)));
        }
        if !bytes.starts_with(b"\0asm\x01\0\0\0") {
            return Err(PluginError::Load("it is not a Wasm module".into()));
        }
        let engine = engine(limits).map_err(load)?;
        let (module, from_cache) = compile(&engine, bytes, digest, cache).map_err(load)?;
        let (kernel, _) = compile(&engine, KERNEL, &self::digest(KERNEL), cache).map_err(load)?;
        let mut linker = Linker::new(&engine);
        abi::add(&mut linker).map_err(load)?;
        check_imports(&module, &kernel, &linker)?;
        Ok(Compiled { engine, module, kernel, linker, from_cache })
    }

    /// The plugin's own functions: exports that a host can call.
    pub(crate) fn exports(&self) -> Vec<String> {
        let callable = |kind: &ExternType| match kind {
            ExternType::Func(f) => f.params().len() == 0 && f.results().len() <= 1,
            _ => false,
        };
        self.module.exports().filter(|e| callable(&e.ty())).map(|e| e.name().to_owned()).collect()
    }

    /// What it wants of its host.
    pub(crate) fn imports(&self) -> Vec<String> {
        self.module.imports().map(|i| format!("{} {}", i.module(), i.name())).collect()
    }
}

/// The machine code of a module, and whether it was in the cache.
fn compile(
    engine: &Engine,
    bytes: &[u8],
    digest: &str,
    cache: Option<&ModuleCache>,
) -> wasmtime::Result<(Module, bool)> {
    if let Some(module) = cache.and_then(|cache| cache.load(engine, digest)) {
        return Ok((module, true));
    }
    let module = Module::new(engine, bytes)?;
    if let Some(cache) = cache {
        cache.store(&module, digest);
    }
    Ok((module, false))
}

fn engine(limits: &PluginLimits) -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    config
        // The compiler that made the module has optimised it: what Cranelift would add takes a fifth of the time from
        // nothing to a first render, and no call is faster for it.
        .cranelift_opt_level(OptLevel::None)
        .epoch_interruption(true)
        .max_wasm_stack(limits.stack)
        .async_stack_size(limits.stack)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_backtrace_max_frames(None)
        .native_unwind_info(false);
    Engine::new(&config)
}

/// Refuses a module with unknown imports.
fn check_imports(module: &Module, kernel: &Module, linker: &Linker<State>) -> Result<(), PluginError> {
    let deadline = Deadline::new(Duration::ZERO, &CancelToken::default());
    let mut host = Store::new(module.engine(), State::new(&PluginLimits::default(), &Arc::default(), &deadline));
    for import in module.imports() {
        let what = format!("{} {}", import.module(), import.name());
        if !matches!(import.ty(), ExternType::Func(_)) {
            return Err(PluginError::Import(format!("{what}, which is not a function")));
        }
        let ours = import.module() == abi::MODULE && kernel.get_export(import.name()).is_some();
        if !ours && linker.get(&mut host, import.module(), import.name()).is_err() {
            return Err(PluginError::Import(what));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_is_compiled_from_its_text() {
        assert!(wat::parse_str(include_str!("kernel.wat")).unwrap() == KERNEL, "compile kernel.wat again");
    }
}
