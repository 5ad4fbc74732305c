//! Why a Git repository does not give a commit.

use std::io;
use std::sync::Arc;

use crate::address::Address;
use crate::reason::Reason;

/// The most files that are listed.
pub(super) const MOST_FILES: usize = 1_000_000;
/// The most bytes of a file.
pub(super) const MOST_OF_FILE: u64 = 100 << 20;

/// Why a Git repository does not give a commit or a file.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitError {
    /// There is no program `git`.
    #[error("Git repositories need the command git: it was not found")]
    NoGit,
    /// The program took too long, and was ended.
    #[error("{address}: git took longer than {seconds} s")]
    Timeout {
        /// The repository.
        address: Address,
        /// The limit.
        seconds: u64,
    },
    /// Something on this machine failed.
    #[error("{what}: {cause}")]
    Io {
        /// What it was.
        what: String,
        /// What the system says.
        #[source]
        cause: Arc<io::Error>,
    },
    /// The repository cannot be reached, or refuses.
    #[error("{address}: {line}")]
    Failed {
        /// The repository.
        address: Address,
        /// What the program says last.
        line: String,
    },
    /// The repository does not have the reference.
    #[error("{address}: {line}")]
    NoRef {
        /// The repository.
        address: Address,
        /// What the program says last.
        line: String,
    },
    /// The repository is at another address now, and credentials do not follow.
    #[error("{address} redirects to another address: credentials are not sent there; give that address")]
    Redirect {
        /// The repository.
        address: Address,
    },
    /// A text is not a reference's name.
    #[error("{0:?} is not a Git reference")]
    Name(String),
    /// Neither a branch nor a tag nor a commit has this name.
    #[error("{address} has no branch, tag or commit {name:?}")]
    Nothing {
        /// The repository.
        address: Address,
        /// The name.
        name: String,
    },
    /// A text is not a commit's hash.
    #[error("{0:?} is not a full commit hash")]
    Hash(String),
    /// The repository does not have the commit.
    #[error("{address} has no commit {commit}")]
    NoCommit {
        /// The repository.
        address: Address,
        /// The hash.
        commit: String,
    },
    /// What is asked for is not a version range.
    #[error("semver parse error: {cause}: {range:?}")]
    Range {
        /// The range.
        range: String,
        /// What is wrong with it.
        #[source]
        cause: gosemver::Error,
    },
    /// No tag is in the range.
    #[error("{address} has no tag in the range {range:?}")]
    NoTag {
        /// The repository.
        address: Address,
        /// The range.
        range: String,
    },
    /// The commit has too many files.
    #[error("{0} has more than {MOST_FILES} files")]
    TooManyFiles(Address),
    /// A file is too large.
    #[error("{0} has more than {MOST_OF_FILE} bytes")]
    TooLarge(String),
    /// The object store is damaged.
    #[error("git has no object {object} for {path}")]
    NoObject {
        /// The object's hash.
        object: String,
        /// The file's path.
        path: String,
    },
    /// It is not in the cache, and the network is not used.
    #[error("{0} is not in the cache, and --offline prevents fetching it")]
    Offline(String),
}

impl GitError {
    /// What kind of failure it is.
    pub fn reason(&self) -> Reason {
        match self {
            GitError::Timeout { .. } | GitError::Failed { .. } | GitError::Redirect { .. } | GitError::Offline(_) => {
                Reason::Unreachable
            }
            GitError::NoRef { .. }
            | GitError::Name(_)
            | GitError::Nothing { .. }
            | GitError::Hash(_)
            | GitError::NoCommit { .. }
            | GitError::Range { .. }
            | GitError::NoTag { .. } => Reason::NotFound,
            GitError::NoGit
            | GitError::Io { .. }
            | GitError::TooManyFiles(_)
            | GitError::TooLarge(_)
            | GitError::NoObject { .. } => Reason::Invalid,
        }
    }

    pub(super) fn io(what: impl Into<String>, cause: io::Error) -> GitError {
        GitError::Io { what: what.into(), cause: Arc::new(cause) }
    }
}
