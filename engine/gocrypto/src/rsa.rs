//! RSA keys and signatures.

use crypto_bigint::BoxedUint;
use govalue::{Env, FuncError};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{Pkcs1v15Sign, PrivateKey};
use sha2::{Digest, Sha256};

use crate::number::Number;
use crate::{der, prime};

/// The public exponent of new keys.
const EXPONENT: u64 = 65_537;

/// An RSA private key.
#[derive(Clone, Debug)]
pub(crate) struct RsaKey {
    pub(crate) n: Number,
    pub(crate) e: Number,
    pub(crate) d: Number,
    pub(crate) p: Number,
    pub(crate) q: Number,
    dp: Number,
    dq: Number,
    /// The inverse of `q` modulo `p`.
    qinv: Number,
    /// The primes beyond two.
    others: Vec<Number>,
}

impl RsaKey {
    /// Makes a key of that many bits.
    pub(crate) fn generate(env: &mut dyn Env, bits: usize) -> Result<RsaKey, FuncError> {
        let bits = u32::try_from(bits).map_err(|_| "crypto/rsa: too many bits")?;
        loop {
            let (p, q) = (prime::random(env, bits.div_ceil(2))?, prime::random(env, bits / 2)?);
            if p == q {
                return Err("rsa: generated p == q, random source is broken".into());
            }
            match PrivateKey::from_p_q(p.get().clone(), q.get().clone(), EXPONENT.into()) {
                Ok(key) => {
                    let number = |n: &BoxedUint| Number::new(n.clone());
                    let [n, e, d] = [key.n().as_ref(), key.e(), key.d()].map(number);
                    return RsaKey::assemble(n, e, d, p, q, Vec::new()).map_err(FuncError::new);
                }
                // The exponent has no inverse.
                Err(rsa::Error::InvalidPrime) => {}
                Err(e) => return Err(FuncError::new(format!("crypto/rsa: {e}"))),
            }
        }
    }

