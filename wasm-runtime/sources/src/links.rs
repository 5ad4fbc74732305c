//! Where symbolic links lead, step by step as Go follows them.

use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::go_words::go_words;

/// How many links Go follows.
const MOST: usize = 255;

/// The path without links (`filepath.EvalSymlinks`).
///
/// # Errors
/// If a part of it does not exist, with Go's message: it names the first path that
/// is missing, which may be one that a link leads to.
pub(crate) fn followed(path: &Path) -> Result<PathBuf, String> {
    let mut left = parts(path);
    let mut found = PathBuf::from(if path.is_absolute() { "/" } else { "" });
    let mut links = 0;
    while let Some(part) = left.pop() {
        if part == ".." {
            let up = found.file_name().is_some();
            if up {
                found.pop();
            } else if !found.is_absolute() {
                found.push("..");
            }
            continue;
        }
        let at = found.join(&part);
        let error = |e: &std::io::Error| format!("lstat {}: {}", at.display(), go_words(e));
        let metadata = fs::symlink_metadata(&at).map_err(|e| error(&e))?;
        if !metadata.is_symlink() {
            if !metadata.is_dir() && !left.is_empty() {
                return Err("not a directory".into());
            }
            found = at;
            continue;
        }
        links += 1;
        if links > MOST {
            return Err("EvalSymlinks: too many links".into());
        }
        let target = fs::read_link(&at).map_err(|e| format!("readlink {}: {}", at.display(), go_words(&e)))?;
        if target.is_absolute() {
            found = PathBuf::from("/");
        }
        left.extend(parts(&target));
    }
    Ok(found)
}

/// The parts of a path, the last one first.
fn parts(path: &Path) -> Vec<OsString> {
    let part = |part: Component<'_>| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    };
    path.components().rev().filter_map(part).collect()
}
