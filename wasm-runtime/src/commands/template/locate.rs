//! Charts on disk.

use std::path::{Path, PathBuf};

use chartwright::LoadedChart;
use chartwright_host::go_words::go_words;
use chartwright_host::sources::folder;

use super::ignored::Ignored;
use super::report::Failure;

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
        let data = folder::read(path, folder::MOST_IN_ALL)
            .map_err(|e| Failure::text(format!("open {shown}: {}", go_words(&e))))?;
        return Ok(LoadedChart::from_archive(&shown, data)?);
    }
    if !path.join("Chart.yaml").exists() {
        // No chart, whatever else is there.
        return Ok(LoadedChart::from_folder(&shown, Vec::new())?);
    }
    let files = folder::files(path).map_err(Failure::text)?;
    Ok(LoadedChart::from_folder(&shown, files)?)
}
