//! What can be wrong with what people say of sources.

use std::path::PathBuf;

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
    #[error("{text:?} is not a URL: {why}")]
    Url {
        /// The URL.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// It is not a reference to a registry.
    #[error("{text}: {why}")]
    Reference {
        /// The reference.
        text: String,
        /// What is wrong with it, in the words of Helm's library.
        why: String,
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
    /// A file cannot be read or written.
    #[error("{path}: {why}", path = .path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// Why.
        why: String,
    },
}
