//! Why the store cannot do something.

use std::io;
use std::path::{Path, PathBuf};

use chartwright_api::ApiError;
use chartwright_api::types::Id;
use contract::Problem;
use rusqlite::ErrorCode;

/// Why the store cannot do something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A file cannot be opened, read or written.
    #[error("{}: {cause}", path.display())]
    Open {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// A folder is where a file is wanted.
    #[error(
        "{}: a folder; a store is a file: `chartwright store import FILE.db {}` makes one of the descriptors in it",
        .0.display(), .0.display()
    )]
    Folder(PathBuf),
    /// There is a file already.
    #[error("{}: there is such a file already", .0.display())]
    FileExists(PathBuf),
    /// The file is a database of another program.
    #[error("{}: a SQLite database, and not a store of Chartwright", .0.display())]
    OtherFile(PathBuf),
    /// The file is damaged, or no database at all.
    #[error("{}: not a store, or damaged ({why}); restore a backup", path.display())]
    Corrupt {
        /// Its path.
        path: PathBuf,
        /// What SQLite says.
        why: String,
    },
    /// A newer program has written the file.
    #[error(
        "{}: a newer Chartwright has written this store (its schema is {found}; this program knows {known}): use that one",
        path.display()
    )]
    TooNew {
        /// Its path.
        path: PathBuf,
        /// The version of its schema.
        found: usize,
        /// The version that this program knows.
        known: usize,
    },
    /// The file system cannot do what a write-ahead log needs.
    #[error("{}: the file system cannot hold a write-ahead log; put the store on a local disk", .0.display())]
    NoWal(PathBuf),
    /// Another program has been writing for too long.
    #[error("the store is busy: another program has been writing to it for seconds")]
    Busy,
    /// It cannot be written: the disk is full, or refuses.
    #[error("the store cannot be written: {0}")]
    Write(String),
    /// SQLite fails otherwise.
    #[error("the store cannot be read: {0}")]
    Sqlite(#[source] rusqlite::Error),
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
    /// There is no such source.
    #[error("the source {0} does not exist")]
    NoSource(Id),
    /// It is not the version that was meant.
    #[error("the source {0} has changed")]
    SourceChanged(Id),
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
    /// A descriptor among files cannot be stored.
    #[error("{}: {cause}", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        cause: Box<StoreError>,
    },
}

impl StoreError {
    /// What SQLite says of a file.
    pub(super) fn at(path: &Path, error: rusqlite::Error) -> StoreError {
        match StoreError::from(error) {
            StoreError::Corrupt { why, .. } => StoreError::Corrupt { path: path.to_path_buf(), why },
            StoreError::Sqlite(error) => {
                StoreError::Open { path: path.to_path_buf(), cause: io::Error::other(error.to_string()) }
            }
            other => other,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        let Some(code) = error.sqlite_error_code() else { return StoreError::Sqlite(error) };
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                StoreError::Corrupt { path: PathBuf::from("the store"), why: error.to_string() }
            }
            ErrorCode::DiskFull
            | ErrorCode::ReadOnly
            | ErrorCode::SystemIoFailure
            | ErrorCode::PermissionDenied
            | ErrorCode::CannotOpen => StoreError::Write(error.to_string()),
            _ => StoreError::Sqlite(error),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> ApiError {
        let message = error.to_string();
        match error {
            StoreError::NotFound(id) => ApiError::NotFound(format!("the descriptor {id}")),
            StoreError::NoRevision { id, generation } => {
                ApiError::NotFound(format!("version {generation} of the descriptor {id}"))
            }
            StoreError::NoSource(id) => ApiError::NotFound(format!("the source {id}")),
            StoreError::SourceChanged(id) => ApiError::Changed(format!("the source {id}")),
            StoreError::Exists(id) => ApiError::Exists(format!("the descriptor {id}")),
            StoreError::Changed(id) => ApiError::Changed(format!("the descriptor {id}")),
            StoreError::Descriptor { message, problems } => ApiError::Descriptor { message, problems },
            StoreError::OtherName { .. } => ApiError::Descriptor { message, problems: Vec::new() },
            StoreError::Write(_) => ApiError::Store(message),
            StoreError::Busy => ApiError::Busy(1),
            // Where files are on this machine is not for others.
            StoreError::Corrupt { .. } => ApiError::Internal("the store is damaged: restore a backup".to_owned()),
            StoreError::Sqlite(_) => ApiError::Internal(message),
            _ => ApiError::Internal("the store cannot be used".to_owned()),
        }
    }
}
