//! What a certificate is made from.

use govalue::time::Time;

/// What a certificate is to say.
#[derive(Clone, Debug)]
pub struct Template {
    /// The common name of its subject.
    pub common_name: Vec<u8>,
    /// Its serial number, the highest byte first.
    pub serial: [u8; 16],
    /// From when on it holds.
    pub not_before: Time,
    /// Until when it holds.
    pub not_after: Time,
    /// The host names that it is for.
    pub dns_names: Vec<Vec<u8>>,
    /// The addresses that it is for, of 4 or 16 bytes.
    pub ip_addresses: Vec<Vec<u8>>,
    /// Whether it may sign others.
    pub is_ca: bool,
}
