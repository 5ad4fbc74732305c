//! Files in memory, so that many who ask for the same file share one copy of it.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use axum::body::Bytes;

use crate::asset::etag_of;

/// The most bytes that stay in memory; a page has some 20 MB.
const MOST_KEPT: u64 = 256 << 20;

/// Files that were read, until they change.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Files>);

#[derive(Debug, Default)]
struct Files {
    by_path: HashMap<PathBuf, (Stamp, File)>,
    bytes: u64,
}

/// What tells whether a file is still the same: when it was changed, and its length.
pub(crate) type Stamp = (SystemTime, u64);

/// A file's content.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// What tells it from every other content.
    pub(crate) etag: String,
    /// Its bytes.
    pub(crate) data: Bytes,
}

impl Kept {
    /// Reads a file of at most so many bytes, unless it is here.
    pub(crate) fn read(&self, path: &Path, most: u64) -> io::Result<File> {
        let stamp = stamp(path)?;
        // Whoever asks for the same file waits for the one who reads it: that is what bounds the memory.
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, file)) = files.by_path.get(path)
            && *known == stamp
        {
            return Ok(file.clone());
        }
        let data = read(path, most)?;
        let length = data.len() as u64;
        let file = File { etag: etag_of(&data), data: Bytes::from(data) };
        let before = files.by_path.remove(path).map_or(0, |(_, file)| file.data.len() as u64);
        files.bytes -= before;
        if files.bytes + length > MOST_KEPT {
            // Answers that are under way have their own hold on what they send.
            *files = Files::default();
        }
        if length <= MOST_KEPT {
            files.bytes += length;
            files.by_path.insert(path.to_path_buf(), (stamp, file.clone()));
        }
        Ok(file)
    }
}

/// When a file was changed, and its length.
pub(crate) fn stamp(path: &Path) -> io::Result<Stamp> {
    let metadata = fs::metadata(path)?;
    Ok((metadata.modified()?, metadata.len()))
}

/// Reads a file of at most so many bytes.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("more than {most} bytes")));
    }
    fs::read(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_copy_until_the_file_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("app.js");
        let kept = Kept::default();
        let read = |text: &str| {
            fs::write(&path, text).expect("the file is written");
            kept.read(&path, 10).expect("the file is read")
        };
        let first = read("one");
        let again = kept.read(&path, 10).expect("the file is read");
        assert_eq!(first.data.as_ptr(), again.data.as_ptr());
        let changed = read("other");
        assert_eq!((&*changed.data, changed.etag == first.etag), (&b"other"[..], false));
        assert_eq!(kept.0.lock().expect("no thread failed").bytes, 5);
        fs::write(&path, "more than ten").expect("the file is written");
        assert!(kept.read(&path, 10).is_err());
    }
}
