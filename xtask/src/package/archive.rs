//! Reproducible archives.

use std::io::Write;

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use tar::{Builder, Header};

/// A file of an archive.
pub(crate) struct Entry {
    /// Its path, with `/`.
    pub(crate) name: String,
    pub(crate) data: Vec<u8>,
    /// Whether it is executable.
    pub(crate) executable: bool,
}

/// A gzipped tar without times, owners and host names.
pub(crate) fn tgz(entries: &[Entry]) -> anyhow::Result<Vec<u8>> {
    let gzip: GzEncoder<Vec<u8>> = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    let mut tar = Builder::new(gzip);
    for entry in entries {
        let mut header = Header::new_ustar();
        header.set_size(entry.data.len() as u64);
        header.set_mode(if entry.executable { 0o755 } else { 0o644 });
        // 1980-01-01, which every tool accepts as a time.
        header.set_mtime(315_532_800);
        header.set_uid(0);
        header.set_gid(0);
        tar.append_data(&mut header, &entry.name, entry.data.as_slice())?;
    }
    let mut gzip = tar.into_inner()?;
    gzip.flush()?;
    Ok(gzip.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_are_the_same_every_time() {
        let entries =
            || ["a", "b/c"].map(|name| Entry { name: name.into(), data: b"text".to_vec(), executable: name == "a" });
        let archive = tgz(&entries()).unwrap();
        assert_eq!(archive, tgz(&entries()).unwrap());
        // The header has neither the time nor the operating system.
        assert_eq!(archive.get(4..8), Some(&[0; 4][..]));
        let mut read = tar::Archive::new(flate2::read::GzDecoder::new(archive.as_slice()));
        let modes: Vec<u32> = read.entries().unwrap().map(|e| e.unwrap().header().mode().unwrap()).collect();
        assert_eq!(modes, [0o755, 0o644]);
    }
}
