//! Float arithmetic without binary rounding between the steps
//! (shopspring/decimal 1.4, by sprig's execDecimalOp).

use govalue::{Args, Env, Func, FuncError, Value, strconv};

use crate::cast::to_f64;
use crate::natural::Natural;
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
    digits: Natural,
    exponent: i64,
}

impl Decimal {
    /// The shortest decimal that reads back as this float.
    fn new(f: f64) -> Result<Decimal, FuncError> {
        if !f.is_finite() {
            let name = strconv::format_float(f, b'g', -1, 64);
            return Err(FuncError::new(format!("Cannot create a Decimal from {name}")));
        }
        let text = format!("{f:e}");
        let (digits, exponent) = text.trim_start_matches('-').split_once('e').unwrap_or((&text, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        Ok(Decimal {
            negative: f < 0.0,
            digits: Natural::from_digits([whole, fraction].concat().as_bytes()),
            exponent: exponent.parse::<i64>().unwrap_or(0) - fraction.len() as i64,
        })
    }

    /// The nearest float.
    fn to_f64(&self) -> f64 {
        if self.digits.is_zero() {
            return 0.0;
        }
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}e{}", self.digits.to_digits(), self.exponent).parse().unwrap_or(0.0)
    }

    fn negated(mut self) -> Decimal {
        self.negative = !self.negative;
        self
    }

    fn add(&self, other: &Decimal) -> Decimal {
        let exponent = self.exponent.min(other.exponent);
        let at_scale = |d: &Decimal| d.digits.shifted((d.exponent - exponent) as usize);
        let (a, b) = (at_scale(self), at_scale(other));
        if self.negative == other.negative {
            Decimal { negative: self.negative, digits: a.add(&b), exponent }
        } else if a >= b {
            Decimal { negative: self.negative, digits: a.sub(&b), exponent }
        } else {
            Decimal { negative: other.negative, digits: b.sub(&a), exponent }
        }
    }

    fn mul(&self, other: &Decimal) -> Decimal {
        Decimal {
            negative: self.negative != other.negative,
            digits: self.digits.mul(&other.digits),
            exponent: self.exponent + other.exponent,
        }
    }

    /// The quotient to sixteen places, half of the last rounded away from zero.
    fn div(&self, env: &mut dyn Env, other: &Decimal) -> Result<Decimal, FuncError> {
        if other.digits.is_zero() {
            return Err(FuncError::new("decimal division by 0"));
        }
        let shift = self.exponent - other.exponent + DIVISION_PRECISION;
        let (mut a, mut b) = (self.digits.clone(), other.digits.clone());
        if shift < 0 {
            b = b.shifted(shift.unsigned_abs() as usize);
        } else {
            a = a.shifted(shift as usize);
        }
        env.charge(a.size().saturating_mul(b.size() + a.size() / 16))?;
        let (mut digits, rest) = a.div_rem(&b);
        if rest.add(&rest) >= b {
            digits = digits.add(&Natural::from_digits(b"1"));
        }
        Ok(Decimal { negative: self.negative != other.negative, digits, exponent: -DIVISION_PRECISION })
    }
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
        env.charge(result.digits.size())?;
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
