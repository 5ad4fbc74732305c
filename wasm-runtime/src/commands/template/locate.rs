//! Charts on disk.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use chartwright::{Bytes, File, Ignore, LoadedChart, Str};

use super::ignored::Ignored;
use super::report::Failure;
use crate::world::go_words;

/// How deep folders may nest: links can make circles.
const MOST_FOLDERS: usize = 64;

/// How large a file may be, as in Helm.
const MOST_BYTES: u64 = 5 << 20;
/// The most bytes that a chart's files may have together.
const MOST_IN_ALL: u64 = 256 << 20;

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
        let data = read(path, MOST_IN_ALL).map_err(|e| Failure::text(format!("open {shown}: {}", go_words(&e))))?;
        return Ok(LoadedChart::from_archive(&shown, &data)?);
    }
    if !path.join("Chart.yaml").exists() {
        // No chart, whatever else is there.
        return Ok(LoadedChart::from_folder(&shown, Vec::new())?);
    }
    let rules = path.join(".helmignore");
    let rules = if rules.is_file() { read(&rules, MOST_BYTES).unwrap_or_default() } else { Vec::new() };
    let ignore = Ignore::parse(&rules).map_err(chartwright::Error::from)?;
    let mut files = Vec::new();
    let mut left = MOST_IN_ALL;
    walk(path, "", &ignore, MOST_FOLDERS, &mut left, &mut files)?;
    Ok(LoadedChart::from_folder(&shown, files)?)
}

/// Reads a file of at most so many bytes, whatever length it says it has.
fn read(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut data = Vec::new();
    fs::File::open(path)?.take(most + 1).read_to_end(&mut data)?;
    if data.len() as u64 > most {
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, format!("more than {most} bytes")));
    }
    Ok(data)
}

/// Reads the files of a folder, names sorted, links followed; `left` is how many
/// bytes they may have together.
fn walk(
    folder: &Path,
    prefix: &str,
    ignore: &Ignore,
    depth: usize,
    left: &mut u64,
    files: &mut Vec<File>,
) -> Result<(), Failure> {
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
            walk(&path, &format!("{relative}/"), ignore, depth - 1, left, files)?;
        } else if metadata.len() > MOST_BYTES {
            let name = name.to_string_lossy();
            return Err(Failure::text(format!(
                "chart file {name:?} is larger than the maximum file size {MOST_BYTES}"
            )));
        } else if metadata.is_file() {
            let data = read(&path, MOST_BYTES.min(*left)).map_err(|e| {
                Failure::text(format!("error reading {relative}: open {}: {}", path.display(), go_words(&e)))
            })?;
            *left -= data.len() as u64;
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
