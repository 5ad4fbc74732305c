//! Certificates and their keys, both in PEM.

use gocrypto::{Certificate, PrivateKey, Template};
use govalue::time::{Duration, Time};
use govalue::{Args, Env, Field, FuncError, FuncErrorKind, Named, Object, Shape, Type, Value};

use super::{key, pem};
use crate::encoding::decode64;
use crate::sig::{ERROR, INT, LIST, STRING};

/// `sprig.certificate`
static CERTIFICATE: Named = Named {
    name: "sprig.certificate",
    shape: Shape::Struct(&[Field::new("Cert", Type::String, ""), Field::new("Key", Type::String, "")]),
    methods: &[],
    json: None,
};

/// What the functions of this file result in.
pub(super) static A_CERTIFICATE: [Type; 2] = [Type::Named(&CERTIFICATE), ERROR];
pub(super) static SIGNED_PARAMS: [Type; 5] = [STRING, LIST, LIST, INT, Type::Named(&CERTIFICATE)];
pub(super) static SIGNED_WITH_KEY_PARAMS: [Type; 6] = [STRING, LIST, LIST, INT, Type::Named(&CERTIFICATE), STRING];

/// Bits of the RSA keys made for certificates.
const RSA_BITS: usize = 2048;

fn pair(cert: &[u8], key: &[u8]) -> Value {
    Value::Struct(Object::new(&CERTIFICATE, vec![Value::Str(cert.into()), Value::Str(key.into())]))
}

/// Says where an error comes from; limits stay as they are.
fn context(what: &str) -> impl Fn(FuncError) -> FuncError {
    move |e| match e.kind() {
        FuncErrorKind::Plain => FuncError::new(format!("{what}: {e}")),
        _ => e,
    }
}

/// A certificate and key that are given, checked (sprig: buildCustomCertificate).
pub(super) fn custom(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let cert = decode64(args.bytes(0)).map_err(|_| "unable to decode base64 certificate")?;
    let private = decode64(args.bytes(1)).map_err(|_| "unable to decode base64 private key")?;
    parse(&cert, "decodedCert")?;
    key::parse(env, &private, "error parsing private key")?;
    Ok(pair(&cert, &private))
}

/// Reads a certificate in PEM; errors name the variable that sprig keeps it in.
fn parse(text: &[u8], name: &str) -> Result<Certificate, FuncError> {
    let block = pem::decode(text).ok_or("unable to decode certificate")?;
    let parsed = Certificate::parse(&block.bytes);
    parsed.map_err(|e| FuncError::new(format!("error parsing certificate: {name}.Bytes: {e}")))
}

/// A new key, or the one of an argument.
fn signee(env: &mut dyn Env, args: &Args<'_>, given: Option<usize>) -> Result<PrivateKey, FuncError> {
    match given {
        Some(i) => key::parse(env, args.bytes(i), "parsing private key"),
        None => PrivateKey::generate_rsa(env, RSA_BITS).map_err(context("error generating rsa key")),
    }
}

pub(super) fn authority(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    own(env, args, true, None)
}

pub(super) fn authority_with_key(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    own(env, args, true, Some(2))
}

pub(super) fn self_signed(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    own(env, args, false, None)
}

pub(super) fn self_signed_with_key(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    own(env, args, false, Some(4))
}

/// A certificate that its own key signs.
fn own(env: &mut dyn Env, args: &Args<'_>, is_ca: bool, given: Option<usize>) -> Result<Value, FuncError> {
    let private = signee(env, args, given)?;
    let template = if is_ca {
        template(env, args.bytes(0), &[], &[], args.int(1))?
    } else {
        template(env, args.bytes(0), &args.list(1), &args.list(2), args.int(3))?
    };
    issue(env, &Template { is_ca, ..template }, &private, None, &private)
}

pub(super) fn signed(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    signed_by(env, args, None)
}

pub(super) fn signed_with_key(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    signed_by(env, args, Some(5))
}

/// A certificate that another's key signs.
fn signed_by(env: &mut dyn Env, args: &Args<'_>, given: Option<usize>) -> Result<Value, FuncError> {
    let private = signee(env, args, given)?;
    let (cert, signer) = match args.value(4) {
        Value::Struct(ca) => match ca.fields() {
            [Value::Str(cert), Value::Str(key)] => (cert.clone(), key.clone()),
            _ => Default::default(),
        },
        _ => Default::default(),
    };
    let parent = parse(&cert, "decodedSignerCert")?;
    let signer = key::parse(env, &signer, "error parsing private key")?;
    let template = template(env, args.bytes(0), &args.list(1), &args.list(2), args.int(3))?;
    issue(env, &template, &private, Some(&parent), &signer)
}

fn issue(
    env: &mut dyn Env,
    template: &Template,
    private: &PrivateKey,
    parent: Option<&Certificate>,
    signer: &PrivateKey,
) -> Result<Value, FuncError> {
    let der = template.create(env, private, parent, signer).map_err(context("error creating certificate"))?;
    Ok(pair(&pem::encode("CERTIFICATE", &der), &key::encode(private)?))
}

/// What all certificates share (sprig: getBaseCertTemplate).
fn template(
    env: &mut dyn Env,
    common_name: &[u8],
    ips: &[Value],
    dns_names: &[Value],
    days: i64,
) -> Result<Template, FuncError> {
    let ip_addresses = ips.iter().map(ip).collect::<Result<_, _>>()?;
    let dns_names = dns_names.iter().map(dns_name).collect::<Result<_, _>>()?;
    let mut serial = [0; 16];
    env.random(&mut serial)?;
    let (seconds, nanos) = env.now();
    let not_before = Time::from_unix(seconds, nanos);
    let not_after = not_before.add(Duration((24 * Duration::HOUR.0).wrapping_mul(days)));
    Ok(Template {
        common_name: common_name.to_vec(),
        serial,
        not_before,
        not_after,
        dns_names,
        ip_addresses,
        is_ca: false,
    })
}

fn not_a_string(what: &str, v: &Value) -> FuncError {
    let mut out = Vec::new();
    match govalue::fmt::append_value(&mut out, v) {
        Ok(()) => FuncError::new(format!("{what}: {} is not a string", govalue::utf8::lossy(&out))),
        Err(e) => e,
    }
}

fn dns_name(v: &Value) -> Result<Vec<u8>, FuncError> {
    match v {
        Value::Str(s) => Ok(s.to_vec()),
        other => Err(not_a_string("error processing alternate dns name", other)),
    }
}

/// An address's bytes; those of IPv4 may be written as IPv6.
fn ip(v: &Value) -> Result<Vec<u8>, FuncError> {
    let Value::Str(s) = v else { return Err(not_a_string("error parsing ip", v)) };
    let text = s.to_str_lossy();
    if let Ok(v4) = text.parse::<std::net::Ipv4Addr>() {
        return Ok(v4.octets().to_vec());
    }
    match text.parse::<std::net::Ipv6Addr>() {
        Ok(v6) => Ok(v6.to_ipv4_mapped().map_or_else(|| v6.octets().to_vec(), |v4| v4.octets().to_vec())),
        Err(_) => Err(FuncError::new(format!("error parsing ip: {text}"))),
    }
}
