//! Elliptic curves of NIST, and signatures by their keys.

use govalue::{Env, FuncError};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::big::Nat;
use crate::dsa::below;
use crate::mont::{Modulus, Residue};
use crate::{der, oids};

/// A curve `y² = x³ - 3x + b` over the integers modulo a prime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Curve {
    /// Its object identifier.
    pub(crate) oid: &'static [u8],
    /// The bits of its numbers.
    bits: usize,
    p: &'static str,
    b: &'static str,
    /// How many points it has.
    n: &'static str,
    x: &'static str,
    y: &'static str,
}

pub(crate) static P224: Curve = Curve {
    oid: oids::P224,
    bits: 224,
    p: "ffffffffffffffffffffffffffffffff000000000000000000000001",
    b: "b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4",
    n: "ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d",
    x: "b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21",
    y: "bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34",
};

pub(crate) static P256: Curve = Curve {
    oid: oids::P256,
    bits: 256,
    p: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
    n: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    x: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
    y: "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
};

pub(crate) static P384: Curve = Curve {
    oid: oids::P384,
    bits: 384,
    p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    b: "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
    n: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    x: "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
    y: "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
};

pub(crate) static P521: Curve = Curve {
    oid: oids::P521,
    bits: 521,
    p: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
        ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    b: "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e1\
        56193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    n: "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa\
        51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    x: "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dba\
        a14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
    y: "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c\
        97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
};

/// Reads a number that is written in the program.
pub(crate) fn hex(digits: &str) -> Nat {
    let digits: Vec<u8> = digits.bytes().map(|c| if c < b'a' { c - b'0' } else { c - b'a' + 10 }).collect();
    Nat::from_be(&digits.chunks(2).map(|pair| pair.iter().fold(0, |n, d| n << 4 | d)).collect::<Vec<u8>>())
}

/// A point as `(x / z², y / z³)`; without a `z` it is the one at infinity.
#[derive(Clone)]
struct Point {
    x: Residue,
    y: Residue,
    z: Residue,
}

/// A curve ready to calculate on.
struct Arithmetic {
    field: Modulus,
}

impl Curve {
    /// The curve of that object identifier.
    pub(crate) fn by_oid(oid: &[u8]) -> Option<&'static Curve> {
        [&P224, &P256, &P384, &P521].into_iter().find(|c| c.oid == oid)
    }

    /// How many bytes its numbers take.
    pub(crate) fn len(&self) -> usize {
        self.bits.div_ceil(8)
    }

    fn order(&self) -> Nat {
        hex(self.n)
    }

    /// The generator's multiple: its coordinates, or none at infinity.
    fn multiple(&self, factor: &Nat) -> Option<(Nat, Nat)> {
        let field = Modulus::new(&hex(self.p))?;
        let generator = Point { x: field.enter(&hex(self.x)), y: field.enter(&hex(self.y)), z: field.one().clone() };
        let arithmetic = Arithmetic { field };
        let mut acc = Point { z: arithmetic.field.zero(), ..generator.clone() };
        for i in (0..factor.bit_len()).rev() {
            acc = arithmetic.double(&acc);
            if factor.bit(i) {
                acc = arithmetic.add(&acc, &generator);
            }
        }
        arithmetic.affine(&acc)
    }

    /// Checks that bytes are a point in the uncompressed form.
    ///
    /// # Errors
    /// Go's text of what is wrong.
    pub(crate) fn check_point(&self, bytes: &[u8]) -> Result<(), String> {
        let name = self.bits;
        let Some(([4], coordinates)) = bytes.split_at_checked(1) else {
            return Err("ecdsa: invalid uncompressed public key".into());
        };
        let (Some((x, y)), Some(field)) = (coordinates.split_at_checked(self.len()), Modulus::new(&hex(self.p))) else {
            return Err(format!("invalid P{name} point encoding"));
        };
        if y.len() != self.len() {
            return Err(format!("invalid P{name} point encoding"));
        }
        let (x, y) = (Nat::from_be(x), Nat::from_be(y));
        if &x >= field.nat() || &y >= field.nat() {
            return Err(format!("invalid P{name} element encoding"));
        }
        let (x, y) = (field.enter(&x), field.enter(&y));
        let three_x = field.add(&field.add(&x, &x), &x);
        let cube = field.mul(&field.mul(&x, &x), &x);
        let right = field.add(&field.sub(&cube, &three_x), &field.enter(&hex(self.b)));
        if field.mul(&y, &y) == right { Ok(()) } else { Err(format!("P{name} point not on curve")) }
    }
}

