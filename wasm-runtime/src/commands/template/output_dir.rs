//! `--output-dir`: manifests as files.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use contract::{DocumentOut, Role};

use super::report::Failure;
use chartwright_host::go_words::go_words;

/// Writes each document into the file of its template below the folder, several
/// after each other, and returns what Helm prints. The release's name, if it is
/// given, becomes a folder in between, but not for CRDs.
pub(super) fn write(documents: &[DocumentOut], dir: &str, release_name: Option<&str>) -> Result<Vec<u8>, Failure> {
    let mut printed = Vec::new();
    let mut written = BTreeSet::new();
    let below = release_name.map_or_else(|| dir.to_owned(), |name| go_join(dir, name));
    for DocumentOut { role, source, text } in documents {
        let dir = if *role == Role::Crd { dir } else { &below };
        append(dir, source, &text.0, &mut written, &mut printed)?;
    }
    printed.push(b'\n');
    Ok(printed)
}

/// Writes a document; the first of a run replaces what the file had.
fn append(
    dir: &str,
    name: &str,
    text: &[u8],
    written: &mut BTreeSet<String>,
    printed: &mut Vec<u8>,
) -> Result<(), Failure> {
    if name.split('/').any(|part| part == "..") {
        return Err(Failure::text(format!("{name} is not below the output folder")));
    }
    let path = format!("{dir}/{name}");
    let first = written.insert(path.clone());
    write_document(&path, name, text, first)
        .map_err(|error| Failure::text(format!("open {path}: {}", go_words(&error))))?;
    printed.extend_from_slice(format!("wrote {path}\n").as_bytes());
    Ok(())
}

fn write_document(path: &str, name: &str, text: &[u8], first: bool) -> io::Result<()> {
    if let Some(parent) = Path::new(path).parent() {
        fs::create_dir_all(parent)?;
    }
    let mut file = OpenOptions::new().create(true).write(true).truncate(first).append(!first).open(path)?;
    file.write_all(format!("---\n# Source: {name}\n").as_bytes())?;
    file.write_all(text)?;
    file.write_all(b"\n")
}

/// `filepath.Join` of a folder and a name without separators.
fn go_join(dir: &str, name: &str) -> String {
    let parts: Vec<&str> = dir.split('/').filter(|p| !p.is_empty() && *p != ".").chain([name]).collect();
    format!("{}{}", if dir.starts_with('/') { "/" } else { "" }, parts.join("/"))
}
