//! The first byte of elements in DER.

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
