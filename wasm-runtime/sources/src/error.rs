//! Why a chart cannot be fetched.

use std::path::PathBuf;

use flux::FetchError;
use helm::chart::ChartError;

pub use crate::archive::ArchiveError;
pub use crate::folder::FolderError;
pub use crate::git::error::GitError;
pub use crate::http::error::HttpError;
pub use crate::index::IndexError;
pub use crate::oci::error::OciError;
pub use crate::oci::reference::ReferenceError;
pub use crate::provenance_error::ProvenanceError;
pub use crate::reason::Reason;
pub use crate::repository_error::RepositoryError;
pub use crate::source_error::{LockFileError, SourceError};
pub use crate::versions::VersionError;

/// Why a chart cannot be fetched. `Display` is one line for people, without secrets; `source()` has the causes.
///
/// [`FetchError`] is what the engine takes: it has the line and the kind.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody said where the source is.
    #[error("the place of this source is not given")]
    Unknown,
    /// The source is of a kind that is not read from here, or its object is incomplete.
    #[error("{0}")]
    Elsewhere(String),
    /// A dependency has an address that is not a source.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A server did not answer as it should.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// A chart repository does not have what was asked for.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// A registry does not have what was asked for.
    #[error(transparent)]
    Registry(#[from] OciError),
    /// A Git repository does not have what was asked for.
    #[error(transparent)]
    Git(#[from] GitError),
    /// An archive cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A chart's folder cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file on this machine cannot be read.
    #[error("open {path}: {words}", path = .path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// What the system says, in Go's words.
        words: String,
    },
    /// What is asked is neither a version nor a range.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// A signature is missing or wrong.
    #[error(transparent)]
    Provenance(#[from] ProvenanceError),
    /// There is no signature.
    #[error("failed to fetch provenance \"{0}.prov\"")]
    NoProvenance(String),
    /// Folders and Git repositories have no signatures.
    #[error("{0}: unpacked charts cannot be verified")]
    Unpacked(String),
    /// What came is not a chart.
    #[error(transparent)]
    Chart(#[from] ChartError),
    /// A source has no chart at a path.
    #[error("{tree} has no chart at {path:?}")]
    NoChart {
        /// The source.
        tree: String,
        /// The path.
        path: String,
    },
    /// A path leads out of the source.
    #[error("the path {0:?} leads out of the source")]
    Outside(String),
    /// An archive is another chart than the one asked for.
    #[error("{place} is the chart {found}, not {wanted}")]
    OtherChart {
        /// The archive.
        place: String,
        /// Its chart.
        found: String,
        /// The chart that was asked for.
        wanted: String,
    },
    /// A chart's dependency does not exist.
    #[error(transparent)]
    Missing(#[from] MissingDependency),
    /// It is not in the cache, and the network is not used.
    #[error("{0} is not in the cache, and --offline prevents fetching it")]
    Offline(String),
    /// Something else came than was pinned.
    #[error("{what} is not the pinned one: its digest is {got}, it should be {want}")]
    Pinned {
        /// What was fetched.
        what: String,
        /// The digest that was pinned.
        want: String,
        /// The digest that it has.
        got: String,
    },
    /// Something else came than the lock file has.
    #[error(
        "{chart} at {from} differs from {file}: its digest is {got}, it should be {want} (--update={name} accepts \
         the new one)"
    )]
    Locked {
        /// The chart.
        chart: String,
        /// Its place.
        from: String,
        /// The lock file.
        file: String,
        /// The digest that it has.
        got: String,
        /// The digest in the lock file.
        want: String,
        /// The source's name.
        name: String,
    },
    /// The lock file does not have the chart, and may not change.
    #[error("{file} does not have {chart} of {source_name} at {from}, and --locked prevents adding it")]
    NotLocked {
        /// The lock file.
        file: String,
        /// The chart.
        chart: String,
        /// The source.
        source_name: String,
        /// The place.
        from: String,
    },
    /// It happened at a place, or for a dependency, that is named first.
    #[error("{what}: {cause}")]
    In {
        /// The place.
        what: String,
        /// What happened.
        #[source]
        cause: Box<Error>,
    },
}

/// Why a chart's dependency cannot be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MissingDependency {
    /// Nothing says where it is.
    #[error("it is not in charts/, and it names no repository")]
    NoRepository,
    /// There is nothing beside the chart.
    #[error("there is no chart at file://{0}")]
    NotThere(String),
    /// The chart beside it has another version.
    #[error("the chart at file://{place} has the version {found}, but {wanted} is required")]
    OtherVersion {
        /// The place.
        place: String,
        /// The version there.
        found: String,
        /// The range.
        wanted: String,
    },
    /// What it asks for is not a range.
    #[error("invalid version/constraint format '{text}': {cause}")]
    Range {
        /// The range.
        text: String,
        /// What is wrong with it.
        #[source]
        cause: gosemver::Error,
    },
    /// Its address is not that of a chart repository or registry: a chart names nothing else.
    #[error("{0} is not a chart repository")]
    NoChartRepository(String),
}

impl Error {
    /// What kind of failure it is.
    pub fn reason(&self) -> Reason {
        match self {
            Error::Unknown => Reason::Unknown,
            Error::Http(e) => e.reason(),
            Error::Repository(e) => e.reason(),
            Error::Registry(e) => e.reason(),
            Error::Git(e) => e.reason(),
            Error::In { cause, .. } => match cause.reason() {
                // Of a dependency, not of the source that was asked for.
                Reason::Unknown => Reason::NotFound,
                reason => reason,
            },
            Error::File { .. } | Error::Offline(_) => Reason::Unreachable,
            Error::Provenance(_) | Error::Pinned { .. } | Error::Locked { .. } => Reason::Tampered,
            Error::Elsewhere(_)
            | Error::Source(_)
            | Error::Version(_)
            | Error::NoProvenance(_)
            | Error::NoChart { .. }
            | Error::Outside(_)
            | Error::OtherChart { .. }
            | Error::Missing(_)
            | Error::NotLocked { .. } => Reason::NotFound,
            Error::Archive(_) | Error::Folder(_) | Error::Chart(_) | Error::Unpacked(_) => Reason::Invalid,
        }
    }

    /// The same, with the place where it happened in front.
    pub(crate) fn within(self, what: impl Into<String>) -> Error {
        Error::In { what: what.into(), cause: Box::new(self) }
    }
}

impl From<Error> for FetchError {
    fn from(error: Error) -> FetchError {
        let text = error.to_string();
        match error.reason() {
            Reason::Unknown => FetchError::Unknown,
            Reason::NotFound => FetchError::NotFound(text),
            Reason::Unreachable => FetchError::Unreachable(text),
            Reason::Tampered => FetchError::Tampered(text),
            Reason::Invalid => FetchError::Invalid(text),
        }
    }
}
