//! Cutting, joining, quoting and indenting strings (sprig: strings.go, and the
//! functions of Go's `strings` that it lends).

use govalue::strconv;
use govalue::{Args, Env, Func, FuncError, List, Map, Str, Type, Value};

use crate::runes;
use crate::search::{each_match, find, find_byte};
use crate::sig::{ANY, BOOL, INT, STRING, STRINGS};
use crate::support::{append_strval, charged, is_slice, strval};

pub(crate) const FUNCTIONS: &[Func] = &[
    Func::new("cat", &[ANY], &[STRING], cat).variadic(),
    Func::new("contains", &[STRING, STRING], &[BOOL], contains),
    Func::new("hasPrefix", &[STRING, STRING], &[BOOL], has_prefix),
    Func::new("hasSuffix", &[STRING, STRING], &[BOOL], has_suffix),
    Func::new("hello", &[], &[STRING], hello),
    Func::new("indent", &[INT, STRING], &[STRING], indent),
    Func::new("join", &[STRING, ANY], &[STRING], join),
    Func::new("nindent", &[INT, STRING], &[STRING], nindent),
    Func::new("plural", &[STRING, STRING, INT], &[STRING], plural),
    Func::new("quote", &[ANY], &[STRING], quote).variadic(),
    Func::new("repeat", &[INT, STRING], &[STRING], repeat),
    Func::new("replace", &[STRING, STRING, STRING], &[STRING], replace),
    Func::new("sortAlpha", &[ANY], &[STRINGS], sort_alpha),
    Func::new("split", &[STRING, STRING], &[Type::STRING_MAP], split),
    Func::new("splitList", &[STRING, STRING], &[STRINGS], split_list),
    Func::new("splitn", &[STRING, INT, STRING], &[Type::STRING_MAP], splitn),
    Func::new("squote", &[ANY], &[STRING], squote).variadic(),
    Func::new("substr", &[INT, INT, STRING], &[STRING], substr),
    Func::new("toString", &[ANY], &[STRING], to_string),
    Func::new("toStrings", &[ANY], &[STRINGS], to_strings),
    Func::new("trim", &[STRING], &[STRING], trim),
    Func::new("trimAll", &[STRING, STRING], &[STRING], trim_all),
    Func::new("trimPrefix", &[STRING, STRING], &[STRING], trim_prefix),
    Func::new("trimSuffix", &[STRING, STRING], &[STRING], trim_suffix),
    Func::new("trimall", &[STRING, STRING], &[STRING], trim_all),
    Func::new("trunc", &[INT, STRING], &[STRING], trunc),
];

fn hello(_: &mut dyn Env, _: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::from("Hello!"))
}

fn cat(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let mut out = Vec::new();
    for (i, v) in args.rest(0).iter().filter(|v| !matches!(v, Value::Nil)).enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        govalue::fmt::append_value(&mut out, v)?;
    }
    charged(env, out)
}

fn quote(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let mut out = Vec::new();
    for v in args.rest(0).iter().filter(|v| !matches!(v, Value::Nil)) {
        if !out.is_empty() {
            out.push(b' ');
        }
        match v {
            Value::Str(s) | Value::Bytes(s) => append_quoted(&mut out, s),
            Value::Int(_) | Value::Bool(_) => {
                out.push(b'"');
                govalue::fmt::append_value(&mut out, v)?;
                out.push(b'"');
            }
            v => append_quoted(&mut out, &strval(v)?),
        }
    }
    charged(env, out)
}

/// Quotes as `%q`, most strings without a look at each character.
fn append_quoted(out: &mut Vec<u8>, s: &[u8]) {
    if s.iter().all(|b| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\')) {
        out.reserve(s.len() + 2);
        out.push(b'"');
        out.extend_from_slice(s);
        out.push(b'"');
    } else {
        strconv::append_quote(out, s);
    }
}

fn squote(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let mut out = Vec::new();
    for v in args.rest(0).iter().filter(|v| !matches!(v, Value::Nil)) {
        if !out.is_empty() {
            out.push(b' ');
        }
        out.push(b'\'');
        govalue::fmt::append_value(&mut out, v)?;
        out.push(b'\'');
    }
    charged(env, out)
}

fn indent(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    indented(env, args.int(0), args.bytes(1), b"")
}

fn nindent(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    indented(env, args.int(0), args.bytes(1), b"\n")
}

