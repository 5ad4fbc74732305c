//! Files that commands read.

use std::path::Path;

use chartwright_host::go_words::go_words;
use contract::TextFile;

use crate::world;

/// The most files of a folder that are read.
const MAX_FILES: usize = 10_000;

/// The YAML files of a folder and those below it, by name.
pub(crate) fn add_folder(folder: &Path, files: &mut Vec<TextFile>) -> Result<(), String> {
    let failure = |e: std::io::Error| format!("{}: {}", folder.display(), go_words(&e));
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failure)? {
        entries.push(entry.map_err(failure)?.path());
    }
    entries.sort();
    for path in entries {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        // Links are not followed: they may lead out of the folder, or round in it.
        let Ok(kind) = std::fs::symlink_metadata(&path).map(|m| m.file_type()) else { continue };
        if hidden || kind.is_symlink() {
            continue;
        }
        let is_yaml = path.extension().is_some_and(|e| e == "yaml" || e == "yml");
        if kind.is_dir() {
            add_folder(&path, files)?;
        } else if kind.is_file() && is_yaml {
            if files.len() == MAX_FILES {
                return Err(format!("{}: more than {MAX_FILES} files", folder.display()));
            }
            files.push(text_file(&path.to_string_lossy())?);
        }
    }
    Ok(())
}

/// Reads a file; `-` is standard input.
pub(crate) fn text_file(path: &str) -> Result<TextFile, String> {
    let bytes = world::read(path)?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{path} is not UTF-8"))?;
    let name = if path == "-" { "stdin" } else { path };
    Ok(TextFile { name: name.to_owned(), text })
}
