//! Slash-separated paths (Go's `path`, and `path/filepath` as it is on Linux,
//! where both agree).

use govalue::{Args, Env, Func, FuncError, Str, Value};

use crate::sig::{BOOL, STRING};

pub(crate) const FUNCTIONS: &[Func] = &[
    Func::new("base", &[STRING], &[STRING], base),
    Func::new("clean", &[STRING], &[STRING], clean),
    Func::new("dir", &[STRING], &[STRING], dir),
    Func::new("ext", &[STRING], &[STRING], ext),
    Func::new("isAbs", &[STRING], &[BOOL], is_abs),
    Func::new("osBase", &[STRING], &[STRING], base),
    Func::new("osClean", &[STRING], &[STRING], clean),
    Func::new("osDir", &[STRING], &[STRING], dir),
    Func::new("osExt", &[STRING], &[STRING], ext),
    Func::new("osIsAbs", &[STRING], &[BOOL], is_abs),
];

fn base(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let path = args.bytes(0);
    if path.is_empty() {
        return Ok(Value::from("."));
    }
    let end = path.iter().rposition(|b| *b != b'/').map_or(0, |i| i + 1);
    let name = path[..end].rsplit(|b| *b == b'/').next().unwrap_or_default();
    Ok(Value::Str(Str::from(if name.is_empty() { b"/" } else { name })))
}

fn clean(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::from(cleaned(args.bytes(0))))
}

fn dir(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let path = args.bytes(0);
    let end = path.iter().rposition(|b| *b == b'/').map_or(0, |i| i + 1);
    Ok(Value::from(cleaned(&path[..end])))
}

fn ext(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let path = args.bytes(0);
    let ext = path.iter().rposition(|b| matches!(b, b'.' | b'/')).filter(|i| path[*i] == b'.');
    Ok(Value::Str(ext.map(|i| Str::from(&path[i..])).unwrap_or_default()))
}

fn is_abs(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(args.bytes(0).starts_with(b"/")))
}

/// `path.Clean`: without `.`, doubled slashes, and `..` where it can be resolved.
fn cleaned(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|b| *b == b'/') {
        match part {
            b"" | b"." => {}
            b".." => match parts.last() {
                Some(last) if *last != b".." => {
                    parts.pop();
                }
                _ if rooted => {}
                _ => parts.push(part),
            },
            part => parts.push(part),
        }
    }
    let mut out = Vec::with_capacity(path.len().max(1));
    if rooted {
        out.push(b'/');
    }
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            out.push(b'/');
        }
        out.extend_from_slice(part);
    }
    if out.is_empty() {
        out.push(b'.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned() {
        for (path, clean) in [
            ("", "."),
            ("/", "/"),
            ("a//b/./c/..", "a/b"),
            ("../../x", "../../x"),
            ("/../x/", "/x"),
            ("a/../..", ".."),
            ("./", "."),
        ] {
            assert_eq!(cleaned(path.as_bytes()), clean.as_bytes(), "{path}");
        }
    }
}
