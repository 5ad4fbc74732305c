//! Natural numbers of any size.
//!
//! They serve to make keys and to sign while a template renders. Nobody can
//! time a render from outside closely enough to matter, so the arithmetic takes
//! the time that the numbers ask for.

use std::cmp::Ordering;

/// The digits of a number: as large as the machine multiplies well.
#[cfg(target_pointer_width = "64")]
pub(crate) type Limb = u64;
#[cfg(not(target_pointer_width = "64"))]
pub(crate) type Limb = u32;

/// Twice a limb.
#[cfg(target_pointer_width = "64")]
pub(crate) type Wide = u128;
#[cfg(not(target_pointer_width = "64"))]
pub(crate) type Wide = u64;

pub(crate) const LIMB_BITS: usize = Limb::BITS as usize;
const LIMB_BYTES: usize = LIMB_BITS / 8;

/// A natural number: its limbs from the lowest on, the highest not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Nat(Vec<Limb>);

/// `a * b + c + d`, which fits: the low and the high limb.
pub(crate) fn mul_add(a: Limb, b: Limb, c: Limb, d: Limb) -> (Limb, Limb) {
    let wide = Wide::from(a) * Wide::from(b) + Wide::from(c) + Wide::from(d);
    (wide as Limb, (wide >> LIMB_BITS) as Limb)
}

/// Subtracts with a borrow of 0 or 1.
pub(crate) fn sub_borrow(a: Limb, b: Limb, borrow: Limb) -> (Limb, Limb) {
    let (d, first) = a.overflowing_sub(b);
    let (d, second) = d.overflowing_sub(borrow);
    (d, Limb::from(first | second))
}

impl Nat {
    pub(crate) fn from_limbs(mut limbs: Vec<Limb>) -> Nat {
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        Nat(limbs)
    }

    pub(crate) fn from_u64(n: u64) -> Nat {
        Nat::from_be(&n.to_be_bytes())
    }

    pub(crate) fn one() -> Nat {
        Nat(vec![1])
    }

    /// Reads bytes, the highest first.
    pub(crate) fn from_be(bytes: &[u8]) -> Nat {
        let limb = |chunk: &[u8]| chunk.iter().fold(0, |n: Limb, b| n << 8 | Limb::from(*b));
        Nat::from_limbs(bytes.rchunks(LIMB_BYTES).map(limb).collect())
    }

    /// Its bytes, the highest first; none for zero.
    pub(crate) fn to_be(&self) -> Vec<u8> {
        let len = self.bit_len().div_ceil(8);
        self.to_be_padded(len)
    }

    /// Its lowest `len` bytes, the highest first.
    pub(crate) fn to_be_padded(&self, len: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.0.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        bytes.resize(len, 0);
        bytes.reverse();
        bytes
    }

