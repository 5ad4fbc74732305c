//! `HelmChartDescriptor`: a module for a marketplace in twenty lines.
//!
//! A descriptor names a module's components and their values for base charts.
//! This crate has the kind ([`types`]) and what is wrong with one ([`Problem`]).

pub mod types;

pub use contract::{Place, Problem, Severity};
pub use types::HelmChartDescriptor;
