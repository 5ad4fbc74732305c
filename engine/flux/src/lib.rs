//! Flux's HelmRelease, as its helm-controller would apply it.
//!
//! What a HelmRelease deploys is decided by more than a chart and values:
//! values from ConfigMaps and Secrets, the release's name, a suffix on the
//! chart's version, post-renderers, labels of origin. This crate has these rules.

pub mod charts;

pub use charts::{ChartSource, ChartWanted, Charts, FetchError, FetchedChart};
