//! The page's files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use axum::body::Bytes;

use crate::asset::{Asset, Trust, etag_of, is_hashed, mime_of};
use crate::encoding::Encoding;
use crate::error::ServerError;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page(Place);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Program,
    Folder(PathBuf),
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
        if folder.join("index.html").is_file() { Ok(Page(Place::Folder(folder))) } else { Err(missing()) }
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
            Place::Folder(folder) => {
                let path = inside(folder, name)?;
                let data = read(&path, MOST_BYTES).ok()?;
                let changed = |path: &Path| fs::metadata(path).and_then(|m| m.modified()).ok();
                let etag = etag_of(&data);
                Some(asset(name, etag, Bytes::from(data), |encoding| {
                    let copy = inside(folder, &format!("{name}{}", encoding.suffix()))?;
                    // A copy that is older than the file is of another one.
                    (changed(&copy) >= changed(&path)).then(|| read(&copy, MOST_BYTES).ok().map(Bytes::from)).flatten()
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

/// Reads a file of at most so many bytes.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("more than {most} bytes")));
    }
    fs::read(path)
}
