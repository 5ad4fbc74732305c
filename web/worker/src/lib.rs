//! The engine in a web worker.
//!
//! The page's side is `chartwright-bridge`; the messages are in `chartwright-protocol`. A [`Desk`] answers them, without
//! a browser, too. It keeps the charts that it has loaded and its last results, both by digest.
//!
//! The crate is built twice: without the feature `modules` it only renders charts, and answers everything else with
//! [`Reply::NeedsModules`](chartwright_protocol::Reply::NeedsModules).

mod changes;
mod chart;
mod desk;
#[cfg(feature = "modules")]
mod export;
#[cfg(feature = "modules")]
mod import;
mod lines;
mod pack;
mod place;
mod results;
#[cfg(target_family = "wasm")]
mod web;

pub use desk::{Clock, Desk};
