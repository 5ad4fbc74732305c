//! Finding primes. The tests are those of `crypto_primes`; here the render pays for each candidate before it is tested.
//!
//! That crate has a sieve too, with a table of reciprocals that is a thirtieth of the engine as a WebAssembly module:
//! the one here works out what it needs.

use std::num::NonZeroU32;
use std::ops::Range;

use crypto_bigint::{BoxedUint, RandomBits, RandomBitsError};
use crypto_primes::{Flavor, is_prime};
use govalue::{Env, FuncError};
use num_bigint::BigUint;
use sha2::{Digest, Sha256};

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
        if let Some(prime) = next(env, start)? {
            return Ok(prime);
        }
    }
}

/// The first prime from a number on that is as long as it. The search takes tenths of a second: the host may keep what
/// comes out, and how many numbers were tested. Each is paid for all the same, one by one, for the limits of a render
/// must not depend on what was rendered before.
pub(crate) fn next(env: &mut dyn Env, start: BigUint) -> Result<Option<BigUint>, FuncError> {
    let key = Sha256::new().chain_update("prime from\n").chain_update(start.to_bytes_be()).finalize().into();
    env.charge(SIEVE_UNITS)?;
    if let Some((tests, prime)) = env.kept(&key).as_deref().and_then(<[u8]>::split_first_chunk) {
        for _ in 0..u64::from_be_bytes(*tests) {
            charge_power(env, &start)?;
        }
        return Ok((!prime.is_empty()).then(|| BigUint::from_bytes_be(prime)));
    }
    let (mut tests, mut found) = (0_u64, None);
    for candidate in Sieve::new(start) {
        tests += 1;
        charge_power(env, &candidate)?;
        if is_prime(Flavor::Any, &boxed(&candidate)) {
            found = Some(candidate);
            break;
        }
    }
    let prime = found.as_ref().map(BigUint::to_bytes_be).unwrap_or_default();
    env.keep(key, &[&tests.to_be_bytes(), prime.as_slice()].concat());
    Ok(found)
}

/// Whether a number is a prime. Most numbers have small factors, and show it long before the tests
/// for primes would.
pub(crate) fn check(env: &mut dyn Env, n: &BigUint) -> Result<bool, FuncError> {
    env.charge(SIEVE_UNITS)?;
    if Sieve::new(n.clone()).next().as_ref() != Some(n) {
        return Ok(false);
    }
    charge_power(env, n)?;
    Ok(is_prime(Flavor::Any, &boxed(n)))
}

/// What charging for the sieve, about a tenth of a millisecond, comes to.
const SIEVE_UNITS: u64 = 10_000;

/// Primes below this sort out most numbers without a test.
const SMALL: u32 = 1 << 14;

/// The numbers from `start` on, as long as it, that no small prime divides, and small primes themselves.
struct Sieve {
    start: BigUint,
    /// Small primes, and what they leave of `start`.
    rests: Vec<(u32, u32)>,
    /// How far behind `start` the numbers are.
    ahead: Range<u32>,
}

impl Sieve {
    fn new(start: BigUint) -> Sieve {
        let rest = |p: u32| u32::try_from(&start % p).expect("what is left of a division by a small prime is smaller");
        let rests = small_primes().map(|p| (p, rest(p))).collect();
        let left = (BigUint::from(1_u32) << start.bits()) - &start;
        Sieve { start, rests, ahead: 0..u32::try_from(left).unwrap_or(u32::MAX) }
    }
}

impl Iterator for Sieve {
    type Item = BigUint;

    fn next(&mut self) -> Option<BigUint> {
        let (start, rests) = (&self.start, &self.rests);
        self.ahead.find_map(|ahead| {
            let divisor = rests.iter().find(|(p, rest)| (rest + ahead % p).is_multiple_of(*p));
            let number = || start + ahead;
            divisor.is_none_or(|(p, _)| number() == BigUint::from(*p)).then(number)
        })
    }
}

/// The primes below [`SMALL`], by the sieve of Eratosthenes.
fn small_primes() -> impl Iterator<Item = u32> {
    let mut composite = vec![false; SMALL as usize];
    (2..SMALL).filter(move |p| {
        let prime = !composite[*p as usize];
        if prime {
            composite.iter_mut().skip((p * p) as usize).step_by(*p as usize).for_each(|c| *c = true);
        }
        prime
    })
}

/// Charges for a power with an exponent as long as the modulus: a unit for some ten nanoseconds.
pub(crate) fn charge_power(env: &mut dyn Env, modulus: &BigUint) -> Result<(), FuncError> {
    let words = modulus.bits().div_ceil(64);
    env.charge(1 + words.saturating_mul(words).saturating_mul(words) * 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sieve_leaves_what_has_no_small_divisor() {
        let sieved = |start: u32| Sieve::new(start.into()).map(|n| u32::try_from(n).unwrap());
        assert_eq!(sieved(2).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(sieved(8).collect::<Vec<_>>(), [11, 13]);
        assert_eq!(sieved(0).count() + sieved(128).count(), 23, "primes from 128 to 255, and none as long as 0");
        let large = 16_411_u32 * 16_411;
        assert_eq!(sieved(large).next(), Some(large), "its divisors are not small");
        assert_eq!(small_primes().count(), 1_900);
    }
}
