//! Making X.509 certificates, byte by byte as Go's `x509.CreateCertificate`.

use const_oid::db::{rfc4519, rfc5280, rfc5912, rfc8410};
use const_oid::{AssociatedOid, ObjectIdentifier};
use der::asn1::{Any, AnyRef, BitStringRef, Ia5String, OctetString, UintRef};
use der::{Decode, Encode, Sequence, Tag};
use govalue::strconv::quote;
use govalue::time::{Location, Time};
use govalue::{Env, FuncError};
use sha2::{Digest, Sha256};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName,
    SubjectKeyIdentifier,
};
use x509_cert::name::RelativeDistinguishedName;

use crate::certificate::{Certificate, PublicKey, is_printable};
use crate::ec::EcKey;
use crate::ed25519::EdKey;
use crate::key::{PrivateKey, Repr};
use crate::rsa::RsaKey;
use crate::template::Template;

/// `TBSCertificate`, with names as bytes: Go takes over the issuer's as they are.
#[derive(Sequence)]
struct Tbs<'a> {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial: UintRef<'a>,
    signature: AlgorithmIdentifierRef<'a>,
    issuer: AnyRef<'a>,
    validity: Validity,
    subject: AnyRef<'a>,
    public_key: SubjectPublicKeyInfoRef<'a>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

/// From when to when a certificate holds. The times of `der` begin in 1970, Go's in the year 0.
#[derive(Sequence)]
struct Validity {
    not_before: Any,
    not_after: Any,
}

/// `Certificate`
#[derive(Sequence)]
struct Signed<'a> {
    tbs: AnyRef<'a>,
    algorithm: AlgorithmIdentifierRef<'a>,
    signature: BitStringRef<'a>,
}

/// Version 3, which is counted from 0.
const VERSION: u8 = 2;

/// How much of its digest names a key.
const KEY_ID_LEN: usize = 20;

fn failure(e: der::Error) -> FuncError {
    FuncError::new(e.to_string())
}

impl Template {
    /// Makes the certificate of a key, in DER, signed by another; without a
    /// `parent` it is its own issuer.
    ///
    /// # Errors
    /// Go's text of what is wrong; where the render's limits are exceeded.
    pub fn create(
        &self,
        env: &mut dyn Env,
        key: &PrivateKey,
        parent: Option<&Certificate>,
        signer: &PrivateKey,
    ) -> Result<Vec<u8>, FuncError> {
        let signer =
            Signer::new(signer).map_err(|_| "x509: certificate private key does not implement crypto.Signer")?;
        let subject_key =
            Signer::new(key).map_err(|kind| FuncError::new(format!("x509: unsupported public key type: {kind}")))?;
        let subject = self.subject()?;
        let issuer = parent.map_or(subject.as_slice(), |p| p.subject.as_slice());
        let authority = parent.map(|p| p.subject_key_id.as_slice()).filter(|id| subject != issuer && !id.is_empty());
        if let Some(Certificate { public: Some(public), .. }) = parent
            && *public != signer.public().map_err(failure)?
        {
            return Err("x509: provided PrivateKey doesn't match parent's PublicKey".into());
        }
        let public = subject_key.public().map_err(failure)?.key;
        let extensions = self.extensions(&public, subject == NO_NAME, authority)?;
        let validity = Validity { not_before: time(&self.not_before)?, not_after: time(&self.not_after)? };
        let tbs = || {
            let tbs = Tbs {
                version: VERSION,
                serial: UintRef::new(&self.serial)?,
                signature: signer.signature_algorithm(),
                issuer: AnyRef::from_der(issuer)?,
                validity,
                subject: AnyRef::from_der(&subject)?,
                public_key: SubjectPublicKeyInfoRef {
                    algorithm: subject_key.algorithm(),
                    subject_public_key: BitStringRef::from_bytes(&public)?,
                },
                extensions,
            };
            tbs.to_der()
        };
        let tbs = tbs().map_err(failure)?;
        let signature = signer.sign(env, &tbs)?;
        let signed = || {
            let algorithm = signer.signature_algorithm();
            Signed { tbs: AnyRef::from_der(&tbs)?, algorithm, signature: BitStringRef::from_bytes(&signature)? }
                .to_der()
        };
        signed().map_err(failure)
    }

    /// The subject's name.
    fn subject(&self) -> Result<Vec<u8>, FuncError> {
        let name = self.common_name.as_slice();
        if name.is_empty() {
            return Ok(NO_NAME.to_vec());
        }
        let tag = if name.iter().all(|b| is_printable(*b)) {
            Tag::PrintableString
        } else if std::str::from_utf8(name).is_ok() {
            Tag::Utf8String
        } else {
            return Err("asn1: string not valid UTF-8".into());
        };
        let name = || {
            let attribute = AttributeTypeAndValue { oid: rfc4519::COMMON_NAME, value: Any::new(tag, name)? };
            vec![RelativeDistinguishedName::try_from(vec![attribute])?].to_der()
        };
        name().map_err(failure)
    }

