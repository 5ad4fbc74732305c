//! What Chartwright's hosts share: an engine, and the loop that brings charts until it wants nothing more.
//!
//! The engine opens no file and no connection; it says which charts it needs. [`Host`] brings them from a
//! [`ChartSource`], such as [`chartwright_sources::Sources`]. The engine is one of this program ([`native_engine`]) or
//! runs in a sandbox ([`PluginEngine`]); hosts hold a `dyn` [`contract::Engine`] and need not know.
//!
//! # Features
//! - `machine` (on by default): files, the clock, randomness and sources of this machine. Without it, what is left
//!   builds for WebAssembly, too.
//! - `policies`: judges what a render gives by rules (`Host::judge`).
//! - `plugin`: runs plugins. Without it, [`PluginEngine::from_file`] says that it cannot.
#![allow(clippy::disallowed_methods, reason = "a host reads files and the clock")]

pub mod allocator;
mod bring;
#[cfg(feature = "machine")]
mod files;
#[cfg(feature = "machine")]
mod folder;
#[cfg(feature = "machine")]
mod given;
#[cfg(feature = "machine")]
mod machine;
mod plugin_engine;
#[cfg(feature = "policies")]
mod policies;
mod sent;
#[cfg(feature = "machine")]
mod world;

pub use bring::{ChartSource, Host, Progress};
#[cfg(feature = "machine")]
pub use files::Files;
#[cfg(feature = "machine")]
pub use folder::{applied, yaml_files};
#[cfg(feature = "machine")]
pub use given::Fetching;
#[cfg(feature = "machine")]
pub use machine::{native_engine, world as machine_world};
pub use plugin_engine::{EngineError, PluginEngine};
#[cfg(feature = "machine")]
pub use world::MachineWorld;

/// Running plugins: see the crate `chartwright-plugin-host`.
pub use chartwright_plugin_host as plugin;
#[cfg(feature = "machine")]
pub use chartwright_sources as sources;

/// The examples of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/src/plugin.md")]
pub struct Documentation;
