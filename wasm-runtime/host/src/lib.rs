//! What Chartwright's hosts share: an engine, the machine's world, and the loop that brings charts.
//!
//! The engine opens no file and no connection; it says which charts it needs, and
//! [`chartwright_sources::Sources`] brings them. [`PluginEngine`] is the engine in a sandbox.
#![allow(clippy::disallowed_methods, reason = "a host reads files and the clock")]

pub mod allocator;
pub mod calls;
mod plugin_engine;
mod sent;
pub mod world;

pub use plugin_engine::{EngineError, PluginEngine};

pub use chartwright_sources as sources;

/// Running plugins: see the crate `chartwright-plugin-host`.
pub use chartwright_plugin_host as plugin;

/// The examples of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/src/plugin.md")]
pub struct Documentation;
