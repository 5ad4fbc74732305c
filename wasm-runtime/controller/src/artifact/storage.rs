//! Archives on disk: written whole or not at all, kept while someone may still fetch them.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{digest, digest_text};

/// The folder below the root, as in the URLs of Flux's own sources.
pub(super) const KIND: &str = "externalartifact";
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
    /// An archive stays for so long after it was replaced: someone may be fetching it.
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
            // The order of times tells since when an archive is no longer the newest: see `collect`.
            if newest(&folder)?.is_some_and(|newest| newest != file) {
                let now = SystemTime::now();
                let opened = File::options().append(true).open(&file);
                opened.and_then(|opened| opened.set_modified(now)).map_err(io_error("write", &file))?;
            }
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

    /// Removes archives that were replaced long enough ago, save the newest ones and the current one. Says how many.
    pub fn collect(
        &self,
        namespace: &str,
        name: &str,
        current: &str,
        retention: Retention,
        now: SystemTime,
    ) -> Result<usize, StorageError> {
        let current = self.folder(namespace, name)?.join(file_name(current));
        let all = by_time(&self.folder(namespace, name)?)?;
        let mut most = all.len().saturating_sub(retention.records.max(1));
        let mut removed = 0;
        for (at, (_, file)) in all.iter().enumerate() {
            if *file == current || most == 0 {
                continue;
            }
            most -= 1;
            // It was replaced when the next one came. What came last was never published, or is about to be.
            let Some((replaced, _)) = all.get(at + 1) else { continue };
            // A clock that went back makes no file old.
            if now.duration_since(*replaced).is_ok_and(|age| age > retention.ttl) {
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

/// The archives in a folder with the times at which they became the newest, the oldest first.
fn by_time(folder: &Path) -> Result<Vec<(SystemTime, PathBuf)>, StorageError> {
    let mut all = Vec::new();
    for file in entries(folder)? {
        if file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY)) {
            continue;
        }
        let made = fs::metadata(&file).and_then(|data| data.modified()).map_err(io_error("read", &file))?;
        all.push((made, file));
    }
    all.sort();
    Ok(all)
}

fn newest(folder: &Path) -> Result<Option<PathBuf>, StorageError> {
    Ok(by_time(folder)?.pop().map(|(_, file)| file))
}

fn file_name(digest: &str) -> String {
    format!("{}.tar.gz", digest.strip_prefix("sha256:").unwrap_or(digest).replace(['/', '\\'], "_"))
}

/// What is in a folder; nothing if it is not there.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, StorageError> {
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
    fn archives_go_some_time_after_they_were_replaced() {
        let root = tempfile::tempdir().expect("a folder");
        let storage = Storage::open(root.path()).expect("an empty storage");
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let mut digests = Vec::new();
        for (seconds, bytes) in [(0, b"one"), (5000, b"two"), (5010, b"six"), (5020, b"ten")] {
            let stored = storage.put("shop", "shop", bytes).expect("stored");
            let file = File::options().append(true).open(root.path().join(&stored.path)).expect("the file");
            file.set_modified(at(seconds)).expect("a time");
            digests.push(stored.digest);
        }
        let collect = |now| storage.collect("shop", "shop", &digests[3], Retention::default(), now).expect("collected");
        assert_eq!(collect(at(5021)), 0, "the first one is old, but was replaced just now");
        assert_eq!(collect(at(1)), 0, "the clock went back");
        assert_eq!(collect(at(5061)), 1, "the first one");
        assert_eq!(collect(at(9000)), 1, "the current one and the newest other stay");
        assert!(!storage.holds("shop", "shop", &digests[0]).expect("readable"));
        assert!(storage.holds("shop", "shop", &digests[3]).expect("readable"));
        assert_eq!(files(root.path()), 2);
        storage.remove_all("shop", "shop").expect("removed");
        storage.remove_all("shop", "shop").expect("nothing to remove");
        assert_eq!(files(root.path()), 0);
    }

    #[test]
    fn an_archive_that_comes_back_is_the_newest() {
        let root = tempfile::tempdir().expect("a folder");
        let storage = Storage::open(root.path()).expect("an empty storage");
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let one = storage.put("shop", "shop", b"one").expect("stored");
        let two = storage.put("shop", "shop", b"two").expect("stored");
        for stored in [&one, &two] {
            let file = File::options().append(true).open(root.path().join(&stored.path)).expect("the file");
            file.set_modified(old).expect("a time");
        }
        let folder = root.path().join(KIND).join("shop/shop");
        let last = newest(&folder).expect("readable").expect("a file");
        let (first, name) = if last.ends_with(one.path.rsplit('/').next().expect("a name")) {
            (b"two", &two.path)
        } else {
            (b"one", &one.path)
        };
        assert!(!storage.put("shop", "shop", first).expect("stored").written);
        assert_eq!(newest(&folder).expect("readable"), Some(root.path().join(name)));
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
