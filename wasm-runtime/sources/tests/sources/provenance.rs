//! Signatures: `--verify`.

use std::fs;
use std::path::{Path, PathBuf};

use chartwright_sources::Options;
use chartwright_sources::provenance::verify;
use flux::{Charts, FetchError};
use pgp::composed::{CleartextSignedMessage, KeyType, SecretKeyParamsBuilder, SignedSecretKey};
use pgp::ser::Serialize;
use pgp::types::Password;
use rand_pgp::SeedableRng;
use rand_pgp::rngs::StdRng;
use tempfile::TempDir;

use crate::support::{Server, chart, digest, folder, index, options, sources, wanted};

fn key(name: &str, seed: u64) -> SignedSecretKey {
    let mut parameters = SecretKeyParamsBuilder::default();
    parameters.key_type(KeyType::Ed25519Legacy).can_sign(true).can_certify(true).primary_user_id(name.into());
    let parameters = parameters.build().expect("parameters");
    parameters.generate(StdRng::seed_from_u64(seed)).expect("a key")
}

/// A keyring with public keys.
fn keyring(folder: &TempDir, keys: &[&SignedSecretKey]) -> PathBuf {
    let bytes: Vec<u8> = keys.iter().flat_map(|k| k.to_public_key().to_bytes().expect("bytes")).collect();
    let path = folder.path().join("ring.gpg");
    fs::write(&path, bytes).expect("written");
    path
}

/// A `.prov` file as `helm package --sign` writes it.
fn sign(key: &SignedSecretKey, name: &str, data: &[u8]) -> Vec<u8> {
    let text = format!("apiVersion: v2\nname: web\nversion: 1.0.0\n\n...\nfiles:\n  {name}: {}\n", digest(data));
    let message = CleartextSignedMessage::sign(StdRng::seed_from_u64(9), &text, &key.primary_key, &Password::empty());
    message.expect("signed").to_armored_bytes(None.into()).expect("armoured")
}

#[test]
fn what_is_signed_is_told_from_what_is_not() {
    let folder = folder();
    let (ours, theirs) = (key("Ann <ann@example.org>", 1), key("Eve <eve@example.org>", 2));
    let ring = keyring(&folder, &[&ours]);
    let (data, name) = (chart("web", "1.0.0"), "web-1.0.0.tgz");
    let fine = sign(&ours, name, &data);
    let verified = verify(&data, &fine, name, &ring).expect("fine");
    assert_eq!(verified.signed_by, ["Ann <ann@example.org>"]);
    assert_eq!(verified.digest, digest(&data));

    let changed = String::from_utf8(fine.clone()).expect("text").replace("name: web", "name: evil").into_bytes();
    let other = chart("web", "6.6.6");
    let sums = format!("sha256 sum does not match for {name}: {:?} != {:?}", digest(&data), digest(&other));
    for (data, signature, name, want) in [
        (&other, &fine, name, sums.as_str()),
        (&data, &sign(&theirs, name, &data), name, "openpgp: signature made by unknown entity"),
        (&data, &changed, name, "openpgp: invalid signature: EdDSA verification failure"),
        (&data, &fine, "db-1.0.0.tgz", "provenance does not contain a SHA for a file named \"db-1.0.0.tgz\""),
        (&data, &b"files: {}".to_vec(), name, "signature block not found"),
    ] {
        assert_eq!(verify(data, signature, name, &ring).err().map(|e| e.to_string()).as_deref(), Some(want));
    }
    let missing = verify(&data, &fine, name, Path::new("/none.gpg")).err().map(|e| e.to_string());
    assert_eq!(missing.as_deref(), Some("failed to load keyring: open /none.gpg: no such file or directory"));
}

#[test]
fn sources_are_verified_on_request() {
    let folder = folder();
    let ours = key("Ann <ann@example.org>", 1);
    let ring = keyring(&folder, &[&ours]);
    let data = chart("web", "1.0.0");
    let listed = index(&[("web", "1.0.0", "web-1.0.0.tgz", None), ("bare", "1.0.0", "bare-1.0.0.tgz", None)]);
    let server = Server::files([
        ("/index.yaml".to_owned(), listed),
        ("/web-1.0.0.tgz".to_owned(), data.clone()),
        ("/web-1.0.0.tgz.prov".to_owned(), sign(&ours, "web-1.0.0.tgz", &data)),
        ("/bare-1.0.0.tgz".to_owned(), chart("bare", "1.0.0")),
    ]);
    let verified = Options { keyring: Some(ring), ..options(&folder) };
    let from = sources(verified.clone(), &server.url(""));
    from.chart(&wanted("HelmRepository", "web", "")).expect("a chart");
    let bare = from.chart(&wanted("HelmRepository", "bare", "")).err();
    let text = format!("failed to fetch provenance \"{}\"", server.url("/bare-1.0.0.tgz.prov"));
    assert_eq!(bare, Some(FetchError::NotFound(text)));

    let path = folder.path().join("web-1.0.0.tgz");
    fs::write(&path, chart("web", "6.6.6")).expect("written");
    fs::write(folder.path().join("web-1.0.0.tgz.prov"), sign(&ours, "web-1.0.0.tgz", &data)).expect("written");
    let from = sources(verified, &path.display().to_string());
    let error = from.chart(&wanted("HelmRepository", "web", "")).err();
    assert!(matches!(&error, Some(FetchError::Tampered(m)) if m.starts_with("sha256 sum does not match")), "{error:?}");
}
