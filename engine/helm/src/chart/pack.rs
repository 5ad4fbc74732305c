//! Charts to archives, the same bytes every time.

use super::File;
use super::gzip::Crc32;

/// Time of all entries: 1980-01-01, which every tool takes for a time.
const TIME: u64 = 315_532_800;
const BLOCK: usize = 512;
/// Half as much again as at the usual level, in less than a third of the time: charts are small.
const LEVEL: u8 = 1;

/// Packs a chart's files into a gzipped tar, as `helm package` lays it out: everything in one folder of the chart's name.
///
/// The same files in the same order give the same bytes on every platform: times, owners and modes are fixed, and one
/// implementation of deflate is used everywhere. Names of more than 255 bytes go into extended headers.
///
/// ```
/// use helm::chart::{Limits, load_archive, pack};
/// use helm::chart::File;
/// let file = |name: &str, text: &str| File { name: name.into(), data: text.as_bytes().into() };
/// let files = [file("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"), file("templates/a.txt", "hello")];
/// let archive = pack("web", &files);
/// assert_eq!(archive, pack("web", &files));
/// let chart = load_archive(&archive, Limits::default(), &mut Default::default()).unwrap();
/// assert_eq!(chart.templates()[0].name, "templates/a.txt");
/// ```
pub fn pack(folder: &str, files: &[File]) -> Vec<u8> {
    gzip(&tar(folder, files))
}

/// What [`pack`] compresses: the files as a tar, for who only needs a digest of them.
pub fn tar(folder: &str, files: &[File]) -> Vec<u8> {
    let size: usize = files.iter().map(|f| f.data.len() + 2 * BLOCK).sum();
    let mut tar = Vec::with_capacity(size + 2 * BLOCK);
    for file in files {
        let name = [folder.as_bytes(), b"/", file.name.as_bytes()].concat();
        entry(&mut tar, &name, &file.data);
    }
    tar.resize(tar.len() + 2 * BLOCK, 0);
    tar
}

fn gzip(content: &[u8]) -> Vec<u8> {
    // No name, no time, system unknown.
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    out.extend(miniz_oxide::deflate::compress_to_vec(content, LEVEL));
    out.extend(Crc32::of(content).to_le_bytes());
    out.extend((content.len() as u32).to_le_bytes());
    out
}

fn entry(tar: &mut Vec<u8>, name: &[u8], data: &[u8]) {
    let (prefix, short) = match split(name) {
        Some(parts) => parts,
        None => {
            block(tar, b'x', b"PaxHeader", b"", &pax(b"path", name));
            (&b""[..], name.get(..100).unwrap_or(name))
        }
    };
    block(tar, b'0', short, prefix, data);
}

/// A name as prefix and rest that fit the header; `None` where it is too long.
fn split(name: &[u8]) -> Option<(&[u8], &[u8])> {
    if name.len() <= 100 {
        return Some((b"", name));
    }
    let (at, _) = name.iter().enumerate().find(|(i, b)| **b == b'/' && name.len() - i - 1 <= 100)?;
    let (prefix, rest) = name.split_at_checked(at)?;
    (prefix.len() <= 155).then_some((prefix, rest.get(1..)?))
}

/// A record of an extended header: its own length counts itself.
fn pax(key: &[u8], value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut length = rest;
    while length != rest + length.to_string().len() {
        length = rest + length.to_string().len();
    }
    [length.to_string().as_bytes(), b" ", key, b"=", value, b"\n"].concat()
}

/// A header (POSIX ustar) and what it is the header of.
fn block(tar: &mut Vec<u8>, kind: u8, name: &[u8], prefix: &[u8], data: &[u8]) {
    let mut header = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| {
        for (to, from) in header.iter_mut().skip(at).zip(bytes) {
            *to = *from;
        }
    };
    put(0, name);
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{:011o}\0", data.len()).as_bytes());
    put(136, format!("{TIME:011o}\0").as_bytes());
    put(148, b"        ");
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    put(345, prefix);
    let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
    for (to, from) in header.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *to = from;
    }
    tar.extend_from_slice(&header);
    tar.extend_from_slice(data);
    tar.resize(tar.len().next_multiple_of(BLOCK), 0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Limits, load_archive};

    #[test]
    fn long_names_come_back() {
        let mut files =
            vec![File { name: "Chart.yaml".into(), data: (&b"apiVersion: v2\nname: a\nversion: 1.0.0"[..]).into() }];
        for length in [80, 95, 101, 150, 254, 260, 400] {
            let deep = "d/".repeat(length / 4);
            for name in [format!("f/{}", "x".repeat(length)), format!("{deep}{}", "y".repeat(length / 2))] {
                files.push(File { name: name.into(), data: vec![7; length * 5].into() });
            }
        }
        let chart = load_archive(pack("chart", &files), Limits::default(), &mut Default::default()).unwrap();
        let names = |files: &[File]| files.iter().map(|f| (f.name.clone(), f.data.to_vec())).collect::<Vec<_>>();
        assert_eq!(names(chart.raw()), names(&files));
    }

    #[test]
    fn bytes_never_change() {
        let file = |name: &str, text: &str| File { name: name.into(), data: text.as_bytes().into() };
        let archive = pack("web", &[file("Chart.yaml", "name: web\n"), file("values.yaml", &"a: b\n".repeat(50))]);
        assert_eq!((archive.len(), Crc32::of(&archive)), (166, 4_293_075_326));
    }
}
