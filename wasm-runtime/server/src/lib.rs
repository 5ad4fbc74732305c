//! What `chartwright serve` serves: the page, a catalog, and the API where there is one.
//!
//! A library: it prints nothing, opens no browser and hears no signal. Whoever calls it says where to listen
//! ([`Listen`]) and when to stop ([`Server::run`]).
//!
//! ```no_run
//! use chartwright_server::{Listen, Options, Page, Server};
//!
//! # async fn serve() -> Result<(), chartwright_server::ServerError> {
//! let page = Page::folder("target/web/dist".as_ref())?;
//! let server = Server::bind(Listen::default(), Options::of(page)).await?;
//! let address = server.address();
//! server.run(std::future::pending()).await;
//! # Ok(())
//! # }
//! ```
//!
//! # What is served
//! - `/catalog/…`: `catalog.json` and the files that it names, and no others ([`CatalogFiles`]).
//! - The files of the page: from the program itself, or from a folder. Names with a hash are kept by browsers for ever,
//!   all others are asked for again with their `ETag`. Compressed copies beside a file (`.br`, `.gz`) are taken where
//!   the browser accepts them.
//! - `/api/…`: whatever [`Options::api`] answers (crate `chartwright-api`).
//! - `index.html` for the page's own addresses (`/m/webshop/1.4.0`, `/develop` …); everything else is not found.
//!
//! # What is refused
//! Other methods than `GET` and `HEAD`, save by the API; requests for a host that is not ours, so that no other site reaches the server
//! under a name of its own (DNS rebinding); paths that lead out of their folder; heads and bodies beyond the limits.
#![allow(clippy::disallowed_methods, reason = "a host reads files")]

mod answer;
mod asset;
mod catalog;
mod encoding;
mod error;
mod headers;
mod hosts;
mod kept;
mod listen;
mod page;
mod path;
mod site;

pub use catalog::CatalogFiles;
pub use error::ServerError;
pub use headers::Origin;
pub use hosts::Hosts;
pub use listen::{Limits, Listen, Port, Server};
pub use page::Page;
pub use site::Options;
