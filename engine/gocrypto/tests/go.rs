//! The bytes that Go writes (`go.pem`, made by `go.go`), and what openssl says of the bytes that are written here.
#![allow(clippy::disallowed_methods, reason = "a test writes files")]

use std::io::Write;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gocrypto::{Certificate, PrivateKey, Template};
use govalue::time::Time;
use govalue::{Env, FuncError};

/// Randomness that only depends on the seed.
struct Seeded(u64);

impl Env for Seeded {
    fn now(&mut self) -> (i64, u32) {
        (0, 0)
    }

    fn random(&mut self, buf: &mut [u8]) -> Result<(), FuncError> {
        for byte in buf {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            *byte = (self.0 >> 32) as u8;
        }
        Ok(())
    }

    fn charge(&mut self, _: u64) -> Result<(), FuncError> {
        Ok(())
    }
}

/// The blocks of a text in PEM: what kind each is of, and its bytes.
fn blocks(text: &str) -> Vec<(&str, Vec<u8>)> {
    let mut blocks = Vec::new();
    for block in text.split("-----BEGIN ").skip(1) {
        let (kind, rest) = block.split_once("-----\n").expect("a block has a header");
        let (body, _) = rest.split_once("-----END ").expect("a block has an end");
        blocks.push((kind, STANDARD.decode(body.replace('\n', "")).expect("a block is base64")));
    }
    blocks
}

fn pem(kind: &str, der: &[u8]) -> String {
    format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(der))
}

fn read(kind: &str, der: &[u8]) -> PrivateKey {
    let key = match kind {
        "RSA PRIVATE KEY" => PrivateKey::from_pkcs1(der),
        "EC PRIVATE KEY" => PrivateKey::from_sec1(der),
        _ => PrivateKey::from_pkcs8(der),
    };
    key.unwrap_or_else(|e| panic!("{kind}: {e}"))
}

/// The templates of `go.go`.
fn template(name: &str, is_ca: bool) -> Template {
    Template {
        common_name: name.into(),
        serial: [0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        not_before: Time::from_unix(1_767_225_600, 0),
        not_after: Time::from_unix(1_767_225_600 + 365 * 24 * 3600, 0),
        dns_names: Vec::new(),
        ip_addresses: Vec::new(),
        is_ca,
    }
}

fn leaf() -> Template {
    let ipv6 = [[0; 15].as_slice(), &[1]].concat();
    Template {
        dns_names: vec![b"a.example".to_vec(), b"*.b.example".to_vec()],
        ip_addresses: vec![vec![127, 0, 0, 1], ipv6],
        ..template("größe", false)
    }
}

#[test]
fn keys_and_certificates_are_those_of_go() {
    let nameless = Template {
        dns_names: vec![b"c.example".to_vec()],
        not_before: Time::from_unix(-631_152_001, 0),
        not_after: Time::from_unix(2_524_608_000, 0),
        ..template("", false)
    };
    let blocks = blocks(include_str!("go.pem"));
    let (kinds, rest) = blocks.as_chunks::<4>();
    assert_eq!((kinds.len(), rest.len()), (7, 0));
    let env = &mut Seeded(1);
    for [(kind, key), ca, signed, alone] in kinds {
        let private = read(kind, key);
        assert_eq!(private.to_block().expect("a form"), (*kind, key.clone()));
        assert_eq!(template("ca", true).create(env, &private, None, &private).expect("a certificate"), ca.1);
        let parent = Certificate::parse(&ca.1).expect("Go's certificate");
        assert_eq!(leaf().create(env, &private, Some(&parent), &private).expect("a certificate"), signed.1);
        assert_eq!(nameless.create(env, &private, None, &private).expect("a certificate"), alone.1);
    }
}

/// Runs openssl over a text; what it prints.
fn openssl(args: &[&str], input: &str) -> String {
    let child = Command::new("openssl").args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.expect("openssl runs");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "openssl {args:?}\n{input}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
#[ignore = "needs openssl"]
fn openssl_verifies_new_keys_and_certificates() {
    let env = &mut Seeded(2);
    let keys = [PrivateKey::generate_rsa(env, 2048), PrivateKey::generate_p256(env), PrivateKey::generate_ed25519(env)];
    let mut keys: Vec<_> = keys.into_iter().map(|key| key.expect("a key")).collect();
    // Go's own keys are of the curves that nobody makes keys on here, and of three primes.
    let given = blocks(include_str!("go.pem"));
    keys.extend(given.iter().filter(|(kind, _)| kind.ends_with("PRIVATE KEY")).map(|(kind, der)| read(kind, der)));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ca.pem");
    let path = path.to_str().expect("a path in UTF-8");
    for key in keys {
        let (kind, der) = key.to_block().expect("a form");
        let checked = openssl(&["pkey", "-check", "-noout"], &pem(kind, &der));
        assert!(checked.contains("Key is valid"), "{checked}");
        let ca = template("ca", true).create(env, &key, None, &key).expect("a certificate");
        std::fs::write(path, pem("CERTIFICATE", &ca)).expect("a file");
        let parent = Certificate::parse(&ca).expect("our certificate");
        let child = PrivateKey::generate_p256(env).expect("a key");
        let leaf = leaf().create(env, &child, Some(&parent), &key).expect("a certificate");
        let verify = ["verify", "-attime", "1767312000", "-x509_strict", "-CAfile", path];
        assert_eq!(openssl(&verify, &pem("CERTIFICATE", &leaf)), "stdin: OK\n");
        let lists = openssl(&["x509", "-noout", "-ext", "subjectAltName"], &pem("CERTIFICATE", &leaf));
        assert!(lists.contains("DNS:a.example, DNS:*.b.example, IP Address:127.0.0.1"), "{lists}");
    }
    let (_, der) = PrivateKey::generate_dsa(env).and_then(|key| key.to_block()).expect("a key");
    let checked = openssl(&["pkey", "-check", "-noout"], &pem("DSA PRIVATE KEY", &der));
    assert!(checked.contains("Key is valid"), "{checked}");
    openssl(&["dsa", "-noout"], &pem("DSA PRIVATE KEY", &der));
}
