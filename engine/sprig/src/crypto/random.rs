//! Random strings and numbers.

use govalue::{Args, Env, FuncError, Value};

use super::checksum::lower_hex;
use crate::encoding::encode64;
use crate::support::BAD_LENGTH;

/// The most elements of four bytes that Go's `make` takes.
const MAX_RUNES: i64 = 1 << 46;

/// The most bytes that Go's `make` takes.
const MAX_BYTES: i64 = 1 << 48;

/// A string of characters that are picked evenly from the alphabet.
fn string(env: &mut dyn Env, args: &Args<'_>, alphabet: &[u8]) -> Result<Value, FuncError> {
    let count = args.int(0);
    if count > MAX_RUNES {
        return Err(BAD_LENGTH.into());
    }
    let Ok(count) = usize::try_from(count) else { return Ok(Value::from("")) };
    env.charge((count as u64).saturating_mul(8))?;
    // Bytes beyond a multiple of the alphabet's length would favour its start.
    let usable = 256 - 256 % alphabet.len();
    let mut out = Vec::with_capacity(count);
    let mut buffer = [0; 256];
    while out.len() < count {
        env.charge(64)?;
        let len = buffer.len().min(count - out.len());
        let Some(chunk) = buffer.get_mut(..len) else { break };
        env.random(chunk)?;
        let usable = chunk.iter().map(|b| usize::from(*b)).filter(|b| *b < usable);
        out.extend(usable.filter_map(|b| alphabet.get(b % alphabet.len())));
    }
    Ok(Value::from(out))
}

const LETTERS: &[u8; 52] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS: &[u8; 10] = b"0123456789";

pub(super) fn alpha(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    string(env, args, LETTERS)
}

pub(super) fn numeric(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    string(env, args, DIGITS)
}

pub(super) fn alphanumeric(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    string(env, args, &[LETTERS.as_slice(), DIGITS].concat())
}

/// From the space to `~`.
pub(super) fn ascii(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let all: Vec<u8> = (b' '..=b'~').collect();
    string(env, args, &all)
}

/// Random bytes, in base64.
pub(super) fn bytes(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let count = args.int(0);
    if !(0..=MAX_BYTES).contains(&count) {
        return Err(BAD_LENGTH.into());
    }
    env.charge((count as u64).saturating_mul(4))?;
    let mut buffer = vec![0; usize::try_from(count).map_err(|_| BAD_LENGTH)?];
    env.random(&mut buffer)?;
    Ok(Value::from(encode64(&buffer)))
}

/// A number from the first argument up to, but without, the second.
pub(super) fn int(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let (min, max) = (args.int(0), args.int(1));
    let span = max.wrapping_sub(min);
    if span <= 0 {
        return Err("invalid argument to Intn".into());
    }
    let mut buffer = [0; 16];
    env.random(&mut buffer)?;
    // So many bits that no remainder is favoured to speak of.
    let picked = u128::from_le_bytes(buffer) % span as u128;
    Ok(Value::Int(min.wrapping_add(picked as i64)))
}

pub(super) fn uuid(env: &mut dyn Env, _: &mut Args<'_>) -> Result<Value, FuncError> {
    let mut bytes = [0; 16];
    env.random(&mut bytes)?;
    // Version 4, variant 1.
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = lower_hex(&bytes);
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32].map(|group| &hex[group]);
    Ok(Value::from(groups.join("-")))
}
