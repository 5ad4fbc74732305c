//! The parts of the controller that reconciles descriptors beside Flux.
//!
//! A descriptor's chart is published as an `ExternalArtifact`; a
//! `HelmRelease` with a `chartRef` deploys it. The library reads no flags and
//! no environment.

pub mod artifact;
pub mod conditions;
pub mod crd;
pub mod inventory;
