//! Why a chart repository does not give a chart.

use url::ParseError;

use crate::address::Address;
use crate::index::IndexError;
use crate::reason::Reason;
use crate::versions::VersionError;

/// Why a chart repository does not give a chart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RepositoryError {
    /// Its index cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// What is asked is neither a version nor a range.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// It does not have the chart, or not in that version.
    #[error("chart {chart:?}{} not found in {place} repository", version_words(.asked))]
    NotFound {
        /// The chart.
        chart: String,
        /// The version or range; may be empty.
        asked: String,
        /// The repository.
        place: Address,
    },
    /// Its index has the chart, and no address for it.
    #[error("chart {chart:?}{} has no downloadable URLs", version_words(.asked))]
    NoUrls {
        /// The chart.
        chart: String,
        /// The version or range; may be empty.
        asked: String,
    },
    /// It, or an archive of it, is at an address of another protocol.
    #[error("{0}: a chart repository is reached over http or https")]
    Protocol(Address),
    /// Its index has an address that is not a URL.
    #[error("failed to parse {text} as URL: {cause}")]
    Url {
        /// The address, without what may be a secret.
        text: String,
        /// What is wrong with it.
        #[source]
        cause: ParseError,
    },
}

impl RepositoryError {
    /// What kind of failure it is.
    pub fn reason(&self) -> Reason {
        match self {
            RepositoryError::Index(_) | RepositoryError::Protocol(_) | RepositoryError::Url { .. } => Reason::Invalid,
            RepositoryError::Version(_) | RepositoryError::NotFound { .. } | RepositoryError::NoUrls { .. } => {
                Reason::NotFound
            }
        }
    }
}

/// ` version "1.x"`; nothing where no version was asked for.
pub(crate) fn version_words(asked: &str) -> String {
    if asked.is_empty() { String::new() } else { format!(" version {asked:?}") }
}
