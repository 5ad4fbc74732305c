//! RSA keys and signatures.

use govalue::{Env, FuncError};
use sha2::{Digest, Sha256};

use crate::big::Nat;
use crate::mont::Modulus;
use crate::{der, oids, prime};

/// The public exponent of new keys.
const EXPONENT: u64 = 65_537;

/// An RSA private key.
#[derive(Clone, Debug)]
pub(crate) struct RsaKey {
    pub(crate) n: Nat,
    pub(crate) e: Nat,
    pub(crate) d: Nat,
    pub(crate) p: Nat,
    pub(crate) q: Nat,
    dp: Nat,
    dq: Nat,
    /// The inverse of `q` modulo `p`.
    qinv: Nat,
    /// The primes beyond two.
    others: Vec<Nat>,
}

impl RsaKey {
    /// Makes a key of that many bits.
    pub(crate) fn generate(env: &mut dyn Env, bits: usize) -> Result<RsaKey, FuncError> {
        loop {
            let e = Nat::from_u64(EXPONENT);
            let (p, q) = (prime::random(env, bits.div_ceil(2))?, prime::random(env, bits / 2)?);
            let (p1, q1) = (p.sub(&Nat::one()), q.sub(&Nat::one()));
            let (totient, _) = p1.mul(&q1).div_rem(&p1.gcd(&q1));
            if p == q {
                return Err("rsa: generated p == q, random source is broken".into());
            }
            let Some(d) = e.inverse(&totient) else { continue };
            let key = RsaKey::assemble(p.mul(&q), e, d, p, q, Vec::new());
            return key.map_err(FuncError::new);
        }
    }

    fn assemble(n: Nat, e: Nat, d: Nat, p: Nat, q: Nat, others: Vec<Nat>) -> Result<RsaKey, &'static str> {
        let (dp, dq) = (d.rem(&p.sub(&Nat::one())), d.rem(&q.sub(&Nat::one())));
        let qinv = q.inverse(&p).ok_or("crypto/rsa: prime factors are not relatively prime")?;
        Ok(RsaKey { n, e, d, p, q, dp, dq, qinv, others })
    }

    /// A key of parsed numbers, none of them zero, checked as Go does
    /// (`rsa.PrivateKey.Validate`); `crt` is what the key says of `dp`, `dq`
    /// and `qinv`.
    pub(crate) fn checked(
        [n, e, d, p, q]: [Nat; 5],
        others: Vec<Nat>,
        crt: Option<[Nat; 3]>,
    ) -> Result<RsaKey, &'static str> {
        let one = Nat::one();
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
        let mut parts = vec![der::small(version)];
        parts.extend(numbers.map(der::integer));
        if !self.others.is_empty() {
            let mut product = self.p.mul(&self.q);
            let mut infos = Vec::new();
            for prime in &self.others {
                let exponent = self.d.rem(&prime.sub(&Nat::one()));
                let coefficient = product.inverse(prime).unwrap_or_default();
                infos.push(der::sequence([prime, &exponent, &coefficient].map(der::integer)));
                product = product.mul(prime);
            }
            parts.push(der::sequence(infos));
        }
        der::sequence(parts)
    }

    /// The public key in PKCS #1.
    pub(crate) fn public(&self) -> Vec<u8> {
        der::sequence([der::integer(&self.n), der::integer(&self.e)])
    }

    /// Signs a message: PKCS #1 version 1.5 with SHA-256.
    pub(crate) fn sign(&self, env: &mut dyn Env, message: &[u8]) -> Result<Vec<u8>, FuncError> {
        let bits = self.n.bit_len();
        if bits < 1024 {
            return Err(FuncError::new(format!(
                "crypto/rsa: {bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)"
            )));
        }
        let algorithm = der::sequence([der::oid(oids::SHA256), der::element(der::NULL, &[])]);
        let digest = der::element(der::OCTET_STRING, &Sha256::digest(message));
        let info = der::sequence([algorithm, digest]);
        let len = bits.div_ceil(8);
        let mut padded = vec![0, 1];
        padded.resize(len.saturating_sub(info.len() + 1), 0xff);
        padded.push(0);
        padded.extend(info);
        prime::charge_power(env, &self.n)?;
        let message = Nat::from_be(&padded);
        let signature = self.power(&message);
        // Numbers that do not belong together give no signature.
        let checked = Modulus::new(&self.n).map(|n| n.power(&signature, &self.e));
        if checked != Some(message) {
            return Err("crypto/rsa: decryption error".into());
        }
        Ok(signature.to_be_padded(len))
    }

    /// `m^d` modulo `n`, by the Chinese remainder theorem where there are two primes.
    fn power(&self, m: &Nat) -> Nat {
        let moduli = (Modulus::new(&self.p), Modulus::new(&self.q));
        let ((Some(p), Some(q)), true) = (moduli, self.others.is_empty()) else {
            return Modulus::new(&self.n).map_or_else(Nat::default, |n| n.power(m, &self.d));
        };
        let (mp, mq) = (p.power(m, &self.dp), q.power(m, &self.dq));
        let apart = mp.add(&self.p).sub(&mq.rem(&self.p));
        let h = apart.mul(&self.qinv).rem(&self.p);
        h.mul(&self.q).add(&mq)
    }
}

/// Checks that a number is below a modulus. Go tells one that needs more words
/// of 64 bits from one that is only larger.
fn below(n: &Nat, modulus: &Nat) -> Result<(), &'static str> {
    match n {
        n if n < modulus => Ok(()),
        n if n.bit_len().div_ceil(8) > modulus.bit_len().div_ceil(64) * 8 => Err("input overflows the modulus size"),
        _ => Err("input overflows the modulus"),
    }
}
