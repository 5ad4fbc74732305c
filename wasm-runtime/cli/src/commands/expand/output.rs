//! Writing files.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use chartwright::File;

use super::input::Stop;

/// Writes to standard output.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn stdout(bytes: &[u8]) -> Result<(), Stop> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|e| Stop::file("stdout".as_ref(), &e))
}

/// Writes a file atomically.
///
/// # Errors
/// If it exists and `force` is not given, or it cannot be written.
pub(crate) fn file(path: &Path, bytes: &[u8], force: bool) -> Result<(), Stop> {
    if path.exists() && !force {
        return Err(Stop::File(format!("{} exists already: --force replaces it", path.display())));
    }
    if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        fs::create_dir_all(parent).map_err(|e| Stop::file(parent, &e))?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    fs::write(&part, bytes).and_then(|()| fs::rename(&part, path)).map_err(|e| {
        let _ = fs::remove_file(&part);
        Stop::file(path, &e)
    })
}

/// Writes the files of a chart to a folder.
///
/// # Errors
/// If the folder is not empty and `force` is not given, or a file cannot be written. With `force`, only a chart is
/// replaced: a folder without `Chart.yaml` may be something else.
pub(crate) fn folder(folder: &Path, files: &[File], force: bool) -> Result<(), Stop> {
    if folder.exists() && !folder.is_dir() {
        let shown = folder.display();
        return Err(Stop::File(format!(
            "{shown} is a file, where the chart's folder would be: --directory names another place"
        )));
    }
    let old = listing(folder);
    if !old.is_empty() {
        let shown = folder.display();
        if !force {
            return Err(Stop::File(format!("{shown} exists already: --force replaces it")));
        }
        if !folder.join("Chart.yaml").is_file() {
            return Err(Stop::File(format!("{shown} is not a chart, so it is not replaced")));
        }
    }
    write_all(folder, files, true)?;
    let new: BTreeSet<PathBuf> = files.iter().filter_map(|f| Some(folder.join(relative(f)?))).collect();
    for stale in old.difference(&new) {
        fs::remove_file(stale).map_err(|e| Stop::file(stale, &e))?;
        for parent in stale.ancestors().skip(1).take_while(|p| *p != folder) {
            // Folders that are not empty stay.
            if fs::remove_dir(parent).is_err() {
                break;
            }
        }
    }
    Ok(())
}

/// Writes files below a folder, next to existing ones.
///
/// # Errors
/// If a file exists with different content and `force` is not given, or it cannot be written.
pub(crate) fn write_all(folder: &Path, files: &[File], force: bool) -> Result<(), Stop> {
    let files: Vec<(PathBuf, &File)> = files.iter().filter_map(|f| Some((folder.join(relative(f)?), f))).collect();
    let differs = |(path, f): &&(PathBuf, &File)| fs::read(path).map_or(path.exists(), |old| old != *f.data);
    if let Some((path, _)) = files.iter().find(differs).filter(|_| !force) {
        return Err(Stop::File(format!(
            "{} exists already with different content: --force replaces it",
            path.display()
        )));
    }
    for (path, f) in files {
        file(&path, &f.data, true)?;
    }
    Ok(())
}

/// A file's path below its folder; `None` if it leads out of it.
fn relative(file: &File) -> Option<PathBuf> {
    let name = file.name.to_str()?;
    let path: PathBuf = name.split('/').collect();
    path.components().all(|c| matches!(c, Component::Normal(_))).then_some(path)
}

/// All files below a folder; links are not followed.
fn listing(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                _ => drop(found.insert(entry.path())),
            }
        }
    }
    found
}
