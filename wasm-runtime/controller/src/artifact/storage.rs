//! Archives on disk: written whole or not at all, kept while someone may still fetch them.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{digest, digest_text};

/// The folder below the root, as in the URLs of Flux's own sources.
const KIND: &str = "externalartifact";
/// How names of files that are being written begin.
const TEMPORARY: &str = ".writing-";

/// A failure to store, read or remove an archive.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StorageError {
    /// A namespace or name that cannot be a folder.
    #[error("{0:?} cannot be part of a path")]
    BadName(String),
    /// The file system refused something.
    #[error("cannot {what} {}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
}

/// An archive that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its path below the root, with `/`.
    pub path: String,
    /// `sha256:` and its digest.
    pub digest: String,
    /// Its size in bytes.
    pub size: u64,
    /// Whether it was written now: false if the same bytes were there.
    pub written: bool,
}

/// How long archives are kept that are no longer published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// A younger archive stays: someone may be fetching it.
    pub ttl: Duration,
    /// This many of the newest stay, the current one included.
    pub records: usize,
}

impl Default for Retention {
    fn default() -> Self {
        Retention { ttl: Duration::from_secs(60), records: 2 }
    }
}

/// A folder of archives, `externalartifact/<namespace>/<name>/<hex>.tar.gz`.
///
/// The name of a file is the digest of its bytes: a file never changes, so
/// whoever fetches it gets the old archive or the new one, never a mixture.
#[derive(Clone, Debug)]
pub struct Storage {
    root: PathBuf,
}

impl Storage {
    /// The storage in a folder. What an interrupted write left there is removed.
    pub fn open(root: impl Into<PathBuf>) -> Result<Storage, StorageError> {
        let root = root.into();
        let kind = root.join(KIND);
        fs::create_dir_all(&kind).map_err(io_error("create", &kind))?;
        let storage = Storage { root };
        for namespace in entries(&kind)? {
            for object in entries(&namespace)? {
                for file in entries(&object)? {
                    if file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY)) {
                        remove(&file)?;
                    }
                }
            }
        }
        Ok(storage)
    }

    /// Stores an archive. The same bytes are not written again; a file that has other bytes than its name says is.
    pub fn put(&self, namespace: &str, name: &str, archive: &[u8]) -> Result<Stored, StorageError> {
        let folder = self.folder(namespace, name)?;
        let digest = digest(archive);
        let file_name = file_name(&digest);
        let file = folder.join(&file_name);
        let stored = |written| Stored {
            path: format!("{KIND}/{namespace}/{name}/{file_name}"),
            digest: digest.clone(),
            size: archive.len() as u64,
            written,
        };
        if self.holds(namespace, name, &digest)? {
            return Ok(stored(false));
        }
        fs::create_dir_all(&folder).map_err(io_error("create", &folder))?;
        let mut temporary = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempfile_in(&folder)
            .map_err(io_error("create a file in", &folder))?;
        temporary.write_all(archive).map_err(io_error("write", temporary.path()))?;
        // Before the name: after a crash a file with its name has its bytes.
        temporary.as_file().sync_all().map_err(io_error("write", temporary.path()))?;
        temporary.persist(&file).map_err(|e| io_error("write", &file)(e.error))?;
        File::open(&folder).and_then(|folder| folder.sync_all()).map_err(io_error("write", &folder))?;
        Ok(stored(true))
    }

    /// Whether an archive is there with the bytes of its digest.
    pub fn holds(&self, namespace: &str, name: &str, digest: &str) -> Result<bool, StorageError> {
        let file = self.folder(namespace, name)?.join(file_name(digest));
        let mut reader = match File::open(&file) {
            Ok(reader) => reader,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(io_error("read", &file)(error)),
        };
        let mut hash = Sha256::new();
        let mut buffer = [0; 16 * 1024];
        loop {
            match reader.read(&mut buffer).map_err(io_error("read", &file))? {
                0 => return Ok(digest_text(&hash.finalize()) == digest),
                read => hash.update(&buffer[..read]),
            }
        }
    }

    /// Removes archives that are old and many enough, never the current one. Says how many it removed.
    pub fn collect(
        &self,
        namespace: &str,
        name: &str,
        current: &str,
        retention: Retention,
        now: SystemTime,
    ) -> Result<usize, StorageError> {
        let current = file_name(current);
        let mut others = Vec::new();
        for file in entries(&self.folder(namespace, name)?)? {
            let file_name = file.file_name().unwrap_or_default().to_string_lossy();
            if file_name == current || file_name.starts_with(TEMPORARY) {
                continue;
            }
            let made = fs::metadata(&file).and_then(|data| data.modified()).map_err(io_error("read", &file))?;
            others.push((made, file));
        }
        others.sort();
        let most = others.len().saturating_sub(retention.records.saturating_sub(1));
        let mut removed = 0;
        for (made, file) in &others[..most] {
            // A clock that went back makes no file old.
            if now.duration_since(*made).is_ok_and(|age| age > retention.ttl) {
                remove(file)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Removes every archive of an object.
    pub fn remove_all(&self, namespace: &str, name: &str) -> Result<(), StorageError> {
        let folder = self.folder(namespace, name)?;
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error("remove", &folder)(error)),
            _ => Ok(()),
        }
    }

    fn folder(&self, namespace: &str, name: &str) -> Result<PathBuf, StorageError> {
        for part in [namespace, name] {
            // The API allows no others; a path that came another way must not leave the root.
            let plain = part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.');
            if !plain || part.is_empty() || part.starts_with('.') {
                return Err(StorageError::BadName(part.to_owned()));
            }
        }
        Ok(self.root.join(KIND).join(namespace).join(name))
    }
}

