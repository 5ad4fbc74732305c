//! Keys on the elliptic curves of NIST, and signatures by them.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912;
use der::asn1::UintRef;
use der::{Encode, Sequence};
use ecdsa::EcdsaCurve;
use ecdsa::hazmat::sign_prehashed_rfc6979;
use elliptic_curve::group::{Curve as _, Group};
use elliptic_curve::hazmat::FieldArithmetic;
use elliptic_curve::point::AffineCoordinates;
use elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytes, Generate, NonZeroScalar, PrimeField, ProjectivePoint};
use govalue::{Env, FuncError};
use p224::NistP224;
use p256::NistP256;
use p384::NistP384;
use p521::NistP521;
use sec1::{EcParameters, EcPrivateKey};
use sha2::digest::Digest;
use sha2::digest::block_api::BlockSizeUser;
use sha2::{Sha256, Sha384, Sha512};

use crate::random::Source;

/// A curve: what its keys are asked for.
#[derive(Debug)]
pub(crate) struct Curve {
    /// Its object identifier.
    pub(crate) oid: ObjectIdentifier,
    /// The bits of its numbers.
    bits: usize,
    /// The object identifier of the signature's algorithm.
    algorithm: ObjectIdentifier,
    /// The generator's multiple, as an uncompressed point.
    multiple: fn(&[u8]) -> Option<Vec<u8>>,
    check: fn(&[u8], &[u8]) -> Result<(), Off>,
    /// The two halves of a message's signature by a number.
    sign: Signer,
}

/// The halves of the signature that a secret number makes of a message.
type Signer = fn(&[u8], &[u8]) -> Option<[Vec<u8>; 2]>;

/// What is wrong with a point.
enum Off {
    Encoding,
    Curve,
}

/// Curves with the hash that goes with each.
macro_rules! curve {
    ($curve:ident, $hash:ident, $bits:literal, $oid:expr, $algorithm:expr) => {
        Curve {
            oid: $oid,
            bits: $bits,
            algorithm: $algorithm,
            multiple: multiple::<$curve>,
            check: check::<$curve>,
            sign: sign::<$curve, $hash>,
        }
    };
}

pub(crate) static P224: Curve = curve!(NistP224, Sha256, 224, rfc5912::SECP_224_R_1, rfc5912::ECDSA_WITH_SHA_256);
pub(crate) static P256: Curve = curve!(NistP256, Sha256, 256, rfc5912::SECP_256_R_1, rfc5912::ECDSA_WITH_SHA_256);
pub(crate) static P384: Curve = curve!(NistP384, Sha384, 384, rfc5912::SECP_384_R_1, rfc5912::ECDSA_WITH_SHA_384);
pub(crate) static P521: Curve = curve!(NistP521, Sha512, 521, rfc5912::SECP_521_R_1, rfc5912::ECDSA_WITH_SHA_512);

/// The number of a private key; `None` if it is zero or not below the order.
fn scalar<C: CurveArithmetic>(bytes: &[u8]) -> Option<NonZeroScalar<C>> {
    NonZeroScalar::from_repr(FieldBytes::<C>::try_from(bytes).ok()?).into_option()
}

fn multiple<C>(bytes: &[u8]) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    AffinePoint<C>: AffineCoordinates<FieldRepr = FieldBytes<C>>,
{
    let point = ProjectivePoint::<C>::mul_by_generator(&*scalar::<C>(bytes)?).to_affine();
    Some([&[4], point.x().as_slice(), point.y().as_slice()].concat())
}

fn check<C>(x: &[u8], y: &[u8]) -> Result<(), Off>
where
    C: FieldArithmetic,
    AffinePoint<C>: AffineCoordinates<FieldRepr = FieldBytes<C>>,
{
    let element = |bytes: &[u8]| {
        let bytes = FieldBytes::<C>::try_from(bytes).ok()?;
        C::FieldElement::from_repr(bytes).into_option().map(|_| bytes)
    };
    let (Some(x), Some(y)) = (element(x), element(y)) else { return Err(Off::Encoding) };
    match AffinePoint::<C>::from_coordinates(&x, &y).into_option() {
        Some(_) => Ok(()),
        None => Err(Off::Curve),
    }
}

