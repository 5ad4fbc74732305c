//! The management API without a cluster: descriptors in a file ([`Store`]), renders in this program
//! ([`LocalBackend`]).
//!
//! What other programs write to the store is noticed; what the API writes is whole or not there at all.
#![allow(clippy::disallowed_methods, reason = "a host reads files and the clock")]

// A panic in a render is answered with an error; where it would end the program, all other requests would end with it.
#[cfg(not(panic = "unwind"))]
compile_error!("build with panics that unwind");

mod backend;
mod charts;
mod difference;
mod fetcher;
mod pool;
mod releases;
mod store;
mod stored;

pub use backend::{LocalBackend, Options};
pub use charts::{CatalogCharts, CatalogChartsError};
pub use pool::Pool;
pub use releases::{Account, GitReleases, Login, ReleaseError, ReleasesOptions};
pub use store::{Imported, Store, StoreError, backup};
pub use stored::SourceHosts;
