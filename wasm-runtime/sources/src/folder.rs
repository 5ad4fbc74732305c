//! Charts in folders.

use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::Path;

use govalue::Str;
use helm::chart::{Bytes, File, Ignore};

use crate::go_words::go_words;
use crate::links;

/// How deep folders may nest: links can make circles.
const MOST_FOLDERS: usize = 64;
/// How large a file may be, as in Helm.
const MOST_BYTES: u64 = 5 << 20;
/// The most bytes that a chart's files may have together.
pub const MOST_IN_ALL: u64 = 256 << 20;

/// Reads the files of a chart's folder, names sorted, links followed; what its
/// `.helmignore` names is left out.
///
/// # Errors
/// Where a file cannot be read or is too large, in Helm's words.
pub fn files(path: &Path) -> Result<Vec<File>, String> {
    files_and_links(path, &mut |_, _| {})
}

/// As [`files`], but says which links it follows: the link and what it leads to.
///
/// # Errors
/// As [`files`].
pub fn files_and_links(path: &Path, followed: &mut dyn FnMut(&Path, &Path)) -> Result<Vec<File>, String> {
    let rules = path.join(".helmignore");
    let rules = if rules.is_file() { read(&rules, MOST_BYTES).unwrap_or_default() } else { Vec::new() };
    let ignore = Ignore::parse(&rules).map_err(|e| e.to_string())?;
    let mut walk = Walk { ignore, left: MOST_IN_ALL, files: Vec::new(), followed };
    walk.folder(path, "", MOST_FOLDERS)?;
    Ok(walk.files)
}

/// Reads a file of at most so many bytes, whatever length it says it has.
///
/// # Errors
/// Where it cannot be read, or has more.
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
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), String> {
        let failed = |path: &Path, error: &io::Error| format!("open {}: {}", path.display(), go_words(error));
        if depth == 0 {
            return Err(format!("{}: folders are nested too deeply", folder.display()));
        }
        let entries = fs::read_dir(folder).map_err(|e| failed(folder, &e))?;
        let mut names = entries
            .map(|entry| Ok(entry?.file_name()))
            .collect::<io::Result<Vec<_>>>()
            .map_err(|e| failed(folder, &e))?;
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
    fn metadata(&mut self, path: &Path) -> Result<Metadata, String> {
        let at = |path: &Path, e: &io::Error| format!("lstat {}: {}", path.display(), go_words(e));
        let metadata = fs::symlink_metadata(path).map_err(|e| at(path, &e))?;
        if !metadata.is_symlink() {
            return Ok(metadata);
        }
        let resolved =
            links::followed(path).map_err(|e| format!("error evaluating symlink {}: {e}", path.display()))?;
        (self.followed)(path, &resolved);
        fs::symlink_metadata(&resolved).map_err(|e| at(&resolved, &e))
    }

    fn file(&mut self, path: &Path, relative: String, metadata: &Metadata) -> Result<(), String> {
        if !metadata.is_file() {
            return Err(format!("cannot load irregular file {} as it has file mode type bits set", path.display()));
        }
        if metadata.len() > MOST_BYTES {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            return Err(format!("chart file {name:?} is larger than the maximum file size {MOST_BYTES}"));
        }
        let data = read(path, MOST_BYTES.min(self.left))
            .map_err(|e| format!("error reading {relative}: open {}: {}", path.display(), go_words(&e)))?;
        self.left -= data.len() as u64;
        self.files.push(File { name: Str::from(relative), data: Bytes::from(data) });
        Ok(())
    }
}
