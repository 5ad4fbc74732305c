//! Why a catalog cannot be read.

/// Why a catalog or an index cannot be read, in words for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is not JSON, or not of a catalog's form.
    #[error("not a catalog: {0}")]
    Json(String),
    /// It is a catalog of a later version, or none at all.
    #[error("the catalog's apiVersion is {found:?}; this page reads {}", crate::API_VERSION)]
    ApiVersion {
        /// What it says.
        found: String,
    },
    /// It is not an index of a Helm repository.
    #[error("not an index of a Helm repository: line {line}: {what}")]
    Index {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// It is larger than what is read.
    #[error("{bytes} bytes are more than the {most} that are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The most that is read.
        most: usize,
    },
}
