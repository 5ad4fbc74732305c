//! Float arithmetic without binary rounding between the steps
//! (shopspring/decimal 1.4, by sprig's execDecimalOp).

use govalue::{Args, Env, Func, FuncError, Value, strconv};
use num_bigint::BigUint;

use crate::cast::to_f64;
use crate::sig::{ANY, FLOAT};

pub(crate) const FUNCTIONS: &[Func] = &[
    Func::new("add1f", &[ANY], &[FLOAT], add1f),
    Func::new("addf", &[ANY], &[FLOAT], addf).variadic(),
    Func::new("divf", &[ANY, ANY], &[FLOAT], divf).variadic(),
    Func::new("mulf", &[ANY, ANY], &[FLOAT], mulf).variadic(),
    Func::new("subf", &[ANY, ANY], &[FLOAT], subf).variadic(),
];

/// How many decimal places a quotient keeps.
const DIVISION_PRECISION: i64 = 16;

/// A decimal number: ± `digits` · 10^`exponent`.
struct Decimal {
    negative: bool,
    digits: BigUint,
    exponent: i64,
}

impl Decimal {
    /// The shortest decimal that reads back as this float.
    fn new(f: f64) -> Result<Decimal, FuncError> {
        if !f.is_finite() {
            let name = strconv::format_float(f, b'g', -1, 64);
            return Err(FuncError::new(format!("Cannot create a Decimal from {name}")));
        }
        let text = format!("{:e}", f.abs());
        let (digits, exponent) = text.split_once('e').expect("a float in this form has an exponent");
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let exponent: i64 = exponent.parse().expect("a float's exponent is a small number");
        Ok(Decimal {
            negative: f < 0.0,
            digits: [whole, fraction].concat().parse().expect("a float in this form has decimal digits"),
            exponent: exponent - fraction.len() as i64,
        })
    }

    /// The nearest float.
    fn to_f64(&self) -> f64 {
        if self.is_zero() {
            return 0.0;
        }
        let sign = if self.negative { "-" } else { "" };
        let text = format!("{sign}{}e{}", self.digits, self.exponent);
        text.parse().expect("digits and an exponent are a float")
    }

    fn is_zero(&self) -> bool {
        self.digits == BigUint::ZERO
    }

    /// A measure of the work that its digits make.
    fn size(&self) -> u64 {
        size(&self.digits)
    }

    fn negated(mut self) -> Decimal {
        self.negative = !self.negative;
        self
    }

    fn add(&self, other: &Decimal) -> Decimal {
        let exponent = self.exponent.min(other.exponent);
        let at_scale = |d: &Decimal| shifted(&d.digits, d.exponent - exponent);
        let (a, b) = (at_scale(self), at_scale(other));
        if self.negative == other.negative {
            Decimal { negative: self.negative, digits: a + b, exponent }
        } else if a >= b {
            Decimal { negative: self.negative, digits: a - b, exponent }
        } else {
            Decimal { negative: other.negative, digits: b - a, exponent }
        }
    }

    fn mul(&self, other: &Decimal) -> Decimal {
        Decimal {
            negative: self.negative != other.negative,
            digits: &self.digits * &other.digits,
            exponent: self.exponent + other.exponent,
        }
    }

    /// The quotient to sixteen places, half of the last rounded away from zero.
    fn div(&self, env: &mut dyn Env, other: &Decimal) -> Result<Decimal, FuncError> {
        if other.is_zero() {
            return Err(FuncError::new("decimal division by 0"));
        }
        let shift = self.exponent - other.exponent + DIVISION_PRECISION;
        let a = shifted(&self.digits, shift.max(0));
        let b = shifted(&other.digits, (-shift).max(0));
        env.charge(size(&a).saturating_mul(size(&b) + size(&a) / 16))?;
        let mut digits = &a / &b;
        if (&a - &digits * &b) * 2_u8 >= b {
            digits += 1_u8;
        }
        Ok(Decimal { negative: self.negative != other.negative, digits, exponent: -DIVISION_PRECISION })
    }
}

/// A number times 10ⁿ, where n is not negative.
fn shifted(digits: &BigUint, n: i64) -> BigUint {
    let n = u32::try_from(n).expect("it is from 0 to what lies between the exponents of two floats");
    digits * BigUint::from(10_u8).pow(n)
}

/// A measure of the work that a number makes: nine digits are one.
fn size(n: &BigUint) -> u64 {
    n.bits().div_ceil(30)
}

/// Computes from the first number on through all others.
fn fold(
    env: &mut dyn Env,
    first: f64,
    others: &[Value],
    op: fn(&mut dyn Env, Decimal, Decimal) -> Result<Decimal, FuncError>,
) -> Result<Value, FuncError> {
    let mut result = Decimal::new(first)?;
    for v in others {
        env.charge(result.size())?;
        result = op(env, result, Decimal::new(to_f64(v))?)?;
    }
    Ok(Value::Float(result.to_f64()))
}

fn add1f(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    fold(env, to_f64(args.value(0)), &[Value::Int(1)], |_, a, b| Ok(a.add(&b)))
}

fn addf(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    fold(env, 0.0, args.rest(0), |_, a, b| Ok(a.add(&b)))
}

fn subf(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    fold(env, to_f64(args.value(0)), args.rest(1), |_, a, b| Ok(a.add(&b.negated())))
}

fn mulf(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    fold(env, to_f64(args.value(0)), args.rest(1), |_, a, b| Ok(a.mul(&b)))
}

fn divf(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    fold(env, to_f64(args.value(0)), args.rest(1), |env, a, b| a.div(env, &b))
}
