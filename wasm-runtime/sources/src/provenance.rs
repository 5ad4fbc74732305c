//! `.prov` files: who signed a chart, and whether it is still what they signed
//! (`pkg/provenance`).

use std::path::Path;

use govalue::Value;
use goyaml::yaml::from_yaml_map;

use crate::cache::sha256;
use crate::folder;
use crate::go_words::go_words;
use crate::openpgp;

pub use crate::provenance_error::ProvenanceError;

/// Who signed a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The names of the key's owner.
    pub signed_by: Vec<String>,
    /// The key's fingerprint, in hexadecimal digits.
    pub fingerprint: String,
    /// The digest that was signed: `sha256:…`.
    pub digest: String,
}

/// The most bytes of a signature.
const MOST_OF_PROVENANCE: u64 = 1 << 20;

/// Verifies an archive on disk with the signature beside it (`VerifyChart`).
///
/// # Errors
/// Why it cannot be trusted.
pub fn verify_file(path: &Path, data: &[u8], signature: &Path, keyring: &Path) -> Result<Verified, ProvenanceError> {
    let is_archive = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tgz"));
    if !is_archive {
        return Err(ProvenanceError::NoArchive);
    }
    let file = || signature.to_path_buf();
    std::fs::metadata(signature).map_err(|e| ProvenanceError::Missing { file: file(), why: go_words(&e) })?;
    let text = folder::read(signature, MOST_OF_PROVENANCE)
        .map_err(|e| ProvenanceError::Unreadable { file: file(), why: go_words(&e) })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    verify(data, &text, &name, keyring)
}

/// Verifies an archive of that file name.
///
/// # Errors
/// Why it cannot be trusted.
pub fn verify(data: &[u8], signature: &[u8], name: &str, keyring: &Path) -> Result<Verified, ProvenanceError> {
    let text = String::from_utf8_lossy(signature);
    let openpgp::Signed { text, signed_by, fingerprint } = openpgp::verify(&text, keyring)?;
    let digest = sha256(data);
    let plain = text.replace("\r\n", "\n");
    let sums = plain.split("\n...\n").nth(1);
    let sums = sums.ok_or_else(|| ProvenanceError::Malformed("message block must have at least two parts".into()))?;
    let sums = from_yaml_map(sums.as_bytes()).map_err(|e| ProvenanceError::Malformed(e.to_string()))?;
    let listed = match sums.get("files") {
        Some(Value::Map(files)) => files.get(name),
        _ => None,
    };
    match listed {
        Some(Value::Str(listed)) if listed == digest.as_str() => Ok(Verified { signed_by, fingerprint, digest }),
        Some(Value::Str(listed)) => {
            Err(ProvenanceError::Digest { name: name.to_owned(), listed: listed.to_string(), found: digest })
        }
        _ => Err(ProvenanceError::NotListed(name.to_owned())),
    }
}
