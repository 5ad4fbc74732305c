//! Runs Extism plugins under limits.
//!
//! ```no_run
//! use chartwright_plugin_host::{PluginHost, PluginOptions};
//!
//! let host = PluginHost::from_file("mirror.wasm".as_ref(), PluginOptions::default())?;
//! let manifests = host.call("post_render", b"kind: ConfigMap\n")?;
//! # Ok::<(), chartwright_plugin_host::PluginError>(())
//! ```
//!
//! A [`PluginHost`] has one module, checked against its digest and compiled once (or taken from a [`ModuleCache`]), and
//! a pool of instances. A call takes an instance, runs on a stack of its own, and ends in time: with what the plugin
//! gives back, or with a [`PluginError`] that says which way it ended. An instance that trapped is thrown away; the
//! others do not notice. Plugins get memory, and functions to read their input and write their output: no files, no
//! network, no clock, no environment.
//!
//! Nothing here knows what a plugin does. A host that makes several calls of one instance, or that wants to remember
//! what an instance was told, takes a [`Session`].
//!
//! # Features
//! `run` (on by default) brings Wasmtime. Without it everything is there but plugins: [`PluginHost::new`] says so. That
//! is for programs that offer plugins, and that must be built quickly if nobody uses them.
#![allow(clippy::disallowed_methods, reason = "a host reads files and the clock")]

#[cfg(feature = "run")]
mod abi;
mod cache;
mod cancel;
#[cfg(feature = "run")]
mod end;
mod error;
#[cfg(feature = "run")]
mod host;
#[cfg(feature = "run")]
mod instance;
mod limits;
#[cfg(feature = "run")]
mod machine_code;
#[cfg(feature = "run")]
mod memory;
#[cfg(feature = "run")]
mod module;
mod options;
#[cfg(feature = "run")]
mod pool;
#[cfg(feature = "run")]
mod state;
#[cfg(feature = "run")]
mod ticker;
#[cfg(not(feature = "run"))]
mod without;

pub use cache::ModuleCache;
pub use cancel::CancelToken;
pub use error::PluginError;
#[cfg(feature = "run")]
pub use host::{PluginHost, Session};
pub use limits::PluginLimits;
pub use options::PluginOptions;
#[cfg(not(feature = "run"))]
pub use without::{PluginHost, Session};
