//! `.Files`: the files of a chart that are neither templates nor metadata.

use goglob::Glob;
use govalue::{Args, FuncError, List, Map, Method, Named, Shape, Signature, Str, Type, Value};
use goyaml::yaml::to_yaml;

use super::paths;
use crate::chart::Chart;

/// `engine.files`: contents by path.
static FILES: Named = Named {
    name: "engine.files",
    shape: Shape::Of(CONTENTS),
    methods: &[
        Method { name: "AsConfig", sig: Signature::new(&[], &[Type::String]), pointer: false, call: as_config },
        Method { name: "AsSecrets", sig: Signature::new(&[], &[Type::String]), pointer: false, call: as_secrets },
        Method { name: "Get", sig: Signature::new(&[Type::String], &[Type::String]), pointer: false, call: get },
        Method {
            name: "GetBytes",
            sig: Signature::new(&[Type::String], &[Type::BYTES]),
            pointer: false,
            call: get_bytes,
        },
        Method {
            name: "Glob",
            sig: Signature::new(&[Type::String], &[Type::Named(&FILES)]),
            pointer: false,
            call: glob,
        },
        Method {
            name: "Lines",
            sig: Signature::new(&[Type::String], &[Type::STRING_SLICE]),
            pointer: false,
            call: lines,
        },
    ],
    json: None,
};

const CONTENTS: Type = Type::Map(&Type::BYTES);

/// The `.Files` of a chart. Contents are brought here when a template looks at them.
pub(super) fn files(chart: &Chart) -> Map {
    Map::from_frozen(CONTENTS, chart.contents()).as_named(&FILES)
}

fn contents(receiver: &Value, name: &[u8]) -> Option<Str> {
    match receiver {
        Value::Map(m) => match m.get(name) {
            Some(Value::Bytes(b)) => Some(b),
            _ => None,
        },
        _ => None,
    }
}

fn get(receiver: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Str(contents(receiver, args.bytes(0)).unwrap_or_default()))
}

fn get_bytes(receiver: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bytes(contents(receiver, args.bytes(0)).unwrap_or_default()))
}

fn lines(receiver: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let Some(text) = contents(receiver, args.bytes(0)) else {
        return Ok(Value::List(List::strings(Vec::<Str>::new())));
    };
    match text.split_last() {
        None => Err(FuncError::new("runtime error: index out of range [-1]")),
        Some((last, rest)) => {
            let text = if *last == b'\n' { rest } else { text.as_bytes() };
            Ok(Value::List(List::strings(text.split(|&b| b == b'\n'))))
        }
    }
}

fn glob(receiver: &Value, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let pattern = Glob::new(args.bytes(0)).ok();
    let matches = |name: &Str| match &pattern {
        Some(pattern) => pattern.matches(name).map_err(|e| FuncError::new(e.to_string())),
        None => Ok(true),
    };
    let found = match receiver {
        Value::Map(files) => files.with_keys(matches)?,
        _ => Map::with_type(CONTENTS),
    };
    Ok(Value::Map(found.as_named(&FILES)))
}

fn as_config(receiver: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    by_base_name(receiver, |content| Value::Str(content.clone()))
}

fn as_secrets(receiver: &Value, _: &mut Args<'_>) -> Result<Value, FuncError> {
    by_base_name(receiver, |content| Value::from(base64(content)))
}

/// The files as YAML, without their folders. Of files of the same name Go keeps
/// any; here it is the last one.
fn by_base_name(receiver: &Value, encode: impl Fn(&Str) -> Value) -> Result<Value, FuncError> {
    let Value::Map(files) = receiver else { return Ok(Value::Str(Str::EMPTY)) };
    let entries = files
        .borrow()
        .iter()
        .filter_map(|(name, content)| match content {
            Value::Bytes(b) => Some((Str::from(paths::base(name)), encode(b))),
            _ => None,
        })
        .collect();
    let texts = Value::Map(Map::from_unsorted(Type::STRING_MAP, entries));
    let mut yaml = to_yaml(&texts).expect("texts by name can be written, however long they are");
    if yaml.last() == Some(&b'\n') {
        yaml.pop();
    }
    Ok(Value::from(yaml))
}

/// Base64 with padding (`base64.StdEncoding`).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            let sextet = (group >> (18 - 6 * i)) & 63;
            out.push(if i <= chunk.len() { char::from(ALPHABET[sextet as usize]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_padded() {
        for (text, want) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("\u{ff}?~", "w78/fg==")] {
            assert_eq!(base64(text.as_bytes()), want);
        }
    }
}
