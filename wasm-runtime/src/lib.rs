//! What Chartwright's hosts share: reading charts from wherever they are, and running plugins.
//!
//! The engine opens no file and no connection; it says which charts it needs
//! ([`flux::Charts`]), and [`sources::Sources`] brings them.
#![allow(clippy::disallowed_methods, reason = "a host reads files, the clock and its environment")]

pub mod allocator;
pub mod go_words;
pub mod plugin;
pub mod sources;

/// The examples of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../docs/plugin.md")]
pub struct Documentation;
