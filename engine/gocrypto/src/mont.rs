//! Arithmetic modulo an odd number, in Montgomery's form.

use std::cell::Cell;

use crate::big::{LIMB_BITS, Limb, Nat, mul_add, sub_borrow};

/// An odd modulus, with what multiplying by its rules needs.
#[derive(Clone, Debug)]
pub(crate) struct Modulus {
    nat: Nat,
    /// Its limbs.
    limbs: Vec<Limb>,
    /// Minus the inverse of its lowest limb.
    inverse: Limb,
    /// `R²`, where `R` is the power of two just beyond the limbs.
    square: Residue,
    /// `R`, which stands for 1.
    one: Residue,
}

/// A number below a modulus, multiplied by that modulus' `R`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Residue(Vec<Limb>);

impl Residue {
    pub(crate) fn is_zero(&self) -> bool {
        self.0.iter().all(|limb| *limb == 0)
    }
}

impl Modulus {
    /// A modulus; `None` if it is even or 1.
    pub(crate) fn new(nat: &Nat) -> Option<Modulus> {
        if !nat.is_odd() || nat == &Nat::one() {
            return None;
        }
        let limbs = nat.limbs().to_vec();
        let low = limbs.first().copied().unwrap_or(1);
        // Newton's method doubles the number of right bits each time.
        let mut inverse: Limb = 1;
        for _ in 0..LIMB_BITS.ilog2() {
            inverse = inverse.wrapping_mul((2 as Limb).wrapping_sub(low.wrapping_mul(inverse)));
        }
        let bits = limbs.len() * LIMB_BITS;
        let residue = |n: Nat| {
            let mut out = n.rem(nat).limbs().to_vec();
            out.resize(limbs.len(), 0);
            Residue(out)
        };
        let (one, square) = (residue(Nat::one().shl(bits)), residue(Nat::one().shl(2 * bits)));
        Some(Modulus { nat: nat.clone(), limbs, inverse: inverse.wrapping_neg(), square, one })
    }

    pub(crate) fn nat(&self) -> &Nat {
        &self.nat
    }

    pub(crate) fn one(&self) -> &Residue {
        &self.one
    }

    pub(crate) fn zero(&self) -> Residue {
        Residue(vec![0; self.limbs.len()])
    }

    /// Brings a number into the form.
    pub(crate) fn enter(&self, n: &Nat) -> Residue {
        let mut limbs = if n < &self.nat { n.limbs().to_vec() } else { n.rem(&self.nat).limbs().to_vec() };
        limbs.resize(self.limbs.len(), 0);
        self.mul(&Residue(limbs), &self.square)
    }

    /// Brings it back.
    pub(crate) fn leave(&self, r: &Residue) -> Nat {
        let mut one = vec![0; self.limbs.len()];
        if let Some(low) = one.first_mut() {
            *low = 1;
        }
        Nat::from_limbs(self.mul(r, &Residue(one)).0)
    }

    pub(crate) fn mul(&self, a: &Residue, b: &Residue) -> Residue {
        let mut out = vec![0; self.limbs.len() + 2];
        self.mul_into(&a.0, &b.0, &mut out);
        out.truncate(self.limbs.len());
        Residue(out)
    }

    /// Multiplies into a buffer of two limbs more than the modulus has.
    fn mul_into(&self, a: &[Limb], b: &[Limb], out: &mut [Limb]) {
        out.fill(0);
        let (Some((b0, b)), Some((m0, m))) = (b.split_first(), self.limbs.split_first()) else { return };
        for digit in a {
            let limbs = Cell::from_mut(&mut *out).as_slice_of_cells();
            let first = limbs.first().map_or(0, Cell::get);
            let (low, mut carry) = mul_add(*digit, *b0, first, 0);
            // Makes the lowest limb zero; each limb goes one place down.
            let factor = low.wrapping_mul(self.inverse);
            let (_, mut reduced) = mul_add(factor, *m0, low, 0);
            for ((pair, b), m) in limbs.windows(2).zip(b).zip(m) {
                let [to, from] = pair else { continue };
                let product;
                (product, carry) = mul_add(*digit, *b, from.get(), carry);
                let limb;
                (limb, reduced) = mul_add(factor, *m, product, reduced);
                to.set(limb);
            }
            if let [.., below, high, _] = limbs {
                let (limb, over) = mul_add(high.get(), 1, carry, reduced);
                below.set(limb);
                high.set(over);
            }
        }
        self.reduce(out);
    }

