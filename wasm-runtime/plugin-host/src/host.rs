//! Plugins on Wasmtime.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::cancel::{CancelToken, Deadline};
use crate::error::PluginError;
use crate::instance::Instance;
use crate::limits::PluginLimits;
use crate::module::{Compiled, digest};
use crate::options::PluginOptions;
use crate::pool::Pool;
use crate::ticker::Ticker;

/// Native stack of a call beyond what the plugin's own functions may take.
const HOST_STACK: usize = 1 << 20;

/// A plugin that can be called, by many threads at once.
pub struct PluginHost {
    compiled: Compiled,
    pool: Pool,
    ticker: Ticker,
    config: Arc<BTreeMap<String, String>>,
    options: PluginOptions,
    digest: String,
    bytes: usize,
}

impl PluginHost {
    /// Loads a module: checks its digest, compiles it, sees that its host has what it wants.
    ///
    /// # Errors
    /// [`PluginError::Digest`], [`PluginError::Load`], [`PluginError::Import`].
    pub fn new(module: &[u8], options: PluginOptions) -> Result<PluginHost, PluginError> {
        let found = digest(module);
        if let Some(expected) = &options.digest
            && !expected.eq_ignore_ascii_case(&found)
        {
            return Err(PluginError::Digest { expected: expected.clone(), found });
        }
        let compiled = Compiled::new(module, &found, &options.limits, options.cache.as_ref())?;
        Ok(PluginHost {
            compiled,
            pool: Pool::new(options.instances),
            ticker: Ticker::new(),
            config: Arc::new(options.config.clone()),
            options,
            digest: found,
            bytes: module.len(),
        })
    }

    /// Loads a module from a file.
    ///
    /// # Errors
    /// As [`PluginHost::new`], and [`PluginError::Load`] where the file cannot be read.
    pub fn from_file(path: &Path, options: PluginOptions) -> Result<PluginHost, PluginError> {
        let load = |e: std::io::Error| PluginError::Load(format!("{}: {e}", path.display()));
        let most = options.limits.module as u64;
        let mut bytes = Vec::new();
        fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(load)?;
        PluginHost::new(&bytes, options)
    }

    /// `sha256:` and the digest of the module.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How many bytes the module has.
    pub fn size(&self) -> usize {
        self.bytes
    }

    /// The functions that can be called.
    pub fn exports(&self) -> Vec<String> {
        self.compiled.exports()
    }

    /// What the module wants of its host: module and name.
    pub fn imports(&self) -> Vec<String> {
        self.compiled.imports()
    }

    /// Whether its machine code was in the cache.
    pub fn was_cached(&self) -> bool {
        self.compiled.from_cache
    }

    /// How far calls may go.
    pub fn limits(&self) -> &PluginLimits {
        &self.options.limits
    }

    /// How many instances wait for calls.
    pub fn idle(&self) -> usize {
        self.pool.idle()
    }

    /// Calls a function with an input, and gives back what it gives back.
    ///
    /// # Errors
    /// The way in which it ended.
    pub fn call(&self, export: &str, input: &[u8]) -> Result<Vec<u8>, PluginError> {
        self.call_cancellable(export, input, &CancelToken::default())
    }

    /// The same, for a call that may be cancelled from another thread.
    ///
    /// # Errors
    /// The way in which it ended.
    pub fn call_cancellable(&self, export: &str, input: &[u8], cancel: &CancelToken) -> Result<Vec<u8>, PluginError> {
        self.session(None, cancel, |session| session.call(export, input))
    }

    /// Takes an instance for several calls, which share the time of one: `time`, but never more than the limit.
    ///
    /// # Errors
    /// What `calls` gives back, or why there is no instance.
    pub fn session<T: Send, E: From<PluginError> + Send>(
        &self,
        time: Option<Duration>,
        cancel: &CancelToken,
        calls: impl FnOnce(&mut Session<'_>) -> Result<T, E> + Send,
    ) -> Result<T, E> {
        let limit = self.options.limits.timeout;
        let deadline = Deadline::new(time.map_or(limit, |time| time.min(limit)), cancel);
        let mut place = self.pool.place(&deadline)?;
        let no_thread = |e: std::io::Error| PluginError::Load(format!("it cannot start a thread: {e}"));
        let _running = self.ticker.run(&self.compiled.engine).map_err(no_thread)?;
        let mut instance = place.instance.take();
        let run = || -> Result<(Option<Instance>, Result<T, E>), PluginError> {
            let mut ready = match instance.take() {
                Some(ready) => ready,
                None => Instance::new(&self.compiled, &self.options.limits, &self.config, &deadline)?,
            };
            let mut session = Session { instance: &mut ready, deadline: &deadline, whole: true };
            let result = calls(&mut session);
            let keep = session.whole && ready.pages() <= self.options.keep_pages;
            Ok((keep.then_some(ready), result))
        };
        let (kept, result) = thread::scope(|scope| {
            let stack = self.options.limits.stack + HOST_STACK;
            let thread = thread::Builder::new().name("plugin".into()).stack_size(stack);
            let call = thread.spawn_scoped(scope, run).map_err(no_thread)?;
            call.join().unwrap_or_else(|_| Err(PluginError::Load("the host panicked".into())))
        })?;
        place.instance = kept;
        result
    }
}

/// An instance, for the calls of one [`PluginHost::session`].
pub struct Session<'a> {
    instance: &'a mut Instance,
    deadline: &'a Deadline,
    whole: bool,
}

impl Session<'_> {
    /// Calls a function with an input, and gives back what it gives back.
    ///
    /// # Errors
    /// The way in which it ended. After anything but [`PluginError::Refused`] the instance is not used again.
    pub fn call(&mut self, export: &str, input: &[u8]) -> Result<Vec<u8>, PluginError> {
        let result = self.instance.call(export, input, self.deadline);
        // What a plugin says in an orderly way leaves it whole.
        self.whole &= matches!(result, Ok(_) | Err(PluginError::Refused(_)));
        result
    }

    /// What the host remembers of this instance, such as what it was told before; empty where it is new.
    pub fn marks(&mut self) -> &mut BTreeSet<String> {
        &mut self.instance.marks
    }
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("deadline", self.deadline).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PluginHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PluginHost")
            .field("digest", &self.digest)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
