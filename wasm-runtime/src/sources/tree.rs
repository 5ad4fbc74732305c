//! The files of a source: a folder on disk, or what was unpacked in memory.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use flux::FetchError;
use govalue::Str;
use helm::chart::{Bytes, File};

use super::archive::inside;
use super::folder;

/// The files of a source.
#[derive(Clone, Debug)]
pub(super) enum Tree {
    /// A folder.
    Folder(PathBuf),
    /// Files by path.
    Files(Arc<BTreeMap<String, Bytes>>),
}

impl Tree {
    /// Whether there is a file at a path that has been through [`inside`].
    pub(super) fn has(&self, path: &str) -> bool {
        match self {
            Tree::Folder(root) => root.join(path).is_file(),
            Tree::Files(files) => files.contains_key(path),
        }
    }

    /// A file.
    pub(super) fn read(&self, path: &str) -> Option<Bytes> {
        match self {
            Tree::Folder(root) => folder::read(&root.join(path), folder::MOST_IN_ALL).ok().map(Bytes::from),
            Tree::Files(files) => files.get(path).cloned(),
        }
    }

    /// The files of the chart in a folder of it, with paths from there.
    pub(super) fn chart(&self, path: &str) -> Result<Vec<File>, FetchError> {
        match self {
            Tree::Folder(root) => folder::files(&root.join(path)).map_err(FetchError::Invalid),
            Tree::Files(files) => {
                let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
                let below = files.range(prefix.clone()..).take_while(|(name, _)| name.starts_with(&prefix));
                let file = |(name, data): (&String, &Bytes)| File {
                    name: Str::from(name.get(prefix.len()..).unwrap_or_default()),
                    data: data.clone(),
                };
                Ok(below.map(file).collect())
            }
        }
    }

    /// What a person sees of it.
    pub(super) fn shown(&self, path: &str) -> String {
        match self {
            Tree::Folder(root) if path.is_empty() => root.display().to_string(),
            Tree::Folder(root) => root.join(path).display().to_string(),
            Tree::Files(_) => path.to_owned(),
        }
    }

    /// Finds the folder or archive of a chart: at its path, at `charts/NAME`, at
    /// `NAME`, or the whole tree where it is that chart.
    pub(super) fn find(&self, chart: &str) -> Result<Place, FetchError> {
        let path =
            inside(chart).ok_or_else(|| FetchError::NotFound(format!("the path {chart:?} leads out of the source")))?;
        let name = path.rsplit('/').next().unwrap_or_default();
        for folder in [path.clone(), format!("charts/{path}"), name.to_owned()] {
            let file = if folder.is_empty() { "Chart.yaml".to_owned() } else { format!("{folder}/Chart.yaml") };
            if self.has(&file) {
                return Ok(Place::Folder(folder));
            }
            if self.has(&folder) && [".tgz", ".tar.gz"].iter().any(|end| folder.ends_with(end)) {
                return Ok(Place::Archive(folder));
            }
        }
        if self.has("Chart.yaml") && (name.is_empty() || self.name().is_some_and(|n| n == name)) {
            return Ok(Place::Folder(String::new()));
        }
        Err(FetchError::NotFound(format!("{} has no chart at {chart:?}", self.shown(""))))
    }

    /// The name of the chart that the whole tree is.
    fn name(&self) -> Option<String> {
        let text = self.read("Chart.yaml")?;
        match goyaml::yaml::from_yaml_map(&text).ok()?.get("name")? {
            govalue::Value::Str(name) => Some(name.to_string()),
            _ => None,
        }
    }
}

/// Where in a tree a chart is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The chart's folder.
    Folder(String),
    /// The chart's archive.
    Archive(String),
}
