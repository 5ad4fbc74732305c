//! Password hashes and derived passwords.

use base64::Engine;
use bcrypt::BASE_64;
use govalue::{Args, Env, FuncError, Value};
use hmac::{Hmac, KeyInit, Mac};
use scrypt::Params;
use sha2::{Digest, Sha256};

/// bcrypt's cost (`bcrypt.DefaultCost`): twice this power of two key schedules.
const COST: u32 = 10;

/// How much of a hash is written: the first implementation forgot the last byte, and all others with it.
const WRITTEN: usize = 23;

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
    Ok(Value::from([user, b":", hash(env, args.bytes(1))?.as_slice()].concat()))
}

/// The password's bcrypt hash with a random salt.
fn hash(env: &mut dyn Env, password: &[u8]) -> Result<Vec<u8>, FuncError> {
    if password.len() > MAX_LEN {
        return Ok("failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes".into());
    }
    env.charge(BCRYPT_UNITS)?;
    let mut salt = [0; 16];
    env.random(&mut salt)?;
    Ok(once(env, &[b"bcrypt", &salt, password], || salted(salt, password).into_bytes()))
}

/// The outcome of slow work: what the host has kept of it, or what it comes to now. The parts are all that it depends on.
fn once(env: &mut dyn Env, parts: &[&[u8]], work: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    let mut key = Sha256::new();
    for part in parts {
        key.update((part.len() as u64).to_be_bytes());
        key.update(part);
    }
    let key = key.finalize().into();
    env.kept(&key).unwrap_or_else(|| {
        let outcome = work();
        env.keep(key, &outcome);
        outcome
    })
}

/// The hash of a password that is not too long.
pub(super) fn salted(salt: [u8; 16], password: &[u8]) -> String {
    // The zero at the end belongs to the key, where there is room for it.
    let mut key = [password, b"\0"].concat();
    key.truncate(MAX_LEN);
    let digest = bcrypt::bcrypt(COST, salt, &key);
    let [salt, digest] = [&salt[..], &digest[..WRITTEN]].map(|bytes| BASE_64.encode(bytes));
    format!("$2a${COST}${salt}{digest}")
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
    let key = once(env, &[b"scrypt", user, password], || {
        let mut key = vec![0; 64];
        let params = Params::new(15, 8, 2).expect("the algorithm's parameters are in scrypt's bounds");
        scrypt::scrypt(password, &prefixed(user), &params, &mut key).expect("64 bytes are in scrypt's bounds");
        key
    });
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).expect("HMAC takes keys of any length");
    mac.update(&prefixed(site));
    mac.update(&counter.to_be_bytes());
    let seed: [u8; 32] = mac.finalize().into_bytes().into();
    let form = forms[usize::from(seed[0]) % forms.len()];
    let letters = form.iter().zip(&seed[1..]).map(|(letter, n)| {
        let class = class(*letter);
        class[usize::from(*n) % class.len()]
    });
    Ok(Value::from(letters.collect::<Vec<u8>>()))
}
