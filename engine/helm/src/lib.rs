//! Helm charts: loading, values, dependencies, rendering, sorting.
//!
//! Everything here is pure: hosts hand over bytes and get text back.

pub mod capabilities;
pub mod chart;
pub mod dependencies;
pub mod engine;
pub mod manifest;
pub mod reads;
pub mod release;
pub mod schema;
pub mod values;

mod warning;

pub use warning::{Level, Warning, Warnings};