impl Arithmetic {
    fn double(&self, a: &Point) -> Point {
        // "dbl-2001-b" of the Explicit-Formulas Database.
        let f = &self.field;
        let delta = f.mul(&a.z, &a.z);
        let gamma = f.mul(&a.y, &a.y);
        let beta = f.mul(&a.x, &gamma);
        let product = f.mul(&f.sub(&a.x, &delta), &f.add(&a.x, &delta));
        let alpha = f.add(&f.add(&product, &product), &product);
        let beta4 = self.times(&beta, 2);
        let x = f.sub(&f.mul(&alpha, &alpha), &f.add(&beta4, &beta4));
        let yz = f.add(&a.y, &a.z);
        let z = f.sub(&f.sub(&f.mul(&yz, &yz), &gamma), &delta);
        let y = f.sub(&f.mul(&alpha, &f.sub(&beta4, &x)), &self.times(&f.mul(&gamma, &gamma), 3));
        Point { x, y, z }
    }

    /// Doubles a number so many times.
    fn times(&self, a: &Residue, doublings: usize) -> Residue {
        (0..doublings).fold(a.clone(), |a, _| self.field.add(&a, &a))
    }

    fn add(&self, a: &Point, b: &Point) -> Point {
        // "add-2007-bl".
        if a.z.is_zero() {
            return b.clone();
        }
        let f = &self.field;
        let (za, zb) = (f.mul(&a.z, &a.z), f.mul(&b.z, &b.z));
        let (ua, ub) = (f.mul(&a.x, &zb), f.mul(&b.x, &za));
        let (sa, sb) = (f.mul(&f.mul(&a.y, &b.z), &zb), f.mul(&f.mul(&b.y, &a.z), &za));
        let h = f.sub(&ub, &ua);
        let apart = f.sub(&sb, &sa);
        let r = f.add(&apart, &apart);
        if h.is_zero() {
            return if r.is_zero() { self.double(a) } else { Point { z: f.zero(), ..a.clone() } };
        }
        let h2 = f.add(&h, &h);
        let i = f.mul(&h2, &h2);
        let j = f.mul(&h, &i);
        let v = f.mul(&ua, &i);
        let x = f.sub(&f.sub(&f.mul(&r, &r), &j), &f.add(&v, &v));
        let sj = f.mul(&sa, &j);
        let y = f.sub(&f.mul(&r, &f.sub(&v, &x)), &f.add(&sj, &sj));
        let z = f.add(&a.z, &b.z);
        let z = f.mul(&f.sub(&f.sub(&f.mul(&z, &z), &za), &zb), &h);
        Point { x, y, z }
    }

    fn affine(&self, a: &Point) -> Option<(Nat, Nat)> {
        let f = &self.field;
        if a.z.is_zero() {
            return None;
        }
        let inverse = f.pow(&a.z, &f.nat().sub(&Nat::from_u64(2)));
        let square = f.mul(&inverse, &inverse);
        Some((f.leave(&f.mul(&a.x, &square)), f.leave(&f.mul(&a.y, &f.mul(&square, &inverse)))))
    }
}

/// A private key on a curve.
#[derive(Clone, Debug)]
pub(crate) struct EcKey {
    pub(crate) curve: &'static Curve,
    scalar: Nat,
    /// The uncompressed point.
    pub(crate) public: Vec<u8>,
}

