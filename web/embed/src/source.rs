//! What is at the address that an element names.

use chartwright_app::load::Trouble;
use chartwright_app::opened::{Found, classify};
use chartwright_app::shell::DroppedFile;

/// What an address leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A catalog, or the index of a Helm repository.
    Catalog,
    /// A file that can be opened: its kind, as the store has it, and the file.
    File(&'static str, DroppedFile),
}

/// Says what a file is, by what is in it.
///
/// # Errors
/// If it is nothing that an element shows.
pub fn source(src: &str, bytes: Vec<u8>) -> Result<Source, Trouble> {
    let (path, _) = src.split_once(['?', '#']).unwrap_or((src, ""));
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    if is_catalog(&bytes) {
        return Ok(Source::Catalog);
    }
    match classify(vec![DroppedFile { path: name, bytes }]) {
        Ok(Found::Chart(file)) => Ok(Source::File("chart", file)),
        Ok(Found::Descriptor(file)) => Ok(Source::File("descriptor", file)),
        Ok(Found::Folder { .. } | Found::Compose(_) | Found::Values(_)) | Err(_) => {
            Err(Trouble::new("src leads to something that cannot be shown here")
                .at(src)
                .hint("name a catalog, a chart's archive (.tgz) or a descriptor"))
        }
    }
}

/// Whether a text is JSON, as catalogs are, or has the charts of a Helm repository. What is wrong with it is found when
/// it is read.
fn is_catalog(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    text.trim_start().starts_with('{') || text.lines().any(|line| line.starts_with("entries:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_what_is_in_them() {
        let named = |src: &str, bytes: &[u8]| source(src, bytes.to_vec());
        assert_eq!(named("https://a.example/x", b" {\"modules\": []}"), Ok(Source::Catalog));
        assert_eq!(named("https://a.example/x", b"apiVersion: v1\nentries:\n  shop: []\n"), Ok(Source::Catalog));
        let file = |path: &str, bytes: &[u8]| DroppedFile { path: path.into(), bytes: bytes.into() };
        let chart = file("shop.tgz", b"\x1f\x8b\x08");
        assert_eq!(named("https://a.example/c/shop.tgz?x=/y", &chart.bytes), Ok(Source::File("chart", chart.clone())));
        let descriptor = file("d.yaml", b"kind: HelmChartDescriptor\n");
        assert_eq!(named("/d.yaml#x", &descriptor.bytes), Ok(Source::File("descriptor", descriptor.clone())));
        for bytes in [&b""[..], b"<!doctype html>", b"services:\n  web: {}\n", b"\xff\xff"] {
            assert!(named("https://a.example/x.yaml", bytes).is_err(), "{bytes:?}");
        }
    }
}
