//! The folder of a catalog.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chartwright::api::digest;
use chartwright_catalog::Catalog;

use crate::error::BuildError;

/// The catalog's own file.
const FILE: &str = "catalog.json";
/// The folders of files by digest.
const FOLDERS: [&str; 3] = ["charts", "descriptors", "icons"];

/// Where a catalog is written. Files are named by their digests, so what is there already is not written again; what
/// the catalog no longer names is deleted when it is written.
pub(crate) struct Store {
    folder: PathBuf,
    written: BTreeSet<String>,
}

/// A file that was written.
pub(crate) struct Stored {
    /// Relative to the catalog.
    pub(crate) url: String,
    pub(crate) digest: String,
    pub(crate) size: u64,
}

impl Store {
    /// Opens a folder: a new one, an empty one, or one with a catalog.
    pub(crate) fn open(folder: &Path) -> Result<Store, BuildError> {
        let failed = |cause| BuildError::Write { path: folder.to_path_buf(), cause };
        fs::create_dir_all(folder).map_err(failed)?;
        let is_empty = fs::read_dir(folder).map_err(failed)?.next().is_none();
        if !is_empty && !folder.join(FILE).is_file() {
            return Err(BuildError::NotOurs(folder.to_path_buf()));
        }
        Ok(Store { folder: folder.to_path_buf(), written: BTreeSet::new() })
    }

    /// Keeps the archive of a chart.
    pub(crate) fn chart(&mut self, data: &[u8]) -> Result<Stored, BuildError> {
        self.put("charts", "tgz", data)
    }

    /// Keeps a descriptor.
    pub(crate) fn descriptor(&mut self, text: &str) -> Result<Stored, BuildError> {
        self.put("descriptors", "yaml", text.as_bytes())
    }

    /// Keeps an icon.
    pub(crate) fn icon(&mut self, data: &[u8], suffix: &str) -> Result<Stored, BuildError> {
        self.put("icons", suffix, data)
    }

    fn put(&mut self, folder: &str, suffix: &str, data: &[u8]) -> Result<Stored, BuildError> {
        let digest = digest(data);
        let url = format!("{folder}/{}.{suffix}", digest.replace(':', "-"));
        let path = self.folder.join(&url);
        if !path.is_file() {
            write(&path, data)?;
        }
        self.written.insert(url.clone());
        Ok(Stored { url, digest, size: data.len() as u64 })
    }

    /// Writes the catalog itself, last of all: whoever serves the folder meanwhile has the old one, whole. Then what
    /// only the old one named is deleted.
    pub(crate) fn finish(self, catalog: &Catalog) -> Result<(), BuildError> {
        let path = self.folder.join(FILE);
        let failed = |cause| BuildError::Write { path: path.clone(), cause };
        let mut json = serde_json::to_vec_pretty(catalog).map_err(|e| failed(io::Error::other(e)))?;
        json.push(b'\n');
        write(&path, &json)?;
        for folder in FOLDERS {
            let Ok(entries) = fs::read_dir(self.folder.join(folder)) else { continue };
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if name.starts_with("sha256-") && !self.written.contains(&format!("{folder}/{name}")) {
                    fs::remove_file(entry.path()).map_err(failed)?;
                }
            }
        }
        Ok(())
    }
}

/// Writes a file whole or not at all.
fn write(path: &Path, data: &[u8]) -> Result<(), BuildError> {
    let failed = |cause| BuildError::Write { path: path.to_path_buf(), cause };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    fs::write(&beside, data).and_then(|()| fs::rename(&beside, path)).map_err(failed)
}
