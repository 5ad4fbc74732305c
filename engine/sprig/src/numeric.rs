//! Integers, floats and ranges (sprig: numeric.go). Integers wrap around as in
//! Go; what is no number counts as zero.

use govalue::{Args, Env, Func, FuncError, List, Type, Value, strconv};

use crate::cast::{to_f64, to_i64};
use crate::sig::{ANY, FLOAT, INT, INT64, STRING};
use crate::support::charged;

pub(crate) const FUNCTIONS: &[Func] = &[
    Func::new("add", &[ANY], &[INT64], add).variadic(),
    Func::new("add1", &[ANY], &[INT64], add1),
    Func::new("atoi", &[STRING], &[INT], atoi),
    Func::new("biggest", &[ANY, ANY], &[INT64], max).variadic(),
    Func::new("ceil", &[ANY], &[FLOAT], ceil),
    Func::new("div", &[ANY, ANY], &[INT64], div),
    Func::new("float64", &[ANY], &[FLOAT], float64),
    Func::new("floor", &[ANY], &[FLOAT], floor),
    Func::new("int", &[ANY], &[INT], int),
    Func::new("int64", &[ANY], &[INT64], int64),
    Func::new("max", &[ANY, ANY], &[INT64], max).variadic(),
    Func::new("maxf", &[ANY, ANY], &[FLOAT], maxf).variadic(),
    Func::new("min", &[ANY, ANY], &[INT64], min).variadic(),
    Func::new("minf", &[ANY, ANY], &[FLOAT], minf).variadic(),
    Func::new("mod", &[ANY, ANY], &[INT64], modulo),
    Func::new("mul", &[ANY, ANY], &[INT64], mul).variadic(),
    Func::new("round", &[ANY, INT, FLOAT], &[FLOAT], round).variadic(),
    Func::new("seq", &[INT], &[STRING], seq).variadic(),
    Func::new("sub", &[ANY, ANY], &[INT64], sub),
    Func::new("toDecimal", &[ANY], &[INT64], to_decimal),
    Func::new("until", &[INT], &[Type::INT_SLICE], until),
    Func::new("untilStep", &[INT, INT, INT], &[Type::INT_SLICE], until_step),
];

fn add(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::int64(args.rest(0).iter().fold(0, |sum, v| sum.wrapping_add(to_i64(v)))))
}

fn add1(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::int64(to_i64(args.value(0)).wrapping_add(1)))
}

fn sub(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::int64(to_i64(args.value(0)).wrapping_sub(to_i64(args.value(1)))))
}

fn mul(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::int64(args.rest(0).iter().fold(1, |product, v| product.wrapping_mul(to_i64(v)))))
}

fn div(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let by = divisor(args)?;
    Ok(Value::int64(to_i64(args.value(0)).wrapping_div(by)))
}

fn modulo(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let by = divisor(args)?;
    Ok(Value::int64(to_i64(args.value(0)).wrapping_rem(by)))
}

fn divisor(args: &Args<'_>) -> Result<i64, FuncError> {
    match to_i64(args.value(1)) {
        0 => Err(FuncError::new("runtime error: integer divide by zero")),
        by => Ok(by),
    }
}

fn max(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::int64(args.rest(0).iter().map(to_i64).max().unwrap_or(0)))
}

fn min(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::int64(args.rest(0).iter().map(to_i64).min().unwrap_or(0)))
}

fn maxf(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Float(fold_floats(args, |a, b| {
        if a == f64::INFINITY || b == f64::INFINITY {
            f64::INFINITY
        } else if a.is_nan() || b.is_nan() {
            f64::NAN
        } else if a == b {
            if a.is_sign_negative() { b } else { a }
        } else {
            a.max(b)
        }
    })))
}

fn minf(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Float(fold_floats(args, |a, b| {
        if a == f64::NEG_INFINITY || b == f64::NEG_INFINITY {
            f64::NEG_INFINITY
        } else if a.is_nan() || b.is_nan() {
            f64::NAN
        } else if a == b {
            if a.is_sign_negative() { a } else { b }
        } else {
            a.min(b)
        }
    })))
}

/// Go's `math.Max` and `math.Min` care for infinities, NaN and the sign of zero.
fn fold_floats(args: &Args<'_>, f: impl Fn(f64, f64) -> f64) -> f64 {
    args.rest(0).iter().map(to_f64).reduce(f).unwrap_or(0.0)
}

fn int(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Int(to_i64(args.value(0))))
}

fn int64(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::int64(to_i64(args.value(0))))
}

fn float64(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Float(to_f64(args.value(0))))
}

