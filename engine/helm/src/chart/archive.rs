//! Chart archives: what may be in them (`pkg/chart/loader/archive`).

use std::cell::Cell;
use std::ops::Range;

use govalue::{Str, strconv};

use super::bytes::Bytes;
use super::gzip::{self, GzipError, Inflater};
use super::tar::{Archive, Entry};
use super::{ChartError, File};

/// What an archive may inflate to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all files of an archive; 100 MiB, as in Helm.
    pub chart: u64,
    /// Bytes of a file; 5 MiB, as in Helm.
    pub file: u64,
    /// Bytes of a chart with all archives in it; 256 MiB. Helm has no such limit.
    pub total: u64,
    /// How deep charts may nest; 100. Helm has no such limit.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { chart: 100 << 20, file: 5 << 20, total: 256 << 20, depth: 100 }
    }
}

/// The limits, and what is left of them.
pub(super) struct Budget {
    pub(super) limits: Limits,
    left: Cell<u64>,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Budget {
        Budget { limits, left: Cell::new(limits.total) }
    }

    /// Counts what an archive inflated to.
    fn spend(&self, tar: &Archive<'_>) {
        self.left.set(self.left.get().saturating_sub(tar.inflated() as u64));
    }

    fn too_large(&self) -> ChartError {
        let most = self.limits.chart;
        ChartError::new(format!("decompressed chart is larger than the maximum size {most}"))
    }
}

/// Why the files of an archive could not be read.
pub(super) enum ArchiveError {
    /// It is no gzip file.
    NoGzip,
    /// Any other reason.
    Other(ChartError),
}

impl ArchiveError {
    /// Helm's text, or Go's.
    pub(super) fn into_error(self) -> ChartError {
        match self {
            ArchiveError::NoGzip => ChartError::new(GzipError::Header.to_string()),
            ArchiveError::Other(e) => e,
        }
    }
}

impl From<ChartError> for ArchiveError {
    fn from(e: ChartError) -> ArchiveError {
        ArchiveError::Other(e)
    }
}

fn plain(e: impl std::fmt::Display) -> ArchiveError {
    ArchiveError::Other(ChartError::new(e.to_string()))
}

/// The files of an archive, without the folder that they are in
/// (`LoadArchiveFiles`).
///
/// A small archive is inflated as it is. Of others, large files that renders rarely
/// read stay packed: see [`Bytes`].
pub(super) fn files(archive: &Bytes, budget: &Budget) -> Result<Vec<File>, ArchiveError> {
    // Headers and padding count, too; there is no need to be exact.
    let most = usize::try_from(budget.left.get()).unwrap_or(usize::MAX);
    if let Some(inflater) = Inflater::whole(archive, most) {
        let mut tar = Archive::new(inflater);
        let found = entries(&mut tar, budget, |tar, entry, _| {
            tar.read(entry.length, None).map_err(plain)?;
            Ok(entry.start..entry.start + entry.length)
        });
        // If it fails, reading on from member to member says why, or does not fail.
        if let Ok(found) = found {
            budget.spend(&tar);
            let content = Bytes::from(tar.into_inflater().into_whole());
            let file = |(name, range)| File { name, data: without_bom(content.slice(range)) };
            return Ok(found.into_iter().map(file).collect());
        }
    }
    let inflater = Inflater::new(archive, most).map_err(|e| match e {
        GzipError::Header => ArchiveError::NoGzip,
        e => plain(e),
    })?;
    let mut tar = Archive::new(inflater);
    let mut contents = Contents::new(gzip::stated_length(archive));
    let found = entries(&mut tar, budget, |tar, entry, name| {
        if entry.length < WORTH_PACKING || !is_rarely_read(name) {
            return contents.keep(entry.length, |buffer| tar.read(entry.length, Some(buffer)).map_err(plain));
        }
        let mut start = Vec::new();
        tar.read(BOM.len(), Some(&mut start)).map_err(plain)?;
        tar.read(entry.length - BOM.len(), None).map_err(plain)?;
        let skipped = if start == BOM { BOM.len() } else { 0 };
        Ok(contents.pack(entry.start + skipped..entry.start + entry.length))
    })?;
    budget.spend(&tar);
    let contents = contents.finish(archive);
    let file = |(name, place)| File { name, data: contents.get(place) };
    Ok(found.into_iter().map(file).collect())
}

