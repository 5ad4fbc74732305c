//! The management API without a cluster: descriptors in a folder ([`Store`]), renders in this program
//! ([`LocalBackend`]).
//!
//! What people change in the folder by hand is noticed; what the API writes is whole or not there at all.
#![allow(clippy::disallowed_methods, reason = "a host reads files and the clock")]

mod backend;
mod charts;
mod difference;
mod pool;
mod store;

pub use backend::{LocalBackend, Options};
pub use charts::{CatalogCharts, CatalogChartsError};
pub use pool::Pool;
pub use store::{Store, StoreError};
