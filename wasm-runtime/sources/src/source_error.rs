//! What can be wrong with what people say of sources.

use std::path::PathBuf;

use crate::address::safe_text;
use crate::oci::reference::ReferenceError;
use crate::origin::Origin;

/// `apiVersion` of lock files.
pub(crate) const LOCK_VERSION: &str = "chartwright.dev/v1alpha1";

/// Why a text is not a lock file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockFileError {
    /// It is not YAML, or YAML of another form.
    #[error("this is not a lock file: {0}")]
    Form(String),
    /// It is not of the version that is known.
    #[error("this is not a lock file of {LOCK_VERSION}")]
    Version,
    /// An entry does not have what it needs.
    #[error("an entry of charts has no source or no digest")]
    Incomplete,
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
    #[error("{0:?} is not known in a Git URL; use ref, branch, tag, semver, commit or name")]
    GitQuery(String),
    /// One user name and password, for sources at several origins.
    #[error(
        "--username and --password are for one server, but there are sources at {first} and {second}: write each \
         server's credentials into its URL, or give a Secret with --source-objects"
    )]
    SeveralOrigins {
        /// The origin of an earlier source.
        first: Origin,
        /// Another origin.
        second: Origin,
    },
    /// It is not the name of a Flux source.
    #[error("{:?} does not name a source: write NAME, NAMESPACE/NAME or KIND/NAMESPACE/NAME", safe_text(.0))]
    Name(String),
    /// It is not a kind of Flux source.
    #[error("{kind:?} is not a kind of source; use one of {known}")]
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
