//! `HelmChartDescriptor`: a module for a marketplace in twenty lines.
//!
//! A descriptor names a module's components and their values for base charts.
//! This crate has the kind ([`types`]), reads it from files ([`read`]) and says what is wrong with one
//! ([`mod@check`], [`Problem`]).

pub mod check;
pub mod expand;
pub mod export;
pub mod import;
mod json_text;
pub mod places;
pub mod read;
pub mod scaffold;
#[cfg(feature = "schema")]
pub mod schema;
mod secret;
mod slice;
pub mod types;
mod wanted;
mod write;
mod yaml_text;

pub use contract::{Place, Problem, Severity};
pub use places::{Places, Span};
pub use read::Parsed;
pub use types::HelmChartDescriptor;
