//! Why a release cannot be written.

use chartwright_api::ApiError;
use chartwright_api::types::Id;

/// Why a release cannot be read or written.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseError {
    /// What is given is not a repository.
    #[error("{0}")]
    Place(String),
    /// `git` fails, or the repository cannot be reached or refuses; why.
    #[error("{0}")]
    Git(String),
    /// Somebody else has been writing at the same time, again and again, or has left changes where we write.
    #[error("{0}")]
    Conflict(String),
    /// There is no such release.
    #[error("the release {0} does not exist")]
    NotFound(Id),
    /// The release has no such commit or version.
    #[error("{revision:?} is no commit or version of the release {id}")]
    NoRevision {
        /// The release.
        id: Id,
        /// What was asked for.
        revision: String,
    },
    /// A file has been changed by hand, so that we cannot change it.
    #[error("{path}: {why}")]
    File {
        /// Its path in the repository.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// This cannot be done with a repository.
    #[error("{0}")]
    Unsupported(&'static str),
}

impl From<ReleaseError> for ApiError {
    fn from(error: ReleaseError) -> ApiError {
        let message = error.to_string();
        match error {
            ReleaseError::Place(_) | ReleaseError::Git(_) => ApiError::Repository(message),
            ReleaseError::Conflict(_) | ReleaseError::File { .. } => ApiError::Conflict(message),
            ReleaseError::NotFound(id) => ApiError::NotFound(format!("the release {id}")),
            ReleaseError::NoRevision { id, revision } => {
                ApiError::NotFound(format!("the commit or version {revision:?} of the release {id}"))
            }
            ReleaseError::Unsupported(why) => ApiError::Unsupported(why.to_owned()),
        }
    }
}
