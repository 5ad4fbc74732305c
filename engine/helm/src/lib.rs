//! Helm charts: loading, values, dependencies, rendering, sorting.
//!
//! Everything here is pure: hosts hand over bytes and get text back.
//!
//! ```
//! use std::rc::Rc;
//! use std::sync::Arc;
//!
//! use govalue::Map;
//! use helm::Warnings;
//! use helm::chart::{File, Limits, load_folder};
//! use helm::engine::World;
//! use helm::release::{Options, ReleaseOptions, manifests_text, run};
//!
//! /// No cluster, no clock, no randomness.
//! struct Nowhere;
//! impl World for Nowhere {}
//!
//! let file = |name: &str, text: &str| File { name: name.into(), data: text.as_bytes().into() };
//! let files = vec![
//!     file("Chart.yaml", "{apiVersion: v2, name: shop, version: 1.0.0}"),
//!     file("templates/a.yaml", "kind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}"),
//! ];
//! let warnings = &mut Warnings::default();
//! let chart = load_folder("shop", files, Limits::default(), warnings)?;
//! let release = ReleaseOptions { name: "demo".into(), ..ReleaseOptions::default() };
//! let options = Options { release, ..Options::default() };
//! let rendered = run(&chart, &Map::new(), &options, &Arc::default(), Rc::new(Nowhere), warnings)?;
//! let text = manifests_text(&rendered, true, true, false);
//! assert_eq!(text, b"---\n# Source: shop/templates/a.yaml\nkind: ConfigMap\nmetadata: {name: demo}\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
