//! Private keys of all kinds: making, reading and writing them.

use const_oid::db::rfc8410;
use der::Encode;
use der::asn1::OctetStringRef;
use govalue::{Env, FuncError};
use num_bigint::BigUint;
use pkcs8::PrivateKeyInfoRef;
use spki::AlgorithmIdentifierRef;

use crate::asn1::{self, Field, Item, Kind};
use crate::dsa::DsaKey;
use crate::ec::{Curve, EcKey, trim_zeros};
use crate::ed25519::EdKey;
use crate::oids;
use crate::rsa::RsaKey;

/// A private key.
#[derive(Clone, Debug)]
pub struct PrivateKey(pub(crate) Repr);

#[derive(Clone, Debug)]
pub(crate) enum Repr {
    Rsa(Box<RsaKey>),
    /// A key that was made; those that are read are `Other`.
    Dsa(Box<DsaKey>),
    Ec(EcKey),
    Ed25519(EdKey),
    /// A key that was read and can do nothing here: it only agrees on secrets, or signs what is no certificate. Go's type
    /// of its public key.
    Other(&'static str),
}

const ALGORITHM: Kind = Kind::Struct("AlgorithmIdentifier", &[Field::new(Kind::Oid), Field::optional(Kind::Raw)]);
const PKCS8: Field =
    Field::new(Kind::Struct("pkcs8", &[Field::new(Kind::Int), Field::new(ALGORITHM), Field::new(Kind::Bytes)]));
const PRIME: &[Field] = &[Field::new(Kind::BigInt), Field::new(Kind::BigInt), Field::new(Kind::BigInt)];
const PKCS1: Field = Field::new(Kind::Struct(
    "pkcs1PrivateKey",
    &[
        Field::new(Kind::Int),
        Field::new(Kind::BigInt),
        Field::new(Kind::Int),
        Field::new(Kind::BigInt),
        Field::new(Kind::BigInt),
        Field::new(Kind::BigInt),
        Field::optional(Kind::BigInt),
        Field::optional(Kind::BigInt),
        Field::optional(Kind::BigInt),
        Field::optional(Kind::List("pkcs1AdditionalRSAPrime", PRIME)),
    ],
));
const SEC1: Field = Field::new(Kind::Struct(
    "ecPrivateKey",
    &[
        Field::new(Kind::Int),
        Field::new(Kind::Bytes),
        Field::explicit(Kind::Oid, 0),
        Field::explicit(Kind::BitString, 1),
    ],
));
const DSA_KEY: Field = Field::new(Kind::Struct(
    "DSAKeyFormat",
    &[
        Field::new(Kind::Int),
        Field::new(Kind::BigInt),
        Field::new(Kind::BigInt),
        Field::new(Kind::BigInt),
        Field::new(Kind::BigInt),
        Field::new(Kind::BigInt),
    ],
));
const BYTES: Field = Field::new(Kind::Bytes);

impl PrivateKey {
    /// Makes an RSA key of that many bits.
    ///
    /// # Errors
    /// If the host has no randomness, or the render's limits are exceeded.
    pub fn generate_rsa(env: &mut dyn Env, bits: usize) -> Result<PrivateKey, FuncError> {
        Ok(PrivateKey(Repr::Rsa(Box::new(RsaKey::generate(env, bits)?))))
    }

    /// Makes a DSA key of 2048 and 256 bits.
    ///
    /// # Errors
    /// As [`PrivateKey::generate_rsa`].
    pub fn generate_dsa(env: &mut dyn Env) -> Result<PrivateKey, FuncError> {
        Ok(PrivateKey(Repr::Dsa(Box::new(DsaKey::generate(env)?))))
    }

    /// Makes a key on the curve P-256.
    ///
    /// # Errors
    /// As [`PrivateKey::generate_rsa`].
    pub fn generate_p256(env: &mut dyn Env) -> Result<PrivateKey, FuncError> {
        Ok(PrivateKey(Repr::Ec(EcKey::generate_p256(env)?)))
    }