    pub(crate) fn limbs(&self) -> &[Limb] {
        &self.0
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn is_odd(&self) -> bool {
        self.0.first().is_some_and(|limb| limb & 1 == 1)
    }

    pub(crate) fn bit_len(&self) -> usize {
        match self.0.last() {
            Some(top) => self.0.len() * LIMB_BITS - top.leading_zeros() as usize,
            None => 0,
        }
    }

    pub(crate) fn bit(&self, i: usize) -> bool {
        self.0.get(i / LIMB_BITS).is_some_and(|limb| limb >> (i % LIMB_BITS) & 1 == 1)
    }

    /// How many zero bits it ends in; 0 for zero.
    pub(crate) fn trailing_zeros(&self) -> usize {
        let limbs = self.0.iter().take_while(|limb| **limb == 0).count();
        limbs * LIMB_BITS + self.0.get(limbs).map_or(0, |limb| limb.trailing_zeros() as usize)
    }

    pub(crate) fn add(&self, other: &Nat) -> Nat {
        let (long, short) = if self.0.len() >= other.0.len() { (self, other) } else { (other, self) };
        let mut carry = 0;
        let rest = short.0.iter().copied().chain(std::iter::repeat(0));
        let mut out: Vec<Limb> = long
            .0
            .iter()
            .zip(rest)
            .map(|(a, b)| {
                let (low, high) = mul_add(*a, 1, b, carry);
                carry = high;
                low
            })
            .collect();
        out.push(carry);
        Nat::from_limbs(out)
    }

    /// The difference; zero where the other number is larger.
    pub(crate) fn sub(&self, other: &Nat) -> Nat {
        let mut borrow = 0;
        let rest = other.0.iter().copied().chain(std::iter::repeat(0));
        let out = self
            .0
            .iter()
            .zip(rest)
            .map(|(a, b)| {
                let (d, next) = sub_borrow(*a, b, borrow);
                borrow = next;
                d
            })
            .collect();
        if borrow == 1 || other.0.len() > self.0.len() { Nat::default() } else { Nat::from_limbs(out) }
    }

    pub(crate) fn mul(&self, other: &Nat) -> Nat {
        let mut out = vec![0; self.0.len() + other.0.len()];
        for (i, a) in self.0.iter().enumerate() {
            let mut carry = 0;
            let (_, at) = out.split_at_mut(i);
            let mut slots = at.iter_mut();
            for (b, slot) in other.0.iter().zip(slots.by_ref()) {
                (*slot, carry) = mul_add(*a, *b, *slot, carry);
            }
            if let Some(slot) = slots.next() {
                *slot = carry;
            }
        }
        Nat::from_limbs(out)
    }

    pub(crate) fn shl(&self, bits: usize) -> Nat {
        let mut out = vec![0; bits / LIMB_BITS];
        let shift = bits % LIMB_BITS;
        let mut carry = 0;
        for limb in &self.0 {
            let wide = Wide::from(*limb) << shift;
            out.push(wide as Limb | carry);
            carry = (wide >> LIMB_BITS) as Limb;
        }
        out.push(carry);
        Nat::from_limbs(out)
    }

    pub(crate) fn shr(&self, bits: usize) -> Nat {
        let limbs = self.0.get(bits / LIMB_BITS..).unwrap_or_default();
        let shift = bits % LIMB_BITS;
        let next = limbs.iter().skip(1).copied().chain([0]);
        let join = |(low, high): (&Limb, Limb)| ((Wide::from(high) << LIMB_BITS | Wide::from(*low)) >> shift) as Limb;
        Nat::from_limbs(limbs.iter().zip(next).map(join).collect())
    }

    /// Quotient and remainder; dividing by zero leaves all as the remainder.
    pub(crate) fn div_rem(&self, divisor: &Nat) -> (Nat, Nat) {
        let Some(top) = divisor.0.last() else { return (Nat::default(), self.clone()) };
        if self < divisor {
            return (Nat::default(), self.clone());
        }
        // Knuth's algorithm D: the divisor's highest bit is set, so that a guess
        // from the highest limbs is at most two too large.
        let shift = top.leading_zeros() as usize;
        let divisor = divisor.shl(shift).0;
        let mut rest = self.shl(shift).0;
        let n = divisor.len();
        rest.resize((self.0.len() + 1).max(rest.len()), 0);
        let top = Wide::from(divisor.last().copied().unwrap_or(1));
        let below = Wide::from(n.checked_sub(2).and_then(|i| divisor.get(i)).copied().unwrap_or(0));
        let mut quotient = vec![0; rest.len() - n];
        for (j, digit) in quotient.iter_mut().enumerate().rev() {
            let Some(window) = rest.get_mut(j..=j + n) else { continue };
            let high =
                |back: usize| Wide::from((n + 1).checked_sub(back).and_then(|i| window.get(i)).copied().unwrap_or(0));
            let (numerator, third) = (high(1) << LIMB_BITS | high(2), if n > 1 { high(3) } else { 0 });
            let mut guess = numerator / top;
            let mut left = numerator % top;
            while guess >> LIMB_BITS != 0 || guess * below > (left << LIMB_BITS | third) {
                guess -= 1;
                left += top;
                if left >> LIMB_BITS != 0 {
                    break;
                }
            }
            let mut guess = guess as Limb;
            if subtract_multiple(window, &divisor, guess) {
                guess -= 1;
                add_back(window, &divisor);
            }
            *digit = guess;
        }
        (Nat::from_limbs(quotient), Nat::from_limbs(rest).shr(shift))
    }

    pub(crate) fn rem(&self, divisor: &Nat) -> Nat {
        self.div_rem(divisor).1
    }

    /// The remainder of a division by a small number that is not zero.
    pub(crate) fn rem_small(&self, divisor: u32) -> u32 {
        let divisor = Wide::from(divisor.max(1));
        self.0.iter().rev().fold(0, |rest, limb| (rest << LIMB_BITS | Wide::from(*limb)) % divisor) as u32
    }

    pub(crate) fn gcd(&self, other: &Nat) -> Nat {
        let (mut a, mut b) = (self.clone(), other.clone());
        while !b.is_zero() {
            (a, b) = (b.clone(), a.rem(&b));
        }
        a
    }

    /// The number that times this one is 1 modulo `modulus`, if there is one.
    pub(crate) fn inverse(&self, modulus: &Nat) -> Option<Nat> {
        let (mut r0, mut r1) = (modulus.clone(), self.rem(modulus));
        let (mut t0, mut t1) = (Nat::default(), Nat::one());
        while !r1.is_zero() {
            let (q, r) = r0.div_rem(&r1);
            let step = q.mul(&t1).rem(modulus);
            let t = if t0 >= step { t0.sub(&step) } else { t0.add(modulus).sub(&step) };
            (r0, r1, t0, t1) = (r1, r, t1, t);
        }
        (r0 == Nat::one()).then_some(t0)
    }
}

/// Takes a multiple of the divisor from the window, which is one limb longer;
/// whether it was too much.
fn subtract_multiple(window: &mut [Limb], divisor: &[Limb], factor: Limb) -> bool {
    let (mut carry, mut borrow) = (0, 0);
    for (slot, d) in window.iter_mut().zip(divisor.iter().copied().chain([0])) {
        let (low, high) = mul_add(d, factor, carry, 0);
        carry = high;
        (*slot, borrow) = sub_borrow(*slot, low, borrow);
    }
    borrow == 1
}

fn add_back(window: &mut [Limb], divisor: &[Limb]) {
    let mut carry = 0;
    for (slot, d) in window.iter_mut().zip(divisor.iter().copied().chain([0])) {
        (*slot, carry) = mul_add(*slot, 1, d, carry);
    }
}

impl PartialOrd for Nat {
    fn partial_cmp(&self, other: &Nat) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Nat {
    fn cmp(&self, other: &Nat) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}
