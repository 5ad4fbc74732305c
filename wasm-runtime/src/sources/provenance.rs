//! `.prov` files: who signed a chart, and whether it is still what they signed
//! (`pkg/provenance`).

use std::path::Path;
use std::time::{Duration, SystemTime};

use govalue::Value;
use goyaml::yaml::from_yaml_map;
use pgp::composed::{CleartextSignedMessage, PublicOrSecret, SignedPublicKey};
use pgp::crypto::public_key::PublicKeyAlgorithm;
use pgp::packet::Signature;
use pgp::types::{KeyDetails, VerifyingKey};

use super::cache::sha256;
use super::folder;
use crate::go_words::go_words;

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

/// The most bytes of a keyring.
const MOST_OF_KEYRING: u64 = 64 << 20;
/// The most bytes of a signature.
const MOST_OF_PROVENANCE: u64 = 1 << 20;

/// Verifies an archive on disk with the signature beside it (`VerifyChart`).
///
/// # Errors
/// Why it cannot be trusted, in Helm's words.
pub fn verify_file(path: &Path, data: &[u8], signature: &Path, keyring: &Path) -> Result<Verified, String> {
    let is_archive = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tgz"));
    if !is_archive {
        return Err("chart must be a tgz file".into());
    }
    if let Err(e) = std::fs::metadata(signature) {
        let file = signature.display();
        return Err(format!("could not load provenance file {file}: stat {file}: {}", go_words(&e)));
    }
    let text = folder::read(signature, MOST_OF_PROVENANCE)
        .map_err(|e| format!("failed to read provenance file: open {}: {}", signature.display(), go_words(&e)))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    verify(data, &text, &name, keyring)
}

/// Verifies an archive of that file name.
///
/// # Errors
/// Why it cannot be trusted, in Helm's words.
pub fn verify(data: &[u8], signature: &[u8], name: &str, keyring: &Path) -> Result<Verified, String> {
    let keys = read_keyring(keyring).map_err(|e| format!("failed to load keyring: {e}"))?;
    let text = String::from_utf8_lossy(signature);
    let start = text.find("-----BEGIN PGP SIGNED MESSAGE-----").ok_or("signature block not found")?;
    let block = text.get(start..).unwrap_or_default();
    let (message, _) = CleartextSignedMessage::from_string(block).map_err(|_| "signature block not found")?;
    let signed = message.signed_text();
    let key = signer(message.signatures(), signed.as_bytes(), &keys)?;

    let digest = sha256(data);
    let plain = signed.replace("\r\n", "\n");
    let sums = plain.split("\n...\n").nth(1).ok_or("message block must have at least two parts")?;
    let sums = from_yaml_map(sums.as_bytes()).map_err(|e| e.to_string())?;
    let listed = match sums.get("files") {
        Some(Value::Map(files)) => files.get(name),
        _ => None,
    };
    match listed {
        Some(Value::Str(listed)) if listed == digest.as_str() => {}
        Some(Value::Str(listed)) => {
            let listed = listed.to_string();
            return Err(format!("sha256 sum does not match for {name}: {listed:?} != {digest:?}"));
        }
        _ => return Err(format!("provenance does not contain a SHA for a file named {name:?}")),
    }
    Ok(Verified {
        signed_by: key.details.users.iter().map(|u| String::from_utf8_lossy(u.id.id()).into_owned()).collect(),
        fingerprint: key.fingerprint().to_string().to_uppercase(),
        digest,
    })
}

/// The keys of a binary keyring; those that cannot be read are left out.
fn read_keyring(path: &Path) -> Result<Vec<SignedPublicKey>, String> {
    let data = folder::read(path, MOST_OF_KEYRING).map_err(|e| format!("open {}: {}", path.display(), go_words(&e)))?;
    if data.first().is_some_and(|b| b & 0x80 == 0) {
        // Helm reads no armoured keyrings either.
        return Err("openpgp: invalid data: tag byte does not have MSB set".into());
    }
    let (keys, _) =
        PublicOrSecret::from_reader_many(data.as_slice()).map_err(|e| format!("openpgp: invalid data: {e}"))?;
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
) -> Result<&'k SignedPublicKey, &'static str> {
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
    Err(match known {
        None => "openpgp: signature made by unknown entity",
        Some(PublicKeyAlgorithm::RSA | PublicKeyAlgorithm::RSASign) => {
            "openpgp: invalid signature: RSA verification failure"
        }
        Some(PublicKeyAlgorithm::DSA) => "openpgp: invalid signature: DSA verification failure",
        Some(PublicKeyAlgorithm::ECDSA) => "openpgp: invalid signature: ECDSA verification failure",
        Some(PublicKeyAlgorithm::EdDSALegacy) => "openpgp: invalid signature: EdDSA verification failure",
        Some(PublicKeyAlgorithm::Ed25519) => "openpgp: invalid signature: Ed25519 verification failure",
        Some(PublicKeyAlgorithm::Ed448) => "openpgp: invalid signature: ed448 verification failure",
        Some(_) => "openpgp: invalid signature: verification failure",
    })
}

/// Whether a signature says that this key made it.
fn made_by(signature: &Signature, key: &impl VerifyingKey) -> bool {
    signature.issuer_key_id().into_iter().any(|id| *id == key.legacy_key_id())
        || signature.issuer_fingerprint().into_iter().any(|f| *f == key.fingerprint())
}

/// Whether key and signature are still valid.
fn check(signature: &Signature, key: &SignedPublicKey) -> Result<(), &'static str> {
    if key.details.revocation_signatures.iter().any(|r| r.verify_key(&key.primary_key).is_ok()) {
        return Err("openpgp: signature made by revoked key");
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
        return Err("openpgp: key expired");
    }
    if signature.created().is_some_and(|made| over(made.into(), signature.signature_expiration_time())) {
        return Err("openpgp: signature expired");
    }
    Ok(())
}
