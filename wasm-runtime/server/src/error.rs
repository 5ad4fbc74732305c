//! Why a server cannot start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use chartwright_catalog::CatalogError;

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// Nobody can listen there.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// None of several ports is free.
    #[error("ports {first} to {last} are in use")]
    NoPort {
        /// The first that was tried.
        first: u16,
        /// The last that was tried.
        last: u16,
    },
    /// A folder has no page in it.
    #[error("{} has no index.html", .0.display())]
    NoPage(PathBuf),
    /// A catalog cannot be opened.
    #[error("{}: {cause}", path.display())]
    CatalogFile {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// A catalog cannot be read.
    #[error("{}: {cause}", path.display())]
    Catalog {
        /// Its path.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        cause: CatalogError,
    },
    /// It is not an origin.
    #[error("{0:?} is not an origin such as https://example.org")]
    Origin(String),
}
