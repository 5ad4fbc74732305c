//! Reading X.509 certificates: what signing by them needs, and all checks that
//! Go's `x509.ParseCertificate` makes on the way.

use std::collections::BTreeSet;

use govalue::strconv::quote;
use govalue::time::{Location, Time};

use crate::asn1::oid_text;
use crate::ec::Curve;
use crate::extension;
use crate::reader::Reader;
use crate::{oids, rsa, tag};

/// A parsed certificate.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The subject's name, in DER.
    pub(crate) subject: Vec<u8>,
    pub(crate) subject_key_id: Vec<u8>,
    pub(crate) public: Option<PublicKey>,
}

/// A public key of some algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicKey {
    /// The object identifier of its algorithm, and of its curve.
    pub(crate) algorithm: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

pub(crate) type Check<T> = Result<T, String>;

pub(crate) fn fail(message: &str) -> String {
    format!("x509: {message}")
}

/// What to say where an element is not what it must be.
pub(crate) trait Or<T> {
    fn or(self, message: &str) -> Check<T>;
}

impl<T> Or<T> for Option<T> {
    fn or(self, message: &str) -> Check<T> {
        self.ok_or_else(|| fail(message))
    }
}

impl Certificate {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// Go's text of what is wrong.
    pub fn parse(der: &[u8]) -> Result<Certificate, String> {
        let mut whole = Reader(der);
        let (content, _) = Or::or(whole.whole(tag::SEQUENCE), "malformed certificate")?;
        let mut input = Reader(content);
        let mut tbs = Or::or(input.element(tag::SEQUENCE), "malformed tbs certificate")?;
        let version = version(&mut tbs)?;
        if Or::or(tbs.integer(), "malformed serial number")?.is_negative() {
            return Err(fail("negative serial number"));
        }
        let inner = Or::or(tbs.element(tag::SEQUENCE), "malformed signature algorithm identifier")?;
        let outer = Or::or(input.element(tag::SEQUENCE), "malformed algorithm identifier")?;
        if inner.0 != outer.0 {
            return Err(fail("inner and outer signature algorithm identifiers don't match"));
        }
        algorithm(inner)?;
        let (issuer, _) = Or::or(tbs.whole(tag::SEQUENCE), "malformed issuer")?;
        check_name(Reader(issuer))?;
        let mut validity = Or::or(tbs.element(tag::SEQUENCE), "malformed validity")?;
        check_time(&mut validity)?;
        check_time(&mut validity)?;
        let (name, subject) = Or::or(tbs.whole(tag::SEQUENCE), "malformed issuer")?;
        check_name(Reader(name))?;
        let mut info = Or::or(tbs.element(tag::SEQUENCE), "malformed spki")?;
        let (oid, parameters) =
            algorithm(Or::or(info.element(tag::SEQUENCE), "malformed public key algorithm identifier")?)?;
        let key = Or::or(info.bits(), "malformed subjectPublicKey")?.right_align();
        let public = public_key(oid, parameters, &key)?;
        let mut certificate = Certificate { subject: subject.to_vec(), subject_key_id: Vec::new(), public };
        if version > 1 {
            Or::or(tbs.optional(tag::context(1)), "malformed issuerUniqueID")?;
            Or::or(tbs.optional(tag::context(2)), "malformed subjectUniqueID")?;
        }
        if version == 3
            && let Some(extensions) = Or::or(tbs.optional(tag::explicit(3)), "malformed extensions")?
        {
            certificate.read_extensions(extensions)?;
        }
        Or::or(input.bits(), "malformed signature")?;
        if !whole.is_empty() {
            return Err(fail("trailing data"));
        }
        Ok(certificate)
    }

    fn read_extensions(&mut self, mut outer: Reader<'_>) -> Check<()> {
        let mut list = Or::or(outer.element(tag::SEQUENCE), "malformed extensions")?;
        let mut extensions = Vec::new();
        let mut seen = BTreeSet::new();
        while !list.is_empty() {
            let mut extension = Or::or(list.element(tag::SEQUENCE), "malformed extension")?;
            let oid = Or::or(extension.oid(), "malformed extension OID field")?;
            let critical =
                extension.peek(tag::BOOLEAN) && Or::or(extension.boolean(), "malformed extension critical field")?;
            let value = Or::or(extension.element(tag::OCTET_STRING), "malformed extension value field")?;
            if !seen.insert(oid) {
                let oid = quote(oid_text(oid).expect("the reader takes identifiers only").as_bytes());
                return Err(fail(&format!("certificate contains duplicate extension with OID {oid}")));
            }
            extensions.push((oid, critical, value));
        }
        for (oid, critical, mut value) in extensions {
            match oid {
                oids::SUBJECT_KEY_ID if critical => {
                    return Err(fail("subject key identifier incorrectly marked critical"));
                }
                oids::SUBJECT_KEY_ID => {
                    let id = Or::or(value.element(tag::OCTET_STRING), "invalid subject key identifier")?;
                    self.subject_key_id = id.0.to_vec();
                }
                oid => extension::check(oid, critical, value)?,
            }
        }
        Ok(())
    }
}

/// The version, from 1 on.
fn version(tbs: &mut Reader<'_>) -> Check<i64> {
    let Some(mut explicit) = Or::or(tbs.optional(tag::explicit(0)), "malformed version")? else { return Ok(1) };
    match explicit.integer().and_then(|n| n.int()) {
        Some(version @ 0..) if explicit.is_empty() && version < 3 => Ok(version + 1),
        Some(0..) if explicit.is_empty() => Err(fail("invalid version")),
        _ => Err(fail("malformed version")),
    }
}

