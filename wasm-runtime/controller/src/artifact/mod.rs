//! Charts as artifacts: what Flux fetches.

mod server;
mod storage;

pub use server::router;
pub use storage::{Retention, Storage, StorageError, Stored};

use std::fmt;

use sha2::{Digest, Sha256};

/// The digest of bytes, `sha256:<hex>`.
pub fn digest(bytes: &[u8]) -> String {
    digest_text(&Sha256::digest(bytes))
}

fn digest_text(sum: &[u8]) -> String {
    use fmt::Write;
    sum.iter().fold("sha256:".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The revision of a chart: `<version>@sha256:<hex>`.
///
/// helm-controller compares revisions and nothing else, so the digest must be
/// in it; and it refuses a revision whose version is not the chart's.
pub fn revision(version: &str, digest: &str) -> String {
    format!("{version}@{digest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_has_the_digest_of_the_bytes() {
        assert_eq!(
            revision("1.4.0", &digest(b"")),
            "1.4.0@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
