//! Files: read whole, written whole.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use chartwright_api::types::is_label;

use super::error::StoreError;

/// The most bytes of a descriptor.
pub(super) const MOST_BYTES: u64 = 1 << 20;

/// What tells whether a file is still the same: when it was changed, and its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    changed: SystemTime,
    length: u64,
}

impl Stamp {
    /// When it was changed, in seconds since 1970.
    pub(super) fn seconds(self) -> i64 {
        let since = self.changed.duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }
}

fn unread(path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_path_buf();
    move |cause| StoreError::File { path, cause }
}

fn unwritten(path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_path_buf();
    move |cause| StoreError::Write { path, cause }
}

/// The stamp of a regular file; links are none, since they may lead anywhere.
pub(super) fn stamp_of(path: &Path) -> Result<Option<Stamp>, StoreError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => stamp(&metadata).map_err(unread(path)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(StoreError::File { path: path.to_path_buf(), cause }),
    }
}

fn stamp(metadata: &fs::Metadata) -> io::Result<Option<Stamp>> {
    if !metadata.is_file() {
        return Ok(None);
    }
    Ok(Some(Stamp { changed: metadata.modified()?, length: metadata.len() }))
}

/// The text of a regular file, if there is one.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(stamp) = stamp_of(path)? else { return Ok(None) };
    let too_large = || StoreError::TooLarge { path: path.to_path_buf(), most: MOST_BYTES };
    if stamp.length > MOST_BYTES {
        return Err(too_large());
    }
    let mut text = Vec::new();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(StoreError::File { path: path.to_path_buf(), cause }),
    };
    file.take(MOST_BYTES + 1).read_to_end(&mut text).map_err(unread(path))?;
    if text.len() as u64 > MOST_BYTES { Err(too_large()) } else { Ok(Some(text)) }
}

/// The folders in a folder whose names are labels.
pub(super) fn folders(folder: &Path) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unread(folder))? {
        let entry = entry.map_err(unread(folder))?;
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        found.extend(entry.file_name().into_string().ok().filter(|name| is_folder && is_label(name)));
    }
    Ok(found)
}

/// The files `NAME.yaml` in a folder, where the name is a label, and that are not too large.
pub(super) fn yaml_files(folder: &Path) -> Result<Vec<(String, Stamp)>, StoreError> {
    let mut found = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        // It was there a moment ago.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
        Err(cause) => return Err(StoreError::File { path: folder.to_path_buf(), cause }),
    };
    for entry in entries {
        let entry = entry.map_err(unread(folder))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let Some(name) = name.strip_suffix(".yaml").filter(|name| is_label(name)) else { continue };
        let Ok(metadata) = entry.metadata() else { continue };
        if let Some(stamp) = stamp(&metadata).map_err(unread(folder))?.filter(|stamp| stamp.length <= MOST_BYTES) {
            found.push((name.to_owned(), stamp));
        }
    }
    Ok(found)
}

/// A file that is written and not in its place yet; without that, it goes away again.
#[derive(Debug)]
pub(super) struct Prepared {
    path: PathBuf,
    sync: bool,
}

/// Writes a text beside its place.
pub(super) fn prepare(place: &Path, text: &[u8], sync: bool) -> Result<Prepared, StoreError> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let folder = place.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(unwritten(folder))?;
    let name = format!(".new-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let prepared = Prepared { path: folder.join(name), sync };
    let write = || {
        let mut file = File::create(&prepared.path)?;
        file.write_all(text)?;
        if sync { file.sync_all() } else { Ok(()) }
    };
    write().map_err(unwritten(&prepared.path))?;
    Ok(prepared)
}

impl Prepared {
    /// Puts it in its place, at once.
    pub(super) fn put(self, place: &Path) -> Result<(), StoreError> {
        fs::rename(&self.path, place).map_err(unwritten(place))?;
        if self.sync { sync_folder(place) } else { Ok(()) }
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // Where it was put in its place, there is nothing left here.
        let _ = fs::remove_file(&self.path);
    }
}

/// Removes a file, and the folder that it was in if it was the last one there.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(StoreError::Write { path: path.to_path_buf(), cause }),
    }
    sync_folder(path)?;
    // It fails where something is left in it, and is right to.
    let _ = path.parent().map(fs::remove_dir);
    Ok(())
}

/// A new name lasts only once its folder is on the disk; not all systems can do that.
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let Some(folder) = path.parent().filter(|_| cfg!(unix)) else { return Ok(()) };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(unwritten(folder))
}
