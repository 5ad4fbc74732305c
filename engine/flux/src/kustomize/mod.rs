//! Post-rendering: what happens to a chart's output before Helm installs it.

mod error;

pub use error::PostRenderError;
