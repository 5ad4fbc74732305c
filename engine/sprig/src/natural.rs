//! Natural numbers of any size, in base 10⁹: what decimal arithmetic needs.

use std::cmp::Ordering;

const BASE: u32 = 1_000_000_000;
const LIMB_DIGITS: usize = 9;

/// A natural number; limbs from the lowest, the highest never zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Natural(Vec<u32>);

impl Natural {
    /// The number that ASCII digits spell.
    pub(crate) fn from_digits(digits: &[u8]) -> Natural {
        let limb = |chunk: &[u8]| chunk.iter().fold(0, |n, d| n * 10 + u32::from(d.wrapping_sub(b'0')));
        Natural(digits.rchunks(LIMB_DIGITS).map(limb).collect()).trimmed()
    }

    /// Its digits; none for zero.
    pub(crate) fn to_digits(&self) -> String {
        let mut out = String::with_capacity(self.0.len() * LIMB_DIGITS);
        for (i, limb) in self.0.iter().rev().enumerate() {
            out.push_str(&if i == 0 { limb.to_string() } else { format!("{limb:09}") });
        }
        out
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// How many limbs it has: a measure of the work it makes.
    pub(crate) fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn trimmed(mut self) -> Natural {
        while self.0.pop_if(|limb| *limb == 0).is_some() {}
        self
    }

    pub(crate) fn add(&self, other: &Natural) -> Natural {
        let (long, short) = if self.0.len() >= other.0.len() { (self, other) } else { (other, self) };
        let mut out = long.0.clone();
        let mut carry = 0;
        for (i, limb) in out.iter_mut().enumerate() {
            let sum = *limb + short.0.get(i).copied().unwrap_or(0) + carry;
            *limb = sum % BASE;
            carry = sum / BASE;
        }
        if carry > 0 {
            out.push(carry);
        }
        Natural(out)
    }

    /// The difference to a number that is not larger.
    pub(crate) fn sub(&self, smaller: &Natural) -> Natural {
        let mut out = self.0.clone();
        let mut borrow = 0;
        for (i, limb) in out.iter_mut().enumerate() {
            let minus = smaller.0.get(i).copied().unwrap_or(0) + borrow;
            borrow = u32::from(*limb < minus);
            *limb = *limb + borrow * BASE - minus;
        }
        Natural(out).trimmed()
    }

    pub(crate) fn mul(&self, other: &Natural) -> Natural {
        let mut out = vec![0; self.0.len() + other.0.len()];
        for (i, a) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (slot, b) in out[i..].iter_mut().zip(other.0.iter().chain(std::iter::once(&0))) {
                let product = u64::from(*a) * u64::from(*b) + u64::from(*slot) + carry;
                *slot = (product % u64::from(BASE)) as u32;
                carry = product / u64::from(BASE);
            }
        }
        Natural(out).trimmed()
    }

    fn mul_small(&self, n: u32) -> Natural {
        self.mul(&Natural(vec![n]).trimmed())
    }

    /// Times 10ⁿ.
    pub(crate) fn shifted(&self, n: usize) -> Natural {
        if self.is_zero() {
            return self.clone();
        }
        let mut out = vec![0; n / LIMB_DIGITS];
        out.extend(self.mul_small(10_u32.pow((n % LIMB_DIGITS) as u32)).0);
        Natural(out)
    }

    /// Quotient and remainder; the divisor is not zero.
    pub(crate) fn div_rem(&self, divisor: &Natural) -> (Natural, Natural) {
        let mut quotient = vec![0; self.0.len()];
        let mut rest = Natural(Vec::new());
        for (slot, limb) in quotient.iter_mut().zip(&self.0).rev() {
            rest.0.insert(0, *limb);
            rest = rest.trimmed();
            // The digit is the largest that times the divisor still fits.
            let (mut low, mut high) = (0, BASE);
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if divisor.mul_small(middle) <= rest { low = middle } else { high = middle }
            }
            *slot = low;
            if low > 0 {
                rest = rest.sub(&divisor.mul_small(low));
            }
        }
        (Natural(quotient).trimmed(), rest)
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Natural) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Natural) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(digits: &str) -> Natural {
        Natural::from_digits(digits.as_bytes())
    }

    #[test]
    fn arithmetic_carries_across_limbs() {
        let (a, b) = (n("123456789012345678901234567890"), n("999999999999999999"));
        assert_eq!(a.add(&b).to_digits(), "123456789013345678901234567889");
        assert_eq!(a.sub(&b).to_digits(), "123456789011345678901234567891");
        assert_eq!(a.mul(&b).to_digits(), "123456789012345678777777778877654321098765432110");
        assert_eq!(b.shifted(11).to_digits(), format!("999999999999999999{:0>11}", ""));
        let (q, r) = a.div_rem(&b);
        assert_eq!(q.mul(&b).add(&r), a);
        assert!(r < b);
        assert!(n("000").is_zero() && n("0") < n("1"));
    }
}
