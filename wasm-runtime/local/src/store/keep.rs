//! Copies of a store.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::error::StoreError;
use super::schema;

/// Copies a store into a new file, while programs use it: a state of one moment, in one file, and checked.
///
/// # Errors
/// If the store cannot be read, the file is there already or cannot be written, or the copy is damaged.
pub fn backup(store: &Path, file: &Path) -> Result<(), StoreError> {
    let source = schema::open(store, false)?;
    if file.exists() {
        return Err(StoreError::FileExists(file.to_path_buf()));
    }
    let named = |error: rusqlite::Error| StoreError::at(file, error);
    let open = |cause: std::io::Error| StoreError::Open { path: file.to_path_buf(), cause };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Readable by its owner only, and gone again if anything fails.
    let copy = tempfile::Builder::new().prefix(".backup-").tempfile_in(folder).map_err(open)?;
    let mut connection = Connection::open(copy.path()).map_err(named)?;
    let step = Backup::new(&source, &mut connection).map_err(named)?.step(-1).map_err(named)?;
    if step != StepResult::Done {
        return Err(StoreError::Busy);
    }
    // One file, without a log beside it.
    connection.pragma_update(None, "journal_mode", "DELETE").map_err(named)?;
    let found: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(named)?;
    if found != "ok" {
        return Err(StoreError::Corrupt { path: store.to_path_buf(), why: found });
    }
    connection.close().map_err(|(_, error)| named(error))?;
    copy.as_file().sync_all().map_err(open)?;
    copy.persist_noclobber(file).map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists => StoreError::FileExists(file.to_path_buf()),
        _ => open(error.error),
    })?;
    Ok(())
}
