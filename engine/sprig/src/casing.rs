//! Upper and lower case, word styles, abbreviations and wrapping (Go's
//! `strings`, Masterminds/goutils and huandu/xstrings).

use govalue::{Args, Env, Func, FuncError, Str, Value};

use crate::runes::{self, push, runes};
use crate::sig::{INT, STRING};
use crate::support::charged;
use crate::words;

pub(crate) const FUNCTIONS: &[Func] = &[
    Func::new("abbrev", &[INT, STRING], &[STRING], abbrev),
    Func::new("abbrevboth", &[INT, INT, STRING], &[STRING], abbrevboth),
    Func::new("camelcase", &[STRING], &[STRING], camelcase),
    Func::new("initials", &[STRING], &[STRING], initials),
    Func::new("kebabcase", &[STRING], &[STRING], kebabcase),
    Func::new("lower", &[STRING], &[STRING], lower),
    Func::new("nospace", &[STRING], &[STRING], nospace),
    Func::new("shuffle", &[STRING], &[STRING], shuffle),
    Func::new("snakecase", &[STRING], &[STRING], snakecase),
    Func::new("swapcase", &[STRING], &[STRING], swapcase),
    Func::new("title", &[STRING], &[STRING], title),
    Func::new("untitle", &[STRING], &[STRING], untitle),
    Func::new("upper", &[STRING], &[STRING], upper),
    Func::new("wrap", &[INT, STRING], &[STRING], wrap),
    Func::new("wrapWith", &[INT, STRING, STRING], &[STRING], wrap_with),
];

fn upper(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let s = args.bytes(0);
    if s.is_ascii() {
        return Ok(Value::from(s.to_ascii_uppercase()));
    }
    Ok(mapped(s, runes::to_upper))
}

fn lower(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let s = args.bytes(0);
    if !s.iter().any(|b| !b.is_ascii() || b.is_ascii_uppercase()) {
        return Ok(args.take(0));
    }
    if s.is_ascii() {
        return Ok(Value::from(s.to_ascii_lowercase()));
    }
    Ok(mapped(s, runes::to_lower))
}

/// Maps each character; broken bytes become U+FFFD (`strings.Map`).
fn mapped(s: &[u8], mut f: impl FnMut(char) -> char) -> Value {
    let mut out = Vec::with_capacity(s.len());
    for c in runes(s) {
        push(&mut out, f(c));
    }
    Value::from(out)
}

/// `strings.Title`: a letter is the first of its word if what stands before it
/// is neither letter nor digit nor `_`.
fn title(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let mut before = ' ';
    Ok(mapped(args.bytes(0), |c| {
        let separated =
            if before.is_ascii() { !before.is_ascii_alphanumeric() && before != '_' } else { before.is_whitespace() };
        before = c;
        if separated { runes::to_title(c) } else { c }
    }))
}

/// goutils `Uncapitalize`: the first character of each word in lower case.
fn untitle(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let mut first = true;
    Ok(mapped(args.bytes(0), |c| {
        let lowered = if first && !c.is_whitespace() { runes::to_lower(c) } else { c };
        first = c.is_whitespace();
        lowered
    }))
}

/// goutils `SwapCase`: small letters at the start of a word turn into title case.
fn swapcase(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let mut after_space = true;
    Ok(mapped(args.bytes(0), |c| {
        if runes::is_upper(c) || runes::is_title(c) {
            after_space = false;
            runes::to_lower(c)
        } else if runes::is_lower(c) {
            let at_start = std::mem::replace(&mut after_space, false);
            if at_start { runes::to_title(c) } else { runes::to_upper(c) }
        } else {
            after_space = c.is_whitespace();
            c
        }
    }))
}

/// goutils `Initials`, which takes every byte for a character of Latin-1.
fn initials(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let mut out = Vec::new();
    let mut gap = true;
    for c in args.bytes(0).iter().map(|b| char::from(*b)) {
        if gap && !c.is_whitespace() {
            push(&mut out, c);
        }
        gap = c.is_whitespace();
    }
    Ok(Value::from(out))
}

/// goutils `DeleteWhiteSpace`, which takes every byte for a character of
/// Latin-1 too, but only if there is anything to delete.
fn nospace(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let s = args.bytes(0);
    if !s.iter().any(|b| char::from(*b).is_whitespace()) {
        return Ok(args.take(0));
    }
    let mut out = Vec::with_capacity(s.len());
    for c in s.iter().map(|b| char::from(*b)).filter(|c| !c.is_whitespace()) {
        push(&mut out, c);
    }
    Ok(Value::from(out))
}

