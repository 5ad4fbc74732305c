//! Which engine answers: the one in this process, or the plugin under its limits.

use std::path::PathBuf;
use std::time::Duration;

use chartwright_host::plugin::{ModuleCache, PluginError, PluginHost, PluginLimits, PluginOptions};
use chartwright_host::{PluginEngine, native_engine};
use clap::{Args, ValueEnum};
use contract::{Budget, Engine};

use crate::{environment, find_plugin};

/// Flags of commands that can use the plugin.
#[derive(Args, Clone, Debug)]
pub(crate) struct EngineArgs {
    /// Where the engine runs
    #[arg(long, value_name = "ENGINE", default_value = "native", help_heading = "Engine")]
    pub(crate) engine: Kind,
    #[command(flatten)]
    pub(crate) plugin: PluginArgs,
}

/// The flags that say which plugin is meant.
#[derive(Args, Clone, Debug)]
pub(crate) struct PluginArgs {
    /// File of the plugin [default: $CHARTWRIGHT_PLUGIN, or chartwright.wasm beside the program or in a data folder]
    #[arg(long, value_name = "FILE", help_heading = "Engine")]
    pub(crate) plugin: Option<PathBuf>,
    /// Digest that the plugin must have [default: the one in FILE.sha256, if there is one]
    #[arg(long, value_name = "DIGEST", help_heading = "Engine")]
    pub(crate) plugin_digest: Option<String>,
}

/// An engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// In this process
    Native,
    /// In a sandbox, as a Wasm plugin
    Wasm,
}

/// The limits that a command sets.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Most {
    pub(crate) time: Option<Duration>,
    pub(crate) memory: Option<usize>,
    pub(crate) output: Option<usize>,
}

/// Memory that an engine needs beyond its own limit: inputs and outputs as JSON, and room for error messages.
const MORE_MEMORY: usize = 256 << 20;
const PAGE: usize = 64 << 10;

impl EngineArgs {
    /// The engine that the flags name.
    pub(crate) fn open(&self, most: Most) -> Result<Box<dyn Engine>, PluginError> {
        match self.engine {
            Kind::Native => Ok(native()),
            Kind::Wasm => Ok(Box::new(PluginEngine::new(self.plugin.open(most.limits())?))),
        }
    }
}

/// The engine in this process.
pub(crate) fn native() -> Box<dyn Engine> {
    Box::new(native_engine())
}

/// Folder of the plugins' machine code, if this user has a cache.
pub(crate) fn module_cache() -> Option<ModuleCache> {
    Some(ModuleCache::new(environment::cache()?.join("modules")))
}

impl PluginArgs {
    /// The plugin's file, and the digest that it must have.
    pub(crate) fn find(&self) -> Result<(PathBuf, Option<String>), PluginError> {
        let path = find_plugin::find(self.plugin.as_deref())?;
        let digest = match &self.plugin_digest {
            Some(digest) => Some(digest.clone()),
            None => find_plugin::pinned(&path)?,
        };
        Ok((path, digest))
    }

    /// Loads the plugin.
    pub(crate) fn open(&self, limits: PluginLimits) -> Result<PluginHost, PluginError> {
        let (path, digest) = self.find()?;
        let options = PluginOptions { digest, limits, cache: module_cache(), ..PluginOptions::default() };
        PluginHost::from_file(&path, options)
    }
}

impl Most {
    /// The time limit of a call, and its cancellation.
    pub(crate) fn budget(self) -> Budget {
        Budget { time: self.time, ..Budget::default() }
    }

    /// The limits of a plugin.
    pub(crate) fn limits(self) -> PluginLimits {
        let limits = PluginLimits::default();
        let engine = chartwright::Limits::default();
        let memory = self.memory.unwrap_or(engine.memory).saturating_add(MORE_MEMORY);
        PluginLimits {
            timeout: self.time.unwrap_or(limits.timeout),
            memory_pages: u32::try_from(memory / PAGE).unwrap_or(u32::MAX).min(1 << 16),
            output: self.output.unwrap_or(engine.output).saturating_mul(2).saturating_add(16 << 20),
            ..limits
        }
    }
}

/// The text of `--version`: the program, the version of Helm that it follows, and the plugin, if there is one.
pub(crate) fn version() -> String {
    let mut text = format!("chartwright {}\nHelm {}\n", env!("CARGO_PKG_VERSION"), chartwright::api::HELM_VERSION);
    match find_plugin::find(None) {
        Ok(path) => {
            let digest = std::fs::read(&path).map_or_else(|e| e.to_string(), |bytes| chartwright::api::digest(&bytes));
            text.push_str(&format!("plugin {digest} ({})\n", path.display()));
        }
        Err(_) => text.push_str("plugin none\n"),
    }
    text
}
