//! Charts in folders.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use govalue::Str;
use helm::chart::{Bytes, File, Ignore};

use crate::go_words::go_words;

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
    let rules = path.join(".helmignore");
    let rules = if rules.is_file() { read(&rules, MOST_BYTES).unwrap_or_default() } else { Vec::new() };
    let ignore = Ignore::parse(&rules).map_err(|e| e.to_string())?;
    let mut files = Vec::new();
    let mut left = MOST_IN_ALL;
    walk(path, "", &ignore, MOST_FOLDERS, &mut left, &mut files)?;
    Ok(files)
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

/// Reads the files of a folder; `left` is how many bytes they may have together.
fn walk(
    folder: &Path,
    prefix: &str,
    ignore: &Ignore,
    depth: usize,
    left: &mut u64,
    files: &mut Vec<File>,
) -> Result<(), String> {
    let failed = |path: &Path, error: &io::Error| format!("open {}: {}", path.display(), go_words(error));
    if depth == 0 {
        return Err(format!("{}: folders are nested too deeply", folder.display()));
    }
    let entries = fs::read_dir(folder).map_err(|e| failed(folder, &e))?;
    let mut names =
        entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>().map_err(|e| failed(folder, &e))?;
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
            return Err(format!("chart file {name:?} is larger than the maximum file size {MOST_BYTES}"));
        } else if metadata.is_file() {
            let data = read(&path, MOST_BYTES.min(*left))
                .map_err(|e| format!("error reading {relative}: open {}: {}", path.display(), go_words(&e)))?;
            *left -= data.len() as u64;
            files.push(File { name: Str::from(relative), data: Bytes::from(data) });
        } else {
            return Err(format!("cannot load irregular file {} as it has file mode type bits set", path.display()));
        }
    }
    Ok(())
}
