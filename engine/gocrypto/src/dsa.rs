//! DSA keys. They cannot sign certificates, so they are only made and printed.

use std::num::NonZeroU32;

use crypto_bigint::{BoxedUint, NonZero};
use der::asn1::UintRef;
use der::{Encode, Sequence};
use dsa::{Components, SigningKey};
use govalue::{Env, FuncError};
use num_bigint::BigUint;

use crate::number::{boxed, natural};
use crate::prime;
use crate::random::Source;

/// Bits of the large and the small prime.
const LARGE: NonZeroU32 = NonZeroU32::new(2048).expect("not zero");
const SMALL: NonZeroU32 = NonZeroU32::new(256).expect("not zero");

/// A DSA private key.
#[derive(Clone, Debug)]
pub(crate) struct DsaKey {
    pub(crate) p: BigUint,
    pub(crate) q: BigUint,
    pub(crate) g: BigUint,
    pub(crate) y: BigUint,
    pub(crate) x: BigUint,
}

/// The form that OpenSSL has for a key.
#[derive(Sequence)]
struct Form<'a> {
    version: u8,
    p: UintRef<'a>,
    q: UintRef<'a>,
    g: UintRef<'a>,
    y: UintRef<'a>,
    x: UintRef<'a>,
}

impl DsaKey {
    /// Makes a key with parameters of its own, as Go does (`dsa.GenerateParameters`): the crate `dsa` makes them too,
    /// but gives every candidate the long test, which takes seconds and cannot be charged for.
    pub(crate) fn generate(env: &mut dyn Env) -> Result<DsaKey, FuncError> {
        let q = prime::random(env, SMALL)?;
        let step = &q * 2_u32;
        let p = loop {
            let start = prime::random_bits(env, LARGE, 1)?;
            // The nearest number below that is 1 modulo 2q.
            let candidate = &start - &start % &step + 1_u32;
            if candidate.bits() == u64::from(LARGE.get()) && prime::check(env, &candidate)? {
                break candidate;
            }
        };
        let g = generator(env, &p, &q)?;
        let components = Components::from_components(boxed(&p), boxed(&q), boxed(&g));
        let components = components.map_err(|e| FuncError::new(e.to_string()))?;
        prime::charge_power(env, &p)?;
        let key = SigningKey::try_generate_from_rng_with_components(&mut Source(env), components)?;
        let number = |n: &NonZero<BoxedUint>| natural(n.as_ref());
        Ok(DsaKey { y: number(key.verifying_key().y()), x: number(key.x()), p, q, g })
    }

    /// The form that OpenSSL has for it.
    pub(crate) fn to_der(&self) -> der::Result<Vec<u8>> {
        let numbers = [&self.p, &self.q, &self.g, &self.y, &self.x].map(BigUint::to_bytes_be);
        let [p, q, g, y, x] = numbers.each_ref().map(|n| UintRef::new(n));
        Form { version: 0, p: p?, q: q?, g: g?, y: y?, x: x? }.to_der()
    }
}

/// A number whose powers are a group of `q` modulo `p`, by trying 2, 3, … (FIPS 186-4, A.2.1).
fn generator(env: &mut dyn Env, p: &BigUint, q: &BigUint) -> Result<BigUint, FuncError> {
    let one = BigUint::from(1_u8);
    let cofactor = (p - &one) / q;
    let mut base = one.clone();
    loop {
        base += 1_u8;
        prime::charge_power(env, p)?;
        let g = base.modpow(&cofactor, p);
        if g != one {
            return Ok(g);
        }
    }
}
