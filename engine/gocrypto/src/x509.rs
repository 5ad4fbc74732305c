//! Making X.509 certificates, byte by byte as Go's `x509.CreateCertificate`.

use govalue::strconv::quote;
use govalue::time::{Location, Time};
use govalue::{Env, FuncError};
use sha2::{Digest, Sha256};

use crate::certificate::{Certificate, PublicKey, is_printable};
use crate::key::{PrivateKey, Repr};
use crate::{der, oids};

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
        let (signature_algorithm, signer_key) = match &signer.0 {
            Repr::Rsa(_) => {
                let null = der::element(der::NULL, &[]);
                (der::sequence([der::oid(oids::SHA256_WITH_RSA), null]), signer.public_key())
            }
            Repr::Ec(key) => (der::sequence([der::oid(key.algorithm())]), signer.public_key()),
            Repr::Ed25519(_) => (der::sequence([der::oid(oids::ED25519)]), signer.public_key()),
            Repr::Dsa(_) | Repr::X25519 => {
                return Err("x509: certificate private key does not implement crypto.Signer".into());
            }
        };
        let unsupported = |kind: &str| FuncError::new(format!("x509: unsupported public key type: {kind}"));
        let public_key = match &key.0 {
            Repr::Dsa(_) => return Err(unsupported("*dsa.PublicKey")),
            Repr::X25519 => return Err(unsupported("*ecdh.PublicKey")),
            _ => key.public_key(),
        };
        let subject = self.subject()?;
        let issuer = parent.map_or(subject.as_slice(), |p| p.subject.as_slice());
        let authority_key_id =
            parent.map(|p| p.subject_key_id.as_slice()).filter(|id| subject != issuer && !id.is_empty());
        if let Some(Certificate { public: Some(public), .. }) = parent
            && *public != signer_key
        {
            return Err("x509: provided PrivateKey doesn't match parent's PublicKey".into());
        }
        let extensions = self.extensions(&public_key.key, &subject, authority_key_id)?;
        let tbs = der::sequence([
            der::element(der::explicit(0), &der::integer(&[2])),
            der::integer(&self.serial),
            signature_algorithm.clone(),
            issuer.to_vec(),
            der::sequence([time(&self.not_before)?, time(&self.not_after)?]),
            subject,
            der::sequence([key.algorithm(), der::bits(&public_key.key)]),
            der::element(der::explicit(3), &extensions),
        ]);
        let signature = match &signer.0 {
            Repr::Rsa(key) => key.sign(env, &tbs)?,
            Repr::Ec(key) => key.sign(env, &tbs)?,
            Repr::Ed25519(key) => key.sign(&tbs).to_vec(),
            Repr::Dsa(_) | Repr::X25519 => Vec::new(),
        };
        Ok(der::sequence([tbs, signature_algorithm, der::bits(&signature)]))
    }

    /// The subject's name.
    fn subject(&self) -> Result<Vec<u8>, FuncError> {
        let name = self.common_name.as_slice();
        if name.is_empty() {
            return Ok(der::sequence::<&[u8]>([]));
        }
        let tag = if name.iter().all(|b| is_printable(*b)) {
            der::PRINTABLE_STRING
        } else if std::str::from_utf8(name).is_ok() {
            der::UTF8_STRING
        } else {
            return Err("asn1: string not valid UTF-8".into());
        };
        let attribute = der::sequence([der::oid(oids::COMMON_NAME), der::element(tag, name)]);
        Ok(der::sequence([der::list(der::SET, [attribute])]))
    }

    fn extensions(&self, key: &[u8], subject: &[u8], authority: Option<&[u8]>) -> Result<Vec<u8>, FuncError> {
        let critical = || der::element(der::BOOLEAN, &[0xff]);
        let extension = |oid: &[u8], is_critical: bool, value: Vec<u8>| {
            let critical = if is_critical { critical() } else { Vec::new() };
            der::sequence([der::oid(oid), critical, der::element(der::OCTET_STRING, &value)])
        };
        // Digital signature and key encipherment; of an authority, signing too.
        let usage: [u8; 2] = if self.is_ca { [2, 0xa4] } else { [5, 0xa0] };
        let purposes = der::sequence([oids::SERVER_AUTH, oids::CLIENT_AUTH].map(der::oid));
        let constraints = der::sequence(self.is_ca.then(critical));
        let mut all = vec![
            extension(oids::KEY_USAGE, true, der::element(der::BIT_STRING, &usage)),
            extension(oids::EXTENDED_KEY_USAGE, false, purposes),
            extension(oids::BASIC_CONSTRAINTS, true, constraints),
        ];
        if self.is_ca {
            let digest = Sha256::digest(key);
            let id = digest.get(..20).unwrap_or_default();
            all.push(extension(oids::SUBJECT_KEY_ID, false, der::element(der::OCTET_STRING, id)));
        }
        if let Some(id) = authority {
            let value = der::sequence([der::element(der::context(0), id)]);
            all.push(extension(oids::AUTHORITY_KEY_ID, false, value));
        }
        let mut names = Vec::new();
        for name in &self.dns_names {
            if !name.is_ascii() {
                let name = quote(name);
                return Err(FuncError::new(format!("x509: {name} cannot be encoded as an IA5String")));
            }
            names.push(der::element(der::context(2), name));
        }
        names.extend(self.ip_addresses.iter().map(|ip| der::element(der::context(7), ip)));
        if !names.is_empty() {
            // Without a subject these are all there is to say whose it is.
            let no_subject = subject == [der::SEQUENCE, 0];
            all.push(extension(oids::SUBJECT_ALT_NAME, no_subject, der::sequence(names)));
        }
        Ok(der::sequence(all))
    }
}

impl PrivateKey {
    /// The public key of one that can sign.
    fn public_key(&self) -> PublicKey {
        let (algorithm, key) = match &self.0 {
            Repr::Rsa(key) => (oids::RSA.to_vec(), key.public()),
            Repr::Ec(key) => ([oids::EC, key.curve.oid].concat(), key.public.clone()),
            Repr::Ed25519(key) => (oids::ED25519.to_vec(), key.public.to_vec()),
            Repr::Dsa(_) | Repr::X25519 => (Vec::new(), Vec::new()),
        };
        PublicKey { algorithm, key }
    }

    /// The identifier of its algorithm, with parameters.
    fn algorithm(&self) -> Vec<u8> {
        match &self.0 {
            Repr::Rsa(_) => der::sequence([der::oid(oids::RSA), der::element(der::NULL, &[])]),
            Repr::Ec(key) => der::sequence([oids::EC, key.curve.oid].map(der::oid)),
            Repr::Ed25519(_) | Repr::Dsa(_) | Repr::X25519 => der::sequence([der::oid(oids::ED25519)]),
        }
    }
}

/// A time in the form for its century.
fn time(t: &Time) -> Result<Vec<u8>, FuncError> {
    let t = t.clone().within(Location::Utc);
    match t.ymd()[0] {
        1950..2050 => Ok(der::element(der::UTC_TIME, &t.format(b"060102150405Z"))),
        0..=9999 => Ok(der::element(der::GENERALIZED_TIME, &t.format(b"20060102150405Z"))),
        _ => Err("asn1: structure error: cannot represent time as GeneralizedTime".into()),
    }
}
