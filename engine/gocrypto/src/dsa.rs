//! DSA keys. They cannot sign certificates, so they are only made and printed.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, NonZero, Odd, Resize};
use dsa::{Components, SigningKey};
use govalue::{Env, FuncError};

use crate::number::Number;
use crate::random::Source;
use crate::{der, prime};

/// Bits of the large and the small prime.
const LARGE: u32 = 2048;
const SMALL: u32 = 256;

/// A DSA private key.
#[derive(Clone, Debug)]
pub(crate) struct DsaKey {
    pub(crate) p: Number,
    pub(crate) q: Number,
    pub(crate) g: Number,
    pub(crate) y: Number,
    pub(crate) x: Number,
}

impl DsaKey {
    /// Makes a key with parameters of its own. `dsa` would make them too, but
    /// tries each candidate by the long test and takes seconds.
    pub(crate) fn generate(env: &mut dyn Env) -> Result<DsaKey, FuncError> {
        let q = prime::random(env, SMALL)?;
        let step = q.mul(&Number::small(2));
        let p = loop {
            let start = prime::random_bits(env, LARGE, 1)?;
            // The next number that is 1 modulo 2q.
            let start = start.sub(&start.rem(&step)).add(&step).add(&Number::small(1));
            match prime::search(env, &start, &step)? {
                Some(p) if p.bit_len() == LARGE as usize => break p,
                _ => {}
            }
        };
        let g = generator(env, &p, &q)?;
        let components = Components::from_components(p.get().clone(), q.get().clone(), g);
        let components = components.map_err(|e| FuncError::new(e.to_string()))?;
        prime::charge_power(env, &p)?;
        let key = SigningKey::try_generate_from_rng_with_components(&mut Source(env), components.clone())?;
        let number = |n: &NonZero<BoxedUint>| Number::new(n.as_ref().clone());
        Ok(DsaKey { p, q, g: number(components.g()), y: number(key.verifying_key().y()), x: number(key.x()) })
    }

    /// The form that OpenSSL has for it.
    pub(crate) fn to_der(&self) -> Vec<u8> {
        let numbers = [&self.p, &self.q, &self.g, &self.y, &self.x];
        der::sequence([der::integer(&[0])].into_iter().chain(numbers.map(|n| der::integer(&n.to_be()))))
    }
}

/// A number whose powers are a group of `q` modulo `p`, by trying 2, 3, …
/// (FIPS 186-4, A.2.1).
fn generator(env: &mut dyn Env, p: &Number, q: &Number) -> Result<BoxedUint, FuncError> {
    let modulus = Odd::new(p.get().clone()).into_option().ok_or("crypto/dsa: even modulus")?;
    let order = q.get().as_nz_vartime().ok_or("crypto/dsa: zero subgroup")?;
    let cofactor = p.sub(&Number::small(1)).get().wrapping_div_vartime(order);
    let params = BoxedMontyParams::new_vartime(modulus);
    for h in 2_u64.. {
        prime::charge_power(env, p)?;
        let h = BoxedUint::from(h).resize(params.bits_precision());
        let g = BoxedMontyForm::new(h, &params).pow(&cofactor).retrieve();
        if !Number::new(g.clone()).is_one() {
            return Ok(g);
        }
    }
    Err("crypto/dsa: no generator".into())
}
