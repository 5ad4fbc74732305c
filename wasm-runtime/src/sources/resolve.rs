//! From a place and what is wanted of it to a chart.

use std::path::Path;
use std::sync::Arc;

use flux::{ChartWanted, FetchError};
use gosemver::{Constraints, Version};
use helm::Warnings;
use helm::chart::{self, Bytes, Chart, File, Limits};

use super::location::Location;
use super::tree::{Place, Tree};
use super::{archive, folder};
use crate::go_words::go_words;

/// A chart that was found, not loaded yet.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) content: Content,
    /// As Flux writes it.
    pub(super) revision: Option<String>,
}

/// What a chart is made of.
#[derive(Debug)]
pub(super) enum Content {
    /// The bytes of a `.tgz`.
    Archive(Bytes),
    /// The files of a folder, and its name for messages.
    Files(String, Vec<File>),
}

impl Found {
    /// Loads the chart.
    pub(super) fn load(&self) -> Result<Arc<Chart>, FetchError> {
        let mut warnings = Warnings::default();
        match &self.content {
            Content::Archive(data) => chart::load_archive(data, Limits::default(), &mut warnings),
            Content::Files(shown, files) => chart::load_folder(shown, files.clone(), Limits::default(), &mut warnings),
        }
        .map_err(|e| FetchError::Invalid(e.to_string()))
    }
}

/// Finds a chart.
pub(super) fn resolve(location: &Location, wanted: &ChartWanted) -> Result<Found, FetchError> {
    match location {
        Location::Path(path) => local(path, wanted),
    }
}

/// A chart in a folder or archive.
fn local(path: &Path, wanted: &ChartWanted) -> Result<Found, FetchError> {
    if path.is_dir() {
        return in_tree(&Tree::Folder(path.to_path_buf()), wanted);
    }
    let data = folder::read(path, folder::MOST_IN_ALL)
        .map_err(|e| FetchError::NotFound(format!("open {}: {}", path.display(), go_words(&e))))?;
    let files = archive::files(&data).map_err(|e| FetchError::Invalid(format!("{}: {e}", path.display())))?;
    let is_chart =
        files.keys().any(|name| name.split('/').nth(1) == Some("Chart.yaml") && name.matches('/').count() == 1);
    let tree = Tree::Files(Arc::new(files));
    match in_tree(&tree, wanted) {
        Err(FetchError::NotFound(_)) if is_chart => {
            Ok(Found { content: Content::Archive(Bytes::from(data)), revision: None })
        }
        found => found,
    }
}

/// A chart in a source's files. Flux ignores the version there.
fn in_tree(tree: &Tree, wanted: &ChartWanted) -> Result<Found, FetchError> {
    let content = match tree.find(&wanted.chart) {
        Ok(Place::Folder(path)) => Content::Files(tree.shown(&path), tree.chart(&path)?),
        Ok(Place::Archive(path)) => Content::Archive(tree.read(&path).unwrap_or_default()),
        Err(error) => match packaged(tree, wanted)? {
            Some(data) => Content::Archive(data),
            None => return Err(error),
        },
    };
    Ok(Found { content, revision: None })
}

/// The newest archive `NAME-VERSION.tgz` of a folder that the wanted range allows.
fn packaged(tree: &Tree, wanted: &ChartWanted) -> Result<Option<Bytes>, FetchError> {
    let Tree::Folder(root) = tree else { return Ok(None) };
    let asked = if wanted.version.is_empty() { "*" } else { &wanted.version };
    let range = Constraints::parse(asked.as_bytes())
        .map_err(|e| FetchError::NotFound(format!("{asked:?} is no range of versions: {e}")))?;
    let Ok(entries) = std::fs::read_dir(root) else { return Ok(None) };
    let version = |name: &str| {
        let rest = name.strip_prefix(wanted.chart.as_str())?.strip_prefix('-')?.strip_suffix(".tgz")?;
        Version::parse(rest.as_bytes()).ok()
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let newest = names
        .filter_map(|name| Some((version(&name)?, name)))
        .filter(|(version, name)| range.check(version) || *name == format!("{}-{asked}.tgz", wanted.chart))
        .max_by(|a, b| a.0.compare(&b.0));
    Ok(newest.and_then(|(_, name)| tree.read(&name)))
}
