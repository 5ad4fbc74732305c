//! A catalog's files.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use chartwright_catalog::Catalog;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::asset::{Asset, Trust, etag_of, is_hashed, mime_of};
use crate::encoding::Encoding;
use crate::error::ServerError;
use crate::kept::{Kept, Stamp, read, stamp};
use crate::page::inside;

/// The most bytes of a file that a catalog names: a large chart.
const MOST_BYTES: u64 = 128 << 20;
/// The name of the catalog's own file.
const FILE: &str = "catalog.json";

/// A catalog in a folder: `catalog.json`, and the files that it names. Others in the folder are not served.
#[derive(Debug)]
pub struct CatalogFiles {
    folder: PathBuf,
    file: PathBuf,
    known: Mutex<Known>,
    kept: Kept,
    name: String,
    modules: usize,
}

/// What was read of a catalog.
#[derive(Debug)]
struct Known {
    /// Whether to read it again.
    stamp: Option<Stamp>,
    names: BTreeSet<String>,
    asset: Asset,
}

impl CatalogFiles {
    /// Opens a catalog: a folder with a `catalog.json`, or that file under any name.
    ///
    /// # Errors
    /// If it cannot be read, or is not a catalog.
    pub fn open(path: &Path) -> Result<CatalogFiles, ServerError> {
        let file = if path.is_dir() { path.join(FILE) } else { path.to_path_buf() };
        let failed = |cause| ServerError::CatalogFile { path: file.clone(), cause };
        let file = file.canonicalize().map_err(failed)?;
        let folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
        let (known, catalog) = load(&file)?;
        Ok(CatalogFiles {
            folder,
            known: Mutex::new(known),
            kept: Kept::default(),
            name: catalog.name,
            modules: catalog.modules.len(),
            file,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many modules it has.
    pub fn modules(&self) -> usize {
        self.modules
    }

    /// A file by its name, if the catalog has it.
    pub(crate) fn file(&self, name: &str) -> Option<Asset> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // One that is built anew is served at once; while it is being written or broken, the last one stays.
        if stamp(&self.file).ok() != known.stamp
            && let Ok((fresh, _)) = load(&self.file)
        {
            *known = fresh;
        }
        if name == FILE {
            return Some(known.asset.clone());
        }
        if !known.names.contains(name) {
            return None;
        }
        drop(known);
        let file = self.kept.read(&inside(&self.folder, name)?, MOST_BYTES).ok()?;
        Some(Asset {
            mime: mime_of(name),
            etag: file.etag,
            is_hashed: is_hashed(name),
            data: file.data,
            compressed: Vec::new(),
            trust: Trust::Data,
        })
    }
}

fn load(file: &Path) -> Result<(Known, Catalog), ServerError> {
    let failed = |cause| ServerError::CatalogFile { path: file.to_path_buf(), cause };
    let stamp = stamp(file).ok();
    let data = read(file, MOST_BYTES).map_err(failed)?;
    let catalog = Catalog::read(&data).map_err(|cause| ServerError::Catalog { path: file.to_path_buf(), cause })?;
    let compressed = gzip(&data).map_err(failed)?;
    let asset = Asset {
        mime: mime_of(FILE),
        etag: etag_of(&data),
        is_hashed: false,
        data: Bytes::from(data),
        compressed: vec![(Encoding::Gzip, Bytes::from(compressed))],
        trust: Trust::Data,
    };
    let names = catalog.files().map(str::to_owned).collect();
    Ok((Known { stamp, names, asset }, catalog))
}

fn gzip(data: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data)?;
    encoder.finish()
}