/// Signs in the way that needs no randomness (RFC 6979).
fn sign<C, D>(bytes: &[u8], message: &[u8]) -> Option<[Vec<u8>; 2]>
where
    C: CurveArithmetic + EcdsaCurve,
    D: Digest + BlockSizeUser,
{
    let (signature, _) = sign_prehashed_rfc6979::<C, D>(&scalar(bytes)?, &D::digest(message), &[]);
    let (r, s) = signature.split_bytes();
    Some([r.to_vec(), s.to_vec()])
}

impl Curve {
    /// The curve of that object identifier.
    pub(crate) fn by_oid(oid: &[u8]) -> Option<&'static Curve> {
        [&P224, &P256, &P384, &P521].into_iter().find(|c| c.oid.as_bytes() == oid)
    }

    /// How many bytes its numbers take.
    pub(crate) fn len(&self) -> usize {
        self.bits.div_ceil(8)
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
        match coordinates.split_at_checked(self.len()) {
            Some((x, y)) if y.len() == self.len() => (self.check)(x, y).map_err(|off| match off {
                Off::Encoding => format!("invalid P{name} element encoding"),
                Off::Curve => format!("P{name} point not on curve"),
            }),
            _ => Err(format!("invalid P{name} point encoding")),
        }
    }
}

/// A private key on a curve.
#[derive(Clone, Debug)]
pub(crate) struct EcKey {
    pub(crate) curve: &'static Curve,
    /// The number, as long as the curve's are.
    scalar: Vec<u8>,
    /// The uncompressed point.
    pub(crate) public: Vec<u8>,
}

impl EcKey {
    /// Makes a key on the curve P-256.
    pub(crate) fn generate_p256(env: &mut dyn Env) -> Result<EcKey, FuncError> {
        env.charge(MULTIPLE_UNITS)?;
        let scalar = NonZeroScalar::<NistP256>::try_generate_from_rng(&mut Source(env))?;
        EcKey::new(&P256, &scalar.to_repr()).map_err(FuncError::new)
    }

    /// The key of a number, which must be from 1 to below the curve's order.
    pub(crate) fn new(curve: &'static Curve, number: &[u8]) -> Result<EcKey, &'static str> {
        let digits = trim_zeros(number);
        if digits.is_empty() {
            return Err("ecdsa: invalid public key encoding");
        }
        let padding = curve.len().checked_sub(digits.len()).ok_or(TOO_LARGE)?;
        let scalar = [vec![0; padding].as_slice(), digits].concat();
        let public = (curve.multiple)(&scalar).ok_or(TOO_LARGE)?;
        Ok(EcKey { curve, scalar, public })
    }

    /// The key in SEC 1.
    pub(crate) fn to_sec1(&self) -> der::Result<Vec<u8>> {
        let key = EcPrivateKey {
            private_key: &self.scalar,
            parameters: Some(EcParameters::NamedCurve(self.curve.oid)),
            public_key: Some(&self.public),
        };
        key.to_der()
    }

    /// The object identifier of the signature's algorithm.
    pub(crate) fn algorithm(&self) -> ObjectIdentifier {
        self.curve.algorithm
    }

    /// Signs a message.
    pub(crate) fn sign(&self, env: &mut dyn Env, message: &[u8]) -> Result<Vec<u8>, FuncError> {
        env.charge(MULTIPLE_UNITS)?;
        let [r, s] = (self.curve.sign)(&self.scalar, message).ok_or(TOO_LARGE)?;
        let signature = UintRef::new(&r).and_then(|r| Signature { r, s: UintRef::new(&s)? }.to_der());
        signature.map_err(|e| FuncError::new(e.to_string()))
    }
}

/// `ECDSA-Sig-Value` (RFC 5912).
#[derive(Sequence)]
struct Signature<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// A number's bytes without the zeros before it.
pub(crate) fn trim_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|b| **b == 0).count();
    &number[zeros..]
}

/// Go's words for a number that is not below the order.
const TOO_LARGE: &str = "input overflows the modulus";

/// What charging for a multiple of a point, about a millisecond, comes to.
pub(crate) const MULTIPLE_UNITS: u64 = 100_000;