/// Indents every line, empty ones too, in one pass.
fn indented(env: &mut dyn Env, spaces: i64, s: &[u8], before: &[u8]) -> Result<Value, FuncError> {
    const SPACES: [u8; 64] = [b' '; 64];
    let lines = s.iter().filter(|b| **b == b'\n').count() + 1;
    let padding = repetition(spaces, lines)?;
    env.charge(padding.saturating_add(s.len() as u64))?;
    let width = spaces as usize;
    let mut out = Vec::with_capacity(padding as usize + s.len() + before.len());
    out.extend_from_slice(before);
    let mut rest = s;
    loop {
        match SPACES.get(..width) {
            Some(pad) => out.extend_from_slice(pad),
            None => out.resize(out.len() + width, b' '),
        }
        let Some(end) = find_byte(rest, b'\n') else { break };
        let (line, next) = rest.split_at(end + 1);
        out.extend_from_slice(line);
        rest = next;
    }
    out.extend_from_slice(rest);
    Ok(Value::from(out))
}

fn repeat(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let s = args.bytes(1);
    let size = repetition(args.int(0), s.len())?;
    env.charge(size)?;
    Ok(Value::from(if s.is_empty() { Vec::new() } else { s.repeat(args.int(0) as usize) }))
}

/// The size of something repeated, unless `strings.Repeat` would panic.
fn repetition(count: i64, size: usize) -> Result<u64, FuncError> {
    let Ok(count) = u64::try_from(count) else { return Err(FuncError::new("strings: negative Repeat count")) };
    match count.checked_mul(size as u64) {
        Some(n) if n <= i64::MAX as u64 => Ok(n),
        _ => Err(FuncError::new("strings: Repeat output length overflow")),
    }
}

fn replace(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let (old, new, src) = (args.bytes(0), args.bytes(1), args.bytes(2));
    let mut out = Vec::new();
    if old.is_empty() {
        env.charge((src.len() as u64 + 1).saturating_mul(new.len() as u64 + 1))?;
        let mut rest = src;
        while !rest.is_empty() {
            let (_, n) = runes::decode(rest);
            let (head, tail) = rest.split_at(n);
            out.extend_from_slice(new);
            out.extend_from_slice(head);
            rest = tail;
        }
        out.extend_from_slice(new);
        return Ok(Value::from(out));
    }
    if new.len() > old.len() {
        let mut matches = 0_u64;
        each_match(src, old, |_| {
            matches += 1;
            true
        });
        env.charge(matches.saturating_mul((new.len() - old.len()) as u64).saturating_add(src.len() as u64))?;
    }
    let mut from = 0;
    each_match(src, old, |at| {
        out.extend_from_slice(&src[from..at]);
        out.extend_from_slice(new);
        from = at + old.len();
        true
    });
    if from == 0 {
        return Ok(Value::Str(args.str(2)));
    }
    out.extend_from_slice(&src[from..]);
    Ok(Value::from(out))
}

fn plural(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let which = if args.int(2) == 1 { 0 } else { 1 };
    Ok(args.take(which))
}

fn contains(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(find(args.bytes(1), args.bytes(0)).is_some()))
}

fn has_prefix(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(args.bytes(1).starts_with(args.bytes(0))))
}

fn has_suffix(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Bool(args.bytes(1).ends_with(args.bytes(0))))
}

fn trim_prefix(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let cut = args.bytes(1).strip_prefix(args.bytes(0)).map(Str::from);
    Ok(part(args, 1, cut))
}

fn trim_suffix(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let cut = args.bytes(1).strip_suffix(args.bytes(0)).map(Str::from);
    Ok(part(args, 1, cut))
}

/// The part that was cut out, or the argument as it was.
fn part(args: &mut Args<'_>, i: usize, cut: Option<Str>) -> Value {
    cut.map_or_else(|| args.take(i), Value::Str)
}

fn trim(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(trimmed(args, 0, char::is_whitespace))
}

fn trim_all(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let set = args.str(0);
    env.charge((set.len() as u64).saturating_mul(args.bytes(1).len() as u64) / 16)?;
    let set: Vec<char> = runes::runes(&set).collect();
    Ok(trimmed(args, 1, |c| set.contains(&c)))
}

/// Cuts characters off both ends.
fn trimmed(args: &mut Args<'_>, i: usize, cut: impl Fn(char) -> bool) -> Value {
    let all = args.bytes(i);
    let mut s = all;
    while let (c, n @ 1..) = runes::decode(s)
        && cut(c)
    {
        s = &s[n..];
    }
    while let (c, n @ 1..) = runes::decode_last(s)
        && cut(c)
    {
        s = &s[..s.len() - n];
    }
    let cut = (s.len() < all.len()).then(|| Str::from(s));
    part(args, i, cut)
}

fn trunc(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let (c, s) = (args.int(0), args.bytes(1));
    let cut = match usize::try_from(c) {
        Ok(c) => s.get(..c).filter(|cut| cut.len() < s.len()),
        Err(_) => {
            usize::try_from(c.unsigned_abs()).ok().and_then(|n| s.len().checked_sub(n)).and_then(|from| match from {
                0 => None,
                from => s.get(from..),
            })
        }
    };
    let cut = cut.map(Str::from);
    Ok(part(args, 1, cut))
}

