//! Writing ASN.1 in DER.

use crate::number::Digits;

pub(crate) const BOOLEAN: u8 = 1;
pub(crate) const INTEGER: u8 = 2;
pub(crate) const BIT_STRING: u8 = 3;
pub(crate) const OCTET_STRING: u8 = 4;
pub(crate) const NULL: u8 = 5;
pub(crate) const OID: u8 = 6;
pub(crate) const UTF8_STRING: u8 = 12;
pub(crate) const PRINTABLE_STRING: u8 = 19;
pub(crate) const UTC_TIME: u8 = 23;
pub(crate) const GENERALIZED_TIME: u8 = 24;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// A context-specific tag for bytes.
pub(crate) const fn context(tag: u8) -> u8 {
    0x80 | tag
}

/// A context-specific tag for elements.
pub(crate) const fn explicit(tag: u8) -> u8 {
    0xa0 | tag
}

/// An element: its tag, length and content.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let len = content.len();
    if len < 0x80 {
        out.push(len as u8);
    } else {
        let bytes = len.to_be_bytes();
        let bytes = bytes.trim_prefix_zeros();
        out.push(0x80 | bytes.len() as u8);
        out.extend_from_slice(bytes);
    }
    out.extend_from_slice(content);
    out
}

/// An element of elements.
pub(crate) fn list<T: AsRef<[u8]>>(tag: u8, elements: impl IntoIterator<Item = T>) -> Vec<u8> {
    let mut content = Vec::new();
    for e in elements {
        content.extend_from_slice(e.as_ref());
    }
    element(tag, &content)
}

/// A sequence of elements.
pub(crate) fn sequence<T: AsRef<[u8]>>(elements: impl IntoIterator<Item = T>) -> Vec<u8> {
    list(SEQUENCE, elements)
}

/// A number that is not negative, the highest byte first.
pub(crate) fn integer(bytes: &[u8]) -> Vec<u8> {
    let digits = bytes.trim_prefix_zeros();
    // A highest bit that is set would make it negative.
    let zero: &[u8] = if digits.first().is_none_or(|b| b & 0x80 != 0) { &[0] } else { &[] };
    element(INTEGER, &[zero, digits].concat())
}

/// Whole bytes as bits.
pub(crate) fn bits(bytes: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], bytes].concat())
}

/// An object identifier, given in its encoded form.
pub(crate) fn oid(encoded: &[u8]) -> Vec<u8> {
    element(OID, encoded)
}
