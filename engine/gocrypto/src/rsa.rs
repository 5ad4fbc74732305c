//! RSA keys and signatures.

use std::num::NonZeroU32;

use der::Encode;
use der::asn1::UintRef;
use govalue::{Env, FuncError};
use num_bigint::BigUint;
use pkcs1::{OtherPrimeInfo, RsaPublicKey};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{Pkcs1v15Sign, PrivateKey};
use sha2::{Digest, Sha256};

use crate::number::{boxed, natural};
use crate::prime;

/// The public exponent of new keys.
const EXPONENT: u64 = 65_537;

/// An RSA private key.
#[derive(Clone, Debug)]
pub(crate) struct RsaKey {
    pub(crate) n: BigUint,
    pub(crate) e: BigUint,
    pub(crate) d: BigUint,
    pub(crate) p: BigUint,
    pub(crate) q: BigUint,
    dp: BigUint,
    dq: BigUint,
    /// The inverse of `q` modulo `p`.
    qinv: BigUint,
    /// The primes beyond two.
    others: Vec<Other>,
}

/// A prime beyond two.
#[derive(Clone, Debug)]
struct Other {
    prime: BigUint,
    /// `d` modulo the prime less one.
    exponent: BigUint,
    /// The inverse of the product of all primes before, modulo this one.
    coefficient: BigUint,
}

/// What Go says where two primes have a factor in common.
const NOT_PRIME: &str = "crypto/rsa: prime factors are not relatively prime";

impl RsaKey {
    /// Makes a key of that many bits.
    pub(crate) fn generate(env: &mut dyn Env, bits: usize) -> Result<RsaKey, FuncError> {
        let half = |bits: usize| u32::try_from(bits).ok().and_then(NonZeroU32::new);
        let (Some(high), Some(low)) = (half(bits.div_ceil(2)), half(bits / 2)) else {
            return Err(FuncError::new(format!("crypto/rsa: no keys of {bits} bits")));
        };
        loop {
            let (p, q) = (prime::random(env, high)?, prime::random(env, low)?);
            if p == q {
                return Err("rsa: generated p == q, random source is broken".into());
            }
            match PrivateKey::from_p_q(boxed(&p), boxed(&q), EXPONENT.into()) {
                Ok(key) => {
                    let [n, e, d] = [key.n().as_ref(), key.e(), key.d()].map(natural);
                    return RsaKey::assemble([n, e, d, p, q], Vec::new()).map_err(FuncError::new);
                }
                // The exponent has no inverse.
                Err(rsa::Error::InvalidPrime) => {}
                Err(e) => return Err(FuncError::new(format!("crypto/rsa: {e}"))),
            }
        }
    }

