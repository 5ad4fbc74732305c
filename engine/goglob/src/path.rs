//! Go's `path.Match`, which is `filepath.Match` where the separator is `/`.

use govalue::utf8::decode;

use crate::BadPattern;

/// Whether a name matches a pattern as a whole: `*` and `?` (not over slashes), `[a-z]`, `[^a]` and `\`.
///
/// # Errors
/// If the pattern is not well-formed, and matching came to where one sees that.
pub fn path_match(mut pattern: &[u8], mut name: &[u8]) -> Result<bool, BadPattern> {
    'pattern: while !pattern.is_empty() {
        let (star, chunk, rest) = scan_chunk(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Ok(!name.contains(&b'/'));
        }
        if let Some(after) = match_chunk(chunk, name)?
            && (after.is_empty() || !pattern.is_empty())
        {
            name = after;
            continue;
        }
        if star {
            for skipped in 1..=name.len() {
                if name[skipped - 1] == b'/' {
                    break;
                }
                let Some(after) = match_chunk(chunk, &name[skipped..])? else { continue };
                // The last part must come to the end of the name.
                if pattern.is_empty() && !after.is_empty() {
                    continue;
                }
                name = after;
                continue 'pattern;
            }
        }
        // What is left must be well-formed all the same.
        while !pattern.is_empty() {
            let (_, chunk, rest) = scan_chunk(pattern);
            pattern = rest;
            match_chunk(chunk, b"")?;
        }
        return Ok(false);
    }
    Ok(name.is_empty())
}

/// Whether the pattern starts with stars, what follows up to the next one, and the rest.
fn scan_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|b| **b == b'*').count();
    let pattern = &pattern[stars..];
    let (mut in_class, mut i) = (false, 0);
    while let Some(b) = pattern.get(i) {
        match b {
            b'\\' if i + 1 < pattern.len() => i += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => break,
            _ => {}
        }
        i += 1;
    }
    let (chunk, rest) = pattern.split_at(i.min(pattern.len()));
    (stars > 0, chunk, rest)
}

/// Matches a part without stars at the start of a name: what follows in the name, if it matches. All of the part is
/// read, so that mistakes in it are seen.
fn match_chunk<'n>(mut chunk: &[u8], name: &'n [u8]) -> Result<Option<&'n [u8]>, BadPattern> {
    let mut left = Some(name);
    while let Some((&first, rest)) = chunk.split_first() {
        left = left.filter(|name| !name.is_empty());
        chunk = rest;
        match first {
            b'[' => {
                let mut rune = None;
                if let Some(name) = left {
                    let (c, width) = decode(name);
                    rune = Some(c);
                    left = Some(&name[width..]);
                }
                let (matched, rest) = match_class(chunk, rune)?;
                chunk = rest;
                left = left.filter(|_| matched);
            }
            b'?' => left = left.filter(|name| name[0] != b'/').map(|name| &name[decode(name).1..]),
            _ => {
                let mut want = first;
                if want == b'\\' {
                    let (&escaped, rest) = chunk.split_first().ok_or(BadPattern)?;
                    (want, chunk) = (escaped, rest);
                }
                left = left.and_then(|name| name.strip_prefix(&[want]));
            }
        }
    }
    Ok(left)
}

/// Whether a class, of which the `[` is read, has the character; and what follows it.
fn match_class(mut chunk: &[u8], rune: Option<char>) -> Result<(bool, &[u8]), BadPattern> {
    let mut negated = false;
    if let Some(rest) = chunk.strip_prefix(b"^") {
        (negated, chunk) = (true, rest);
    }
    let (mut found, mut first) = (false, true);
    loop {
        if let Some(rest) = chunk.strip_prefix(b"]")
            && !first
        {
            return Ok((found != negated, rest));
        }
        first = false;
        let (lo, rest) = class_char(chunk)?;
        chunk = rest;
        let mut hi = lo;
        if let Some(rest) = chunk.strip_prefix(b"-") {
            (hi, chunk) = class_char(rest)?;
        }
        found |= rune.is_some_and(|c| (lo..=hi).contains(&c));
    }
}

/// A character of a class, maybe escaped; something must follow it.
fn class_char(chunk: &[u8]) -> Result<(char, &[u8]), BadPattern> {
    let chunk = match chunk {
        [] | [b'-' | b']', ..] => return Err(BadPattern),
        [b'\\', rest @ ..] => rest,
        other => other,
    };
    match decode(chunk) {
        (_, 0) | (char::REPLACEMENT_CHARACTER, 1) => Err(BadPattern),
        (_, width) if width == chunk.len() => Err(BadPattern),
        (c, width) => Ok((c, &chunk[width..])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches() {
        for (pattern, name, want) in [
            ("abc", "abc", Ok(true)),
            ("*", "a/b", Ok(false)),
            ("*c", "abc", Ok(true)),
            ("a*/b", "ax/b", Ok(true)),
            ("a*b?c*x", "abxbbxdbxebxczzx", Ok(true)),
            ("a*b?c*x", "abxbbxdbxebxczzy", Ok(false)),
            ("a?b", "a☺b", Ok(true)),
            ("a[^a]b", "a☺b", Ok(true)),
            ("[\\-x]", "-", Ok(true)),
            ("[a-z]*.txt", "q.txt", Ok(true)),
            ("a\\*b", "a*b", Ok(true)),
            ("[]a]", "]", Err(BadPattern)),
            ("[a", "a", Err(BadPattern)),
            ("a[", "x", Err(BadPattern)),
            ("a\\", "a", Err(BadPattern)),
            ("*x", "xxx", Ok(true)),
            ("", "", Ok(true)),
        ] {
            assert_eq!(path_match(pattern.as_bytes(), name.as_bytes()), want, "{pattern} {name}");
        }
    }
}
