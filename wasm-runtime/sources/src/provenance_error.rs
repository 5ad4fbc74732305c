//! Why a signed chart cannot be trusted.

use std::path::PathBuf;

/// Why a chart cannot be trusted, with Helm's message.
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
