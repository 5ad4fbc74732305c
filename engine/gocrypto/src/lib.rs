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

#[cfg(feature = "keys")]
mod asn1;
#[cfg(feature = "keys")]
mod certificate;
#[cfg(feature = "keys")]
mod dsa;
#[cfg(feature = "keys")]
mod ec;
#[cfg(feature = "keys")]
mod ed25519;
#[cfg(feature = "keys")]
mod extension;
#[cfg(feature = "keys")]
mod key;
#[cfg(not(feature = "keys"))]
mod left_out;
#[cfg(feature = "keys")]
mod number;
#[cfg(feature = "keys")]
mod oids;
#[cfg(feature = "keys")]
mod prime;
#[cfg(feature = "keys")]
mod random;
#[cfg(feature = "keys")]
mod reader;
#[cfg(feature = "keys")]
mod rsa;
#[cfg(feature = "keys")]
mod tag;
mod template;
#[cfg(all(test, feature = "keys"))]
mod tests;
#[cfg(feature = "keys")]
mod x509;

#[cfg(feature = "keys")]
pub use certificate::Certificate;
#[cfg(feature = "keys")]
pub use key::PrivateKey;
#[cfg(not(feature = "keys"))]
pub use left_out::{Certificate, PrivateKey};
pub use template::Template;

/// What everything fails with where the feature `keys` is off.
pub const LEFT_OUT: &str = "keys and certificates are left out of this build";