impl EcKey {
    /// Makes a key on the curve.
    pub(crate) fn generate(env: &mut dyn Env, curve: &'static Curve) -> Result<EcKey, FuncError> {
        env.charge(MULTIPLE_UNITS)?;
        let scalar = below(env, &curve.order())?;
        EcKey::new(curve, scalar).map_err(FuncError::new)
    }

    /// The key of a number, which must be from 1 to below the curve's order.
    pub(crate) fn new(curve: &'static Curve, scalar: Nat) -> Result<EcKey, &'static str> {
        if scalar >= curve.order() {
            return Err("input overflows the modulus");
        }
        let (x, y) = curve.multiple(&scalar).ok_or("ecdsa: invalid public key encoding")?;
        let public = [vec![4], x.to_be_padded(curve.len()), y.to_be_padded(curve.len())].concat();
        Ok(EcKey { curve, scalar, public })
    }

    /// The key in SEC 1.
    pub(crate) fn to_sec1(&self) -> Vec<u8> {
        der::sequence([
            der::small(1),
            der::element(der::OCTET_STRING, &self.scalar.to_be_padded(self.curve.len())),
            der::element(der::explicit(0), &der::oid(self.curve.oid)),
            der::element(der::explicit(1), &der::bits(&self.public)),
        ])
    }

    /// The object identifier of the signature's algorithm.
    pub(crate) fn algorithm(&self) -> &'static [u8] {
        match self.curve.bits {
            521 => oids::ECDSA_SHA512,
            384 => oids::ECDSA_SHA384,
            _ => oids::ECDSA_SHA256,
        }
    }

    /// Signs a message, in the way that needs no randomness (RFC 6979).
    pub(crate) fn sign(&self, env: &mut dyn Env, message: &[u8]) -> Result<Vec<u8>, FuncError> {
        env.charge(MULTIPLE_UNITS)?;
        match self.curve.bits {
            521 => self.sign_digest(&Sha512::digest(message), hmac::<Hmac<Sha512>>),
            384 => self.sign_digest(&Sha384::digest(message), hmac::<Hmac<Sha384>>),
            _ => self.sign_digest(&Sha256::digest(message), hmac::<Hmac<Sha256>>),
        }
    }

    fn sign_digest(&self, digest: &[u8], hmac: fn(&[u8], &[&[u8]]) -> Vec<u8>) -> Result<Vec<u8>, FuncError> {
        let order = self.curve.order();
        let len = self.curve.len();
        let cut = |bytes: &[u8]| Nat::from_be(bytes).shr((bytes.len() * 8).saturating_sub(self.curve.bits));
        let z = cut(digest).rem(&order);
        let secret = [self.scalar.to_be_padded(len), z.to_be_padded(len)].concat();
        let mut key = vec![0; digest.len()];
        let mut v = vec![1; digest.len()];
        for round in [0, 1] {
            key = hmac(&key, &[&v, &[round], &secret]);
            v = hmac(&key, &[&v]);
        }
        loop {
            let mut candidate = Vec::new();
            while candidate.len() < len {
                v = hmac(&key, &[&v]);
                candidate.extend_from_slice(&v);
            }
            candidate.truncate(len);
            let k = cut(&candidate);
            if !k.is_zero() && k < order {
                let r = self.curve.multiple(&k).map(|(x, _)| x.rem(&order)).unwrap_or_default();
                let s = match k.inverse(&order) {
                    Some(inverse) => inverse.mul(&z.add(&r.mul(&self.scalar))).rem(&order),
                    None => Nat::default(),
                };
                if !r.is_zero() && !s.is_zero() {
                    return Ok(der::sequence([der::integer(&r), der::integer(&s)]));
                }
            }
            key = hmac(&key, &[&v, &[0]]);
            v = hmac(&key, &[&v]);
        }
    }
}

/// What charging for a multiple of a point, about a millisecond, comes to.
pub(crate) const MULTIPLE_UNITS: u64 = 100_000;

fn hmac<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // Keys of any length will do.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return Vec::new() };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}
