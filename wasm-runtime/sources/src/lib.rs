//! Where charts come from: folders, archives, chart repositories, registries, Git.
//!
//! A descriptor or HelmRelease names a Flux source (`GitRepository ds2/ds2charts`);
//! people say with `--source ds2charts=…` where that is, or give the Flux objects
//! themselves. [`Sources`] resolves, fetches, caches, checks and locks.
//!
//! ```no_run
//! use chartwright_sources::{Sources, Options};
//! use flux::{ChartSource, ChartWanted, Charts};
//!
//! let sources = Sources::new(Options::default())?;
//! sources.add("ds2charts=../ds2charts")?;
//! let source = ChartSource { kind: "GitRepository".into(), namespace: "ds2".into(), name: "ds2charts".into() };
//! let wanted = ChartWanted { source, chart: "./charts/ds2modulebase5".into(), ..ChartWanted::default() };
//! println!("{}", sources.chart(&wanted)?.chart.name());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Credentials
//!
//! A credential goes to the [`Origin`] that it was given for, and to no other: not after a redirect, not to an address
//! in an index, not to a token server elsewhere, not to what a chart names. [`Access::pass_credentials`] is the user's
//! word for more. URLs print themselves without secrets ([`Address`]).
//!
//! # Controllers
//!
//! [`Sources`] can be shared by threads, and what it knows expires ([`Keep`]):
//!
//! ```
//! use std::time::Duration;
//! use chartwright_sources::{Keep, Options, Sources};
//! use flux::ChartSource;
//!
//! let minutes = |n: u64| Duration::from_secs(60 * n);
//! let keep = Keep { charts: minutes(10), errors: Duration::from_secs(5), indexes: minutes(1) };
//! let sources = Sources::new(Options { keep, ..Options::default() })?;
//! sources.add("HelmRepository/shop/bitnami=https://charts.example.org")?;
//! // A source's object changed: its charts are looked for anew.
//! sources.forget(&ChartSource { kind: "HelmRepository".into(), namespace: "shop".into(), name: "bitnami".into() });
//! # Ok::<(), chartwright_sources::SourceError>(())
//! ```
//!
//! Nothing here prints, parses a command line or reads environment variables: what depends on the user is in
//! [`Options`].
#![allow(clippy::disallowed_methods, reason = "a host reads files and the clock")]

pub mod access;
mod address;
mod archive;
mod cache;
mod content;
mod credentials;
mod dependencies;
mod documents;
pub mod error;
pub mod folder;
mod git;
pub mod go_words;
pub mod helm_locate;
pub mod helm_repositories;
mod http;
mod ignore;
mod index;
mod links;
mod location;
mod lockfile;
mod name;
mod objects;
mod oci;
mod once;
#[cfg_attr(not(feature = "signatures"), path = "openpgp_without.rs")]
mod openpgp;
mod options;
mod origin;
pub mod provenance;
mod provenance_error;
mod reason;
mod repository;
mod repository_error;
mod repository_files;
mod resolve;
mod source_error;
mod sources;
mod sync;
mod tree;
mod versions;

pub use access::Access;
pub use address::{Address, safe_text};
pub use archive::files as archive_files;
pub use documents::{DocumentError, Schemas, file_at};
pub use error::Error;
pub use http::Patience;
pub use lockfile::Locking;
pub use once::Keep;
pub use options::{LockOptions, Options};
pub use origin::Origin;
pub use reason::Reason;
pub use repository_files::RepositoryFiles;
pub use source_error::SourceError;
pub use sources::{Brought, Sources};
