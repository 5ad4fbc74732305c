//! Keys, signatures and certificates in the forms that Go's `crypto` packages
//! read and write: PKCS #1, PKCS #8, SEC 1 and X.509.
//!
//! Randomness and limits come from [`govalue::Env`]: the same answers give the
//! same keys.
//!
//! ```
//! use gocrypto::PrivateKey;
//! use govalue::{Env, FuncError};
//!
//! /// Randomness that is none: for examples only.
//! struct Counting(u8);
//! impl Env for Counting {
//!     fn now(&mut self) -> (i64, u32) {
//!         (0, 0)
//!     }
//!     fn random(&mut self, buffer: &mut [u8]) -> Result<(), FuncError> {
//!         for byte in buffer {
//!             self.0 = self.0.wrapping_add(1);
//!             *byte = self.0;
//!         }
//!         Ok(())
//!     }
//!     fn charge(&mut self, _: u64) -> Result<(), FuncError> {
//!         Ok(())
//!     }
//! }
//!
//! let key = PrivateKey::generate_p256(&mut Counting(0))?;
//! let (label, der) = key.to_block()?;
//! assert_eq!(label, "EC PRIVATE KEY");
//! assert_eq!(PrivateKey::from_sec1(&der)?.to_block()?.1, der);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