    fn assemble(
        n: Number,
        e: Number,
        d: Number,
        p: Number,
        q: Number,
        others: Vec<Number>,
    ) -> Result<RsaKey, &'static str> {
        let (dp, dq) = (d.rem(&p.sub(&Number::small(1))), d.rem(&q.sub(&Number::small(1))));
        let qinv = q.inverse(&p).ok_or("crypto/rsa: prime factors are not relatively prime")?;
        Ok(RsaKey { n, e, d, p, q, dp, dq, qinv, others })
    }

    /// A key of parsed numbers, none of them zero, checked as Go does
    /// (`rsa.PrivateKey.Validate`); `crt` is what the key says of `dp`, `dq`
    /// and `qinv`.
    pub(crate) fn checked(
        [n, e, d, p, q]: [Number; 5],
        others: Vec<Number>,
        crt: Option<[Number; 3]>,
    ) -> Result<RsaKey, &'static str> {
        let one = Number::small(1);
        if [&n, &p, &q].contains(&&one) && others.is_empty() || n == one {
            return Err("modulus must be > 1");
        }
        below(&d, &n)?;
        if let (true, Some([_, _, qinv])) = (others.is_empty(), &crt) {
            below(qinv, &p)?;
        }
        if !n.is_odd() {
            return Err("crypto/rsa: public modulus is even");
        }
        if e.bit_len() < 2 {
            return Err("crypto/rsa: public exponent too small or negative");
        }
        if !e.is_odd() {
            return Err("crypto/rsa: public exponent is even");
        }
        if e.bit_len() > 31 {
            return Err("crypto/rsa: public exponent too large");
        }
        if !others.is_empty() {
            if [&p, &q].into_iter().chain(&others).any(|prime| prime == &one) {
                return Err("crypto/rsa: prime factor is <= 1");
            }
            return RsaKey::assemble(n, e, d, p, q, others);
        }
        if p >= n || q >= n {
            return Err("crypto/rsa: invalid prime");
        }
        if !p.mul(&q).rem(&n).is_zero() {
            return Err("crypto/rsa: p * q != n");
        }
        let (p1, q1) = (p.sub(&one), q.sub(&one));
        let [dp, dq, qinv] = match crt {
            Some(crt) => crt,
            None => [d.rem(&p1), d.rem(&q1), q.inverse(&p).unwrap_or_default()],
        };
        for (exponent, modulus) in [(&dp, &p1), (&dq, &q1)] {
            if exponent >= modulus || e.mul(exponent).rem(modulus) != one {
                return Err("crypto/rsa: invalid CRT exponent");
            }
        }
        if q.mul(&qinv).rem(&p) != one {
            return Err("crypto/rsa: invalid CRT coefficient");
        }
        if d.rem(&p1) != dp {
            return Err("crypto/rsa: d does not match dP");
        }
        if d.rem(&q1) != dq {
            return Err("crypto/rsa: d does not match dQ");
        }
        let apart = if p > q { p.sub(&q) } else { q.sub(&p) };
        if apart.is_zero() {
            return Err("crypto/rsa: p == q");
        }
        if apart.bit_len() + 100 <= n.bit_len() / 2 {
            return Err("crypto/rsa: |p - q| too small");
        }
        if d.bit_len() <= n.bit_len() / 2 {
            return Err("crypto/rsa: d too small");
        }
        Ok(RsaKey { n, e, d, p, q, dp, dq, qinv, others })
    }

    /// The key in PKCS #1.
    pub(crate) fn to_pkcs1(&self) -> Vec<u8> {
        let version = if self.others.is_empty() { 0 } else { 1 };
        let numbers = [&self.n, &self.e, &self.d, &self.p, &self.q, &self.dp, &self.dq, &self.qinv];
        let mut parts = vec![der::integer(&[version])];
        parts.extend(numbers.map(integer));
        if !self.others.is_empty() {
            let mut product = self.p.mul(&self.q);
            let mut infos = Vec::new();
            for prime in &self.others {
                let exponent = self.d.rem(&prime.sub(&Number::small(1)));
                let coefficient = product.inverse(prime).unwrap_or_default();
                infos.push(der::sequence([prime, &exponent, &coefficient].map(integer)));
                product = product.mul(prime);
            }
            parts.push(der::sequence(infos));
        }
        der::sequence(parts)
    }

    /// The public key in PKCS #1.
    pub(crate) fn public(&self) -> Vec<u8> {
        der::sequence([&self.n, &self.e].map(integer))
    }

    /// Signs a message: PKCS #1 version 1.5 with SHA-256.
    pub(crate) fn sign(&self, env: &mut dyn Env, message: &[u8]) -> Result<Vec<u8>, FuncError> {
        let bits = self.n.bit_len();
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
    fn key(&self, others: &[Number]) -> Result<PrivateKey, rsa::Error> {
        let number = |n: &Number| n.get().clone();
        let primes: Vec<_> = [&self.p, &self.q].into_iter().chain(others).collect();
        let half = self.n.bit_len().div_ceil(2);
        let make = match primes.iter().all(|p| p.bit_len() <= half) {
            true => PrivateKey::from_components,
            false => PrivateKey::from_components_with_wide_primes,
        };
        make(number(&self.n), number(&self.e), number(&self.d), primes.into_iter().map(number).collect())
    }
}

fn integer(n: &Number) -> Vec<u8> {
    der::integer(&n.to_be())
}

/// Checks that a number is below a modulus. Go tells one that needs more words
/// of 64 bits from one that is only larger.
fn below(n: &Number, modulus: &Number) -> Result<(), &'static str> {
    match n {
        n if n < modulus => Ok(()),
        n if n.bit_len().div_ceil(8) > modulus.bit_len().div_ceil(64) * 8 => Err("input overflows the modulus size"),
        _ => Err("input overflows the modulus"),
    }
}
