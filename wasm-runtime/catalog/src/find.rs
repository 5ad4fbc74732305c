//! What a folder has that can be listed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::BuildError;

/// The most things of a folder that are listed.
const MOST_FOUND: usize = 10_000;
/// How deep folders may nest.
const MOST_FOLDERS: usize = 32;
/// The most bytes of a descriptor.
const MOST_BYTES: u64 = 4 << 20;

/// Something to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A file with a descriptor in it.
    Descriptor { path: PathBuf, text: String },
    /// The folder of a chart.
    Chart(PathBuf),
    /// The archive of a chart.
    Archive(PathBuf),
}

/// All that a folder has, by path. Folders of charts are not searched for more; hidden files and links are passed over:
/// links may lead out of the folder, or round in it. So is `out`, where the catalog is written: it has the archives of
/// an earlier one.
pub(crate) fn find(folder: &Path, out: &Path) -> Result<Vec<Found>, BuildError> {
    let mut found = Vec::new();
    add(folder, &out.canonicalize().unwrap_or_default(), MOST_FOLDERS, &mut found)?;
    Ok(found)
}

fn add(folder: &Path, out: &Path, depth: usize, found: &mut Vec<Found>) -> Result<(), BuildError> {
    let failed = |path: &Path, cause| BuildError::Read { path: path.to_path_buf(), cause };
    if depth == 0 {
        return Err(BuildError::TooMany { path: folder.to_path_buf(), most: MOST_FOLDERS, what: "folders in folders" });
    }
    if folder.join("Chart.yaml").is_file() {
        return push(found, folder, Found::Chart(folder.to_path_buf()));
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| failed(folder, e))? {
        paths.push(entry.map_err(|e| failed(folder, e))?.path());
    }
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
        if name.starts_with('.') || metadata.is_symlink() {
            continue;
        }
        if metadata.is_dir() {
            if path.canonicalize().is_ok_and(|path| path != out) {
                add(&path, out, depth - 1, found)?;
            }
        } else if name.ends_with(".tgz") {
            push(found, folder, Found::Archive(path))?;
        } else if (name.ends_with(".yaml") || name.ends_with(".yml")) && metadata.len() <= MOST_BYTES {
            let text = fs::read(&path).map_err(|e| failed(&path, e))?;
            // What is not UTF-8 is no descriptor.
            let Ok(text) = String::from_utf8(text) else { continue };
            if is_descriptor(&text) {
                push(found, folder, Found::Descriptor { path, text })?;
            }
        }
    }
    Ok(())
}

fn push(found: &mut Vec<Found>, folder: &Path, item: Found) -> Result<(), BuildError> {
    if found.len() == MOST_FOUND {
        return Err(BuildError::TooMany {
            path: folder.to_path_buf(),
            most: MOST_FOUND,
            what: "charts and descriptors",
        });
    }
    found.push(item);
    Ok(())
}

/// Whether a text says that it is a descriptor; whether it is one, its reader says.
fn is_descriptor(text: &str) -> bool {
    text.lines().any(|line| {
        let is_comment = line.trim_start().starts_with('#');
        !is_comment && line.contains("kind") && line.contains(descriptor::types::KIND)
    })
}
