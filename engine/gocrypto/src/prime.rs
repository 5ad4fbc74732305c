//! Finding primes.

use govalue::{Env, FuncError};

use crate::big::Nat;
use crate::mont::Modulus;

/// What candidates are divided by before anything else; all below this.
const SIEVE: u32 = 1 << 14;

/// How many candidates are looked at from one starting point.
const SPAN: usize = 1 << 13;

/// Finds a prime of that many bits, the highest two of them set, so that the
/// product of two has twice as many.
pub(crate) fn random(env: &mut dyn Env, bits: usize) -> Result<Nat, FuncError> {
    loop {
        let mut bytes = vec![0; bits.div_ceil(8)];
        env.random(&mut bytes)?;
        let top = Nat::one().shl(bits - 2);
        let start = Nat::from_be(&bytes).rem(&top).add(&top.mul(&Nat::from_u64(3)));
        let start = if start.is_odd() { start } else { start.add(&Nat::one()) };
        if let Some(prime) = search(env, &start, &Nat::from_u64(2), ROUNDS)?
            && prime.bit_len() == bits
        {
            return Ok(prime);
        }
    }
}

/// Rounds of the Miller–Rabin test for numbers that were picked at random: far
/// more than their size needs (FIPS 186-5, table B.1).
const ROUNDS: usize = 8;

/// What charging for the sieve, about a tenth of a millisecond, comes to.
const SIEVE_UNITS: u64 = 10_000;

/// The first prime among `start`, `start + step`, … within a span.
pub(crate) fn search(env: &mut dyn Env, start: &Nat, step: &Nat, rounds: usize) -> Result<Option<Nat>, FuncError> {
    env.charge(SIEVE_UNITS)?;
    let mut composite = vec![false; SPAN];
    for p in small_primes() {
        let (rest, step) = (start.rem_small(p), step.rem_small(p));
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
        let candidate = start.add(&step.mul(&Nat::from_u64(i)));
        if is_probable_prime(env, &candidate, rounds)? {
            return Ok(Some(candidate));
        }
    }
    Ok(None)
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

/// The Miller–Rabin test with base 2 and random ones.
///
/// # Errors
/// Where the render's limits are exceeded, or there is no randomness.
pub(crate) fn is_probable_prime(env: &mut dyn Env, n: &Nat, rounds: usize) -> Result<bool, FuncError> {
    let Some(modulus) = Modulus::new(n) else { return Ok(n == &Nat::from_u64(2)) };
    let below = n.sub(&Nat::one());
    let twos = below.trailing_zeros();
    let odd = below.shr(twos);
    let minus_one = modulus.enter(&below);
    let mut base = None;
    for _ in 0..rounds {
        charge_power(env, n)?;
        let mut x = match &base {
            None => modulus.pow_of_two(&odd),
            Some(base) => modulus.pow(&modulus.enter(base), &odd),
        };
        let mut passed = &x == modulus.one() || x == minus_one;
        for _ in 1..twos {
            if passed {
                break;
            }
            x = modulus.mul(&x, &x);
            passed = x == minus_one;
        }
        if !passed {
            return Ok(false);
        }
        let mut bytes = vec![0; n.bit_len().div_ceil(8)];
        env.random(&mut bytes)?;
        base = Some(Nat::from_be(&bytes).rem(&below).add(&Nat::one()));
    }
    Ok(true)
}

/// Charges for a power with an exponent as long as the modulus: a unit for some
/// ten nanoseconds.
pub(crate) fn charge_power(env: &mut dyn Env, modulus: &Nat) -> Result<(), FuncError> {
    let words = modulus.bit_len().div_ceil(64) as u64;
    env.charge(1 + words.saturating_mul(words).saturating_mul(words) * 10)
}
