//! `HelmChartDescriptor`: a module for a marketplace in twenty lines.
//!
//! A descriptor names a module's components and their values for base charts.
//! This crate has the kind ([`types`]), reads it from files ([`read`]), says what is wrong with one
//! ([`mod@check`], [`Problem`]), and makes a Helm chart of it ([`mod@expand`]) that repositories deploy ([`export`]).
//! Programs that make descriptors find what they need in [`write`], [`names`], [`mod@image`] and [`secret`];
//! [`scaffold`] is one of them.

pub mod check;
pub mod expand;
pub mod export;
pub mod image;
mod json_text;
pub mod names;
pub mod places;
pub mod read;
pub mod scaffold;
#[cfg(feature = "schema")]
pub mod schema;
pub mod secret;
mod slice;
pub mod types;
mod wanted;
pub mod write;
mod yaml_text;

pub use contract::{Place, Problem, Severity};
pub use places::{Places, Span};
pub use read::Parsed;
pub use types::HelmChartDescriptor;
