//! `HelmChartDescriptor`: a module for a marketplace in twenty lines.
//!
//! A descriptor names a module's components and their values for base charts.
//! This crate has the kind ([`types`]) and what is wrong with one ([`Problem`]).

mod problem;
pub mod types;

pub use problem::{Place, Problem, Severity};
pub use types::HelmChartDescriptor;
