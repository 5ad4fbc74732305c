//! Object identifiers in the form that DER has for them, to compare with what was read.

use const_oid::db::{rfc5280, rfc5912, rfc8410};

pub(crate) const RSA: &[u8] = rfc5912::RSA_ENCRYPTION.as_bytes();
pub(crate) const DSA: &[u8] = rfc5912::ID_DSA.as_bytes();
pub(crate) const EC: &[u8] = rfc5912::ID_EC_PUBLIC_KEY.as_bytes();
pub(crate) const ED25519: &[u8] = rfc8410::ID_ED_25519.as_bytes();
pub(crate) const X25519: &[u8] = rfc8410::ID_X_25519.as_bytes();
pub(crate) const SUBJECT_KEY_ID: &[u8] = rfc5280::ID_CE_SUBJECT_KEY_IDENTIFIER.as_bytes();
pub(crate) const KEY_USAGE: &[u8] = rfc5280::ID_CE_KEY_USAGE.as_bytes();
pub(crate) const SUBJECT_ALT_NAME: &[u8] = rfc5280::ID_CE_SUBJECT_ALT_NAME.as_bytes();
pub(crate) const BASIC_CONSTRAINTS: &[u8] = rfc5280::ID_CE_BASIC_CONSTRAINTS.as_bytes();
pub(crate) const AUTHORITY_KEY_ID: &[u8] = rfc5280::ID_CE_AUTHORITY_KEY_IDENTIFIER.as_bytes();
pub(crate) const EXTENDED_KEY_USAGE: &[u8] = rfc5280::ID_CE_EXT_KEY_USAGE.as_bytes();
pub(crate) const AUTHORITY_INFO_ACCESS: &[u8] = rfc5280::ID_PE_AUTHORITY_INFO_ACCESS.as_bytes();
pub(crate) const CRL_DISTRIBUTION_POINTS: &[u8] = rfc5280::ID_CE_CRL_DISTRIBUTION_POINTS.as_bytes();
pub(crate) const CERTIFICATE_POLICIES: &[u8] = rfc5280::ID_CE_CERTIFICATE_POLICIES.as_bytes();
pub(crate) const POLICY_MAPPINGS: &[u8] = rfc5280::ID_CE_POLICY_MAPPINGS.as_bytes();
pub(crate) const POLICY_CONSTRAINTS: &[u8] = rfc5280::ID_CE_POLICY_CONSTRAINTS.as_bytes();
pub(crate) const INHIBIT_ANY_POLICY: &[u8] = rfc5280::ID_CE_INHIBIT_ANY_POLICY.as_bytes();
