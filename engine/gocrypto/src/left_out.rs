//! The interface of this crate, with nothing behind it.

use govalue::{Env, FuncError};

use crate::{LEFT_OUT, Template};

/// A private key; there is none.
#[derive(Clone, Debug)]
pub enum PrivateKey {}

/// A certificate; there is none.
#[derive(Clone, Debug)]
pub enum Certificate {}

/// Templates must not take it for a text, as they do with other failures of keys.
fn left_out<T>() -> Result<T, FuncError> {
    Err(FuncError::panic(LEFT_OUT))
}

impl PrivateKey {
    /// Makes an RSA key.
    ///
    /// # Errors
    /// Always.
    pub fn generate_rsa(_: &mut dyn Env, _: usize) -> Result<PrivateKey, FuncError> {
        left_out()
    }

    /// Makes a DSA key.
    ///
    /// # Errors
    /// Always.
    pub fn generate_dsa(_: &mut dyn Env) -> Result<PrivateKey, FuncError> {
        left_out()
    }

    /// Makes a key for the curve P-256.
    ///
    /// # Errors
    /// Always.
    pub fn generate_p256(_: &mut dyn Env) -> Result<PrivateKey, FuncError> {
        left_out()
    }

    /// Makes an Ed25519 key.
    ///
    /// # Errors
    /// Always.
    pub fn generate_ed25519(_: &mut dyn Env) -> Result<PrivateKey, FuncError> {
        left_out()
    }

    /// Reads PKCS #8.
    ///
    /// # Errors
    /// Always.
    pub fn from_pkcs8(_: &[u8]) -> Result<PrivateKey, String> {
        Err(LEFT_OUT.to_owned())
    }

    /// Reads PKCS #1.
    ///
    /// # Errors
    /// Always.
    pub fn from_pkcs1(_: &[u8]) -> Result<PrivateKey, String> {
        Err(LEFT_OUT.to_owned())
    }

    /// Reads SEC 1.
    ///
    /// # Errors
    /// Always.
    pub fn from_sec1(_: &[u8]) -> Result<PrivateKey, String> {
        Err(LEFT_OUT.to_owned())
    }

    /// Reads a DSA key.
    ///
    /// # Errors
    /// Always.
    pub fn from_dsa(_: &[u8]) -> Result<PrivateKey, String> {
        Err(LEFT_OUT.to_owned())
    }

    /// The block of PEM.
    ///
    /// # Errors
    /// There is no key that could have one.
    pub fn to_block(&self) -> Result<(&'static str, Vec<u8>), FuncError> {
        match *self {}
    }
}

impl Certificate {
    /// Reads a certificate.
    ///
    /// # Errors
    /// Always.
    pub fn parse(_: &[u8]) -> Result<Certificate, String> {
        Err(LEFT_OUT.to_owned())
    }
}

impl Template {
    /// Makes a certificate.
    ///
    /// # Errors
    /// There is no key that could sign it.
    pub fn create(
        &self,
        _: &mut dyn Env,
        key: &PrivateKey,
        _: Option<&Certificate>,
        _: &PrivateKey,
    ) -> Result<Vec<u8>, FuncError> {
        match *key {}
    }
}
