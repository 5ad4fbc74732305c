//! Go's `fmt`: `Sprintf`, `Sprint` and `Sprintln` over values.

mod directive;
mod field;
mod printer;

use crate::func::{FuncError, Limit};
use crate::limits::MAX_TEXT;
use crate::strconv::{append_float, append_int};
use crate::types::Kind;
use crate::value::Value;

use printer::Printer;

pub use directive::sprintf;

/// `fmt.Sprint`: puts spaces between operands when neither is a string.
///
/// ```
/// use govalue::{Value, fmt::sprint};
/// let args = [Value::Int(1), Value::Int(2), Value::from("a"), Value::Bool(true)];
/// assert_eq!(sprint(&args)?, b"1 2atrue");
/// # Ok::<(), govalue::FuncError>(())
/// ```
///
/// # Errors
/// Only where values nest too deep or the text gets too large.
pub fn sprint(args: &[Value]) -> Result<Vec<u8>, FuncError> {
    let mut out = Vec::new();
    let mut after_string = true;
    for arg in args {
        let string = arg.kind() == Kind::String;
        if !string && !after_string {
            out.push(b' ');
        }
        append_value(&mut out, arg)?;
        check_size(&out)?;
        after_string = string;
    }
    Ok(out)
}

/// `fmt.Sprintln`: puts spaces between all operands, and a line end after the last.
///
/// # Errors
/// Only where values nest too deep or the text gets too large.
pub fn sprintln(args: &[Value]) -> Result<Vec<u8>, FuncError> {
    let mut out = Vec::new();
    for (i, arg) in args.iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        append_value(&mut out, arg)?;
        check_size(&out)?;
    }
    out.push(b'\n');
    Ok(out)
}

fn check_size(out: &[u8]) -> Result<(), FuncError> {
    if out.len() > MAX_TEXT { Err(FuncError::limit(Limit::Output, "fmt: text too large")) } else { Ok(()) }
}

/// Appends a value as `%v` shows it: what a template prints.
///
/// # Errors
/// Only where values nest too deep or the text gets too large.
#[inline]
pub fn append_value(out: &mut Vec<u8>, v: &Value) -> Result<(), FuncError> {
    match v {
        Value::Str(s) => out.extend_from_slice(s),
        Value::Int(n) => append_int(out, *n),
        Value::Float(f) => append_float(out, *f, b'g', -1, 64),
        Value::Bool(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
        v => return Printer::new(out).print_arg(v, 'v'),
    }
    Ok(())
}

#[cfg(test)]
mod tests;
