//! Keys, signatures and certificates in the forms that Go's `crypto` packages
//! read and write: PEM, PKCS #1, PKCS #8, SEC 1 and X.509.
//!
//! Randomness, time and limits come from [`govalue::Env`]: the same answers give
//! the same keys.

mod big;
mod mont;
mod prime;