/// `strconv.Atoi` without its error: a number out of range is the nearest in range.
fn atoi(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Int(strconv::atoi(args.bytes(0)).unwrap_or_else(|e| e.nearest_int())))
}

/// Octal digits to a number, such as a file mode.
fn to_decimal(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let text = govalue::fmt::sprint(args.rest(0))?;
    Ok(Value::int64(strconv::parse_int(&text, 8, 64).unwrap_or(0)))
}

fn floor(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Float(to_f64(args.value(0)).floor()))
}

fn ceil(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Float(to_f64(args.value(0)).ceil()))
}

fn round(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let round_on = if args.len() > 2 { args.float(2) } else { 0.5 };
    let pow = pow10(args.int(1));
    let digit = pow * to_f64(args.value(0));
    let rounded = if digit.fract() >= round_on { digit.ceil() } else { digit.floor() };
    Ok(Value::Float(rounded / pow))
}

/// `math.Pow(10, n)` as Go computes it: by squaring the fraction and adding up
/// the exponents, which is not always the nearest float.
fn pow10(n: i64) -> f64 {
    let (mut fraction, mut exponent) = (1.0_f64, 0_i64);
    // 10 = 0.625 · 2⁴
    let (mut square, mut doublings) = (0.625_f64, 4_i64);
    let mut bits = n.unsigned_abs();
    while bits != 0 {
        if doublings.abs() > 1 << 12 {
            exponent += doublings;
            break;
        }
        if bits & 1 == 1 {
            fraction *= square;
            exponent += doublings;
        }
        square *= square;
        doublings <<= 1;
        if square < 0.5 {
            square += square;
            doublings -= 1;
        }
        bits >>= 1;
    }
    if n < 0 {
        fraction = 1.0 / fraction;
        exponent = -exponent;
    }
    scale(fraction, exponent)
}

/// `math.Ldexp` for fractions near 1: times a power of two, rounded once.
fn scale(mut f: f64, exponent: i64) -> f64 {
    let mut left = exponent.clamp(-2200, 2200);
    while left > 1000 {
        f *= 2_f64.powi(1000);
        left -= 1000;
    }
    // Only the last step may leave the normal numbers, where rounding starts.
    while left < -1000 && f.abs() > 2_f64.powi(-20) {
        f *= 2_f64.powi(-900);
        left += 900;
    }
    if left < -1000 {
        return f * 2_f64.powi(-1000) * 2_f64.powi((left + 1000) as i32);
    }
    f * 2_f64.powi(left as i32)
}

fn until(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let stop = args.int(0);
    int_slice(env, 0, stop, if stop < 0 { -1 } else { 1 })
}

fn until_step(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    int_slice(env, args.int(0), args.int(1), args.int(2))
}

fn int_slice(env: &mut dyn Env, start: i64, stop: i64, step: i64) -> Result<Value, FuncError> {
    let mut items = Vec::new();
    each_step(env, start, stop, step, |n| items.push(Value::Int(n)))?;
    Ok(Value::List(List::grown(Type::INT_SLICE, items)))
}

/// Counts from `start` up or down to before `stop`; not at all, if the step
/// leads away from it.
fn each_step(env: &mut dyn Env, start: i64, stop: i64, step: i64, mut f: impl FnMut(i64)) -> Result<(), FuncError> {
    let distance = stop.abs_diff(start);
    if distance == 0 || step == 0 || (step < 0) != (stop < start) {
        return Ok(());
    }
    let count = distance.div_ceil(step.unsigned_abs());
    env.charge(count)?;
    let mut n = start;
    for left in (0..count).rev() {
        f(n);
        if left > 0 {
            n = n.wrapping_add(step);
        }
    }
    Ok(())
}

/// Numbers with spaces between them, like the shell command.
fn seq(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let (start, step, end) = match args.len() {
        1 => (1, None, args.int(0)),
        2 => (args.int(0), None, args.int(1)),
        3 => (args.int(0), Some(args.int(1)), args.int(2)),
        _ => return Ok(Value::from("")),
    };
    let direction = if end < start { -1 } else { 1 };
    if direction < 0 && step.is_some_and(|step| step > 0) {
        return Ok(Value::from(""));
    }
    let mut out = String::new();
    each_step(env, start, end.wrapping_add(direction), step.unwrap_or(direction), |n| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&n.to_string());
    })?;
    charged(env, out.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten_are_go_s() {
        assert_eq!(pow10(0), 1.0);
        assert_eq!(pow10(2), 100.0);
        assert_eq!(pow10(-2), 0.01);
        assert_eq!(pow10(308), 1.0000000000000006e308);
        assert_eq!(pow10(309), f64::INFINITY);
        assert_eq!(pow10(-400), 0.0);
    }
}
