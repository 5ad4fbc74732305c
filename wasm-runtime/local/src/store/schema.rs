//! The file: how it is opened, what is in it, and how an older one becomes a newer one.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::StoreError;

/// How long a program waits for another one that writes.
const BUSY: Duration = Duration::from_secs(5);

/// `cwst`, in the file's header: a database of another program is left alone.
const APPLICATION: i32 = 0x6377_7374;

/// What makes each version of the schema from the one before; never changed once it is released.
///
/// Descriptors that were deleted keep their row, so that what has changed can be told by `sequence` alone, and their
/// next version has a number of its own.
pub(super) const MIGRATIONS: [&str; 2] = [
    "CREATE TABLE descriptors (
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        generation INTEGER NOT NULL,
        digest TEXT NOT NULL,
        changed INTEGER NOT NULL,
        size INTEGER NOT NULL,
        version TEXT NOT NULL,
        description TEXT NOT NULL,
        labels TEXT NOT NULL,
        deleted INTEGER NOT NULL,
        sequence INTEGER NOT NULL UNIQUE,
        PRIMARY KEY (namespace, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE revisions (
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        generation INTEGER NOT NULL,
        digest TEXT NOT NULL,
        changed INTEGER NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (namespace, name, generation)
    ) STRICT;",
    "CREATE TABLE sources (
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        generation INTEGER NOT NULL,
        digest TEXT NOT NULL,
        changed INTEGER NOT NULL,
        source TEXT NOT NULL,
        credentials TEXT NOT NULL,
        PRIMARY KEY (namespace, name)
    ) STRICT, WITHOUT ROWID;",
];

/// The version of the schema that this program writes.
pub(super) const VERSION: usize = MIGRATIONS.len();

/// Opens a store, and makes it if it is not there and `create` says so.
pub(super) fn open(path: &Path, create: bool) -> Result<Connection, StoreError> {
    if path.is_dir() {
        return Err(StoreError::Folder(path.to_path_buf()));
    }
    if create {
        make(path).map_err(|cause| StoreError::Open { path: path.to_path_buf(), cause })?;
    } else if !path.exists() {
        let cause = std::io::ErrorKind::NotFound.into();
        return Err(StoreError::Open { path: path.to_path_buf(), cause });
    }
    let mut connection = connect(path)?;
    let named = |error: rusqlite::Error| StoreError::at(path, error);
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(named)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(named)?;
    if application != APPLICATION && (application, tables) != (0, 0) {
        return Err(StoreError::OtherFile(path.to_path_buf()));
    }
    migrate(&mut connection, path)?;
    Ok(connection)
}

/// A connection to a store that is there.
///
/// With WAL, readers do not wait for writers. `synchronous = FULL`: what an answer says is stored survives a power cut,
/// which `NORMAL` does not promise for the last transactions of a WAL.
pub(super) fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let named = |error: rusqlite::Error| StoreError::at(path, error);
    let connection = Connection::open_with_flags(path, flags).map_err(named)?;
    connection.busy_timeout(BUSY).map_err(named)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(named)?;
    // What is in the file cannot make SQLite run functions that do more than compute.
    connection.pragma_update(None, "trusted_schema", false).map_err(named)?;
    connection.pragma_update(None, "cell_size_check", true).map_err(named)?;
    Ok(connection)
}

/// An empty file that only its owner can read: descriptors and sources are nobody else's business.
fn make(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Brings the schema up to date: all at once, or not at all.
fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let named = |error: rusqlite::Error| StoreError::at(path, error);
    let version = |connection: &Connection| -> Result<usize, StoreError> {
        let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(named)?;
        let found = usize::try_from(found).unwrap_or(usize::MAX);
        if found > VERSION {
            return Err(StoreError::TooNew { path: path.to_path_buf(), found, known: VERSION });
        }
        Ok(found)
    };
    if version(connection)? < VERSION {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(named)?;
        // Another program may have been faster.
        for migration in MIGRATIONS.iter().skip(version(&transaction)?) {
            transaction.execute_batch(migration).map_err(named)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION).map_err(named)?;
        transaction.pragma_update(None, "user_version", i64::try_from(VERSION).unwrap_or(i64::MAX)).map_err(named)?;
        transaction.commit().map_err(named)?;
    }
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)).map_err(named)?;
    if mode != "wal" {
        return Err(StoreError::NoWal(path.to_path_buf()));
    }
    Ok(())
}
