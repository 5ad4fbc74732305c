//! Natural numbers of any size.

use crypto_bigint::{BoxedUint, ConcatenatingMul, NonZero, Resize};

/// A natural number, as narrow as it can be: `crypto_bigint` works in the width
/// that a number was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number(BoxedUint);

impl Number {
    pub(crate) fn new(n: BoxedUint) -> Number {
        let bits = n.bit_width_vartime().max(1);
        Number(n.resize_unchecked(bits))
    }

    pub(crate) fn small(n: u64) -> Number {
        Number(BoxedUint::from(n))
    }

    /// Reads bytes, the highest first.
    pub(crate) fn from_be(bytes: &[u8]) -> Number {
        match bytes.trim_prefix_zeros() {
            [] => Number::small(0),
            bytes => Number(BoxedUint::from_be_slice_vartime(bytes)),
        }
    }

    /// Its bytes, the highest first; none for zero.
    pub(crate) fn to_be(&self) -> Vec<u8> {
        self.0.to_be_bytes_trimmed_vartime().into_vec()
    }

    pub(crate) fn get(&self) -> &BoxedUint {
        &self.0
    }

    /// The number for dividing by.
    fn divisor(&self) -> Option<&NonZero<BoxedUint>> {
        self.0.as_nz_vartime()
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.divisor().is_none()
    }

    pub(crate) fn is_one(&self) -> bool {
        self.bit_len() == 1
    }

    pub(crate) fn is_odd(&self) -> bool {
        self.0.bit_vartime(0)
    }

    pub(crate) fn bit_len(&self) -> usize {
        self.0.bit_width_vartime() as usize
    }

    pub(crate) fn add(&self, other: &Number) -> Number {
        Number::new(self.0.concatenating_add(&other.0))
    }

    /// The difference; zero where the other number is larger.
    pub(crate) fn sub(&self, other: &Number) -> Number {
        if self > other { Number::new(self.0.wrapping_sub(&other.0)) } else { Number::small(0) }
    }

    pub(crate) fn mul(&self, other: &Number) -> Number {
        Number::new(self.0.concatenating_mul(&other.0))
    }

    /// The remainder; all of it where the divisor is zero.
    pub(crate) fn rem(&self, divisor: &Number) -> Number {
        divisor.divisor().map_or_else(|| self.clone(), |divisor| Number::new(self.0.rem_vartime(divisor)))
    }

    /// The number that times this one is 1 modulo `modulus`, if there is one.
    pub(crate) fn inverse(&self, modulus: &Number) -> Option<Number> {
        let divisor = modulus.divisor()?;
        self.0.rem_vartime(divisor).invert_mod(divisor).into_option().map(Number::new)
    }
}

/// Bytes of a number, the highest first.
pub(crate) trait Digits {
    /// Without the zeros before it.
    fn trim_prefix_zeros(&self) -> &[u8];
}

impl Digits for [u8] {
    fn trim_prefix_zeros(&self) -> &[u8] {
        let zeros = self.iter().take_while(|b| **b == 0).count();
        self.get(zeros..).unwrap_or_default()
    }
}