    /// Makes an Ed25519 key.
    ///
    /// # Errors
    /// As [`PrivateKey::generate_rsa`].
    pub fn generate_ed25519(env: &mut dyn Env) -> Result<PrivateKey, FuncError> {
        let mut seed = [0; 32];
        env.random(&mut seed)?;
        env.charge(crate::ec::MULTIPLE_UNITS)?;
        Ok(PrivateKey(Repr::Ed25519(EdKey::new(seed))))
    }

    /// Reads PKCS #8 (`x509.ParsePKCS8PrivateKey`).
    ///
    /// # Errors
    /// Go's text of what is wrong.
    pub fn from_pkcs8(der: &[u8]) -> Result<PrivateKey, String> {
        let item = read(der, &PKCS8, [(&SEC1, "EC"), (&PKCS1, "PKCS1")])?;
        let [_, algorithm, key] = item.fields();
        let [oid, parameters] = algorithm.fields();
        match oid.bytes() {
            oids::RSA => PrivateKey::from_pkcs1(key.bytes())
                .map_err(|e| format!("x509: failed to parse RSA private key embedded in PKCS#8: {e}")),
            oids::EC => {
                let named = asn1::unmarshal(parameters.bytes(), &Field::new(Kind::Oid));
                let named = named.as_ref().ok().map(|(item, _)| item.bytes());
                sec1(key.bytes(), named)
                    .map_err(|e| format!("x509: failed to parse EC private key embedded in PKCS#8: {e}"))
            }
            oids::ED25519 => Ok(PrivateKey(Repr::Ed25519(EdKey::new(seed(key.bytes(), parameters, "Ed25519")?)))),
            oids::X25519 => match seed(key.bytes(), parameters, "X25519") {
                Err(e) if e.contains("private key length") => Err("crypto/ecdh: invalid private key size".into()),
                other => other.map(|_| PrivateKey(Repr::Other("*ecdh.PublicKey"))),
            },
            other => {
                let oid = asn1::oid_text(other).expect("what is read as an identifier is one");
                Err(format!("x509: PKCS#8 wrapping contained private key with unknown algorithm: {oid}"))
            }
        }
    }

    /// Reads an RSA key in PKCS #1 (`x509.ParsePKCS1PrivateKey`).
    ///
    /// # Errors
    /// Go's text of what is wrong.
    pub fn from_pkcs1(der: &[u8]) -> Result<PrivateKey, String> {
        if let Ok((_, [_, ..])) = asn1::unmarshal(der, &PKCS1) {
            return Err("asn1: syntax error: trailing data".into());
        }
        let item = read(der, &PKCS1, [(&SEC1, "EC"), (&PKCS8, "PKCS8")])?;
        let [version, n, e, d, p, q, dp, dq, qinv, others] = item.fields();
        if version.int() > 1 {
            return Err("x509: unsupported private key version".into());
        }
        let bad = || "x509: private key contains zero or negative value".to_owned();
        let positive = |item: &Item<'_>| item.positive().ok_or_else(bad);
        let optional = |item: &Item<'_>| match item {
            Item::Absent => Ok(None),
            item => positive(item).map(Some),
        };
        let (n, d, p, q) = (positive(n)?, positive(d)?, positive(p)?, positive(q)?);
        let crt = match (optional(dp)?, optional(dq)?, optional(qinv)?) {
            (Some(dp), Some(dq), Some(qinv)) => Some([dp, dq, qinv]),
            _ => None,
        };
        let prime = |item: &Item<'_>| {
            let [prime, _, _] = item.fields();
            prime.positive()
        };
        let others = others.elements().iter().map(prime).collect::<Option<Vec<_>>>();
        let others = others.ok_or("x509: private key contains zero or negative prime")?;
        // A negative exponent is as wrong as none, and Go says the same of both.
        let e = BigUint::from(u64::try_from(e.int()).unwrap_or(0));
        Ok(PrivateKey(Repr::Rsa(Box::new(RsaKey::checked([n, e, d, p, q], others, crt)?))))
    }

    /// Reads an elliptic curve's key in SEC 1 (`x509.ParseECPrivateKey`).
    ///
    /// # Errors
    /// Go's text of what is wrong.
    pub fn from_sec1(der: &[u8]) -> Result<PrivateKey, String> {
        sec1(der, None)
    }

    /// Reads a DSA key in OpenSSL's form. Its numbers are not checked.
    ///
    /// # Errors
    /// Go's text of what is wrong.
    pub fn from_dsa(der: &[u8]) -> Result<PrivateKey, String> {
        asn1::unmarshal(der, &DSA_KEY)?;
        Ok(PrivateKey(Repr::Other("*dsa.PublicKey")))
    }

    /// The type of its PEM block, and the DER inside.
    ///
    /// # Errors
    /// If the key can do nothing here, so that nobody asks for its form; where a number is too large for DER.
    pub fn to_block(&self) -> Result<(&'static str, Vec<u8>), FuncError> {
        let (kind, der) = match &self.0 {
            Repr::Rsa(key) => ("RSA PRIVATE KEY", key.to_pkcs1()),
            Repr::Dsa(key) => ("DSA PRIVATE KEY", key.to_der()),
            Repr::Ec(key) => ("EC PRIVATE KEY", key.to_sec1()),
            Repr::Ed25519(key) => ("PRIVATE KEY", ed25519_pkcs8(&key.seed)),
            Repr::Other(kind) => return Err(FuncError::new(format!("x509: no form for the key of a {kind}"))),
        };
        Ok((kind, der.map_err(|e| FuncError::new(e.to_string()))?))
    }
}

