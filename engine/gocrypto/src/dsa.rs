//! DSA keys. They cannot sign certificates, so they are only made and printed.

use govalue::{Env, FuncError};

use crate::big::Nat;
use crate::mont::Modulus;
use crate::{der, prime};

/// Bits of the large and the small prime.
const LARGE: usize = 2048;
const SMALL: usize = 256;

/// Rounds of the Miller–Rabin test.
const ROUNDS: usize = 16;

/// A DSA private key.
#[derive(Clone, Debug)]
pub(crate) struct DsaKey {
    pub(crate) p: Nat,
    pub(crate) q: Nat,
    pub(crate) g: Nat,
    pub(crate) y: Nat,
    pub(crate) x: Nat,
}

impl DsaKey {
    /// Makes a key with parameters of its own.
    pub(crate) fn generate(env: &mut dyn Env) -> Result<DsaKey, FuncError> {
        let q = prime::random(env, SMALL)?;
        let step = q.shl(1);
        let p = loop {
            let mut bytes = [0; LARGE / 8];
            env.random(&mut bytes)?;
            let high = Nat::one().shl(LARGE - 1);
            let start = Nat::from_be(&bytes).rem(&high).add(&high);
            // The next number that is 1 modulo 2q.
            let start = start.sub(&start.rem(&step)).add(&step).add(&Nat::one());
            match prime::search(env, &start, &step, ROUNDS)? {
                Some(p) if p.bit_len() == LARGE => break p,
                _ => {}
            }
        };
        let modulus = Modulus::new(&p).ok_or("crypto/dsa: even modulus")?;
        let (cofactor, _) = p.sub(&Nat::one()).div_rem(&q);
        let mut h = Nat::from_u64(2);
        let g = loop {
            prime::charge_power(env, &p)?;
            let g = modulus.power(&h, &cofactor);
            if g != Nat::one() {
                break g;
            }
            h = h.add(&Nat::one());
        };
        let x = below(env, &q)?;
        prime::charge_power(env, &p)?;
        let y = modulus.power(&g, &x);
        Ok(DsaKey { p, q, g, y, x })
    }

    /// The form that OpenSSL has for it.
    pub(crate) fn to_der(&self) -> Vec<u8> {
        let numbers = [&self.p, &self.q, &self.g, &self.y, &self.x];
        der::sequence([der::small(0)].into_iter().chain(numbers.map(der::integer)))
    }
}

/// What charging for a try comes to; a source that gives always the same must not hang.
const UNITS: u64 = 1_000;

/// A random number from 1 up to, but without, the limit.
pub(crate) fn below(env: &mut dyn Env, limit: &Nat) -> Result<Nat, FuncError> {
    let bits = limit.bit_len();
    let mut bytes = vec![0; bits.div_ceil(8)];
    loop {
        env.charge(UNITS)?;
        env.random(&mut bytes)?;
        let n = Nat::from_be(&bytes).shr(bytes.len() * 8 - bits);
        if !n.is_zero() && &n < limit {
            return Ok(n);
        }
    }
}
