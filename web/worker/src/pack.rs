//! Zip archives (APPNOTE 6.3.10), the same bytes every time.

use std::collections::BTreeSet;

use chartwright::{LoadedChart, api};
use contract::{Failure, FailureKind};

/// 1980-01-01 as MS-DOS writes dates: the first that there is.
const DATE: u16 = 1 << 5 | 1;

/// Version 2.0: folders and deflate.
const VERSION: u16 = 20;

/// Names are UTF-8.
const UTF8: u16 = 1 << 11;

/// Puts the files of charts to others: the archives are the parts behind those of the files.
///
/// # Errors
/// If an archive is missing or is no chart.
pub(crate) fn with_charts(
    mut files: Vec<String>,
    charts: Vec<String>,
    mut parts: Vec<Vec<u8>>,
) -> Result<(Vec<String>, Vec<Vec<u8>>), Failure> {
    if charts.is_empty() {
        return Ok((files, parts));
    }
    let archives = parts.split_off(files.len().min(parts.len()));
    if archives.len() != charts.len() {
        let message = format!("{} charts have {} parts", charts.len(), archives.len());
        return Err(Failure::new(FailureKind::Input, message));
    }
    for (folder, archive) in charts.into_iter().zip(archives) {
        let chart = LoadedChart::from_archive(&folder, archive).map_err(|error| api::failure(&error, None, None))?;
        for file in chart.chart().raw() {
            files.push(format!("{folder}/{}", file.name));
            parts.push(file.data.as_bytes().to_vec());
        }
    }
    Ok((files, parts))
}

/// Packs files into a zip archive.
///
/// # Errors
/// If a path leaves the archive, is there twice, or the archive is larger than its format allows.
pub(crate) fn zip(files: &[String], parts: &[Vec<u8>]) -> Result<Vec<u8>, Failure> {
    let wrong = |message: String| Failure::new(FailureKind::Input, message);
    if files.len() != parts.len() {
        return Err(wrong(format!("{} files have {} parts", files.len(), parts.len())));
    }
    let mut seen = BTreeSet::new();
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (path, data) in files.iter().zip(parts) {
        let outside =
            path.is_empty() || path.split('/').any(|name| matches!(name, "" | "." | "..")) || path.contains('\\');
        if outside || path.len() > usize::from(u16::MAX) {
            return Err(wrong(format!("{path:?} is no path for a zip archive")));
        }
        if !seen.insert(path) {
            return Err(wrong(format!("{path:?} is there twice")));
        }
        let (method, body) = compressed(data);
        let body = body.as_deref().unwrap_or(data);
        let start = size(archive.len())?;
        let mut head = Vec::new();
        for field in [VERSION, UTF8, method, 0, DATE] {
            head.extend(field.to_le_bytes());
        }
        for field in [crc32(data), size(body.len())?, size(data.len())?] {
            head.extend(field.to_le_bytes());
        }
        head.extend((path.len() as u16).to_le_bytes());
        head.extend(0_u16.to_le_bytes());
        archive.extend(b"PK\x03\x04");
        archive.extend(&head);
        archive.extend(path.as_bytes());
        archive.extend(body);
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&head);
        // No comment, the first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(path.as_bytes());
    }
    let (start, length) = (size(archive.len())?, size(directory.len())?);
    let count = u16::try_from(files.len()).map_err(|_| wrong(format!("{} files are too many", files.len())))?;
    archive.extend(directory);
    archive.extend(b"PK\x05\x06");
    archive.extend([0; 4]);
    for _ in 0..2 {
        archive.extend(count.to_le_bytes());
    }
    archive.extend(length.to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0; 2]);
    Ok(archive)
}

fn size(bytes: usize) -> Result<u32, Failure> {
    u32::try_from(bytes).map_err(|_| Failure::new(FailureKind::Input, "the archive would have more than 4 GiB"))
}

/// The method, and what it makes of a file; `None`: the file as it is.
#[cfg(feature = "modules")]
fn compressed(data: &[u8]) -> (u16, Option<Vec<u8>>) {
    let small = miniz_oxide::deflate::compress_to_vec(data, 6);
    if small.len() < data.len() { (8, Some(small)) } else { (0, None) }
}

/// The small engine has no compression: files are stored as they are.
#[cfg(not(feature = "modules"))]
fn compressed(_: &[u8]) -> (u16, Option<Vec<u8>>) {
    (0, None)
}

/// CRC-32 as zip has it, bit by bit: archives of manifests are small.
fn crc32(data: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1)))
    };
    !data.iter().fold(!0, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_zip() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn archives_have_the_layout_of_zip() {
        let files = ["a.txt".to_owned(), "d/b.yaml".to_owned()];
        let archive = zip(&files, &[b"hi".to_vec(), b"a: b\n".repeat(40)]).unwrap();
        assert!(archive.starts_with(b"PK\x03\x04\x14\0\0\x08\0\0\0\0\x21\0"));
        let end = archive.len() - 22;
        assert_eq!(&archive[end..end + 12], b"PK\x05\x06\0\0\0\0\x02\0\x02\0");
        let start = u32::from_le_bytes(archive[end + 16..end + 20].try_into().unwrap()) as usize;
        assert_eq!(&archive[start..start + 4], b"PK\x01\x02");
        assert_eq!(archive, zip(&files, &[b"hi".to_vec(), b"a: b\n".repeat(40)]).unwrap());
    }

    #[test]
    fn paths_stay_in_the_archive() {
        for path in ["", "/a", "../a", "a/../b", "a//b", "a\\b", "./a"] {
            assert!(zip(&[path.to_owned()], &[Vec::new()]).is_err(), "{path:?}");
        }
        assert!(zip(&["a".into(), "a".into()], &[vec![], vec![]]).is_err());
        assert!(zip(&["a".into()], &[]).is_err());
    }
}
