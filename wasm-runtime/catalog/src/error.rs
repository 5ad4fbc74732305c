//! Why a catalog cannot be made.

use std::io;
use std::path::PathBuf;

use chartwright_catalog::CatalogError;
use chartwright_sources::Error as SourceFailure;

/// Why a catalog cannot be made at all. What is wrong with one module is a [`crate::Notice`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A file or folder cannot be read.
    #[error("{}: {cause}", path.display())]
    Read {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// A file or folder cannot be written.
    #[error("cannot write {}: {cause}", path.display())]
    Write {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// The folder for the catalog has other files.
    #[error("{} is not empty and has no catalog.json: a catalog needs a folder of its own", .0.display())]
    NotOurs(PathBuf),
    /// Nothing in a folder or index can be listed.
    #[error("{0} has no charts and no descriptors")]
    Nothing(String),
    /// A folder has folders in folders without an end, or more files than anybody wants to list.
    #[error("{}: more than {most} {what}", path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
        /// The most that are allowed.
        most: usize,
        /// Of what.
        what: &'static str,
    },
    /// A repository does not give its index.
    #[error(transparent)]
    Repository(#[from] SourceFailure),
    /// What a repository gives is not an index.
    #[error("{place}: {cause}")]
    Index {
        /// The repository.
        place: String,
        /// What is wrong with it.
        #[source]
        cause: CatalogError,
    },
}

impl BuildError {
    /// Whether a server did not answer, so that a later try may do.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, BuildError::Repository(cause) if cause.reason() == chartwright_sources::Reason::Unreachable)
    }
}
