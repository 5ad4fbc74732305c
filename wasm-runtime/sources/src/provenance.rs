//! `.prov` files: who signed a chart, and whether it is still what they signed
//! (`pkg/provenance`).

use std::path::{Path, PathBuf};

use govalue::Value;
use goyaml::yaml::from_yaml_map;

use crate::cache::sha256;
use crate::folder;
use crate::go_words::go_words;
use crate::openpgp;

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

/// Why a chart cannot be trusted, in Helm's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProvenanceError {
    /// Only archives are signed.
    #[error("chart must be a tgz file")]
    NoArchive,
    /// There is no signature beside the archive.
    #[error("could not load provenance file {file}: stat {file}: {why}", file = .file.display())]
    Missing {
        /// Where it was looked for.
        file: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The signature cannot be read.
    #[error("failed to read provenance file: open {file}: {why}", file = .file.display())]
    Unreadable {
        /// The signature's file.
        file: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The keyring cannot be read.
    #[error("failed to load keyring: {0}")]
    Keyring(String),
    /// The file has no signed message in it.
    #[error("signature block not found")]
    NoSignature,
    /// None of the keys made the signature.
    #[error("openpgp: signature made by unknown entity")]
    UnknownSigner,
    /// The signature does not fit the text.
    #[error("openpgp: invalid signature: {0}")]
    Invalid(&'static str),
    /// The key was revoked.
    #[error("openpgp: signature made by revoked key")]
    Revoked,
    /// The key is no longer valid.
    #[error("openpgp: key expired")]
    KeyExpired,
    /// The signature is no longer valid.
    #[error("openpgp: signature expired")]
    SignatureExpired,
    /// What is signed is not a chart's provenance.
    #[error("{0}")]
    Malformed(String),
    /// What was signed says nothing of this file.
    #[error("provenance does not contain a SHA for a file named {0:?}")]
    NotListed(String),
    /// The archive is not the one that was signed.
    #[error("sha256 sum does not match for {name}: {listed:?} != {found:?}")]
    Digest {
        /// The archive's name.
        name: String,
        /// The digest that was signed.
        listed: String,
        /// The archive's digest.
        found: String,
    },
    /// This program was built without the feature `signatures`.
    #[error("this program was built without support for signatures")]
    Unsupported,
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
