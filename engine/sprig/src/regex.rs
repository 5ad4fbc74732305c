//! Regular expressions (sprig: regex.go).

use govalue::{Args, Env, Func, FuncError, List, Str, Value};

use crate::sig::{BOOL, ERROR, INT, STRING, STRINGS};
use goregex::Regex;

pub(crate) const FUNCTIONS: &[Func] = &[
    Func::new("mustRegexFind", &[STRING, STRING], &[STRING, ERROR], must_find),
    Func::new("mustRegexFindAll", &[STRING, STRING, INT], &[STRINGS, ERROR], must_find_all),
    Func::new("mustRegexMatch", &[STRING, STRING], &[BOOL, ERROR], must_match),
    Func::new("mustRegexReplaceAll", &[STRING, STRING, STRING], &[STRING, ERROR], must_replace_all),
    Func::new("mustRegexReplaceAllLiteral", &[STRING, STRING, STRING], &[STRING, ERROR], must_replace_all_literal),
    Func::new("mustRegexSplit", &[STRING, STRING, INT], &[STRINGS, ERROR], must_split),
    Func::new("regexFind", &[STRING, STRING], &[STRING], find),
    Func::new("regexFindAll", &[STRING, STRING, INT], &[STRINGS], find_all),
    Func::new("regexMatch", &[STRING, STRING], &[BOOL], matches),
    Func::new("regexQuoteMeta", &[STRING], &[STRING], quote_meta),
    Func::new("regexReplaceAll", &[STRING, STRING, STRING], &[STRING], replace_all),
    Func::new("regexReplaceAllLiteral", &[STRING, STRING, STRING], &[STRING], replace_all_literal),
    Func::new("regexSplit", &[STRING, STRING, INT], &[STRINGS], split),
];

/// `regexp.Compile`.
fn compile(env: &mut dyn Env, pattern: &[u8]) -> Result<Regex, FuncError> {
    env.charge(pattern.len() as u64)?;
    Regex::cached(pattern).map_err(|e| FuncError::new(e.to_string()))
}

/// `regexp.MustCompile`, which quotes the pattern in its panic.
fn must_compile(env: &mut dyn Env, pattern: &[u8]) -> Result<Regex, FuncError> {
    compile(env, pattern).map_err(|e| {
        let quoted = if govalue::strconv::can_backquote(pattern) {
            format!("`{}`", govalue::utf8::lossy(pattern))
        } else {
            govalue::strconv::quote(pattern)
        };
        FuncError::new(format!("regexp: Compile({quoted}): {}", e.message()))
    })
}

fn is_match(env: &mut dyn Env, re: &Regex, args: &Args<'_>) -> Result<Value, FuncError> {
    re.metered(&mut |n| env.charge(n)).is_match(args.bytes(1)).map(Value::Bool)
}

fn matches(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    env.charge(args.bytes(0).len() as u64)?;
    match Regex::cached(args.bytes(0)) {
        Ok(re) => is_match(env, &re, args),
        Err(_) => Ok(Value::Bool(false)),
    }
}

fn must_match(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let re = compile(env, args.bytes(0))?;
    is_match(env, &re, args)
}

fn find_with(env: &mut dyn Env, re: &Regex, args: &Args<'_>) -> Result<Value, FuncError> {
    let s = args.bytes(1);
    let found = re.metered(&mut |n| env.charge(n)).find(s)?;
    Ok(Value::Str(found.map(|range| Str::from(&s[range])).unwrap_or_default()))
}

fn find(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let re = must_compile(env, args.bytes(0))?;
    find_with(env, &re, args)
}

fn must_find(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let re = compile(env, args.bytes(0))?;
    find_with(env, &re, args)
}

fn find_all_with(env: &mut dyn Env, re: &Regex, args: &Args<'_>) -> Result<Value, FuncError> {
    let s = args.bytes(1);
    let found = re.metered(&mut |n| env.charge(n)).find_all(s, args.int(2))?;
    if found.is_empty() {
        return Ok(Value::List(List::nil(STRINGS)));
    }
    let texts = found.into_iter().map(|range| Value::Str(Str::from(&s[range]))).collect();
    // Go makes room for ten before it looks.
    Ok(Value::List(List::extended(STRINGS, 10, 1, texts)))
}

fn find_all(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let re = must_compile(env, args.bytes(0))?;
    find_all_with(env, &re, args)
}

fn must_find_all(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let re = compile(env, args.bytes(0))?;
    find_all_with(env, &re, args)
}

fn replace_with(env: &mut dyn Env, re: &Regex, args: &Args<'_>) -> Result<Value, FuncError> {
    re.metered(&mut |n| env.charge(n)).replace_all(args.bytes(1), args.bytes(2)).map(Value::from)
}

fn replace_all(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let re = must_compile(env, args.bytes(0))?;
    replace_with(env, &re, args)
}

fn must_replace_all(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let re = compile(env, args.bytes(0))?;
    replace_with(env, &re, args)
}

fn replace_literally(env: &mut dyn Env, re: &Regex, args: &Args<'_>) -> Result<Value, FuncError> {
    re.metered(&mut |n| env.charge(n)).replace_all_literal(args.bytes(1), args.bytes(2)).map(Value::from)
}

fn replace_all_literal(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let re = must_compile(env, args.bytes(0))?;
    replace_literally(env, &re, args)
}

fn must_replace_all_literal(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let re = compile(env, args.bytes(0))?;
    replace_literally(env, &re, args)
}

fn split_with(env: &mut dyn Env, re: &Regex, args: &Args<'_>) -> Result<Value, FuncError> {
    let n = args.int(2);
    if n == 0 {
        return Ok(Value::List(List::nil(STRINGS)));
    }
    let parts = re.metered(&mut |n| env.charge(n)).split(args.bytes(1), n)?;
    // Go makes room for as many pieces as there are matches.
    let room = if parts.len() as i64 == n { parts.len() } else { 0 };
    let texts = parts.into_iter().map(|part| Value::Str(Str::from(part))).collect();
    Ok(Value::List(List::extended(STRINGS, room, 1, texts)))
}

fn split(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let re = must_compile(env, args.bytes(0))?;
    split_with(env, &re, args)
}

fn must_split(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let re = compile(env, args.bytes(0))?;
    split_with(env, &re, args)
}

fn quote_meta(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::from(goregex::quote_meta(args.bytes(0))))
}