    /// The extensions in Go's order; without a subject, the names are all that says whose the certificate is.
    fn extensions(&self, key: &[u8], nameless: bool, authority: Option<&[u8]>) -> Result<Vec<Extension>, FuncError> {
        let mut names = Vec::new();
        for name in &self.dns_names {
            if !name.is_ascii() {
                let name = quote(name);
                return Err(FuncError::new(format!("x509: {name} cannot be encoded as an IA5String")));
            }
            names.push(GeneralName::DnsName(Ia5String::new(name).map_err(failure)?));
        }
        for ip in &self.ip_addresses {
            names.push(GeneralName::IpAddress(OctetString::new(ip.as_slice()).map_err(failure)?));
        }
        let all = || {
            let usage = KeyUsages::DigitalSignature | KeyUsages::KeyEncipherment;
            let usage = if self.is_ca { usage | KeyUsages::KeyCertSign } else { usage };
            let purposes = vec![rfc5280::ID_KP_SERVER_AUTH, rfc5280::ID_KP_CLIENT_AUTH];
            let mut all = vec![
                extension(true, &KeyUsage(usage))?,
                extension(false, &ExtendedKeyUsage(purposes))?,
                extension(true, &BasicConstraints { ca: self.is_ca, path_len_constraint: None })?,
            ];
            if self.is_ca {
                let id = &Sha256::digest(key)[..KEY_ID_LEN];
                all.push(extension(false, &SubjectKeyIdentifier(OctetString::new(id)?))?);
            }
            if let Some(id) = authority {
                let key_identifier = Some(OctetString::new(id)?);
                all.push(extension(false, &AuthorityKeyIdentifier { key_identifier, ..Default::default() })?);
            }
            if !names.is_empty() {
                all.push(extension(nameless, &SubjectAltName(names))?);
            }
            Ok(all)
        };
        all().map_err(failure)
    }
}

/// A name that says nothing.
const NO_NAME: &[u8] = &[0x30, 0];

fn extension<E: AssociatedOid + Encode>(critical: bool, value: &E) -> der::Result<Extension> {
    Ok(Extension { extn_id: E::OID, critical, extn_value: OctetString::new(value.to_der()?)? })
}

/// A key that can sign.
enum Signer<'a> {
    Rsa(&'a RsaKey),
    Ec(&'a EcKey),
    Ed25519(&'a EdKey),
}

impl Signer<'_> {
    /// The key, if it can sign; else Go's type of its public key.
    fn new(key: &PrivateKey) -> Result<Signer<'_>, &'static str> {
        match &key.0 {
            Repr::Rsa(key) => Ok(Signer::Rsa(key)),
            Repr::Ec(key) => Ok(Signer::Ec(key)),
            Repr::Ed25519(key) => Ok(Signer::Ed25519(key)),
            Repr::Dsa(_) => Err("*dsa.PublicKey"),
            Repr::Other(kind) => Err(kind),
        }
    }

    /// The public key.
    fn public(&self) -> der::Result<PublicKey> {
        let (oid, key) = match self {
            Signer::Rsa(key) => (rfc5912::RSA_ENCRYPTION, key.public()?),
            Signer::Ec(key) => (rfc5912::ID_EC_PUBLIC_KEY, key.public.clone()),
            Signer::Ed25519(key) => (rfc8410::ID_ED_25519, key.public.to_vec()),
        };
        let curve: &[u8] = match self {
            Signer::Ec(key) => key.curve.oid.as_bytes(),
            Signer::Rsa(_) | Signer::Ed25519(_) => &[],
        };
        Ok(PublicKey { algorithm: [oid.as_bytes(), curve].concat(), key })
    }

    /// The identifier of its algorithm.
    fn algorithm(&self) -> AlgorithmIdentifierRef<'_> {
        match self {
            Signer::Rsa(_) => identifier(rfc5912::RSA_ENCRYPTION, Some(AnyRef::NULL)),
            Signer::Ec(key) => identifier(rfc5912::ID_EC_PUBLIC_KEY, Some(AnyRef::from(&key.curve.oid))),
            Signer::Ed25519(_) => identifier(rfc8410::ID_ED_25519, None),
        }
    }

    /// The identifier of the algorithm that it signs by.
    fn signature_algorithm(&self) -> AlgorithmIdentifierRef<'static> {
        match self {
            Signer::Rsa(_) => identifier(rfc5912::SHA_256_WITH_RSA_ENCRYPTION, Some(AnyRef::NULL)),
            Signer::Ec(key) => identifier(key.algorithm(), None),
            Signer::Ed25519(_) => identifier(rfc8410::ID_ED_25519, None),
        }
    }

    fn sign(&self, env: &mut dyn Env, message: &[u8]) -> Result<Vec<u8>, FuncError> {
        match self {
            Signer::Rsa(key) => key.sign(env, message),
            Signer::Ec(key) => key.sign(env, message),
            Signer::Ed25519(key) => Ok(key.sign(message).to_vec()),
        }
    }
}

fn identifier(oid: ObjectIdentifier, parameters: Option<AnyRef<'_>>) -> AlgorithmIdentifierRef<'_> {
    AlgorithmIdentifierRef { oid, parameters }
}

/// A time in the form for its century.
fn time(t: &Time) -> Result<Any, FuncError> {
    let t = t.clone().within(Location::Utc);
    let (tag, text) = match t.ymd()[0] {
        1950..2050 => (Tag::UtcTime, t.format(b"060102150405Z")),
        0..=9999 => (Tag::GeneralizedTime, t.format(b"20060102150405Z")),
        _ => return Err("asn1: structure error: cannot represent time as GeneralizedTime".into()),
    };
    Any::new(tag, text).map_err(failure)
}