/// The files of an archive by name, and the place that `read` gives each when it
/// reads the content.
fn entries<'a, P>(
    tar: &mut Archive<'a>,
    budget: &Budget,
    mut read: impl FnMut(&mut Archive<'a>, &Entry, &[u8]) -> Result<P, ArchiveError>,
) -> Result<Vec<(Str, P)>, ArchiveError> {
    let mut found = Vec::new();
    let mut left = budget.limits.chart;
    while let Some(entry) = tar.next().map_err(plain)? {
        if entry.is_dir || entry.is_global_header {
            continue;
        }
        let name = inner_name(&entry.name)?;
        if entry.size > left {
            return Err(budget.too_large().into());
        }
        if entry.size > budget.limits.file {
            let (name, most) = (strconv::quote(&entry.name), budget.limits.file);
            let text = format!("decompressed chart file {name} is larger than the maximum file size {most}");
            return Err(plain(text));
        }
        let place = read(tar, &entry, &name)?;
        left -= entry.length as u64;
        if (entry.length as u64) < entry.size || left == 0 {
            return Err(budget.too_large().into());
        }
        found.push((Str::from(name), place));
    }
    if found.is_empty() {
        return Err(plain("no files in chart archive"));
    }
    Ok(found)
}

/// From this size on it is worth to keep a file packed.
const WORTH_PACKING: usize = 16 * 1024;

/// Whether templates rarely read such a file: definitions of resources, which
/// are printed only if wanted, and documentation.
fn is_rarely_read(name: &[u8]) -> bool {
    let mut inner = name;
    while let Some(sub) = inner.strip_prefix(b"charts/") {
        inner = sub.iter().position(|&b| b == b'/').and_then(|slash| sub.get(slash + 1..)).unwrap_or_default();
    }
    inner.starts_with(b"crds/") || (inner.ends_with(b".md") && !inner.starts_with(b"templates/"))
}

/// Where the content of a file is.
#[derive(Clone, Debug)]
enum Place {
    /// In a buffer.
    Kept { buffer: usize, range: Range<usize> },
    /// Among what stays packed.
    Packed(Range<usize>),
}

/// The contents of an archive's files on their way into a few buffers, none of
/// which ever has to grow.
struct Contents {
    buffers: Vec<Vec<u8>>,
    /// The buffer that small files go to.
    shared: usize,
    /// How large the next shared buffer is.
    size: usize,
    /// Places in the archive of what stays packed.
    packed: Vec<Range<usize>>,
    packed_length: usize,
}

impl Contents {
    /// The most that a shared buffer has.
    const SHARED: usize = 256 * 1024;

    /// For an archive that says that it has so many bytes.
    fn new(stated: usize) -> Contents {
        let size = stated.min(Contents::SHARED);
        Contents { buffers: Vec::new(), shared: 0, size, packed: Vec::new(), packed_length: 0 }
    }

    /// Keeps a file that `read` appends to the buffer it is given.
    fn keep(
        &mut self,
        length: usize,
        read: impl FnOnce(&mut Vec<u8>) -> Result<(), ArchiveError>,
    ) -> Result<Place, ArchiveError> {
        let mut at = self.shared;
        if self.buffers.get(at).is_none_or(|b| b.capacity() - b.len() < length) {
            at = self.buffers.len();
            // A large file has a buffer for itself: others still fit where they went so far.
            let alone = length > self.size / 4;
            self.buffers.push(Vec::with_capacity(if alone { length } else { self.size }));
            self.shared = if alone { self.shared } else { at };
        }
        let buffer = &mut self.buffers[at];
        let start = buffer.len();
        read(buffer)?;
        Ok(Place::Kept { buffer: at, range: start..buffer.len() })
    }

    /// Leaves a file where it is.
    fn pack(&mut self, place: Range<usize>) -> Place {
        let start = self.packed_length;
        self.packed_length += place.len();
        self.packed.push(place);
        Place::Packed(start..self.packed_length)
    }

