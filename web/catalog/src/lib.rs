//! The catalog: its JSON, Helm repository indexes, search and facets.
//!
//! ```
//! use chartwright_catalog::{Catalog, Filter, Finder};
//!
//! let json = br#"{"apiVersion": "chartwright.dev/catalog/v1alpha1", "name": "Samples", "modules": [
//!     {"id": "webshop", "title": "Webshop", "category": "Shop", "versions": [{"version": "1.4.0", "url": "m/webshop.yaml"}]}]}"#;
//! let catalog = Catalog::read(json)?;
//! assert_eq!(catalog.module("webshop").and_then(|m| m.find("")).map(|v| v.version.as_str()), Some("1.4.0"));
//!
//! let finder = Finder::new(&catalog);
//! let found = finder.find(&Filter { query: "shop".into(), ..Filter::default() });
//! assert_eq!(found.modules, [0]);
//! # Ok::<(), chartwright_catalog::CatalogError>(())
//! ```
//!
//! Addresses ([`Version::url`], [`BaseChart::url`], [`Module::icon`]) are relative to the address of `catalog.json`, or
//! whole. A page gives an engine the bytes at [`Version::url`]; of a descriptor also [`Version::charts`], each as a
//! [`contract::ChartGiven`] with [`BaseChart::wanted`] as it stands.

mod error;
mod find;
mod index;
mod order;
mod read;
mod types;

pub use error::CatalogError;
pub use find::{Clear, Count, Deploys, Facets, Filter, Finder, Found};
pub use index::MOST_BYTES_OF_INDEX;
pub use order::{compare, is_prerelease};
pub use read::{id_of, is_relative};
pub use types::{API_VERSION, BaseChart, Catalog, Fact, Facts, Kind, Module, Reach, Version};
