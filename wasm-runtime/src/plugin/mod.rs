//! Runs Extism plugins under limits: the engine as a plugin, and other people's.
//!
//! ```no_run
//! use chartwright_host::plugin::{PluginHost, PluginOptions};
//! use contract::{API_VERSION, Archive, Base64, RenderInput, Subject};
//!
//! let host = PluginHost::from_file("chartwright.wasm".as_ref(), PluginOptions::default())?;
//! let archive = Archive { data: Some(Base64(std::fs::read("shop-1.0.0.tgz")?)), ..Archive::default() };
//! let output = host.render(RenderInput::new(Subject::Chart(archive)))?;
//! print!("{}", output.text.to_str_lossy());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A [`PluginHost`] has one module, checked against its digest and compiled once (or taken from a [`ModuleCache`]), and
//! a pool of instances. A call takes an instance, runs on a stack of its own, and ends in time: with what the plugin
//! gives back, or with a [`PluginError`] that says which way it ended. An instance that broke off is thrown away; the
//! others do not notice. Plugins get memory, and functions to read their input and write their output: no files, no
//! network, no clock, no environment.

mod abi;
mod cache;
mod charts;
mod error;
mod find;
mod instance;
mod limits;
mod memory;
mod module;
mod pool;
mod ticker;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use contract::{
    Answer, CheckInput, CheckOutput, DescribeOutput, ExpandInput, ExpandOutput, Failure, FailureKind, PlanInput,
    PlanOutput, RenderInput, RenderOutput,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use cache::ModuleCache;
pub use error::PluginError;
pub use find::{find, pinned, places};
pub use instance::CancelToken;
pub use limits::PluginLimits;

use charts::{Archives, Sent};
use instance::{Deadline, Instance};
use module::{Compiled, digest};
use pool::Pool;
use ticker::Ticker;

/// Native stack of a call beyond what the plugin's own functions may take.
const HOST_STACK: usize = 1 << 20;

/// How a plugin is loaded and run.
#[derive(Clone, Debug)]
pub struct PluginOptions {
    /// The digest that the module must have: `sha256:` and 64 hexadecimal digits.
    pub digest: Option<String>,
    /// How far calls may go.
    pub limits: PluginLimits,
    /// The most instances, and so the most calls at the same time.
    pub instances: usize,
    /// An instance whose memory grew beyond so many pages is not used again: Wasm's memory never shrinks.
    pub keep_pages: u32,
    /// Where machine code is kept; nowhere if none is given.
    pub cache: Option<ModuleCache>,
    /// What the plugin reads as its configuration.
    pub config: BTreeMap<String, String>,
}

impl Default for PluginOptions {
    fn default() -> PluginOptions {
        PluginOptions {
            digest: None,
            limits: PluginLimits::default(),
            instances: thread::available_parallelism().map_or(1, Into::into),
            keep_pages: 3072,
            cache: None,
            config: BTreeMap::new(),
        }
    }
}

/// A plugin that can be called, by many threads at once.
pub struct PluginHost {
    compiled: Compiled,
    pool: Pool,
    ticker: Ticker,
    sent: Sent,
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
            sent: Sent::default(),
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
        let load =
            |e: std::io::Error| PluginError::Load(format!("{}: {}", path.display(), crate::go_words::go_words(&e)));
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
        let deadline = Deadline::new(self.options.limits.timeout, cancel);
        self.with_instance(&deadline, |instance| instance.call(export, input, &deadline))
    }

    /// Says which charts something needs.
    ///
    /// # Errors
    /// As all calls.
    pub fn plan(&self, input: PlanInput) -> Result<PlanOutput, PluginError> {
        self.engine_call("plan", input, &CancelToken::default(), &answer)
    }

    /// Expands a descriptor.
    ///
    /// # Errors
    /// As all calls.
    pub fn expand(&self, input: ExpandInput) -> Result<ExpandOutput, PluginError> {
        self.engine_call("expand", input, &CancelToken::default(), &answer)
    }

    /// Finds what is wrong with descriptors.
    ///
    /// # Errors
    /// As all calls.
    pub fn check(&self, input: CheckInput) -> Result<CheckOutput, PluginError> {
        self.engine_call("check", input, &CancelToken::default(), &answer)
    }

    /// Renders. An archive whose bytes were given once, to any of these calls, can be named by its digest later,
    /// whichever instance answers.
    ///
    /// # Errors
    /// As all calls.
    pub fn render(&self, input: RenderInput) -> Result<RenderOutput, PluginError> {
        self.render_cancellable(input, &CancelToken::default())
    }

