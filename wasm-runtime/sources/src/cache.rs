//! What was fetched before: contents by their digest, and small notes such as
//! indexes and the digests that names had.
//!
//! Files are written beside their place and renamed, so that other processes see
//! whole files or none. Contents are checked against their name on every read.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

/// The cache's folder, if this machine has a place for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    root: Option<PathBuf>,
}

impl Cache {
    /// The cache in a folder; without one nothing is kept.
    pub(crate) fn open(folder: Option<&Path>) -> Cache {
        Cache { root: folder.map(Path::to_path_buf) }
    }

    /// A folder of its own in the cache; `None` without a cache.
    pub(crate) fn folder(&self, name: &str) -> Option<PathBuf> {
        Some(self.root.as_ref()?.join(name))
    }

    /// A content by its digest `sha256:…`. A file that is damaged is removed.
    pub(crate) fn content(&self, digest: &str) -> Option<Vec<u8>> {
        let path = self.content_path(digest)?;
        let data = fs::read(&path).ok()?;
        if sha256(&data) == digest {
            return Some(data);
        }
        let _ = fs::remove_file(path);
        None
    }

    /// Keeps a content; what cannot be kept is fetched again next time.
    pub(crate) fn keep(&self, data: &[u8]) -> String {
        let digest = sha256(data);
        if let Some(path) = self.content_path(&digest).filter(|path| !path.exists()) {
            let _ = write(&path, data);
        }
        digest
    }

    fn content_path(&self, digest: &str) -> Option<PathBuf> {
        let hex =
            digest.strip_prefix("sha256:").filter(|h| h.len() == 64 && h.bytes().all(|b| b.is_ascii_hexdigit()))?;
        Some(self.root.as_ref()?.join("contents").join(hex.get(..2)?).join(hex))
    }

    /// What was noted under a key, and how long ago.
    pub(crate) fn note(&self, kind: &str, key: &str) -> Option<(Vec<u8>, Duration)> {
        let path = self.note_path(kind, key)?;
        let data = fs::read(&path).ok()?;
        let written = fs::metadata(&path).and_then(|m| m.modified()).ok()?;
        Some((data, SystemTime::now().duration_since(written).unwrap_or_default()))
    }

    /// Notes something under a key.
    pub(crate) fn put_note(&self, kind: &str, key: &str, data: &[u8]) {
        if let Some(path) = self.note_path(kind, key) {
            let _ = write(&path, data);
        }
    }

    fn note_path(&self, kind: &str, key: &str) -> Option<PathBuf> {
        Some(self.root.as_ref()?.join(kind).join(hex(&Sha256::digest(key.as_bytes()))))
    }
}

/// `sha256:…` of a content.
pub(crate) fn sha256(data: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(data)))
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Writes a file in one step.
///
/// # Errors
/// If the system refuses.
pub(crate) fn write(path: &Path, data: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(data)?;
    file.persist(path).map_err(|e| e.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_contents_are_not_given_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::open(Some(folder.path()));
        let digest = cache.keep(b"chart");
        assert_eq!(cache.content(&digest).as_deref(), Some(&b"chart"[..]));
        let path = cache.content_path(&digest).expect("a path");
        fs::write(&path, b"other").expect("written");
        assert_eq!(cache.content(&digest), None);
        assert!(!path.exists());
        assert_eq!(cache.content("sha256:../../etc/passwd"), None);
    }

    #[test]
    fn notes_are_by_kind_and_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::open(Some(folder.path()));
        cache.put_note("index", "a", b"1");
        assert_eq!(cache.note("index", "a").map(|(data, _)| data).as_deref(), Some(&b"1"[..]));
        assert_eq!(cache.note("tags", "a").map(|(data, _)| data), None);
    }
}
