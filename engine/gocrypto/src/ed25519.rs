//! Ed25519 keys and signatures (RFC 8032).

use sha2::{Digest, Sha512};

use crate::big::Nat;
use crate::ec::hex;
use crate::mont::{Modulus, Residue};

const P: &str = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed";
const D: &str = "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3";
const ORDER: &str = "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed";
const X: &str = "216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a";
const Y: &str = "6666666666666666666666666666666666666666666666666666666666666658";

/// A private key: the seed that all comes from.
#[derive(Clone, Debug)]
pub(crate) struct EdKey {
    pub(crate) seed: [u8; 32],
    pub(crate) public: Vec<u8>,
}

impl EdKey {
    /// The key of a seed.
    pub(crate) fn new(seed: [u8; 32]) -> EdKey {
        let (scalar, _) = expand(&seed);
        EdKey { seed, public: multiple(&scalar) }
    }

    /// Signs a message.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let order = hex(ORDER);
        let hash = |parts: &[&[u8]]| from_le(&Sha512::digest(parts.concat())).rem(&order);
        let (scalar, prefix) = expand(&self.seed);
        let r = hash(&[&prefix, message]);
        let commitment = multiple(&r);
        let challenge = hash(&[&commitment, &self.public, message]);
        let s = challenge.mul(&scalar).add(&r).rem(&order);
        [commitment, to_le(&s)].concat()
    }
}

/// The number and the prefix that a seed stands for.
fn expand(seed: &[u8; 32]) -> (Nat, Vec<u8>) {
    let digest = Sha512::digest(seed);
    let (low, high) = digest.split_at(32);
    let mut scalar = low.to_vec();
    if let [first, .., last] = scalar.as_mut_slice() {
        *first &= 248;
        *last = *last & 127 | 64;
    }
    (from_le(&scalar), high.to_vec())
}

fn from_le(bytes: &[u8]) -> Nat {
    Nat::from_be(&bytes.iter().rev().copied().collect::<Vec<_>>())
}

fn to_le(n: &Nat) -> Vec<u8> {
    let mut bytes = n.to_be_padded(32);
    bytes.reverse();
    bytes
}

/// A point as `(x / z, y / z)`, with `t = x y / z`.
struct Point {
    x: Residue,
    y: Residue,
    z: Residue,
    t: Residue,
}

/// The base point's multiple, encoded.
fn multiple(factor: &Nat) -> Vec<u8> {
    let Some(f) = Modulus::new(&hex(P)) else { return Vec::new() };
    let d = f.enter(&hex(D));
    let double_d = f.add(&d, &d);
    let (x, y) = (f.enter(&hex(X)), f.enter(&hex(Y)));
    let base = Point { t: f.mul(&x, &y), x, y, z: f.one().clone() };
    let mut acc = Point { x: f.zero(), y: f.one().clone(), z: f.one().clone(), t: f.zero() };
    for i in (0..factor.bit_len()).rev() {
        acc = add(&f, &double_d, &acc, &acc);
        if factor.bit(i) {
            acc = add(&f, &double_d, &acc, &base);
        }
    }
    let inverse = f.pow(&acc.z, &f.nat().sub(&Nat::from_u64(2)));
    let (x, y) = (f.leave(&f.mul(&acc.x, &inverse)), f.leave(&f.mul(&acc.y, &inverse)));
    let mut out = to_le(&y);
    if let (true, Some(last)) = (x.is_odd(), out.last_mut()) {
        *last |= 0x80;
    }
    out
}

/// Adds points; it may be one and the same (RFC 8032, section 5.1.4).
fn add(f: &Modulus, double_d: &Residue, p: &Point, q: &Point) -> Point {
    let a = f.mul(&f.sub(&p.y, &p.x), &f.sub(&q.y, &q.x));
    let b = f.mul(&f.add(&p.y, &p.x), &f.add(&q.y, &q.x));
    let c = f.mul(&f.mul(&p.t, double_d), &q.t);
    let zz = f.mul(&p.z, &q.z);
    let d = f.add(&zz, &zz);
    let (e, g) = (f.sub(&b, &a), f.add(&d, &c));
    let (f_, h) = (f.sub(&d, &c), f.add(&b, &a));
    Point { x: f.mul(&e, &f_), y: f.mul(&g, &h), z: f.mul(&f_, &g), t: f.mul(&e, &h) }
}
