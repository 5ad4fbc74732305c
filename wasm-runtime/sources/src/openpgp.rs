//! Signed messages in OpenPGP's clear text, and the keys that made them.

use std::path::Path;
use std::time::{Duration, SystemTime};

use pgp::composed::{CleartextSignedMessage, PublicOrSecret, SignedPublicKey};
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::Signature;
use pgp::types::{KeyDetails, VerifyingKey};

use crate::folder;
use crate::go_words::go_words;
use crate::provenance_error::ProvenanceError;

/// A message that a known key signed.
pub(crate) struct Signed {
    pub(crate) text: String,
    /// The names of the key's owner.
    pub(crate) signed_by: Vec<String>,
    /// The key's fingerprint, in hexadecimal digits.
    pub(crate) fingerprint: String,
}

/// The most bytes of a keyring.
const MOST_OF_KEYRING: u64 = 64 << 20;

/// Reads a signed message, and verifies it with the keys of a keyring.
pub(crate) fn verify(message: &str, keyring: &Path) -> Result<Signed, ProvenanceError> {
    let keys = read_keyring(keyring)?;
    let start = message.find("-----BEGIN PGP SIGNED MESSAGE-----").ok_or(ProvenanceError::NoSignature)?;
    let block = message.get(start..).expect("a place that `find` gave lies in the text");
    let (message, _) = CleartextSignedMessage::from_string(block).map_err(|_| ProvenanceError::NoSignature)?;
    let text = message.signed_text();
    let key = signer(message.signatures(), text.as_bytes(), &keys)?;
    Ok(Signed {
        signed_by: key.details.users.iter().map(|u| String::from_utf8_lossy(u.id.id()).into_owned()).collect(),
        fingerprint: key.fingerprint().to_string().to_uppercase(),
        text,
    })
}

/// The keys of a binary keyring; those that cannot be read are left out.
fn read_keyring(path: &Path) -> Result<Vec<SignedPublicKey>, ProvenanceError> {
    let data = folder::read(path, MOST_OF_KEYRING)
        .map_err(|e| ProvenanceError::Keyring(format!("open {}: {}", path.display(), go_words(&e))))?;
    let invalid = |why: String| ProvenanceError::Keyring(format!("openpgp: invalid data: {why}"));
    if data.first().is_some_and(|b| b & 0x80 == 0) {
        // Helm reads no armoured keyrings either.
        return Err(invalid("tag byte does not have MSB set".into()));
    }
    let (keys, _) = PublicOrSecret::from_reader_many(data.as_slice()).map_err(|e| invalid(e.to_string()))?;
    let public = |key| match key {
        PublicOrSecret::Public(key) => key,
        PublicOrSecret::Secret(key) => key.to_public_key(),
    };
    Ok(keys.filter_map(Result::ok).map(public).collect())
}

/// The key that made one of the signatures.
fn signer<'k>(
    signatures: &[Signature],
    text: &[u8],
    keys: &'k [SignedPublicKey],
) -> Result<&'k SignedPublicKey, ProvenanceError> {
    let mut known = None;
    for signature in signatures {
        for key in keys.iter().filter(|key| key.verify_bindings().is_ok()) {
            let subkeys = key.public_subkeys.iter().filter(|s| s.signatures.iter().any(|b| b.key_flags().sign()));
            let primary = made_by(signature, &key.primary_key)
                .then(|| (key.primary_key.algorithm(), signature.verify(&key.primary_key, text)));
            let by_subkey = subkeys
                .filter(|subkey| made_by(signature, &subkey.key))
                .map(|subkey| (subkey.key.algorithm(), signature.verify(&subkey.key, text)));
            for (algorithm, result) in primary.into_iter().chain(by_subkey) {
                known = Some(algorithm);
                if result.is_ok() {
                    check(signature, key)?;
                    return Ok(key);
                }
            }
        }
    }
    let Some(algorithm) = known else { return Err(ProvenanceError::UnknownSigner) };
    Err(ProvenanceError::Invalid(match algorithm {
        PublicKeyAlgorithm::RSA | PublicKeyAlgorithm::RSASign => "RSA verification failure",
        PublicKeyAlgorithm::DSA => "DSA verification failure",
        PublicKeyAlgorithm::ECDSA => "ECDSA verification failure",
        PublicKeyAlgorithm::EdDSALegacy => "EdDSA verification failure",
        PublicKeyAlgorithm::Ed25519 => "Ed25519 verification failure",
        PublicKeyAlgorithm::Ed448 => "ed448 verification failure",
        _ => "verification failure",
    }))
}

/// Whether a signature says that this key made it.
fn made_by(signature: &Signature, key: &impl VerifyingKey) -> bool {
    signature.issuer_key_id().into_iter().any(|id| *id == key.legacy_key_id())
        || signature.issuer_fingerprint().into_iter().any(|f| *f == key.fingerprint())
}

/// Whether key and signature are still valid.
fn check(signature: &Signature, key: &SignedPublicKey) -> Result<(), ProvenanceError> {
    if key.details.revocation_signatures.iter().any(|r| r.verify_key(&key.primary_key).is_ok()) {
        return Err(ProvenanceError::Revoked);
    }
    let now = SystemTime::now();
    let selfs = key.details.users.iter().flat_map(|u| &u.signatures).chain(&key.details.direct_signatures);
    let latest = selfs.max_by_key(|s| s.created().map(SystemTime::from));
    let made = SystemTime::from(key.primary_key.created_at());
    // A lifetime of nothing means for ever.
    let over = |made: SystemTime, lifetime: Option<pgp::types::Duration>| {
        lifetime.map(Duration::from).is_some_and(|t| !t.is_zero() && made + t < now)
    };
    if over(made, latest.and_then(Signature::key_expiration_time)) {
        return Err(ProvenanceError::KeyExpired);
    }
    if signature.created().is_some_and(|made| over(made.into(), signature.signature_expiration_time())) {
        return Err(ProvenanceError::SignatureExpired);
    }
    Ok(())
}
