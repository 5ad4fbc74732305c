//! Finding primes: numbers that small primes divide are passed over, the rest
//! is for `crypto_primes` to judge.

use crypto_bigint::{BitOps, BoxedUint, Limb, NonZero, Odd, RandomBits, RandomBitsError, RandomMod};
use crypto_primes::hazmat::MillerRabin;
use govalue::{Env, FuncError};

use crate::number::Number;
use crate::random::Source;

/// What candidates are divided by before anything else; all below this. The
/// sieve of `crypto_primes` knows more, in tables that outweigh its tests.
const SIEVE: u32 = 1 << 14;

/// How many candidates are looked at from one starting point.
const SPAN: usize = 1 << 13;

/// A random number of that many bits, of which the highest `set` are 1.
pub(crate) fn random_bits(env: &mut dyn Env, bits: u32, set: u32) -> Result<Number, FuncError> {
    let mut n = BoxedUint::try_random_bits(&mut Source(env), bits).map_err(|e| match e {
        RandomBitsError::RandCore(e) => e,
        other => FuncError::new(other.to_string()),
    })?;
    for bit in 1..=set {
        n.set_bit_vartime(bits - bit, true);
    }
    Ok(Number::new(n))
}

/// Finds a prime of that many bits, the highest two of them set, so that the
/// product of two has twice as many.
pub(crate) fn random(env: &mut dyn Env, bits: u32) -> Result<Number, FuncError> {
    loop {
        let start = random_bits(env, bits, 2)?;
        let start = if start.is_odd() { start } else { start.add(&Number::small(1)) };
        if let Some(prime) = search(env, &start, &Number::small(2))?
            && prime.bit_len() == bits as usize
        {
            return Ok(prime);
        }
    }
}

/// What charging for the sieve, about a tenth of a millisecond, comes to.
const SIEVE_UNITS: u64 = 10_000;

/// The first prime among `start`, `start + step`, … within a span.
pub(crate) fn search(env: &mut dyn Env, start: &Number, step: &Number) -> Result<Option<Number>, FuncError> {
    env.charge(SIEVE_UNITS)?;
    let mut composite = vec![false; SPAN];
    for p in small_primes() {
        let (rest, step) = (rem_small(start, p), rem_small(step, p));
        if step == 0 {
            if rest == 0 {
                return Ok(None);
            }
            continue;
        }
        // The index at which p divides: -rest / step modulo p.
        let first = u64::from(p - rest) * inverse_small(step, p) % u64::from(p);
        for slot in composite.iter_mut().skip(first as usize).step_by(p as usize) {
            *slot = true;
        }
    }
    for i in (0..).zip(composite).filter_map(|(i, composite)| (!composite).then_some(i)) {
        let candidate = start.add(&step.mul(&Number::small(i)));
        if is_prime(env, &candidate)? {
            return Ok(Some(candidate));
        }
    }
    Ok(None)
}

/// Rounds of the Miller–Rabin test, for numbers that were picked at random: far
/// more than their size needs (FIPS 186-5, table B.1).
const ROUNDS: usize = 16;

/// The Miller–Rabin test with base 2 and random ones.
fn is_prime(env: &mut dyn Env, n: &Number) -> Result<bool, FuncError> {
    let Some(odd) = Odd::new(n.get().clone()).into_option() else { return Ok(false) };
    let below = n.get().wrapping_sub(BoxedUint::one());
    let test = MillerRabin::new(odd);
    charge_power(env, n)?;
    if test.test_base_two().is_composite() {
        return Ok(false);
    }
    for _ in 1..ROUNDS {
        charge_power(env, n)?;
        let Some(below) = NonZero::new(below.clone()).into_option() else { return Ok(false) };
        let base = BoxedUint::try_random_mod_vartime(&mut Source(env), &below)?;
        if test.test(&base.wrapping_add(BoxedUint::one())).is_composite() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The remainder by a small prime.
fn rem_small(n: &Number, p: u32) -> u32 {
    NonZero::new(Limb::from(p)).into_option().map_or(0, |p| n.get().rem_limb(p).0 as u32)
}

fn small_primes() -> impl Iterator<Item = u32> {
    let mut composite = vec![false; SIEVE as usize];
    (2..SIEVE).filter(move |n| {
        if composite.get(*n as usize) == Some(&true) {
            return false;
        }
        for slot in composite.iter_mut().skip((n * n) as usize).step_by(*n as usize) {
            *slot = true;
        }
        true
    })
}

/// The inverse of a number modulo a small prime, by Fermat.
fn inverse_small(n: u32, p: u32) -> u64 {
    let p = u64::from(p);
    let (mut base, mut exponent, mut out) = (u64::from(n) % p, p - 2, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            out = out * base % p;
        }
        base = base * base % p;
        exponent >>= 1;
    }
    out
}

/// Charges for a power with an exponent as long as the modulus: a unit for some
/// ten nanoseconds.
pub(crate) fn charge_power(env: &mut dyn Env, modulus: &Number) -> Result<(), FuncError> {
    let words = modulus.bit_len().div_ceil(64) as u64;
    env.charge(1 + words.saturating_mul(words).saturating_mul(words) * 10)
}
