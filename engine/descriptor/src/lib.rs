//! `HelmChartDescriptor`: a module for a marketplace in twenty lines.
//!
//! A descriptor names a module's components and their values for base charts.
//! This crate has the kind ([`types`]), reads it from files ([`read`]), says what is wrong with one
//! ([`mod@check`], [`Problem`]), and makes a Helm chart of it ([`mod@expand`]) that repositories deploy ([`export`]).
//! Programs that make descriptors find what they need in [`mod@write`], [`names`], [`mod@image`] and [`secret`];
//! [`scaffold`] is one of them.
//!
//! ```
//! use descriptor::{check, expand, read};
//! let text = "\
//! apiVersion: chartwright.dev/v1alpha1
//! kind: HelmChartDescriptor
//! metadata: {name: shop, namespace: shop}
//! spec:
//!   module: {version: 1.0.0}
//!   template: {chart: modulebase, sourceRef: {kind: GitRepository, name: basecharts}}
//!   components:
//!     - name: web
//!       config: {WELCOME: Hello}
//! ";
//! let (parsed, problems) = read::parse("shop.yaml", text);
//! assert!(problems.is_empty());
//! let parsed = parsed.unwrap();
//! // No base charts are available: what depends on them is left unchecked.
//! assert!(check::check(&parsed, &|_| None).is_empty());
//! let module = expand::expand(&parsed, &|_| None, &expand::Options::default()).unwrap();
//! let names: Vec<String> = module.files.iter().map(|file| file.name.to_string()).collect();
//! assert_eq!(names[0], "Chart.yaml");
//! assert!(names.contains(&"templates/web.yaml".to_owned()));
//! ```

pub mod check;
pub mod expand;
pub mod export;
pub mod image;
mod json_text;
pub mod names;
pub mod places;
pub mod pod_security;
pub mod read;
pub mod scaffold;
#[cfg(feature = "schema")]
pub mod schema;
pub mod secret;
mod slice;
pub mod types;
mod wanted;
pub mod write;
mod yaml_text;

pub use contract::{Place, Problem, Severity};
pub use places::{Places, Span};
pub use read::Parsed;
pub use types::HelmChartDescriptor;