    /// A key with what follows from its numbers; its primes are greater than 1 (`rsa.PrivateKey.precomputeLegacy`).
    fn assemble([n, e, d, p, q]: [BigUint; 5], others: Vec<BigUint>) -> Result<RsaKey, &'static str> {
        let (dp, dq) = (&d % (&p - 1_u8), &d % (&q - 1_u8));
        let qinv = q.modinv(&p).ok_or(NOT_PRIME)?;
        let mut product = &p * &q;
        let other = |prime: BigUint| {
            let coefficient = product.modinv(&prime).ok_or(NOT_PRIME)?;
            product *= &prime;
            Ok(Other { exponent: &d % (&prime - 1_u8), coefficient, prime })
        };
        let others = others.into_iter().map(other).collect::<Result<_, &str>>()?;
        Ok(RsaKey { n, e, d, p, q, dp, dq, qinv, others })
    }

    /// A key of parsed numbers, none of them zero, checked as Go does (`rsa.PrivateKey.Validate`); `crt` is what the key
    /// says of `dp`, `dq` and `qinv`.
    pub(crate) fn checked(
        [n, e, d, p, q]: [BigUint; 5],
        others: Vec<BigUint>,
        crt: Option<[BigUint; 3]>,
    ) -> Result<RsaKey, &'static str> {
        let one = BigUint::from(1_u8);
        if [&n, &p, &q].contains(&&one) && others.is_empty() || n == one {
            return Err("modulus must be > 1");
        }
        below(&d, &n)?;
        if let (true, Some([_, _, qinv])) = (others.is_empty(), &crt) {
            below(qinv, &p)?;
        }
        if !n.bit(0) {
            return Err("crypto/rsa: public modulus is even");
        }
        if e.bits() < 2 {
            return Err("crypto/rsa: public exponent too small or negative");
        }
        if !e.bit(0) {
            return Err("crypto/rsa: public exponent is even");
        }
        if e.bits() > 31 {
            return Err("crypto/rsa: public exponent too large");
        }
        if !others.is_empty() {
            if [&p, &q].into_iter().chain(&others).any(|prime| prime == &one) {
                return Err("crypto/rsa: prime factor is <= 1");
            }
            return RsaKey::assemble([n, e, d, p, q], others);
        }
        if p >= n || q >= n {
            return Err("crypto/rsa: invalid prime");
        }
        if &p * &q % &n != BigUint::ZERO {
            return Err("crypto/rsa: p * q != n");
        }
        let (p1, q1) = (&p - &one, &q - &one);
        let (dp, dq, qinv) = match crt {
            Some([dp, dq, qinv]) => (dp, dq, Some(qinv)),
            None => (&d % &p1, &d % &q1, q.modinv(&p)),
        };
        for (exponent, modulus) in [(&dp, &p1), (&dq, &q1)] {
            if exponent >= modulus || &e * exponent % modulus != one {
                return Err("crypto/rsa: invalid CRT exponent");
            }
        }
        let qinv = qinv.filter(|qinv| &q * qinv % &p == one).ok_or("crypto/rsa: invalid CRT coefficient")?;
        if &d % &p1 != dp {
            return Err("crypto/rsa: d does not match dP");
        }
        if &d % &q1 != dq {
            return Err("crypto/rsa: d does not match dQ");
        }
        let apart = if p > q { &p - &q } else { &q - &p };
        if apart == BigUint::ZERO {
            return Err("crypto/rsa: p == q");
        }
        if apart.bits() + 100 <= n.bits() / 2 {
            return Err("crypto/rsa: |p - q| too small");
        }
        if d.bits() <= n.bits() / 2 {
            return Err("crypto/rsa: d too small");
        }
        Ok(RsaKey { n, e, d, p, q, dp, dq, qinv, others: Vec::new() })
    }

    /// The key in PKCS #1.
    pub(crate) fn to_pkcs1(&self) -> der::Result<Vec<u8>> {
        let numbers = [&self.n, &self.e, &self.d, &self.p, &self.q, &self.dp, &self.dq, &self.qinv];
        let numbers = numbers.map(BigUint::to_bytes_be);
        let [n, e, d, p, q, dp, dq, qinv] = numbers.each_ref().map(|n| UintRef::new(n));
        let others: Vec<_> =
            self.others.iter().map(|o| [&o.prime, &o.exponent, &o.coefficient].map(BigUint::to_bytes_be)).collect();
        let infos = others.iter().map(|[prime, exponent, coefficient]| {
            Ok(OtherPrimeInfo {
                prime: UintRef::new(prime)?,
                exponent: UintRef::new(exponent)?,
                coefficient: UintRef::new(coefficient)?,
            })
        });
        let infos = infos.collect::<der::Result<Vec<_>>>()?;
        let key = pkcs1::RsaPrivateKey {
            modulus: n?,
            public_exponent: e?,
            private_exponent: d?,
            prime1: p?,
            prime2: q?,
            exponent1: dp?,
            exponent2: dq?,
            coefficient: qinv?,
            other_prime_infos: (!infos.is_empty()).then_some(infos),
        };
        key.to_der()
    }

    /// The public key in PKCS #1.
    pub(crate) fn public(&self) -> der::Result<Vec<u8>> {
        public(&self.n.to_bytes_be(), &self.e.to_bytes_be())
    }

    /// Signs a message: PKCS #1 version 1.5 with SHA-256.
    pub(crate) fn sign(&self, env: &mut dyn Env, message: &[u8]) -> Result<Vec<u8>, FuncError> {
        let bits = self.n.bits();
        if bits < 1024 {
            return Err(FuncError::new(format!(
                "crypto/rsa: {bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"
            )));
        }
        prime::charge_power(env, &self.n)?;
        let digest = Sha256::digest(message);
        // Go does not look at the primes beyond two: the other numbers will do.
        let key = match self.key(&self.others) {
            Err(_) if !self.others.is_empty() => self.key(&[]),
            key => key,
        };
        let signature = key.and_then(|key| key.sign(Pkcs1v15Sign::new::<Sha256>(), &digest));
        // Numbers that do not belong together give no signature.
        signature.map_err(|_| "crypto/rsa: decryption error".into())
    }

    /// The key as `rsa` knows it.
    fn key(&self, others: &[Other]) -> Result<PrivateKey, rsa::Error> {
        let primes: Vec<_> = [&self.p, &self.q].into_iter().chain(others.iter().map(|o| &o.prime)).collect();
        let half = self.n.bits().div_ceil(2);
        let make = match primes.iter().all(|p| p.bits() <= half) {
            true => PrivateKey::from_components,
            false => PrivateKey::from_components_with_wide_primes,
        };
        make(boxed(&self.n), boxed(&self.e), boxed(&self.d), primes.into_iter().map(boxed).collect())
    }
}

/// A public key in PKCS #1, of numbers whose highest bytes come first.
pub(crate) fn public(n: &[u8], e: &[u8]) -> der::Result<Vec<u8>> {
    RsaPublicKey { modulus: UintRef::new(n)?, public_exponent: UintRef::new(e)? }.to_der()
}

/// Checks that a number is below a modulus. Go tells one that needs more words of 64 bits from one that is only larger.
fn below(n: &BigUint, modulus: &BigUint) -> Result<(), &'static str> {
    match n {
        n if n < modulus => Ok(()),
        n if n.bits().div_ceil(8) > modulus.bits().div_ceil(64) * 8 => Err("input overflows the modulus size"),
        _ => Err("input overflows the modulus"),
    }
}
