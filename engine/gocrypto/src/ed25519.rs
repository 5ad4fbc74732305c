//! Ed25519 keys and signatures (RFC 8032).

use ed25519_dalek::{Signer, SigningKey};

/// A private key: the seed that all comes from.
#[derive(Clone, Debug)]
pub(crate) struct EdKey {
    pub(crate) seed: [u8; 32],
    pub(crate) public: [u8; 32],
}

impl EdKey {
    /// The key of a seed.
    pub(crate) fn new(seed: [u8; 32]) -> EdKey {
        EdKey { seed, public: SigningKey::from_bytes(&seed).verifying_key().to_bytes() }
    }

    /// Signs a message.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        SigningKey::from_bytes(&self.seed).sign(message).to_bytes()
    }
}
