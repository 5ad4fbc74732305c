//! The controller that reconciles descriptors beside Flux.
//!
//! A descriptor becomes a chart that renders in this cluster ([`build`]); the
//! chart is published as an `ExternalArtifact` ([`publish`], [`artifact`]);
//! a `HelmRelease` with a `chartRef` deploys it ([`flux`], [`gate`]). The
//! library reads no flags and no environment: [`settings::Settings`] says how
//! it works.
#![allow(clippy::disallowed_methods, reason = "a host reads files and the clock")]

pub mod artifact;
pub mod build;
pub mod cluster;
pub mod conditions;
pub mod crd;
pub mod election;
pub mod events;
pub mod flux;
pub mod gate;
pub mod health;
pub mod inputs;
pub mod inventory;
pub mod metrics;
pub mod publish;
pub mod reconcile;
pub mod run;
pub mod settings;
pub mod sources;
pub mod time;
pub mod world;
