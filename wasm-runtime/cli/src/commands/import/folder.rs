//! The files beside compose files.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use compose::Folder;

/// Limit on the size of a file.
const MAX_FILE: u64 = 1 << 20;

/// Limit on the entries that are read from a folder.
const MAX_ENTRIES: usize = 1000;

/// Files below one folder. A compose file names files, and it may come from a stranger.
pub(super) struct Below {
    root: PathBuf,
}

impl Below {
    /// The files below a folder.
    ///
    /// # Errors
    /// If the folder does not exist.
    pub(super) fn new(root: &Path) -> std::io::Result<Below> {
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        Ok(Below { root: root.canonicalize()? })
    }

    /// The folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The path with links resolved, if it is below the folder.
    fn inside(&self, path: &str) -> Option<PathBuf> {
        Path::new(path).canonicalize().ok().filter(|p| p.starts_with(&self.root))
    }
}

impl Folder for Below {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let path = self.inside(path).filter(|p| p.is_file())?;
        let mut bytes = Vec::new();
        File::open(path).ok()?.take(MAX_FILE).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    fn list(&self, path: &str) -> Vec<String> {
        let entries = self.inside(path).and_then(|p| std::fs::read_dir(p).ok());
        let entries = entries.into_iter().flatten().flatten().take(MAX_ENTRIES);
        let files = entries.filter(|e| e.path().is_file()).filter_map(|e| e.file_name().into_string().ok());
        let mut names: Vec<String> = files.collect();
        names.sort();
        names
    }
}
