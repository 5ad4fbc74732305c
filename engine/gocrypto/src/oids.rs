//! Object identifiers, as DER encodes them.

/// 1.2.840.113549.1.1.1
pub(crate) const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
/// 1.2.840.113549.1.1.11
pub(crate) const SHA256_WITH_RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
/// 1.2.840.10040.4.1
pub(crate) const DSA: &[u8] = b"\x2a\x86\x48\xce\x38\x04\x01";
/// 1.2.840.10045.2.1
pub(crate) const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
/// 1.2.840.10045.4.3.2
pub(crate) const ECDSA_SHA256: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x02";
/// 1.2.840.10045.4.3.3
pub(crate) const ECDSA_SHA384: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x03";
/// 1.2.840.10045.4.3.4
pub(crate) const ECDSA_SHA512: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x04";
/// 1.3.132.0.33
pub(crate) const P224: &[u8] = b"\x2b\x81\x04\x00\x21";
/// 1.2.840.10045.3.1.7
pub(crate) const P256: &[u8] = b"\x2a\x86\x48\xce\x3d\x03\x01\x07";
/// 1.3.132.0.34
pub(crate) const P384: &[u8] = b"\x2b\x81\x04\x00\x22";
/// 1.3.132.0.35
pub(crate) const P521: &[u8] = b"\x2b\x81\x04\x00\x23";
/// 1.3.101.112
pub(crate) const ED25519: &[u8] = b"\x2b\x65\x70";
/// 1.3.101.110
pub(crate) const X25519: &[u8] = b"\x2b\x65\x6e";
/// 2.5.4.3
pub(crate) const COMMON_NAME: &[u8] = b"\x55\x04\x03";
/// 2.5.29.14
pub(crate) const SUBJECT_KEY_ID: &[u8] = b"\x55\x1d\x0e";
/// 2.5.29.15
pub(crate) const KEY_USAGE: &[u8] = b"\x55\x1d\x0f";
/// 2.5.29.17
pub(crate) const SUBJECT_ALT_NAME: &[u8] = b"\x55\x1d\x11";
/// 2.5.29.19
pub(crate) const BASIC_CONSTRAINTS: &[u8] = b"\x55\x1d\x13";
/// 2.5.29.35
pub(crate) const AUTHORITY_KEY_ID: &[u8] = b"\x55\x1d\x23";
/// 2.5.29.37
pub(crate) const EXTENDED_KEY_USAGE: &[u8] = b"\x55\x1d\x25";
/// 1.3.6.1.5.5.7.1.1
pub(crate) const AUTHORITY_INFO_ACCESS: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x01\x01";
/// 1.3.6.1.5.5.7.3.1
pub(crate) const SERVER_AUTH: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x01";
/// 1.3.6.1.5.5.7.3.2
pub(crate) const CLIENT_AUTH: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x02";
/// 2.5.29.31
pub(crate) const CRL_DISTRIBUTION_POINTS: &[u8] = b"\x55\x1d\x1f";
/// 2.5.29.32
pub(crate) const CERTIFICATE_POLICIES: &[u8] = b"\x55\x1d\x20";
/// 2.5.29.33
pub(crate) const POLICY_MAPPINGS: &[u8] = b"\x55\x1d\x21";
/// 2.5.29.36
pub(crate) const POLICY_CONSTRAINTS: &[u8] = b"\x55\x1d\x24";
/// 2.5.29.54
pub(crate) const INHIBIT_ANY_POLICY: &[u8] = b"\x55\x1d\x36";