/// The seed of an Ed25519 key in PKCS #8 (RFC 8410).
fn ed25519_pkcs8(seed: &[u8]) -> der::Result<Vec<u8>> {
    let seed = OctetStringRef::new(seed)?.to_der()?;
    let algorithm = AlgorithmIdentifierRef { oid: rfc8410::ID_ED_25519, parameters: None };
    PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(&seed)?).to_der()
}

/// Reads a struct; where it is one of the other forms, says so.
fn read<'a>(der: &'a [u8], form: &Field, others: [(&Field, &str); 2]) -> Result<Item<'a>, String> {
    let error = match asn1::unmarshal(der, form) {
        Ok((item, _)) => return Ok(item),
        Err(e) => e,
    };
    for (other, name) in others {
        if asn1::unmarshal(der, other).is_ok() {
            return Err(format!(
                "x509: failed to parse private key (use Parse{name}PrivateKey instead for this key format)"
            ));
        }
    }
    Err(error)
}

fn sec1(der: &[u8], named: Option<&[u8]>) -> Result<PrivateKey, String> {
    let item = read(der, &SEC1, [(&PKCS8, "PKCS8"), (&PKCS1, "PKCS1")]).map_err(|e| match e {
        e if e.starts_with("asn1:") => format!("x509: failed to parse EC private key: {e}"),
        e => e,
    })?;
    let [version, key, oid, _] = item.fields();
    if version.int() != 1 {
        return Err(format!("x509: unknown EC private key version {}", version.int()));
    }
    let curve = Curve::by_oid(named.unwrap_or(oid.bytes())).ok_or("x509: unknown elliptic curve")?;
    if trim_zeros(key.bytes()).len() > curve.len() {
        return Err("x509: invalid private key length".into());
    }
    Ok(PrivateKey(Repr::Ec(EcKey::new(curve, key.bytes())?)))
}

/// The 32 bytes of a key that is wrapped twice.
fn seed(key: &[u8], parameters: &Item<'_>, kind: &str) -> Result<[u8; 32], String> {
    if !parameters.bytes().is_empty() {
        return Err(format!("x509: invalid {kind} private key parameters"));
    }
    let (inner, _) = asn1::unmarshal(key, &BYTES).map_err(|e| format!("x509: invalid {kind} private key: {e}"))?;
    let inner = inner.bytes();
    inner.try_into().map_err(|_| format!("x509: invalid {kind} private key length: {}", inner.len()))
}