    fn finish(self, archive: &Bytes) -> Shared {
        let packed = (!self.packed.is_empty()).then(|| Bytes::packed(archive.clone(), self.packed));
        Shared { buffers: self.buffers.into_iter().map(Bytes::from).collect(), packed: packed.unwrap_or_default() }
    }
}

/// The contents of an archive's files.
struct Shared {
    buffers: Vec<Bytes>,
    packed: Bytes,
}

impl Shared {
    fn get(&self, place: Place) -> Bytes {
        match place {
            Place::Kept { buffer, range } => without_bom(self.buffers[buffer].slice(range)),
            Place::Packed(range) => self.packed.slice(range),
        }
    }
}

/// Reads parts of an archive, which has been read before, one behind the other.
pub(super) fn unpack(archive: &[u8], parts: &[Range<usize>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(parts.iter().map(Range::len).sum());
    let mut inflater = Inflater::new(archive, usize::MAX).expect("the archive was inflated before");
    let mut at = 0;
    for part in parts {
        for (end, keep) in [(part.start, false), (part.end, true)] {
            while at < end {
                let some = inflater.some(end - at);
                assert!(!some.is_empty(), "the archive was inflated as far as this before");
                at += some.len();
                if keep {
                    out.extend_from_slice(some);
                }
            }
        }
    }
    out
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Content without the byte order mark of UTF-8.
pub(super) fn without_bom(data: Bytes) -> Bytes {
    if data.starts_with(BOM) { data.slice(BOM.len()..data.len()) } else { data }
}

/// The path of a file in the chart: without the first folder, cleaned.
fn inner_name(name: &[u8]) -> Result<Vec<u8>, ChartError> {
    let error = |text: String| Err(ChartError::new(text));
    // Archives from Windows have the other slash.
    let delimiter = if name.contains(&b'\\') { b'\\' } else { b'/' };
    let mut parts = name.splitn(2, |&b| b == delimiter);
    let first = parts.next().expect("a split has a first part");
    let mut inner = parts.next().unwrap_or_default().to_vec();
    if delimiter == b'\\' {
        inner.iter_mut().filter(|b| **b == b'\\').for_each(|b| *b = b'/');
    }
    if inner.starts_with(b"/") {
        return error("chart illegally contains absolute paths".to_owned());
    }
    let inner = clean(&inner);
    if inner == b"." {
        let name = strconv::quote(name);
        return error(format!("chart illegally contains content outside the base directory: {name}"));
    }
    if inner.starts_with(b"..") {
        return error("chart illegally references parent directory".to_owned());
    }
    if matches!(inner[..], [drive, b':', b'/', ..] if drive.is_ascii_alphabetic()) {
        return error("chart contains illegally named files".to_owned());
    }
    if first == b"Chart.yaml" {
        return error("chart yaml not in base directory".to_owned());
    }
    Ok(inner)
}

/// The shortest way to write a relative path (`path.Clean`).
fn clean(path: &[u8]) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|&b| b == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { b".".to_vec() } else { parts.join(&b'/') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_folder_and_keep_inside_the_chart() {
        for (name, want) in [
            ("web/Chart.yaml", "Chart.yaml"),
            ("web/templates//a/./b/../c.yaml", "templates/a/c.yaml"),
            ("web\\templates\\a.yaml", "templates/a.yaml"),
            ("web\\a/b", "a/b"),
            ("./Chart.yaml", "Chart.yaml"),
            ("web//etc/passwd", "! chart illegally contains absolute paths"),
            ("web/../../x", "! chart illegally references parent directory"),
            ("web/..x", "! chart illegally references parent directory"),
            ("web/c:/x", "! chart contains illegally named files"),
            ("web\\c:\\x", "! chart contains illegally named files"),
            ("Chart.yaml", "! chart illegally contains content outside the base directory: \"Chart.yaml\""),
            ("web/", "! chart illegally contains content outside the base directory: \"web/\""),
            ("Chart.yaml/x", "! chart yaml not in base directory"),
        ] {
            let got = match inner_name(name.as_bytes()) {
                Ok(inner) => String::from_utf8_lossy(&inner).into_owned(),
                Err(e) => format!("! {e}"),
            };
            assert_eq!(got, want, "{name}");
        }
    }
}
