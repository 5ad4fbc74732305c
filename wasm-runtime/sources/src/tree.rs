//! The files of a source: a folder on disk, or what was unpacked in memory.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use govalue::Str;
use helm::chart::{Bytes, File, Ignore};

use crate::archive::{ArchiveError, inside};
use crate::error::Error;
use crate::folder;
use crate::git::GitTree;

/// The files of a source.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    /// A folder.
    Folder(PathBuf),
    /// Files by path.
    Files(Arc<BTreeMap<String, Bytes>>),
    /// The files of a Flux source's artifact.
    Artifact(Arc<BTreeMap<String, Bytes>>),
    /// A commit.
    Git(Arc<GitTree>),
}

impl Tree {
    /// Whether there is a file at a path that has been through [`inside`].
    pub(crate) fn has(&self, path: &str) -> bool {
        match self {
            Tree::Folder(root) => root.join(path).is_file(),
            Tree::Files(files) | Tree::Artifact(files) => files.contains_key(path),
            Tree::Git(tree) => tree.has(path),
        }
    }

    /// A file.
    pub(crate) fn read(&self, path: &str) -> Option<Bytes> {
        match self {
            Tree::Folder(root) => folder::read(&root.join(path), folder::MOST_IN_ALL).ok().map(Bytes::from),
            Tree::Files(files) | Tree::Artifact(files) => files.get(path).cloned(),
            Tree::Git(tree) => tree.read(path).ok().flatten(),
        }
    }

    /// The files of the chart in a folder of it, with paths from there.
    pub(crate) fn chart(&self, path: &str) -> Result<Vec<File>, Error> {
        match self {
            Tree::Folder(root) => Ok(folder::files(&root.join(path))?),
            Tree::Files(files) => Ok(below(files, path)),
            Tree::Artifact(files) => {
                let mut files = below(files, path);
                let rules = files.iter().find(|f| f.name.as_bytes() == b".helmignore").map(|f| f.data.clone());
                let ignore = Ignore::parse(&rules.unwrap_or_default())?;
                files.retain(|file| !is_ignored(&ignore, &file.name.to_string()));
                Ok(files)
            }
            Tree::Git(tree) => of_commit(tree, path),
        }
    }

    /// What a person sees of it.
    pub(crate) fn shown(&self, path: &str) -> String {
        match self {
            Tree::Folder(root) if path.is_empty() => root.display().to_string(),
            Tree::Folder(root) => root.join(path).display().to_string(),
            Tree::Files(_) | Tree::Artifact(_) | Tree::Git(_) if path.is_empty() => "the source".to_owned(),
            Tree::Files(_) | Tree::Artifact(_) | Tree::Git(_) => path.to_owned(),
        }
    }

    /// Finds the folder or archive of a chart: at its path. People's own folders may
    /// be laid out otherwise: `charts/NAME`, `NAME`, or the whole tree where it is that chart.
    pub(crate) fn find(&self, chart: &str) -> Result<Place, Error> {
        let path = inside(chart).ok_or_else(|| Error::Outside(chart.to_owned()))?;
        let name = path.rsplit('/').next().unwrap_or_default();
        let strict = matches!(self, Tree::Git(_) | Tree::Artifact(_));
        let candidates = [path.clone(), format!("charts/{path}"), name.to_owned()];
        for folder in candidates.into_iter().take(if strict { 1 } else { 3 }) {
            let file = if folder.is_empty() { "Chart.yaml".to_owned() } else { format!("{folder}/Chart.yaml") };
            if self.has(&file) {
                return Ok(Place::Folder(folder));
            }
            if self.has(&folder) && [".tgz", ".tar.gz"].iter().any(|end| folder.ends_with(end)) {
                return Ok(Place::Archive(folder));
            }
        }
        if !strict && self.has("Chart.yaml") && (name.is_empty() || self.name().is_some_and(|n| n == name)) {
            return Ok(Place::Folder(String::new()));
        }
        Err(Error::NoChart { tree: self.shown(""), path: chart.to_owned() })
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

/// The files below a path, with paths from there.
fn below(files: &BTreeMap<String, Bytes>, path: &str) -> Vec<File> {
    let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
    let below = files.range(prefix.clone()..).take_while(|(name, _)| name.starts_with(&prefix));
    let file = |(name, data): (&String, &Bytes)| File {
        name: Str::from(name.get(prefix.len()..).unwrap_or_default()),
        data: data.clone(),
    };
    below.map(file).collect()
}

/// Whether a chart's file is left out. The loader wants two in any case, and sees to the rules itself.
fn is_ignored(ignore: &Ignore, name: &str) -> bool {
    if matches!(name, "Chart.yaml" | ".helmignore") {
        return false;
    }
    let folders = name.match_indices('/').filter_map(|(at, _)| name.get(..at));
    folders.into_iter().any(|f| ignore.ignores(f.as_bytes(), true)) || ignore.ignores(name.as_bytes(), false)
}

/// The files of a chart in a commit, without those that its `.helmignore` names.
fn of_commit(tree: &GitTree, path: &str) -> Result<Vec<File>, Error> {
    let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
    let rules = tree.read(&format!("{prefix}.helmignore"))?.unwrap_or_default();
    let ignore = Ignore::parse(&rules)?;
    let mut left = folder::MOST_IN_ALL;
    let mut files = Vec::new();
    for (full, size) in tree.paths() {
        let Some(name) = full.strip_prefix(&prefix) else { continue };
        if is_ignored(&ignore, name) {
            continue;
        }
        left = left.checked_sub(size).ok_or_else(|| Error::Archive(ArchiveError::ChartTooLarge(path.to_owned())))?;
        let data = tree.read(full)?.unwrap_or_default();
        files.push(File { name: Str::from(name), data });
    }
    Ok(files)
}

/// Where in a tree a chart is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The chart's folder.
    Folder(String),
    /// The chart's archive.
    Archive(String),
}
