//! Makes static catalogs: `catalog.json`, archives by digest, icons.
//!
//! What is listed comes from a folder with descriptors, charts and archives, or from a Helm repository. Each version is
//! rendered once, with its default values and example facts of a platform, and the catalog says what came out. The
//! same input gives the same bytes: time and seed of the renders are fixed, and nothing depends on the order in which
//! files are found.
//!
//! ```no_run
//! use chartwright_catalog_build::{Builder, Options};
//! use chartwright_host::native_engine;
//! use chartwright_sources::Sources;
//!
//! let sources = Sources::new(chartwright_sources::Options::default())?;
//! sources.add("basecharts=templates")?;
//! let engine = native_engine();
//! let builder = Builder { engine: &engine, sources: &sources, options: &Options::default(), progress: &() };
//! let built = builder.folder("templates/modules".as_ref(), "target/catalog".as_ref())?;
//! println!("{} modules, {} versions", built.modules, built.versions);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a folder says beyond charts and descriptors
//! Annotations of `Chart.yaml` and of a descriptor's metadata: `chartwright.dev/title`, `chartwright.dev/category` (else
//! `artifacthub.io/category` or `category`), and `chartwright.dev/example: "true"` for an example of errors. A file
//! `icon.svg` (or `.png`, `.jpg`, `.gif`, `.webp`) beside a descriptor or in a chart is its icon; else the one that it
//! names, if that is a `data:` URL or a file.
#![allow(clippy::disallowed_methods, reason = "a host reads and writes files")]

mod about;
mod build;
mod error;
mod find;
mod icon;
mod icons;
mod needs;
mod record;
mod recording;
mod store;

pub use build::{Builder, Built, Notice, Options, Progress};
pub use error::BuildError;
