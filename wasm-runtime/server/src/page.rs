//! The page's files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Bytes;

use crate::asset::{Asset, Trust, is_hashed, mime_of};
use crate::encoding::Encoding;
use crate::error::ServerError;
use crate::kept::{Kept, stamp};

/// The most bytes of a file of the page.
const MOST_BYTES: u64 = 64 << 20;

/// A file in the program.
struct File {
    name: &'static str,
    etag: &'static str,
    data: &'static [u8],
}

/// The page as it was when the program was built, sorted by name; without it, nothing.
static EMBEDDED: &[File] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Where the page's files are.
#[derive(Clone, Debug)]
pub struct Page(Place);

#[derive(Clone, Debug)]
enum Place {
    Program,
    Folder(PathBuf, Arc<Kept>),
}

impl Page {
    /// The page in this program, if it was built with one.
    pub fn embedded() -> Option<Page> {
        embedded("index.html").map(|_| Page(Place::Program))
    }

    /// A folder as `cargo xtask web build` writes it. Its files are read when they are asked for, so that a page that is
    /// built anew is served at once.
    ///
    /// # Errors
    /// If it has no `index.html`.
    pub fn folder(path: &Path) -> Result<Page, ServerError> {
        let missing = || ServerError::NoPage(path.to_path_buf());
        let folder = path.canonicalize().map_err(|_| missing())?;
        if folder.join("index.html").is_file() {
            Ok(Page(Place::Folder(folder, Arc::default())))
        } else {
            Err(missing())
        }
    }

    /// A file by its name, if there is one.
    pub(crate) fn file(&self, name: &str) -> Option<Asset> {
        match &self.0 {
            Place::Program => {
                let file = embedded(name)?;
                let copy = |encoding: Encoding| embedded(&format!("{name}{}", encoding.suffix())).map(|file| file.data);
                Some(asset(name, file.etag.to_owned(), Bytes::from_static(file.data), |encoding| {
                    copy(encoding).map(Bytes::from_static)
                }))
            }
            Place::Folder(folder, kept) => {
                let path = inside(folder, name)?;
                let file = kept.read(&path, MOST_BYTES).ok()?;
                let changed = |path: &Path| stamp(path).ok().map(|(changed, _)| changed);
                Some(asset(name, file.etag, file.data, |encoding| {
                    let copy = inside(folder, &format!("{name}{}", encoding.suffix()))?;
                    // A copy that is older than the file is of another one.
                    let is_new = changed(&copy) >= changed(&path);
                    is_new.then(|| kept.read(&copy, MOST_BYTES).ok().map(|file| file.data)).flatten()
                }))
            }
        }
    }
}

fn asset(name: &str, etag: String, data: Bytes, copy: impl Fn(Encoding) -> Option<Bytes>) -> Asset {
    let compressed = Encoding::ALL.into_iter().filter_map(|encoding| Some((encoding, copy(encoding)?))).collect();
    Asset { mime: mime_of(name), etag, is_hashed: is_hashed(name), data, compressed, trust: Trust::Page }
}

fn embedded(name: &str) -> Option<&'static File> {
    let at = EMBEDDED.binary_search_by(|file| file.name.cmp(name)).ok()?;
    EMBEDDED.get(at)
}

/// The path of a regular file in a folder, which is canonical; links that lead out of it are followed nowhere.
pub(crate) fn inside(folder: &Path, name: &str) -> Option<PathBuf> {
    let path = folder.join(name).canonicalize().ok()?;
    (path.starts_with(folder) && path.is_file()).then_some(path)
}
