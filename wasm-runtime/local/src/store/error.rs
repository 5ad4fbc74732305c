//! Why the store cannot do something.

use std::io;
use std::path::PathBuf;

use chartwright_api::ApiError;
use chartwright_api::types::Id;
use contract::Problem;

/// Why the store cannot do something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A file cannot be read.
    #[error("{}: {cause}", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// A file cannot be written.
    #[error("{}: {cause}", path.display())]
    Write {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// Another program has the folder.
    #[error("{}: another program has this store", .0.display())]
    InUse(PathBuf),
    /// There is no such descriptor.
    #[error("the descriptor {0} does not exist")]
    NotFound(Id),
    /// There is no such version.
    #[error("version {generation} of {id} does not exist")]
    NoRevision {
        /// The descriptor.
        id: Id,
        /// The version.
        generation: u64,
    },
    /// There is such a descriptor already.
    #[error("the descriptor {0} exists already")]
    Exists(Id),
    /// It is not the version that was meant.
    #[error("the descriptor {0} has changed")]
    Changed(Id),
    /// A text is no descriptor.
    #[error("{message}")]
    Descriptor {
        /// In a sentence.
        message: String,
        /// With places.
        problems: Vec<Problem>,
    },
    /// The address has another name than the text.
    #[error("the text is of {text}, and the address of {path}")]
    OtherName {
        /// That of the address.
        path: Id,
        /// That of the text.
        text: Id,
    },
    /// Somebody has written a file that is not UTF-8.
    #[error("the file of {0} is not UTF-8")]
    NotText(Id),
    /// A file is larger than a descriptor may be.
    #[error("{}: larger than {most} bytes", path.display())]
    TooLarge {
        /// Its path.
        path: PathBuf,
        /// The most bytes.
        most: u64,
    },
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> ApiError {
        let message = error.to_string();
        let descriptor = |message| ApiError::Descriptor { message, problems: Vec::new() };
        match error {
            StoreError::NotFound(id) => ApiError::NotFound(format!("the descriptor {id}")),
            StoreError::NoRevision { id, generation } => {
                ApiError::NotFound(format!("version {generation} of the descriptor {id}"))
            }
            StoreError::Exists(id) => ApiError::Exists(format!("the descriptor {id}")),
            StoreError::Changed(id) => ApiError::Changed(format!("the descriptor {id}")),
            StoreError::Descriptor { message, problems } => ApiError::Descriptor { message, problems },
            StoreError::OtherName { .. } | StoreError::NotText(_) => descriptor(message),
            // Where files are on this machine is not for others.
            StoreError::TooLarge { most, .. } => descriptor(format!("the file is larger than {most} bytes")),
            StoreError::Write { cause, .. } => ApiError::Store(format!("the store cannot be written: {cause}")),
            StoreError::File { cause, .. } => ApiError::Internal(format!("the store cannot be read: {cause}")),
            StoreError::InUse(_) => ApiError::Internal("another program has this store".to_owned()),
        }
    }
}