fn substr(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let (start, end, s) = (args.int(0), args.int(1), args.bytes(2));
    let len = s.len() as i64;
    let out_of_range = |bounds: String| FuncError::new(format!("runtime error: slice bounds out of range {bounds}"));
    let (start, end) = if start < 0 {
        if end < 0 {
            return Err(out_of_range(format!("[:{end}]")));
        }
        if end > len {
            return Err(out_of_range(format!("[:{end}] with length {len}")));
        }
        (0, end)
    } else {
        (start, if end < 0 || end > len { len } else { end })
    };
    match s.get(start as usize..end as usize) {
        Some(cut) => Ok(Value::Str(Str::from(cut))),
        None => Err(out_of_range(format!("[{start}:{end}]"))),
    }
}

fn to_string(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    match args.take(0) {
        v @ Value::Str(_) => Ok(v),
        v => strval(&v).map(Value::Str),
    }
}

fn to_strings(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    strslice(args.value(0)).map(Value::List)
}

/// The texts of a slice's elements; of anything else, a slice of its text
/// (sprig: strings.go strslice).
fn strslice(v: &Value) -> Result<List, FuncError> {
    match v {
        Value::List(l) if l.ty() == STRINGS => Ok(l.clone()),
        Value::List(l) => {
            let texts = l.iter().filter(|v| !matches!(v, Value::Nil)).map(|v| strval(v).map(Value::Str));
            Ok(List::with_capacity(STRINGS, l.len(), texts.collect::<Result<_, _>>()?))
        }
        Value::Bytes(b) => Ok(List::strings(b.iter().map(u8::to_string))),
        Value::Nil => Ok(List::strings([] as [Str; 0])),
        v => Ok(List::strings([strval(v)?])),
    }
}

fn join(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let (sep, v) = (args.bytes(0), args.value(1));
    let mut out = Vec::new();
    match v {
        Value::List(l) => {
            env.charge((l.len() as u64).saturating_mul(sep.len() as u64))?;
            for (i, v) in l.iter().filter(|v| !matches!(v, Value::Nil)).enumerate() {
                if i > 0 {
                    out.extend_from_slice(sep);
                }
                append_strval(&mut out, v)?;
            }
        }
        v => {
            let texts = strslice(v)?;
            env.charge((texts.len() as u64).saturating_mul(sep.len() as u64))?;
            for (i, v) in texts.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(sep);
                }
                append_strval(&mut out, v)?;
            }
        }
    }
    charged(env, out)
}

/// Sorts. Go sorts a `[]string` in place, for all who hold it.
fn sort_alpha(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    fn text(v: &Value) -> &[u8] {
        match v {
            Value::Str(s) => s,
            _ => &[],
        }
    }
    let v = args.value(0);
    if !is_slice(v) {
        return Ok(Value::List(List::strings([strval(v)?])));
    }
    let list = strslice(v)?;
    env.charge(list.len() as u64)?;
    list.sort_in_place(|a, b| text(a).cmp(text(b)));
    Ok(Value::List(list))
}

/// The pieces between separators; at most `max`, if it is some
/// (`strings.SplitN`). An empty separator splits between characters.
fn pieces<'s>(s: &'s [u8], sep: &[u8], max: Option<usize>) -> Vec<&'s [u8]> {
    let max = max.unwrap_or(usize::MAX);
    let mut out = Vec::new();
    if max == 0 {
        return out;
    }
    if sep.is_empty() {
        let mut rest = s;
        while !rest.is_empty() {
            let n = if out.len() + 1 == max { rest.len() } else { runes::decode(rest).1 };
            let (head, tail) = rest.split_at(n);
            out.push(head);
            rest = tail;
        }
        return out;
    }
    let mut from = 0;
    if max > 1 {
        each_match(s, sep, |at| {
            out.push(&s[from..at]);
            from = at + sep.len();
            out.len() + 1 < max
        });
    }
    out.push(&s[from..]);
    out
}

fn split_list(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let parts = pieces(args.bytes(1), args.bytes(0), None);
    env.charge(parts.len() as u64)?;
    Ok(Value::List(List::strings(parts)))
}

fn split(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    numbered(env, pieces(args.bytes(1), args.bytes(0), None))
}

fn splitn(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let max = usize::try_from(args.int(1)).ok();
    numbered(env, pieces(args.bytes(2), args.bytes(0), max))
}

/// A map of the pieces by `_0`, `_1` …
fn numbered(env: &mut dyn Env, parts: Vec<&[u8]>) -> Result<Value, FuncError> {
    env.charge(parts.len() as u64)?;
    let entries = parts.into_iter().enumerate().map(|(i, s)| (Str::from(format!("_{i}")), Value::Str(Str::from(s))));
    Ok(Value::Map(Map::from_unsorted(Type::STRING_MAP, entries.collect())))
}
