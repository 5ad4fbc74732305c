//! How a plugin is loaded and run.

use std::collections::BTreeMap;
use std::thread;

use crate::cache::ModuleCache;
use crate::limits::PluginLimits;

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
