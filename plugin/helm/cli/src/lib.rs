//! Chartwright as a plugin of Helm 4: `helm chartwright render|expand|check|plan`.
//!
//! Helm runs it in Wasm: what a call needs is on standard input, what it makes
//! goes to standard output, what is wrong to standard error. It sees no file,
//! no network and no cluster. [`run`] is the whole command; under Wasm it is
//! behind the function that Helm calls, `helm_plugin_main`.

mod args;
mod charts;
mod documents;
#[cfg(target_family = "wasm")]
mod entry;
mod print;
mod run;

pub use run::{Outcome, run};
