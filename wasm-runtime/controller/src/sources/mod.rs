//! Base charts out of the artifacts of Flux sources.
//!
//! Nothing but `status.artifact.url` is fetched: where a source really is, and with which credentials, is for
//! source-controller to know. What was fetched counts only if it has the digest that the status names.

mod bring;
mod fetch;
mod ready;
mod store;

pub use bring::{Bring, Trouble, helm_chart_name};
pub use fetch::{Fetch, FetchError, Limits};
pub use ready::{Artifact, NotReady, artifact};
pub use store::ChartStore;
