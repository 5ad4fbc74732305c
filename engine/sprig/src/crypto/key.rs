//! Private keys in PEM.

use gocrypto::PrivateKey;
use govalue::{Args, Env, FuncError, FuncErrorKind, Value};

use super::pem;

/// The bits of a key that a template asks for; those of certificates have half.
const RSA_BITS: usize = 4096;

/// Makes a key of the kind that the argument names.
pub(super) fn generate(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let key = match args.bytes(0) {
        b"" | b"rsa" => PrivateKey::generate_rsa(env, RSA_BITS),
        b"dsa" => PrivateKey::generate_dsa(env),
        b"ecdsa" => PrivateKey::generate_p256(env),
        b"ed25519" => PrivateKey::generate_ed25519(env),
        other => return Ok(Value::from([b"Unknown type ", other].concat())),
    };
    match key.and_then(|key| encode(&key)) {
        Ok(text) => Ok(Value::from(text)),
        Err(e) if e.kind() == FuncErrorKind::Plain => Ok(Value::from(format!("failed to generate private key: {e}"))),
        Err(e) => Err(e),
    }
}

/// Writes a key.
pub(super) fn encode(key: &PrivateKey) -> Result<Vec<u8>, FuncError> {
    let (kind, der) = key.to_block()?;
    Ok(pem::encode(kind, &der))
}

/// Reads a key (sprig: crypto.go parsePrivateKeyPEM); errors go on after the context.
pub(super) fn parse(env: &mut dyn Env, text: &[u8], context: &str) -> Result<PrivateKey, FuncError> {
    // Checking a key takes time by the square of its size.
    let len = text.len() as u64;
    env.charge(len.saturating_mul(len) / 2)?;
    read(text).map_err(|e| FuncError::new(format!("{context}: {e}")))
}

fn read(text: &[u8]) -> Result<PrivateKey, String> {
    let block = pem::decode(text).ok_or("no PEM data in input")?;
    let kind = govalue::utf8::lossy(&block.kind).into_owned();
    if kind == "PRIVATE KEY" {
        return PrivateKey::from_pkcs8(&block.bytes).map_err(|e| format!("decoding PEM as PKCS#8: {e}"));
    }
    let Some(algorithm) = kind.strip_suffix(" PRIVATE KEY") else {
        return Err(format!("no private key data in PEM block of type {kind}"));
    };
    let parsed = match algorithm {
        "RSA" => PrivateKey::from_pkcs1(&block.bytes),
        "EC" => PrivateKey::from_sec1(&block.bytes),
        "DSA" => PrivateKey::from_dsa(&block.bytes),
        _ => return Err(format!("invalid private key type {kind}")),
    };
    parsed.map_err(|e| format!("parsing {algorithm} private key from PEM: {e}"))
}
