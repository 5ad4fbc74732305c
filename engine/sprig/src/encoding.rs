//! Base64 and base32 (Go's `encoding/base64` and `encoding/base32`). Decoding
//! answers with the text of the error where it fails.

use govalue::{Args, Env, Func, FuncError, Value};

use crate::sig::STRING;

pub(crate) const FUNCTIONS: &[Func] = &[
    Func::new("b32dec", &[STRING], &[STRING], b32dec),
    Func::new("b32enc", &[STRING], &[STRING], b32enc),
    Func::new("b64dec", &[STRING], &[STRING], b64dec),
    Func::new("b64enc", &[STRING], &[STRING], b64enc),
];

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn b64enc(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::from(encode64(args.bytes(0))))
}

fn b32enc(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::from(encode(args.bytes(0), BASE32, 5, 8)))
}

/// Encodes base64.
pub(crate) fn encode64(bytes: &[u8]) -> Vec<u8> {
    let (groups, rest) = bytes.as_chunks::<3>();
    let digit = |n: u8| BASE64[usize::from(n & 63)];
    let mut out = vec![[0; 4]; groups.len()];
    for (digits, [a, b, c]) in out.iter_mut().zip(groups) {
        *digits = [digit(a >> 2), digit(a << 4 | b >> 4), digit(b << 2 | c >> 6), digit(*c)];
    }
    let mut out = out.into_flattened();
    out.extend(encode(rest, BASE64, 6, 4));
    out
}

/// Encodes `bits` at a time into groups of `group` characters, padded by `=`.
fn encode(bytes: &[u8], alphabet: &[u8], bits: usize, group: usize) -> Vec<u8> {
    let per_group = group * bits / 8;
    let mut out = Vec::with_capacity(bytes.len().div_ceil(per_group) * group);
    let mask = (1 << bits) - 1;
    for chunk in bytes.chunks(per_group) {
        let buffer =
            chunk.iter().fold(0_u64, |buffer, b| buffer << 8 | u64::from(*b)) << (8 * (per_group - chunk.len()));
        let used = (chunk.len() * 8).div_ceil(bits);
        out.extend((0..used).map(|i| alphabet[(buffer >> ((group - 1 - i) * bits)) as usize & mask]));
        out.extend(std::iter::repeat_n(b'=', group - used));
    }
    out
}

fn b64dec(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(decode64(args.bytes(0))
        .map_or_else(|at| Value::from(format!("illegal base64 data at input byte {at}")), Value::from))
}

fn b32dec(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(decode32(args.bytes(0))
        .map_or_else(|at| Value::from(format!("illegal base32 data at input byte {at}")), Value::from))
}

fn value64(b: u8) -> Option<u32> {
    Some(u32::from(match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Decodes base64, passing over line ends; the error is where Go sees one.
pub(crate) fn decode64(s: &[u8]) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(s.len() / 4 * 3 + 3);
    let (mut buffer, mut digits) = (0_u32, 0);
    let skip_line_ends = |mut at: usize| {
        while matches!(s.get(at), Some(b'\r' | b'\n')) {
            at += 1;
        }
        at
    };
    let mut at = 0;
    while let Some(b) = s.get(at) {
        at += 1;
        if let Some(value) = value64(*b) {
            buffer = buffer << 6 | value;
            digits += 1;
            if digits == 4 {
                out.extend_from_slice(&buffer.to_be_bytes()[1..]);
                (buffer, digits) = (0, 0);
            }
            continue;
        }
        match b {
            b'\r' | b'\n' => continue,
            b'=' if digits >= 2 => {}
            _ => return Err(at - 1),
        }
        if digits == 2 {
            at = skip_line_ends(at);
            match s.get(at) {
                None => return Err(s.len()),
                Some(b'=') => at += 1,
                Some(_) => return Err(at - 1),
            }
        }
        at = skip_line_ends(at);
        if at < s.len() {
            return Err(at);
        }
        let bytes = (buffer << (6 * (4 - digits))).to_be_bytes();
        out.extend_from_slice(&bytes[1..digits]);
        return Ok(out);
    }
    if digits > 0 { Err(at - digits) } else { Ok(out) }
}

fn value32(b: u8) -> Option<u64> {
    Some(u64::from(match b {
        b'A'..=b'Z' => b - b'A',
        b'2'..=b'7' => b - b'2' + 26,
        _ => return None,
    }))
}

/// Decodes base32 after taking out line ends, which positions do not count.
fn decode32(s: &[u8]) -> Result<Vec<u8>, usize> {
    let s: Vec<u8> = s.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    let mut out = Vec::with_capacity(s.len() / 8 * 5 + 5);
    let (mut buffer, mut digits) = (0_u64, 0);
    for (i, b) in s.iter().enumerate() {
        let left = &s[i + 1..];
        if *b == b'=' && digits >= 2 && left.len() < 8 {
            if left.len() + digits < 7 {
                return Err(s.len());
            }
            if let Some(k) = left.iter().take(7 - digits).position(|b| *b != b'=') {
                return Err(i + k);
            }
            if matches!(digits, 3 | 6) {
                return Err(i);
            }
            let bytes = (buffer << (5 * (8 - digits))).to_be_bytes();
            out.extend_from_slice(&bytes[3..3 + digits * 5 / 8]);
            return Ok(out);
        }
        buffer = buffer << 5 | value32(*b).ok_or(i)?;
        digits += 1;
        if digits == 8 {
            out.extend_from_slice(&buffer.to_be_bytes()[3..]);
            (buffer, digits) = (0, 0);
        }
    }
    if digits > 0 { Err(s.len() - digits) } else { Ok(out) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_there_and_back() {
        for len in 0..20_u8 {
            let bytes: Vec<u8> = (0..len).map(|i| i.wrapping_mul(37)).collect();
            assert_eq!(decode64(&encode(&bytes, BASE64, 6, 4)).as_ref(), Ok(&bytes));
            assert_eq!(decode32(&encode(&bytes, BASE32, 5, 8)).as_ref(), Ok(&bytes));
        }
    }

    #[test]
    fn errors_are_where_go_sees_them() {
        for (s, at) in
            [("a", 0), ("ab", 0), ("abcde", 4), ("ab=", 3), ("ab=c", 2), ("a===", 1), ("YQ==x", 4), ("Y Q=", 1)]
        {
            assert_eq!(decode64(s.as_bytes()), Err(at), "{s}");
        }
        assert_eq!(decode64(b"YW\nJj\r\n").as_deref(), Ok(&b"abc"[..]));
        for (s, at) in [("A", 0), ("ME", 0), ("ME=", 3), ("ME=====A", 6), ("me======", 0), ("MFR=====", 3)] {
            assert_eq!(decode32(s.as_bytes()), Err(at), "{s}");
        }
    }
}
