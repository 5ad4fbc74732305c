//! Charts on disk.

use std::fs;
use std::path::{Path, PathBuf};

use chartwright::{Bytes, File, Ignore, LoadedChart, Str};

use super::ignored::Ignored;
use super::report::Failure;
use crate::world::go_words;

/// How deep folders may nest: links can make circles.
const MOST_FOLDERS: usize = 64;

/// How large a file may be, as in Helm.
const MOST_BYTES: u64 = 5 << 20;

/// Finds the chart that a reference names (`LocateChart`).
pub(super) fn locate(reference: &str, ignored: &Ignored) -> Result<PathBuf, Failure> {
    let reference = reference.trim();
    if let Some(repository) = ignored.text("repo") {
        return Err(Failure::text(format!(
            "charts from repositories are not supported yet: download {reference:?} from {repository} first"
        )));
    }
    let path = Path::new(reference);
    if path.exists() {
        if ignored.is_on("verify") {
            let what =
                if path.is_dir() { "unpacked charts cannot be verified" } else { "--verify is not supported yet" };
            return Err(Failure::text(what));
        }
        return Ok(path.to_path_buf());
    }
    if path.is_absolute() || reference.starts_with('.') {
        return Err(Failure::text(format!("path {reference:?} not found")));
    }
    if reference.contains("://") {
        return Err(Failure::text(format!("remote charts are not supported yet: download {reference} first")));
    }
    Err(Failure::text(match reference.split_once('/') {
        Some((repository, _)) => format!("repo {repository} not found"),
        None => format!("non-absolute URLs should be in form of repo_name/path_to_chart, got: {reference}"),
    }))
}

/// Loads a chart from a folder or an archive.
pub(super) fn load(path: &Path) -> Result<LoadedChart, Failure> {
    let shown = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let shown = shown.to_string_lossy();
    if !path.is_dir() {
        let data = fs::read(path).map_err(|e| Failure::text(format!("open {shown}: {}", go_words(&e))))?;
        return Ok(LoadedChart::from_archive(&shown, &data)?);
    }
    if !path.join("Chart.yaml").exists() {
        // No chart, whatever else is there.
        return Ok(LoadedChart::from_folder(&shown, Vec::new())?);
    }
    let rules = fs::read(path.join(".helmignore")).unwrap_or_default();
    let ignore = Ignore::parse(&rules).map_err(chartwright::Error::from)?;
    let mut files = Vec::new();
    walk(path, "", &ignore, MOST_FOLDERS, &mut files)?;
    Ok(LoadedChart::from_folder(&shown, files)?)
}

/// Reads the files of a folder, names sorted, links followed.
fn walk(folder: &Path, prefix: &str, ignore: &Ignore, depth: usize, files: &mut Vec<File>) -> Result<(), Failure> {
    let failed =
        |path: &Path, error: &std::io::Error| Failure::text(format!("open {}: {}", path.display(), go_words(error)));
    if depth == 0 {
        return Err(Failure::text(format!("{}: folders are nested too deeply", folder.display())));
    }
    let entries = fs::read_dir(folder).map_err(|e| failed(folder, &e))?;
    let mut names = entries
        .map(|entry| Ok(entry?.file_name()))
        .collect::<Result<Vec<_>, std::io::Error>>()
        .map_err(|e| failed(folder, &e))?;
    names.sort();
    for name in names {
        let path = folder.join(&name);
        let relative = format!("{prefix}{}", name.to_string_lossy());
        let metadata = fs::metadata(&path).map_err(|e| failed(&path, &e))?;
        // The loader wants these two in any case, and sees to the rules itself.
        let wanted = matches!(relative.as_str(), "Chart.yaml" | ".helmignore");
        if !wanted && ignore.ignores(relative.as_bytes(), metadata.is_dir()) {
            continue;
        }
        if metadata.is_dir() {
            walk(&path, &format!("{relative}/"), ignore, depth - 1, files)?;
        } else if metadata.len() > MOST_BYTES {
            let name = name.to_string_lossy();
            return Err(Failure::text(format!(
                "chart file {name:?} is larger than the maximum file size {MOST_BYTES}"
            )));
        } else if metadata.is_file() {
            let data = fs::read(&path).map_err(|e| {
                Failure::text(format!("error reading {relative}: open {}: {}", path.display(), go_words(&e)))
            })?;
            files.push(File { name: Str::from(relative), data: Bytes::from(data) });
        } else {
            return Err(Failure::text(format!(
                "cannot load irregular file {} as it has file mode type bits set",
                path.display()
            )));
        }
    }
    Ok(())
}
