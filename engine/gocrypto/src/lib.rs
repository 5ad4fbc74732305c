//! Keys, signatures and certificates in the forms that Go's `crypto` packages
//! read and write: PKCS #1, PKCS #8, SEC 1 and X.509.
//!
//! Randomness and limits come from [`govalue::Env`]: the same answers give the
//! same keys.

mod asn1;
mod certificate;
mod dsa;
mod ec;
mod ed25519;
mod extension;
mod key;
mod number;
mod oids;
mod prime;
mod random;
mod reader;
mod rsa;
mod tag;
#[cfg(test)]
mod tests;
mod x509;

pub use certificate::Certificate;
pub use key::PrivateKey;
pub use x509::Template;
