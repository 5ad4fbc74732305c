//! Charts in folders.

use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use govalue::Str;
use helm::chart::{Bytes, ChartError, File, Ignore};

use crate::go_words::go_words;
use crate::links;

/// How deep folders may nest: links can make circles.
const MOST_FOLDERS: usize = 64;
/// How large a file may be, as in Helm.
const MOST_BYTES: u64 = 5 << 20;
/// The most bytes that a chart's files may have together.
pub const MOST_IN_ALL: u64 = 256 << 20;

/// Why a chart's folder cannot be read, with Helm's message.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// The patterns of `.helmignore` mean nothing.
    #[error(transparent)]
    Ignore(#[from] ChartError),
    /// A folder or file cannot be opened.
    #[error("open {path}: {}", go_words(.cause), path = .path.display())]
    Open {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: Arc<io::Error>,
    },
    /// A file cannot be read.
    #[error("error reading {name}: open {path}: {}", go_words(.cause), path = .path.display())]
    Read {
        /// Its name in the chart.
        name: String,
        /// Its path.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: Arc<io::Error>,
    },
    /// Folders in folders without an end: links can make circles.
    #[error("{path}: folders are nested too deeply", path = .0.display())]
    TooDeep(PathBuf),
    /// A file is larger than files of charts may be.
    #[error("chart file {name:?} is larger than the maximum file size {MOST_BYTES}")]
    TooLarge {
        /// Its name.
        name: String,
    },
    /// A symbolic link leads nowhere.
    #[error("error evaluating symlink {path}: {why}", path = .path.display())]
    Link {
        /// The link.
        path: PathBuf,
        /// What is missing on the way, in Go's words.
        why: String,
    },
    /// Nothing can be said about a path.
    #[error("lstat {path}: {}", go_words(.cause), path = .path.display())]
    Stat {
        /// The path.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: Arc<io::Error>,
    },
    /// A device, a pipe or a socket.
    #[error("cannot load irregular file {path} as it has file mode type bits set", path = .0.display())]
    Irregular(PathBuf),
}

/// Reads the files of a chart's folder, names sorted, links followed; what its
/// `.helmignore` names is left out.
///
/// # Errors
/// If a file cannot be read or is too large, with Helm's message.
pub fn files(path: &Path) -> Result<Vec<File>, FolderError> {
    files_and_links(path, &mut |_, _| {})
}

/// As [`files`], but says which links it follows: the link and what it leads to.
///
/// # Errors
/// As [`files`].
pub fn files_and_links(path: &Path, followed: &mut dyn FnMut(&Path, &Path)) -> Result<Vec<File>, FolderError> {
    let rules = path.join(".helmignore");
    let rules = if rules.is_file() { read(&rules, MOST_BYTES).unwrap_or_default() } else { Vec::new() };
    let ignore = Ignore::parse(&rules)?;
    let mut walk = Walk { ignore, left: MOST_IN_ALL, files: Vec::new(), followed };
    walk.folder(path, "", MOST_FOLDERS)?;
    Ok(walk.files)
}

/// Reads a file of at most so many bytes, whatever length it says it has.
///
/// # Errors
/// If it cannot be read, or has more.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = fs::File::open(path)?;
    // What a file says of its length spares room that has to grow; a special one says 0.
    let stated = usize::try_from(file.metadata()?.len().min(most)).unwrap_or(0);
    let mut data = Vec::with_capacity(stated + 1);
    file.take(most + 1).read_to_end(&mut data)?;
    if data.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("more than {most} bytes")));
    }
    Ok(data)
}

/// A folder on the way (Helm: `internal/sympath`).
struct Walk<'a> {
    ignore: Ignore,
    /// How many bytes the files may have together.
    left: u64,
    files: Vec<File>,
    followed: &'a mut dyn FnMut(&Path, &Path),
}

impl Walk<'_> {
    /// Reads the files of a folder.
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), FolderError> {
        let failed = |path: &Path, cause| FolderError::Open { path: path.to_path_buf(), cause: Arc::new(cause) };
        if depth == 0 {
            return Err(FolderError::TooDeep(folder.to_path_buf()));
        }
        let entries = fs::read_dir(folder).map_err(|e| failed(folder, e))?;
        let mut names = entries
            .map(|entry| Ok(entry?.file_name()))
            .collect::<io::Result<Vec<_>>>()
            .map_err(|e| failed(folder, e))?;
        names.sort();
        for name in names {
            let path = folder.join(&name);
            let relative = format!("{prefix}{}", name.to_string_lossy());
            let metadata = self.metadata(&path)?;
            // The loader wants these two in any case, and sees to the rules itself.
            let wanted = matches!(relative.as_str(), "Chart.yaml" | ".helmignore");
            if !wanted && self.ignore.ignores(relative.as_bytes(), metadata.is_dir()) {
                continue;
            }
            if metadata.is_dir() {
                self.folder(&path, &format!("{relative}/"), depth - 1)?;
            } else {
                self.file(&path, relative, &metadata)?;
            }
        }
        Ok(())
    }

    /// What is at a path, behind links. A link that leads nowhere is an error,
    /// whatever `.helmignore` says of it.
    fn metadata(&mut self, path: &Path) -> Result<Metadata, FolderError> {
        let at = |path: &Path, cause| FolderError::Stat { path: path.to_path_buf(), cause: Arc::new(cause) };
        let metadata = fs::symlink_metadata(path).map_err(|e| at(path, e))?;
        if !metadata.is_symlink() {
            return Ok(metadata);
        }
        let resolved = links::followed(path).map_err(|why| FolderError::Link { path: path.to_path_buf(), why })?;
        (self.followed)(path, &resolved);
        fs::symlink_metadata(&resolved).map_err(|e| at(&resolved, e))
    }

    fn file(&mut self, path: &Path, relative: String, metadata: &Metadata) -> Result<(), FolderError> {
        if !metadata.is_file() {
            return Err(FolderError::Irregular(path.to_path_buf()));
        }
        if metadata.len() > MOST_BYTES {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            return Err(FolderError::TooLarge { name });
        }
        let data = read(path, MOST_BYTES.min(self.left)).map_err(|cause| FolderError::Read {
            name: relative.clone(),
            path: path.to_path_buf(),
            cause: Arc::new(cause),
        })?;
        self.left -= data.len() as u64;
        self.files.push(File { name: Str::from(relative), data: Bytes::from(data) });
        Ok(())
    }
}
