//! What can be wrong with what people say of sources, and why a chart does not come.

use std::path::PathBuf;

use flux::FetchError;
use helm::chart::ChartError;

use crate::origin::Origin;

pub use crate::archive::ArchiveError;
pub use crate::folder::FolderError;
pub use crate::git::GitError;
pub use crate::http::HttpError;
pub use crate::index::IndexError;
pub use crate::lockfile::LockFileError;
pub use crate::oci::{OciError, ReferenceError};
pub use crate::provenance_error::ProvenanceError;
pub use crate::repository::RepositoryError;
pub use crate::versions::VersionError;

/// The kinds of failure, as the engine tells them apart ([`FetchError`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody said where the source is.
    Unknown,
    /// The source is there, the chart or version is not.
    NotFound,
    /// The source could not be reached. It may be there later.
    Unreachable,
    /// What came is not what was pinned or signed.
    Tampered,
    /// What came is not a chart, or the request cannot be made.
    Invalid,
}

/// Why a chart does not come. `Display` is one line for people, without secrets; `source()` has the causes.
///
/// [`FetchError`] is what the engine takes: it has the line and the kind.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody said where the source is.
    #[error("nothing says where this source is")]
    Unknown,
    /// The source is of a kind that is not read from here, or its object is incomplete.
    #[error("{0}")]
    Elsewhere(String),
    /// A dependency has an address that is no source.
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
    /// There is no signature to look at.
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
    /// A chart depends on something that is not there.
    #[error(transparent)]
    Missing(#[from] MissingDependency),
    /// It is not in the cache, and the network is not used.
    #[error("{0} is not in the cache, and --offline keeps from fetching it")]
    Offline(String),
    /// Something else came than was pinned.
    #[error("{what} is not what was pinned: its digest is {got}, it should be {want}")]
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
        "{chart} at {from} is not what {file} has: its digest is {got}, it should be {want} (--update={name} takes it \
         as it is)"
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
    #[error("{file} does not have {chart} of {source_name} at {from}, and --locked keeps from adding it")]
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

/// Why a chart's dependency does not come.
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
    #[error("the chart at file://{place} has the version {found}, wanted is {wanted}")]
    OtherVersion {
        /// The place.
        place: String,
        /// The version there.
        found: String,
        /// The range.
        wanted: String,
    },
    /// What it asks for is no range.
    #[error("invalid version/constraint format '{text}': {cause}")]
    Range {
        /// The range.
        text: String,
        /// What is wrong with it.
        #[source]
        cause: gosemver::Error,
    },
    /// Its address is not that of a chart repository or registry: a chart names nothing else.
    #[error("{0} is no chart repository")]
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

/// A source, an object or a lock file that cannot be understood: a mistake on the command line or in a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// It has no name or no place.
    #[error("{0:?} is not a source: write NAME=FOLDER, NAME=ARCHIVE or NAME=URL")]
    Syntax(String),
    /// Its place is empty.
    #[error("a source has no place: write NAME=FOLDER, NAME=ARCHIVE or NAME=URL")]
    NoPlace,
    /// Its URL cannot be read.
    #[error("{text:?} is not a URL: {cause}")]
    Url {
        /// The URL, without what may be a secret.
        text: String,
        /// What is wrong with it.
        #[source]
        cause: url::ParseError,
    },
    /// It is not a reference to a registry.
    #[error("{text}: {cause}")]
    Reference {
        /// The reference, without what may be a secret.
        text: String,
        /// What is wrong with it, in the words of Helm's library.
        #[source]
        cause: ReferenceError,
    },
    /// Nothing here speaks this protocol.
    #[error(
        "{scheme} addresses are not supported: {text}; supported are http, https, oci, git+https, git+http, git+ssh, \
         git+file and ssh"
    )]
    Scheme {
        /// The protocol.
        scheme: String,
        /// The address.
        text: String,
    },
    /// A Git address has a query that means nothing.
    #[error("{0:?} means nothing in a Git address: there are ref, branch, tag, semver, commit and name")]
    GitQuery(String),
    /// One user name and password, for sources at several origins.
    #[error(
        "--username and --password are for one server, and there are sources at {first} and {second}: write each \
         server's credentials into its URL, or give a Secret with --source-objects"
    )]
    SeveralOrigins {
        /// The origin of an earlier source.
        first: Origin,
        /// Another origin.
        second: Origin,
    },
    /// It is not the name of a Flux source.
    #[error("{0:?} does not name a source: write NAME, NAMESPACE/NAME or KIND/NAMESPACE/NAME")]
    Name(String),
    /// It is not a kind of Flux source.
    #[error("{kind:?} is not a kind of source: there are {known}")]
    Kind {
        /// What was given.
        kind: String,
        /// The kinds there are.
        known: String,
    },
    /// A document is not YAML, or not an object.
    #[error("{0}")]
    Document(String),
    /// The lock file cannot be understood.
    #[error("{path}: {cause}", path = .path.display())]
    Lock {
        /// Its path.
        path: PathBuf,
        /// Why.
        #[source]
        cause: LockFileError,
    },
    /// A file cannot be read or written.
    #[error("{path}: {why}", path = .path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// Why.
        why: String,
    },
}
