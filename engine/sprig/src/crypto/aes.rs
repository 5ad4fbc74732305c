//! sprig's encryption: AES-256 in CBC mode, the password cut or filled up with
//! zeros as the key, a random start vector in front, all in base64.

use aes::Aes256;
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use cbc::{Decryptor, Encryptor};
use govalue::{Args, Env, FuncError, Value};

use crate::encoding::{decode64, encode64};

const BLOCK: usize = 16;

fn key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    let len = password.len().min(key.len());
    key[..len].copy_from_slice(&password[..len]);
    key
}

pub(super) fn encrypt(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let text = args.bytes(1);
    if text.is_empty() {
        return Ok(Value::from(""));
    }
    env.charge((text.len() as u64).saturating_mul(4))?;
    let mut start = [0; BLOCK];
    env.random(&mut start)?;
    let cipher = Encryptor::<Aes256>::new(&key(args.bytes(0)).into(), &start.into());
    let out = [start.as_slice(), &cipher.encrypt_padded_vec::<Pkcs7>(text)].concat();
    Ok(Value::from(encode64(&out)))
}

pub(super) fn decrypt(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let encoded = args.bytes(1);
    if encoded.is_empty() {
        return Ok(Value::from(""));
    }
    env.charge((encoded.len() as u64).saturating_mul(4))?;
    let data = decode64(encoded).map_err(|at| FuncError::new(format!("illegal base64 data at input byte {at}")))?;
    // Go slices the decoder's buffer, which is as long as the text could make it.
    let capacity = encoded.len() / 4 * 3;
    let (Some((start, data)), BLOCK..) = (data.split_first_chunk::<BLOCK>(), capacity) else {
        let len = data.len();
        return Err(FuncError::new(match capacity {
            ..BLOCK => format!("runtime error: slice bounds out of range [:16] with capacity {capacity}"),
            _ => format!("runtime error: slice bounds out of range [16:{len}]"),
        }));
    };
    let cipher = Decryptor::<Aes256>::new(&key(args.bytes(0)).into(), start.into());
    // sprig looks at the last byte alone, so that what is no padding for others is one for it.
    let Ok(mut out) = cipher.decrypt_padded_vec::<NoPadding>(data) else {
        return Err("crypto/cipher: input not full blocks".into());
    };
    let Some(padding) = out.last().map(|b| usize::from(*b)) else {
        return Err("runtime error: index out of range [-1]".into());
    };
    if padding > out.len() {
        let end = padding - out.len();
        return Err(FuncError::new(format!("runtime error: slice bounds out of range [:-{end}]")));
    }
    out.truncate(out.len() - padding);
    Ok(Value::from(out))
}
