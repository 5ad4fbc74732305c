//! Numbers of any size, between the two crates that have them: `num_bigint`, in which Go's checks are written here,
//! and `crypto_bigint`, which the crates that make keys and sign take.

use crypto_bigint::BoxedUint;
use num_bigint::BigUint;

/// The number for a crate that makes keys or signs.
pub(crate) fn boxed(n: &BigUint) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(&n.to_bytes_be())
}

/// The number for everything else.
pub(crate) fn natural(n: &BoxedUint) -> BigUint {
    BigUint::from_bytes_be(&n.to_be_bytes())
}
