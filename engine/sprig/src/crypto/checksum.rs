//! Checksums, in hexadecimal; `adler32sum` in decimal.

use govalue::{Args, Env, FuncError, Value};
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha256, Sha512};

fn hex<D: Digest>(env: &mut dyn Env, args: &Args<'_>) -> Result<Value, FuncError> {
    env.charge(args.bytes(0).len() as u64)?;
    Ok(Value::from(lower_hex(&D::digest(args.bytes(0)))))
}

pub(super) fn lower_hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(n.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

pub(super) fn sha1(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    hex::<Sha1>(env, args)
}

pub(super) fn sha256(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    hex::<Sha256>(env, args)
}

pub(super) fn sha512(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    hex::<Sha512>(env, args)
}

pub(super) fn adler32(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    env.charge(args.bytes(0).len() as u64)?;
    Ok(Value::from(adler2::adler32_slice(args.bytes(0)).to_string()))
}
