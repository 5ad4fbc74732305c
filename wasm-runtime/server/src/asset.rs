//! A file that is served.

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use crate::encoding::Encoding;

/// A file with what its answer says of it.
#[derive(Clone, Debug)]
pub(crate) struct Asset {
    /// `Content-Type`
    pub(crate) mime: &'static str,
    /// What tells its content from every other, without quotation marks.
    pub(crate) etag: String,
    /// Whether its name says what is in it, so that it never changes.
    pub(crate) is_hashed: bool,
    /// Its bytes.
    pub(crate) data: Bytes,
    /// The same, compressed.
    pub(crate) compressed: Vec<(Encoding, Bytes)>,
    /// By whose rules it runs.
    pub(crate) trust: Trust,
}

/// Who wrote a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// The page: its scripts run.
    Page,
    /// A catalog: nothing in it runs, whoever opens it.
    Data,
}

/// What tells a content from others.
pub(crate) fn etag_of(data: &[u8]) -> String {
    Sha256::digest(data).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// `Content-Type` by the end of a name. What is not known is bytes, which no browser shows.
pub(crate) fn mime_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, end)| end) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "yaml" | "yml" => "application/yaml",
        "txt" | "md" => "text/plain; charset=utf-8",
        "tgz" => "application/gzip",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Whether a name has the hash of its content in it: eight or more hexadecimal digits, with a digit among them, between
/// `-` or `.` and the end of the name (`app-0123abcd.js`, `app-0123abcd_bg.wasm`, `sha256-….tgz`).
pub(crate) fn is_hashed(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let Some((stem, _)) = file.rsplit_once('.') else { return false };
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    let Some(at) = stem.rfind(['-', '.']) else { return false };
    let hash = &stem[at + 1..];
    let is_hex = hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    hash.len() >= 8 && is_hex && hash.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_hashes() {
        for (name, want) in [
            ("app-0123456789abcdef.js", true),
            ("assets/app.0123abcd.css", true),
            ("app-0123abcd_bg.wasm", true),
            ("charts/sha256-00112233445566778899.tgz", true),
            ("index.html", false),
            ("sw.js", false),
            ("catalog.json", false),
            ("app-defaced.js", false),
            ("app-feedface.js", false),
            ("app-0123ABCD.js", false),
            ("app-1.4.0.js", false),
            ("0123abcd", false),
        ] {
            assert_eq!(is_hashed(name), want, "{name}");
        }
    }
}
