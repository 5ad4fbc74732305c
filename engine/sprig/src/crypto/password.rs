//! Password hashes and derived passwords.

use blowfish::Blowfish;
use govalue::{Args, Env, FuncError, Value};
use hmac::{Hmac, KeyInit, Mac};
use scrypt::Params;
use sha2::Sha256;

/// bcrypt's cost (`bcrypt.DefaultCost`): twice this power of two key schedules.
const COST: u32 = 10;

/// The longest password that bcrypt takes.
const MAX_LEN: usize = 72;

/// What charging for a bcrypt hash, some 50 ms, comes to.
const BCRYPT_UNITS: u64 = 5_000_000;

/// What charging for a derived password, some 200 ms, comes to.
const SCRYPT_UNITS: u64 = 20_000_000;

pub(super) fn bcrypt(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::from(hash(env, args.bytes(0))?))
}

/// A line of Apache's password files.
pub(super) fn htpasswd(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let user = args.bytes(0);
    if user.contains(&b':') {
        return Ok(Value::from([b"invalid username: ", user].concat()));
    }
    Ok(Value::from([user, b":", hash(env, args.bytes(1))?.as_bytes()].concat()))
}

/// The password's bcrypt hash with a random salt.
fn hash(env: &mut dyn Env, password: &[u8]) -> Result<String, FuncError> {
    if password.len() > MAX_LEN {
        return Ok("failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes".into());
    }
    env.charge(BCRYPT_UNITS)?;
    let mut salt = [0; 16];
    env.random(&mut salt)?;
    let key = [password, b"\0"].concat();
    let mut cipher = <Blowfish>::bc_init_state();
    cipher.salted_expand_key(&salt, &key);
    for _ in 0..1_u32 << COST {
        cipher.bc_expand_key(&key);
        cipher.bc_expand_key(&salt);
    }
    let mut digest = Vec::with_capacity(24);
    for pair in b"OrpheanBeholderScryDoubt".as_chunks::<8>().0 {
        let [a, b, c, d, e, f, g, h] = *pair;
        let mut pair = [u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])];
        for _ in 0..64 {
            pair = cipher.bc_encrypt(pair);
        }
        digest.extend(pair.iter().flat_map(|half| half.to_be_bytes()));
    }
    // The first implementation forgot the last byte, and all others with it.
    digest.pop();
    Ok(format!("$2a${COST}${}{}", encode(&salt), encode(&digest)))
}

/// bcrypt's own base64.
fn encode(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().chain(&[0; 2]).take(3).fold(0, |n: usize, b| n << 8 | usize::from(*b));
        for i in 0..=chunk.len() {
            let digit = ALPHABET.get(bits >> (18 - 6 * i) & 63);
            out.extend(digit.map(|d| char::from(*d)));
        }
    }
    out
}

const SEED: &[u8] = b"com.lyndir.masterpassword";

/// The forms of a kind of password: each letter stands for a class of characters.
fn forms(kind: &[u8]) -> Option<&'static [&'static [u8]]> {
    Some(match kind {
        b"maximum" => &[b"anoxxxxxxxxxxxxxxxxx", b"axxxxxxxxxxxxxxxxxno"],
        b"long" => &[
            b"CvcvnoCvcvCvcv",
            b"CvcvCvcvnoCvcv",
            b"CvcvCvcvCvcvno",
            b"CvccnoCvcvCvcv",
            b"CvccCvcvnoCvcv",
            b"CvccCvcvCvcvno",
            b"CvcvnoCvccCvcv",
            b"CvcvCvccnoCvcv",
            b"CvcvCvccCvcvno",
            b"CvcvnoCvcvCvcc",
            b"CvcvCvcvnoCvcc",
            b"CvcvCvcvCvccno",
            b"CvccnoCvccCvcv",
            b"CvccCvccnoCvcv",
            b"CvccCvccCvcvno",
            b"CvcvnoCvccCvcc",
            b"CvcvCvccnoCvcc",
            b"CvcvCvccCvccno",
            b"CvccnoCvcvCvcc",
            b"CvccCvcvnoCvcc",
            b"CvccCvcvCvccno",
        ],
        b"medium" => &[b"CvcnoCvc", b"CvcCvcno"],
        b"short" => &[b"Cvcn"],
        b"basic" => &[b"aaanaaan", b"aannaaan", b"aaannaaa"],
        b"pin" => &[b"nnnn"],
        _ => return None,
    })
}

fn class(letter: u8) -> &'static [u8] {
    match letter {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// The Master Password algorithm: counter, kind, password, user and site give
/// always the same password.
pub(super) fn derive(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let (counter, kind, password) = (args.int(0) as u32, args.bytes(1), args.bytes(2));
    let (user, site) = (args.bytes(3), args.bytes(4));
    let Some(forms) = forms(kind) else {
        return Ok(Value::from([b"cannot find password template ", kind].concat()));
    };
    env.charge(SCRYPT_UNITS)?;
    let prefixed = |text: &[u8]| [SEED, &(text.len() as u32).to_be_bytes(), text].concat();
    let mut key = [0; 64];
    // Neither the parameters nor the lengths of keys can fail.
    let failed = || FuncError::new("failed to derive password");
    let params = Params::new(15, 8, 2).map_err(|_| failed())?;
    scrypt::scrypt(password, &prefixed(user), &params, &mut key).map_err(|_| failed())?;
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).map_err(|_| failed())?;
    mac.update(&prefixed(site));
    mac.update(&counter.to_be_bytes());
    let seed = mac.finalize().into_bytes();
    let pick = |n: Option<&u8>, from: usize| usize::from(n.copied().unwrap_or(0)) % from;
    let form = forms.get(pick(seed.first(), forms.len())).copied().unwrap_or_default();
    let letters = form.iter().zip(seed.iter().skip(1)).filter_map(|(letter, n)| {
        let class = class(*letter);
        class.get(pick(Some(n), class.len())).copied()
    });
    Ok(Value::from(letters.collect::<Vec<u8>>()))
}
