//! sprig's encryption: AES-256 in CBC mode, the password cut or filled up with
//! zeros as the key, a random start vector in front, all in base64.

use aes::Aes256;
use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use govalue::{Args, Env, FuncError, Value};

use crate::encoding::{decode64, encode64};

const BLOCK: usize = 16;

fn cipher(password: &[u8]) -> Aes256 {
    let mut key = [0; 32];
    for (slot, byte) in key.iter_mut().zip(password) {
        *slot = *byte;
    }
    Aes256::new(&key.into())
}

pub(super) fn encrypt(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let text = args.bytes(1);
    if text.is_empty() {
        return Ok(Value::from(""));
    }
    env.charge((text.len() as u64).saturating_mul(4))?;
    let cipher = cipher(args.bytes(0));
    let mut last = [0; BLOCK];
    env.random(&mut last)?;
    let mut out = last.to_vec();
    let padding = BLOCK - text.len() % BLOCK;
    let mut padded = text.to_vec();
    padded.resize(text.len() + padding, padding as u8);
    for chunk in padded.as_chunks().0 {
        let mut block = Array(*chunk);
        xor(&mut block.0, &last);
        cipher.encrypt_block(&mut block);
        last = block.0;
        out.extend(last);
    }
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
    let (blocks, []) = data.as_chunks::<BLOCK>() else {
        return Err("crypto/cipher: input not full blocks".into());
    };
    let cipher = cipher(args.bytes(0));
    let mut last = *start;
    let mut out = Vec::with_capacity(data.len());
    for chunk in blocks {
        let mut block = Array(*chunk);
        cipher.decrypt_block(&mut block);
        xor(&mut block.0, &last);
        last = *chunk;
        out.extend(block.0);
    }
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

fn xor(block: &mut [u8; BLOCK], with: &[u8; BLOCK]) {
    for (slot, byte) in block.iter_mut().zip(with) {
        *slot ^= byte;
    }
}
