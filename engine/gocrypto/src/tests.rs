//! Keys and signatures against published ones.

use std::collections::HashMap;
use std::num::NonZeroU32;

use govalue::{Env, FuncError};
use num_bigint::BigUint;

use crate::ec::{EcKey, P224, P256, P384, P521};
use crate::ed25519::EdKey;
use crate::number::boxed;
use crate::{Certificate, PrivateKey, Template, prime};

/// Randomness that only depends on the seed.
struct Fixed(u64);

impl Env for Fixed {
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

/// Reads bytes that are written in the program.
fn hex(digits: &str) -> Vec<u8> {
    let digit = |i| u8::from_str_radix(digits.get(i..i + 2).unwrap_or_default(), 16).unwrap_or_default();
    (0..digits.len()).step_by(2).map(digit).collect()
}

fn der(key: Result<PrivateKey, String>) -> Result<Vec<u8>, String> {
    key?.to_block().map(|(_, der)| der).map_err(|e| e.to_string())
}

#[test]
fn primes_are_as_long_as_asked() {
    let mut env = Fixed(2);
    for bits in [16, 64, 65, 128, 256, 521].map(|bits| NonZeroU32::new(bits).expect("not zero")) {
        let p = prime::random(&mut env, bits).expect("a prime");
        assert_eq!(p.bits(), u64::from(bits.get()));
        assert!(crypto_primes::is_prime(crypto_primes::Flavor::Any, &boxed(&p)));
        assert_eq!(prime::check(&mut env, &p).ok(), Some(true));
        // Small factors, and none.
        assert_eq!(prime::check(&mut env, &(&p * 3_u8)).ok(), Some(false));
        assert_eq!(prime::check(&mut env, &(&p * &p)).ok(), Some(false));
    }
}

/// Limits end every search, also where chance gives always the same.
#[test]
fn searches_are_charged() {
    struct Poor(u64);
    impl Env for Poor {
        fn now(&mut self) -> (i64, u32) {
            (0, 0)
        }
        fn random(&mut self, buf: &mut [u8]) -> Result<(), FuncError> {
            buf.fill(0);
            Ok(())
        }
        fn charge(&mut self, units: u64) -> Result<(), FuncError> {
            self.0 = self.0.checked_sub(units).ok_or("no more")?;
            Ok(())
        }
    }
    let error = |key: Result<PrivateKey, FuncError>| key.err().map(|e| e.to_string());
    assert_eq!(error(PrivateKey::generate_rsa(&mut Poor(1_000_000), 4096)).as_deref(), Some("no more"));
    assert_eq!(error(PrivateKey::generate_dsa(&mut Poor(1_000_000))).as_deref(), Some("no more"));
    assert_eq!(error(PrivateKey::generate_p256(&mut Poor(10_000))).as_deref(), Some("no more"));
    assert_eq!(
        error(PrivateKey::generate_rsa(&mut Poor(u64::MAX), 64)).as_deref(),
        Some("rsa: generated p == q, random source is broken")
    );
}

/// What was kept gives the same key for the same chance, at the same cost.
#[test]
fn kept_primes_are_not_searched_for_again() {
    struct Keeping {
        chance: Fixed,
        /// All that was charged, one by one.
        units: Vec<u64>,
        all: HashMap<[u8; 32], Vec<u8>>,
        found: usize,
    }
    impl Env for Keeping {
        fn now(&mut self) -> (i64, u32) {
            (0, 0)
        }
        fn random(&mut self, buf: &mut [u8]) -> Result<(), FuncError> {
            self.chance.random(buf)
        }
        fn charge(&mut self, units: u64) -> Result<(), FuncError> {
            self.units.push(units);
            Ok(())
        }
        fn kept(&mut self, key: &[u8; 32]) -> Option<Vec<u8>> {
            let kept = self.all.get(key).cloned();
            self.found += usize::from(kept.is_some());
            kept
        }
        fn keep(&mut self, key: [u8; 32], outcome: &[u8]) {
            assert_eq!(self.all.insert(key, outcome.to_vec()), None);
        }
    }
    let mut env = Keeping { chance: Fixed(5), units: Vec::new(), all: HashMap::new(), found: 0 };
    let mut make = |found: usize| {
        (env.chance, env.units) = (Fixed(5), Vec::new());
        let key = PrivateKey::generate_rsa(&mut env, 1024).and_then(|key| key.to_block()).expect("a key");
        assert_eq!((env.all.len(), env.found), (2, found));
        (key, env.units.clone())
    };
    assert_eq!(make(0), make(2));
    // None is as long as this and not below it.
    let last = BigUint::from(0xffff_u32);
    assert_eq!(prime::next(&mut env, last.clone()).ok(), Some(None));
    assert_eq!(prime::next(&mut env, last).ok(), Some(None));
    assert_eq!(env.found, 3);
}

#[test]
fn generators_are_points() {
    for curve in [&P224, &P256, &P384, &P521] {
        let key = EcKey::new(curve, &[0x30, 0x39]).map(|k| k.public).unwrap_or_default();
        assert_eq!(curve.check_point(&key), Ok(()), "{curve:?}");
        let mut wrong = key.clone();
        if let Some(last) = wrong.last_mut() {
            *last ^= 1;
        }
        assert!(curve.check_point(&wrong).is_err());
    }
}

#[test]
fn signatures_are_those_of_the_standards() {
    // RFC 6979, A.2.5: P-256 with SHA-256 of "sample".
    let scalar = hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    let Ok(key) = EcKey::new(&P256, &scalar) else { panic!("a valid key") };
    let signature = key.sign(&mut Fixed(3), b"sample").unwrap_or_default();
    let r = hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716");
    assert!(signature.windows(32).any(|w| w == r), "{signature:x?}");

    // RFC 8032, 7.1, test 2.
    let seed = hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    let Ok(seed) = seed.try_into() else { panic!("32 bytes") };
    let key = EdKey::new(seed);
    assert_eq!(key.public.to_vec(), hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
    let signature = hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    assert_eq!(key.sign(&[0x72]).to_vec(), signature);
}

#[test]
fn keys_read_what_they_write() {
    let env = &mut Fixed(4);
    let rsa = PrivateKey::generate_rsa(env, 1024).and_then(|k| k.to_block());
    let (kind, rsa) = rsa.expect("a key");
    assert_eq!(kind, "RSA PRIVATE KEY");
    assert_eq!(der(PrivateKey::from_pkcs1(&rsa)), Ok(rsa.clone()));
    assert_eq!(
        PrivateKey::from_sec1(&rsa).err().as_deref(),
        Some("x509: failed to parse private key (use ParsePKCS1PrivateKey instead for this key format)")
    );
    assert_eq!(
        PrivateKey::from_pkcs8(b"hello").err().as_deref(),
        Some(
            "asn1: structure error: tags don't match (16 vs {class:1 tag:8 length:101 isCompound:true}) \
             {optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> \
             stringType:0 timeType:0 set:false omitEmpty:false} pkcs8 @2"
        )
    );
    let ec = PrivateKey::generate_p256(env).and_then(|k| k.to_block()).expect("a key").1;
    assert_eq!(der(PrivateKey::from_sec1(&ec)), Ok(ec));
    let ed = PrivateKey::generate_ed25519(env).and_then(|k| k.to_block()).expect("a key").1;
    assert_eq!(der(PrivateKey::from_pkcs8(&ed)), Ok(ed));
}

#[test]
fn certificates_parse_and_chain() {
    let env = &mut Fixed(5);
    let template = |name: &str, is_ca| Template {
        common_name: name.into(),
        serial: [0x80; 16],
        not_before: govalue::time::Time::from_unix(1_767_225_600, 0),
        not_after: govalue::time::Time::from_unix(4_000_000_000, 0),
        dns_names: vec![b"a.example".to_vec()],
        ip_addresses: vec![vec![127, 0, 0, 1]],
        is_ca,
    };
    let (Ok(ca_key), Ok(key)) = (PrivateKey::generate_p256(env), PrivateKey::generate_ed25519(env)) else {
        panic!("no keys")
    };
    let der = template("ca", true).create(env, &ca_key, None, &ca_key).unwrap_or_default();
    let ca = Certificate::parse(&der).unwrap_or_else(|e| panic!("{e}"));
    let der = template("größe", false).create(env, &key, Some(&ca), &ca_key).unwrap_or_default();
    let leaf = Certificate::parse(&der).unwrap_or_else(|e| panic!("{e}"));
    assert_ne!(leaf.subject, ca.subject);
    assert_eq!(
        template("x", false).create(env, &key, Some(&ca), &key).err().map(|e| e.to_string()).as_deref(),
        Some("x509: provided PrivateKey doesn't match parent's PublicKey")
    );
    for cut in [0, 10, der.len() - 1] {
        let error = Certificate::parse(der.get(..cut).unwrap_or_default()).err();
        assert_eq!(error.as_deref(), Some("x509: malformed certificate"));
    }
}
