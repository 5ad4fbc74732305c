//! Finding primes. The sieve and the tests are those of `crypto_primes`; here the render pays for each candidate before
//! it is tested.

use std::num::NonZeroU32;

use crypto_bigint::{BoxedUint, RandomBits, RandomBitsError};
use crypto_primes::hazmat::SmallFactorsSieve;
use crypto_primes::{Flavor, is_prime};
use govalue::{Env, FuncError};
use num_bigint::BigUint;

use crate::number::{boxed, natural};
use crate::random::Source;

/// A random number of that many bits, of which the highest `set` are 1.
pub(crate) fn random_bits(env: &mut dyn Env, bits: NonZeroU32, set: u32) -> Result<BigUint, FuncError> {
    let n = BoxedUint::try_random_bits(&mut Source(env), bits.get()).map_err(|e| match e {
        RandomBitsError::RandCore(e) => e,
        other => FuncError::new(other.to_string()),
    })?;
    let mut n = natural(&n);
    for bit in 1..=set.min(bits.get()) {
        n.set_bit(u64::from(bits.get() - bit), true);
    }
    Ok(n)
}

/// Finds a prime of that many bits, the highest two of them set, so that the product of two has twice as many.
pub(crate) fn random(env: &mut dyn Env, bits: NonZeroU32) -> Result<BigUint, FuncError> {
    loop {
        let start = random_bits(env, bits, 2)?;
        for candidate in sieve(env, &start)? {
            charge_power(env, &start)?;
            if is_prime(Flavor::Any, &candidate) {
                return Ok(natural(&candidate));
            }
        }
    }
}

/// Whether a number is a prime. Most numbers have small factors, and show it long before the tests
/// for primes would.
pub(crate) fn check(env: &mut dyn Env, n: &BigUint) -> Result<bool, FuncError> {
    let candidate = boxed(n);
    if sieve(env, n)?.next().as_ref() != Some(&candidate) {
        return Ok(false);
    }
    charge_power(env, n)?;
    Ok(is_prime(Flavor::Any, &candidate))
}

/// What charging for the sieve, about a tenth of a millisecond, comes to.
const SIEVE_UNITS: u64 = 10_000;

/// The numbers from `start` on, as long as it, that no small prime divides.
fn sieve(env: &mut dyn Env, start: &BigUint) -> Result<SmallFactorsSieve<BoxedUint>, FuncError> {
    env.charge(SIEVE_UNITS)?;
    let bits = u32::try_from(start.bits()).ok().and_then(NonZeroU32::new).ok_or("no prime has this size")?;
    SmallFactorsSieve::new(boxed(start), bits, false).map_err(|e| FuncError::new(e.to_string()))
}

/// Charges for a power with an exponent as long as the modulus: a unit for some ten nanoseconds.
pub(crate) fn charge_power(env: &mut dyn Env, modulus: &BigUint) -> Result<(), FuncError> {
    let words = modulus.bits().div_ceil(64);
    env.charge(1 + words.saturating_mul(words).saturating_mul(words) * 10)
}