fn abbrev(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let width = args.int(0);
    if width < 4 {
        return Ok(args.take(1));
    }
    Ok(abbreviated(args, 1, 0, width))
}

fn abbrevboth(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let (left, right) = (args.int(0), args.int(1));
    if right < 4 || left > 0 && right < 7 {
        return Ok(args.take(2));
    }
    Ok(abbreviated(args, 2, left, right))
}

/// goutils `AbbreviateFull`, for widths that it accepts.
fn abbreviated(args: &mut Args<'_>, i: usize, offset: i64, width: i64) -> Value {
    const DOTS: &[u8] = b"...";
    let s = args.bytes(i);
    let len = s.len() as i64;
    if len <= width {
        return args.take(i);
    }
    let keep = (width - 3) as usize;
    let mut offset = offset.min(len);
    if len.wrapping_sub(offset) < width - 3 {
        offset = len - (width - 3);
    }
    if offset <= 4 {
        return Value::from([&s[..keep], DOTS].concat());
    }
    if width < 7 {
        return Value::Str(Str::EMPTY);
    }
    let start = offset as usize;
    if offset + width - 3 < len {
        let rest = &s[start..];
        if rest.len() <= keep {
            return Value::from([DOTS, rest].concat());
        }
        return Value::from([DOTS, &rest[..keep - 3], DOTS].concat());
    }
    Value::from([DOTS, &s[s.len() - keep..]].concat())
}

fn wrap(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let out = wrapped(args.bytes(1), args.int(0), b"\n", false);
    charged(env, out)
}

fn wrap_with(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let (width, sep, s) = (args.int(0), args.bytes(1), args.bytes(2));
    let breaks = s.len() as u64 / width.max(1) as u64;
    env.charge(breaks.saturating_mul(sep.len() as u64))?;
    let sep = if sep.is_empty() { b"\n" } else { sep };
    let out = wrapped(s, width, sep, true);
    charged(env, out)
}

/// goutils `WrapCustom`: widths count bytes, and only spaces separate words.
fn wrapped(s: &[u8], width: i64, sep: &[u8], break_words: bool) -> Vec<u8> {
    let width = usize::try_from(width).unwrap_or(0).max(1);
    let mut out = Vec::with_capacity(s.len() + s.len() / width);
    let mut rest = s;
    while rest.len() > width {
        if rest[0] == b' ' {
            rest = &rest[1..];
            continue;
        }
        let (line, next) = if let Some(space) = rest[..=width].iter().rposition(|b| *b == b' ') {
            (&rest[..space], &rest[space + 1..])
        } else if break_words {
            rest.split_at(width)
        } else if let Some(space) = rest[width..].iter().position(|b| *b == b' ') {
            (&rest[..width + space], &rest[width + space + 1..])
        } else {
            break;
        };
        out.extend_from_slice(line);
        out.extend_from_slice(sep);
        rest = next;
    }
    out.extend_from_slice(rest);
    out
}

fn camelcase(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::from(words::pascal_case(args.bytes(0))))
}

fn snakecase(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::from(words::connected(args.bytes(0), '_')))
}

fn kebabcase(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::from(words::connected(args.bytes(0), '-')))
}

/// xstrings `Shuffle`: the characters in random order.
fn shuffle(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let mut chars: Vec<char> = runes(args.bytes(0)).collect();
    let mut random = vec![0; chars.len() * 8];
    env.random(&mut random)?;
    for (i, bytes) in (1..chars.len()).rev().zip(random.as_chunks::<8>().0) {
        let other = (u128::from(u64::from_le_bytes(*bytes)) * (i as u128 + 1)) >> 64;
        chars.swap(i, other as usize);
    }
    let mut out = Vec::with_capacity(chars.len());
    for c in chars {
        push(&mut out, c);
    }
    Ok(Value::from(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrapped(b"aa bb cc", 5, b"\n", false), b"aa bb\ncc");
        assert_eq!(wrapped(b"aaaaaaa bb", 3, b"|", false), b"aaaaaaa|bb");
        assert_eq!(wrapped(b"aaaaaaa bb", 3, b"|", true), b"aaa|aaa|a|bb");
        assert_eq!(wrapped(b"    a", 3, b"|", true), b"  a");
        assert_eq!(wrapped(b"abc", i64::MIN, b"|", true), b"a|b|c");
    }

    #[test]
    fn broken_bytes_are_replaced() {
        let Value::Str(s) = mapped(b"a\xffb", runes::to_upper) else { panic!("a string") };
        assert_eq!(s, "A\u{fffd}B");
    }
}
