//! Checksums, passwords, keys, certificates and random strings (sprig: crypto.go).

mod aes;
mod certificate;
mod checksum;
mod key;
mod password;
mod pem;
mod random;
#[cfg(test)]
mod tests;

use govalue::{Func, Type};

use self::certificate::{A_CERTIFICATE, SIGNED_PARAMS, SIGNED_WITH_KEY_PARAMS};
use crate::sig::{ERROR, INT, LIST, STRING};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[Func] = &TABLE;

const UINT32: Type = Type::Uint32;

static TABLE: [Func; 24] = [
    Func::new("adler32sum", &[STRING], &[STRING], checksum::adler32),
    Func::new("bcrypt", &[STRING], &[STRING], password::bcrypt),
    Func::new("buildCustomCert", &[STRING, STRING], &A_CERTIFICATE, certificate::custom),
    Func::new("decryptAES", &[STRING, STRING], &[STRING, ERROR], aes::decrypt),
    Func::new("derivePassword", &[UINT32, STRING, STRING, STRING, STRING], &[STRING], password::derive),
    Func::new("encryptAES", &[STRING, STRING], &[STRING, ERROR], aes::encrypt),
    Func::new("genCA", &[STRING, INT], &A_CERTIFICATE, certificate::authority),
    Func::new("genCAWithKey", &[STRING, INT, STRING], &A_CERTIFICATE, certificate::authority_with_key),
    Func::new("genPrivateKey", &[STRING], &[STRING], key::generate),
    Func::new("genSelfSignedCert", &[STRING, LIST, LIST, INT], &A_CERTIFICATE, certificate::self_signed),
    Func::new(
        "genSelfSignedCertWithKey",
        &[STRING, LIST, LIST, INT, STRING],
        &A_CERTIFICATE,
        certificate::self_signed_with_key,
    ),
    Func::new("genSignedCert", &SIGNED_PARAMS, &A_CERTIFICATE, certificate::signed),
    Func::new("genSignedCertWithKey", &SIGNED_WITH_KEY_PARAMS, &A_CERTIFICATE, certificate::signed_with_key),
    Func::new("htpasswd", &[STRING, STRING], &[STRING], password::htpasswd),
    Func::new("randAlpha", &[INT], &[STRING], random::alpha),
    Func::new("randAlphaNum", &[INT], &[STRING], random::alphanumeric),
    Func::new("randAscii", &[INT], &[STRING], random::ascii),
    Func::new("randBytes", &[INT], &[STRING, ERROR], random::bytes),
    Func::new("randInt", &[INT, INT], &[INT], random::int),
    Func::new("randNumeric", &[INT], &[STRING], random::numeric),
    Func::new("sha1sum", &[STRING], &[STRING], checksum::sha1),
    Func::new("sha256sum", &[STRING], &[STRING], checksum::sha256),
    Func::new("sha512sum", &[STRING], &[STRING], checksum::sha512),
    Func::new("uuidv4", &[], &[STRING], random::uuid),
];
