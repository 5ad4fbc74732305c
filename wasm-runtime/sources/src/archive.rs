//! Archives of whole repositories.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use flate2::read::GzDecoder;
use helm::chart::Bytes;

/// The most bytes of an archive, as of a chart in Helm.
pub(crate) const MOST_OF_ARCHIVE: u64 = 100 << 20;
/// The most bytes that a repository may have, unpacked.
const MOST_BYTES: u64 = 1 << 30;
/// The most files of a repository.
const MOST_FILES: usize = 100_000;
/// The most bytes of one of its files that is kept; larger ones are not part of a chart.
const MOST_OF_FILE: u64 = 100 << 20;

/// Why an archive cannot be read.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// It is not a tar archive, or it is damaged.
    #[error("no archive of files: {0}")]
    Damaged(#[source] Arc<io::Error>),
    /// It has too many files.
    #[error("the archive has more than {MOST_FILES} files")]
    TooMany,
    /// It ends early, or is too large.
    #[error("the archive ends early, or has more than {MOST_BYTES} bytes")]
    TooLarge,
    /// A chart in a commit is too large.
    #[error("the chart at {0:?} has more than {most} bytes", most = crate::folder::MOST_IN_ALL)]
    ChartTooLarge(String),
    /// There is nothing in it.
    #[error("the archive has no files")]
    Empty,
}

/// The regular files of a tar archive, gzipped or not, by path. Links and what
/// lies outside of it are left out, as Flux does.
///
/// # Errors
/// If it is damaged, too large, or has no files.
pub fn files(data: &[u8]) -> Result<BTreeMap<String, Bytes>, ArchiveError> {
    let reader: Box<dyn Read + '_> =
        if data.starts_with(b"\x1f\x8b") { Box::new(GzDecoder::new(data)) } else { Box::new(data) };
    let bad = |e: io::Error| ArchiveError::Damaged(Arc::new(e));
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
            return Err(ArchiveError::TooMany);
        }
        let size = entry.size();
        if size > MOST_OF_FILE {
            continue;
        }
        let mut content = Vec::new();
        entry.take(MOST_OF_FILE).read_to_end(&mut content).map_err(bad)?;
        if (content.len() as u64) < size {
            return Err(ArchiveError::TooLarge);
        }
        files.insert(name, Bytes::from(content));
    }
    if files.is_empty() {
        return Err(ArchiveError::Empty);
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