    /// Takes the modulus away once, if it fits.
    fn reduce(&self, out: &mut [Limb]) {
        let (low, high) = out.split_at_mut(self.limbs.len());
        let over = high.iter().any(|limb| *limb != 0);
        if over || low.iter().rev().cmp(self.limbs.iter().rev()).is_ge() {
            let mut borrow = 0;
            for (slot, m) in low.iter_mut().zip(&self.limbs) {
                (*slot, borrow) = sub_borrow(*slot, *m, borrow);
            }
        }
    }

    pub(crate) fn add(&self, a: &Residue, b: &Residue) -> Residue {
        let mut carry = 0;
        let mut out: Vec<Limb> =
            a.0.iter()
                .zip(&b.0)
                .map(|(a, b)| {
                    let (low, high) = mul_add(*a, 1, *b, carry);
                    carry = high;
                    low
                })
                .collect();
        out.push(carry);
        self.reduce(&mut out);
        out.truncate(self.limbs.len());
        Residue(out)
    }

    pub(crate) fn sub(&self, a: &Residue, b: &Residue) -> Residue {
        let minus_b: Vec<Limb> = {
            let mut borrow = 0;
            let negate = |(m, b): (&Limb, &Limb)| {
                let (d, next) = sub_borrow(*m, *b, borrow);
                borrow = next;
                d
            };
            self.limbs.iter().zip(&b.0).map(negate).collect()
        };
        self.add(a, &Residue(minus_b))
    }

    /// A power, by windows of four bits.
    pub(crate) fn pow(&self, base: &Residue, exponent: &Nat) -> Residue {
        let mut table = vec![self.one.clone(), base.clone()];
        for i in 2..16 {
            let next = table.get(i - 1).map_or_else(|| base.clone(), |last| self.mul(last, base));
            table.push(next);
        }
        let n = self.limbs.len();
        let mut acc = self.one.0.clone();
        let mut out = vec![0; n + 2];
        let mut multiply = |acc: &mut Vec<Limb>, by: Option<&[Limb]>| {
            self.mul_into(acc, by.unwrap_or(acc), &mut out);
            acc.clear();
            acc.extend_from_slice(out.get(..n).unwrap_or_default());
        };
        for window in (0..exponent.bit_len().div_ceil(4)).rev() {
            for _ in 0..4 {
                multiply(&mut acc, None);
            }
            let digit = (0..4).fold(0, |d, i| d | usize::from(exponent.bit(4 * window + i)) << i);
            if let (1.., Some(factor)) = (digit, table.get(digit)) {
                multiply(&mut acc, Some(&factor.0));
            }
        }
        Residue(acc)
    }

    /// A power of two: doubling takes the place of multiplying.
    pub(crate) fn pow_of_two(&self, exponent: &Nat) -> Residue {
        let n = self.limbs.len();
        let mut acc = self.one.clone();
        let mut out = vec![0; n + 2];
        for i in (0..exponent.bit_len()).rev() {
            self.mul_into(&acc.0, &acc.0, &mut out);
            acc.0.clear();
            acc.0.extend_from_slice(out.get(..n).unwrap_or_default());
            if exponent.bit(i) {
                acc = self.add(&acc, &acc);
            }
        }
        acc
    }

    /// `base^exponent`, in and out of the form.
    pub(crate) fn power(&self, base: &Nat, exponent: &Nat) -> Nat {
        self.leave(&self.pow(&self.enter(base), exponent))
    }
}
