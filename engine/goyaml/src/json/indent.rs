//! `json.MarshalIndent`.

use govalue::{FuncError, Limit, MAX_TEXT, Value};

use super::to_json;

/// `json.MarshalIndent`.
///
/// # Errors
/// As [`to_json`].
pub fn to_json_indent(v: &Value, prefix: &str, step: &str) -> Result<Vec<u8>, FuncError> {
    indent(&to_json(v, true)?, prefix, step)
}

/// Lays compact JSON out on lines (`json.Indent`).
///
/// # Errors
/// If the text gets too large.
pub fn indent(json: &[u8], prefix: &str, step: &str) -> Result<Vec<u8>, FuncError> {
    let mut out = Vec::with_capacity(json.len() * 2);
    let mut depth = 0usize;
    let mut rest = json;
    while let Some((&b, after)) = rest.split_first() {
        rest = after;
        let open = |b: &u8| matches!(b, b'{' | b'[');
        match b {
            b'"' => {
                let end = string_end(rest);
                out.push(b'"');
                out.extend_from_slice(&rest[..end]);
                rest = &rest[end..];
                continue;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if !out.last().is_some_and(open) {
                    new_line(&mut out, prefix, step, depth)?;
                }
                out.push(b);
                continue;
            }
            _ => out.push(b),
        }
        match b {
            b'{' | b'[' => {
                depth += 1;
                if !matches!(rest.first(), Some(b'}' | b']')) {
                    new_line(&mut out, prefix, step, depth)?;
                }
            }
            b',' => new_line(&mut out, prefix, step, depth)?,
            b':' => out.push(b' '),
            _ => {}
        }
    }
    Ok(out)
}

fn new_line(out: &mut Vec<u8>, prefix: &str, step: &str, depth: usize) -> Result<(), FuncError> {
    if out.len() > MAX_TEXT {
        return Err(FuncError::limit(Limit::Output, "json: text too large"));
    }
    out.push(b'\n');
    out.extend_from_slice(prefix.as_bytes());
    for _ in 0..depth {
        out.extend_from_slice(step.as_bytes());
    }
    Ok(())
}

/// Where a string ends, from after its opening quote to after its closing one.
fn string_end(s: &[u8]) -> usize {
    let mut i = 0;
    while let Some(b) = s.get(i) {
        match b {
            b'"' => return i + 1,
            b'\\' => i += 2,
            _ => i += 1,
        }
    }
    s.len()
}