/// An algorithm's object identifier and its parameters, whole.
fn algorithm(mut ai: Reader<'_>) -> Check<(&[u8], &[u8])> {
    let oid = Or::or(ai.oid(), "malformed OID")?;
    if ai.is_empty() {
        return Ok((oid, &[]));
    }
    let (_, _, whole) = Or::or(ai.any(), "malformed parameters")?;
    Ok((oid, whole))
}

fn check_name(mut name: Reader<'_>) -> Check<()> {
    while !name.is_empty() {
        let mut set = Or::or(name.element(tag::SET), "invalid RDNSequence")?;
        while !set.is_empty() {
            let mut attribute = Or::or(set.element(tag::SEQUENCE), "invalid RDNSequence: invalid attribute")?;
            Or::or(attribute.oid(), "invalid RDNSequence: invalid attribute type")?;
            let (tag, value, _) = Or::or(attribute.any(), "invalid RDNSequence: invalid attribute value")?;
            check_string(tag, value)
                .map_err(|e| fail(&format!("invalid RDNSequence: invalid attribute value: {e}")))?;
        }
    }
    Ok(())
}

fn check_string(tag: u8, value: &[u8]) -> Check<()> {
    let (valid, name) = match tag {
        // Any byte is a character of T.61.
        20 => (true, ""),
        tag::PRINTABLE_STRING => {
            (value.iter().all(|b| is_printable(*b) || matches!(b, b'*' | b'&')), "PrintableString")
        }
        tag::UTF8_STRING => (std::str::from_utf8(value).is_ok(), "UTF-8 string"),
        30 => (is_bmp(value), "BMPString"),
        22 => (value.is_ascii(), "IA5String"),
        18 => (value.iter().all(|b| b.is_ascii_digit() || *b == b' '), "NumericString"),
        tag => return Err(format!("unsupported string type: {tag}")),
    };
    if valid { Ok(()) } else { Err(format!("invalid {name}")) }
}

/// Whether the byte may stand in a `PrintableString`.
pub(crate) fn is_printable(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'\''..=b')' | b'+'..=b'/' | b' ' | b':' | b'=' | b'?')
}

fn is_bmp(value: &[u8]) -> bool {
    let (pairs, rest) = value.as_chunks();
    let pairs = match pairs {
        [pairs @ .., [0, 0]] => pairs,
        pairs => pairs,
    };
    let reserved = |pair: &[u8; 2]| matches!(u16::from_be_bytes(*pair), 0xfffe..|0xfdd0..=0xfdef| 0xd800..=0xdfff);
    rest.is_empty() && !pairs.iter().any(reserved)
}

fn check_time(validity: &mut Reader<'_>) -> Check<()> {
    let (tag, layouts, message): (u8, &[&'static [u8]], _) = if validity.peek(tag::UTC_TIME) {
        (tag::UTC_TIME, &[b"060102150405Z0700", b"0601021504Z0700"], "malformed UTCTime")
    } else if validity.peek(tag::GENERALIZED_TIME) {
        (tag::GENERALIZED_TIME, &[b"20060102150405Z0700"], "malformed GeneralizedTime")
    } else {
        return Err(fail("unsupported time format"));
    };
    let text = Or::or(validity.element(tag), message)?.0;
    // The first layout that the text follows is the one to print it by again.
    let parsed = |layout: &'static [u8]| Some((layout, Time::parse(layout, text, &Location::Utc).ok()?));
    let (layout, time) = Or::or(layouts.iter().copied().find_map(parsed), message)?;
    if time.format(layout) == text { Ok(()) } else { Err(fail(message)) }
}

fn public_key(oid: &[u8], parameters: &[u8], key: &[u8]) -> Check<Option<PublicKey>> {
    let mut input = Reader(key);
    let mut algorithm = oid.to_vec();
    let key = match oid {
        oids::RSA => {
            if parameters != [tag::NULL, 0] {
                return Err(fail("RSA key missing NULL parameters"));
            }
            let mut input = Or::or(input.element(tag::SEQUENCE), "invalid RSA public key")?;
            let n = Or::or(input.integer(), "invalid RSA modulus")?;
            let e = Or::or(input.integer().filter(|e| e.int().is_some()), "invalid RSA public exponent")?;
            let n = Or::or(n.positive(), "RSA modulus is not a positive number")?;
            let e = Or::or(e.positive(), "RSA public exponent is not a positive number")?;
            rsa::public(n, e).map_err(|e| e.to_string())?
        }
        oids::EC => {
            let curve = Or::or(Reader(parameters).oid(), "invalid ECDSA parameters")?;
            algorithm.extend_from_slice(curve);
            Or::or(Curve::by_oid(curve), "unsupported elliptic curve")?.check_point(key)?;
            key.to_vec()
        }
        oids::ED25519 => {
            if !parameters.is_empty() {
                return Err(fail("Ed25519 key encoded with illegal parameters"));
            }
            if key.len() != 32 {
                return Err(fail("wrong Ed25519 public key size"));
            }
            key.to_vec()
        }
        oids::DSA => {
            let y = Or::or(input.integer(), "invalid DSA public key")?;
            let mut numbers = vec![y];
            let mut input = Or::or(Reader(parameters).element(tag::SEQUENCE), "invalid DSA parameters")?;
            for _ in 0..3 {
                numbers.push(Or::or(input.integer(), "invalid DSA parameters")?);
            }
            if numbers.iter().any(|n| n.positive().is_none()) {
                return Err(fail("zero or negative DSA parameter"));
            }
            key.to_vec()
        }
        // Go leaves keys of other kinds alone.
        _ => return Ok(None),
    };
    Ok(Some(PublicKey { algorithm, key }))
}