fn file_name(digest: &str) -> String {
    format!("{}.tar.gz", digest.strip_prefix("sha256:").unwrap_or(digest).replace(['/', '\\'], "_"))
}

/// What is in a folder; nothing if it is not there.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, StorageError> {
    #[expect(clippy::disallowed_methods, reason = "a host's own folder")]
    let list = fs::read_dir(folder);
    match list {
        Ok(list) => list.map(|entry| Ok(entry.map_err(io_error("list", folder))?.path())).collect(),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(io_error("list", folder)(error)),
    }
}

fn remove(file: &Path) -> Result<(), StorageError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error("remove", file)(error)),
        _ => Ok(()),
    }
}

fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StorageError {
    let path = path.to_owned();
    move |source| StorageError::Io { what, path, source }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at files")]
mod tests {
    use super::*;

    fn files(root: &Path) -> usize {
        entries(&root.join(KIND).join("shop").join("shop")).expect("the folder can be read").len()
    }

    #[test]
    fn the_same_bytes_are_written_once() {
        let root = tempfile::tempdir().expect("a folder");
        let storage = Storage::open(root.path()).expect("an empty storage");
        let first = storage.put("shop", "shop", b"one").expect("stored");
        assert!(first.written);
        assert_eq!(fs::read(root.path().join(&first.path)).expect("the file"), b"one");
        let again = storage.put("shop", "shop", b"one").expect("stored");
        assert_eq!(again, Stored { written: false, ..first });
        assert_eq!(files(root.path()), 1);
    }

    #[test]
    fn a_corrupt_file_is_written_again() {
        let root = tempfile::tempdir().expect("a folder");
        let storage = Storage::open(root.path()).expect("an empty storage");
        let stored = storage.put("shop", "shop", b"one").expect("stored");
        fs::write(root.path().join(&stored.path), b"o").expect("written");
        assert!(!storage.holds("shop", "shop", &stored.digest).expect("readable"));
        assert!(storage.put("shop", "shop", b"one").expect("stored").written);
        assert!(storage.holds("shop", "shop", &stored.digest).expect("readable"));
    }

    #[test]
    fn what_an_interrupted_write_left_is_removed() {
        let root = tempfile::tempdir().expect("a folder");
        let storage = Storage::open(root.path()).expect("an empty storage");
        storage.put("shop", "shop", b"one").expect("stored");
        fs::write(root.path().join(KIND).join("shop/shop/.writing-x"), b"on").expect("written");
        Storage::open(root.path()).expect("the same storage");
        assert_eq!(files(root.path()), 1);
    }

    #[test]
    fn old_archives_go_and_the_current_one_stays() {
        let root = tempfile::tempdir().expect("a folder");
        let storage = Storage::open(root.path()).expect("an empty storage");
        let first = storage.put("shop", "shop", b"one").expect("stored");
        for bytes in [b"two", b"six", b"ten"] {
            storage.put("shop", "shop", bytes).expect("stored");
        }
        let made = fs::metadata(root.path().join(&first.path)).and_then(|data| data.modified()).expect("a time");
        let collect =
            |now| storage.collect("shop", "shop", &first.digest, Retention::default(), now).expect("collected");
        assert_eq!(collect(made + Duration::from_secs(30)), 0, "all are young");
        assert_eq!(collect(made - Duration::from_secs(3600)), 0, "the clock went back");
        assert_eq!(collect(made + Duration::from_secs(3600)), 2, "the current one and the newest other stay");
        assert!(storage.holds("shop", "shop", &first.digest).expect("readable"));
        assert_eq!(files(root.path()), 2);
        storage.remove_all("shop", "shop").expect("removed");
        storage.remove_all("shop", "shop").expect("nothing to remove");
        assert_eq!(files(root.path()), 0);
    }

    #[test]
    fn names_do_not_leave_the_root() {
        let root = tempfile::tempdir().expect("a folder");
        let storage = Storage::open(root.path()).expect("an empty storage");
        for name in ["", "..", "../x", "a/b", ".hidden", "a\\b"] {
            assert!(matches!(storage.put("shop", name, b"x"), Err(StorageError::BadName(_))), "{name:?}");
            assert!(matches!(storage.put(name, "shop", b"x"), Err(StorageError::BadName(_))), "{name:?}");
        }
    }
}
