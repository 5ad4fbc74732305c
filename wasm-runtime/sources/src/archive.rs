//! Archives of whole repositories.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use flux::FetchError;
use helm::chart::Bytes;

/// The most bytes that a repository may have, unpacked.
const MOST_BYTES: u64 = 1 << 30;
/// The most files of a repository.
const MOST_FILES: usize = 100_000;
/// The most bytes of one of its files that is kept; larger ones are no part of a chart.
const MOST_OF_FILE: u64 = 100 << 20;

/// The regular files of a tar archive, gzipped or not, by path. Links and what
/// lies outside of it are left out, as Flux does.
pub(crate) fn files(data: &[u8]) -> Result<BTreeMap<String, Bytes>, FetchError> {
    let reader: Box<dyn Read + '_> =
        if data.starts_with(b"\x1f\x8b") { Box::new(GzDecoder::new(data)) } else { Box::new(data) };
    let bad = |e: std::io::Error| FetchError::Invalid(format!("no archive of files: {e}"));
    let mut files = BTreeMap::new();
    let mut archive = tar::Archive::new(reader.take(MOST_BYTES));
    for entry in archive.entries().map_err(bad)? {
        let entry = entry.map_err(bad)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let Some(name) = inside(&name) else { continue };
        if files.len() >= MOST_FILES {
            return Err(FetchError::Invalid(format!("the archive has more than {MOST_FILES} files")));
        }
        let size = entry.size();
        if size > MOST_OF_FILE {
            continue;
        }
        let mut content = Vec::new();
        entry.take(MOST_OF_FILE).read_to_end(&mut content).map_err(bad)?;
        if (content.len() as u64) < size {
            return Err(FetchError::Invalid(format!("the archive ends early, or has more than {MOST_BYTES} bytes")));
        }
        files.insert(name, Bytes::from(content));
    }
    if files.is_empty() {
        return Err(FetchError::Invalid("the archive has no files".into()));
    }
    Ok(files)
}

/// A path without `.` and empty parts; `None` where it leads outside.
pub(crate) fn inside(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        for (path, want) in [
            ("./charts/web", Some("charts/web")),
            ("charts//web/", Some("charts/web")),
            ("charts/../web", Some("web")),
            ("../web", None),
            ("charts/../../web", None),
            ("..\\web", None),
            (".", Some("")),
        ] {
            assert_eq!(inside(path).as_deref(), want, "{path}");
        }
    }
}