    /// The same, for a call that may be cancelled from another thread.
    ///
    /// # Errors
    /// As all calls.
    pub fn render_cancellable(
        &self,
        mut input: RenderInput,
        cancel: &CancelToken,
    ) -> Result<RenderOutput, PluginError> {
        // To escape and to read a large text takes longer than the rest of a call has.
        input.want.raw = input.want.text;
        self.engine_call("render", input, cancel, &|bytes| {
            let (json, text) = contract::parts(bytes);
            let mut output: RenderOutput = answer(json)?;
            if let Some(text) = text {
                output.text = text.to_vec().into();
            }
            Ok(output)
        })
    }

    /// Asks the engine what it is.
    ///
    /// # Errors
    /// As all calls.
    pub fn describe(&self) -> Result<DescribeOutput, PluginError> {
        answer(&self.call("describe", b"")?)
    }

    /// A call of the engine: archives that an instance has are not sent to it again.
    fn engine_call<I, O>(
        &self,
        export: &str,
        mut input: I,
        cancel: &CancelToken,
        read: &(dyn Fn(&[u8]) -> Result<O, PluginError> + Sync),
    ) -> Result<O, PluginError>
    where
        I: Archives + Clone + Serialize + Sync + Send,
        O: Send,
    {
        self.sent.take(&mut input);
        let deadline = Deadline::new(self.options.limits.timeout, cancel);
        self.with_instance(&deadline, |instance| {
            let mut once = |forget: bool| {
                if forget {
                    instance.charts.clear();
                }
                let mut whole = input.clone();
                let sent = self.sent.fill(&mut whole, &|digest| instance.charts.contains(digest));
                let json = serde_json::to_vec(&whole).map_err(|e| PluginError::Json(e.to_string()))?;
                drop(whole);
                let output = read(&instance.call(export, &json, &deadline)?)?;
                instance.charts.extend(sent);
                Ok(output)
            };
            match once(false) {
                // It may have made room since.
                Err(PluginError::Answer(failure)) if failure.kind == FailureKind::UnknownDigest => once(true),
                other => other,
            }
        })
    }

    /// Runs a call on an instance, with a stack that is large enough.
    fn with_instance<T: Send>(
        &self,
        deadline: &Deadline,
        call: impl FnOnce(&mut Instance) -> Result<T, PluginError> + Send,
    ) -> Result<T, PluginError> {
        let mut place = self.pool.place(deadline)?;
        let no_thread = |e: std::io::Error| PluginError::Load(format!("no thread for it: {e}"));
        let _running = self.ticker.run(&self.compiled.engine).map_err(no_thread)?;
        let mut instance = place.instance.take();
        let run = || {
            let mut ready = match instance.take() {
                Some(ready) => ready,
                None => Instance::new(&self.compiled, &self.options.limits, &self.config, deadline)?,
            };
            let result = call(&mut ready);
            Ok((ready, result))
        };
        let (instance, result) = thread::scope(|scope| {
            let stack = self.options.limits.stack + HOST_STACK;
            let thread = thread::Builder::new().name("plugin".into()).stack_size(stack);
            let call = thread.spawn_scoped(scope, run).map_err(no_thread)?;
            call.join().unwrap_or_else(|_| Err(PluginError::Load("the host panicked".into())))
        })?;
        let whole = match &result {
            Ok(_) => true,
            // What the plugin says in an orderly way leaves it whole.
            Err(error) => matches!(
                error,
                PluginError::Refused(_) | PluginError::Answer(_) | PluginError::Json(_) | PluginError::Version(_)
            ),
        };
        if whole && instance.pages() <= self.options.keep_pages {
            place.instance = Some(instance);
        }
        result
    }
}

/// Reads an answer of the engine.
fn answer<T: DeserializeOwned>(json: &[u8]) -> Result<T, PluginError> {
    let wrong_version = |found: &str| (found != contract::API_VERSION).then(|| PluginError::Version(found.to_owned()));
    match serde_json::from_slice::<Answer<T>>(json) {
        Ok(answer) => match wrong_version(&answer.api_version) {
            Some(error) => Err(error),
            None => answer.into_result().map_err(|failure: Failure| PluginError::Answer(Box::new(failure))),
        },
        Err(error) => {
            // An answer of another version may well look different: that is the better message.
            #[derive(serde::Deserialize)]
            #[serde(rename_all = "camelCase")]
            struct Version {
                api_version: String,
            }
            let version = serde_json::from_slice::<Version>(json).ok();
            Err(version.and_then(|v| wrong_version(&v.api_version)).unwrap_or(PluginError::Json(error.to_string())))
        }
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
