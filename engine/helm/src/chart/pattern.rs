//! File name patterns (`filepath.Match` on Unix).

/// A pattern is malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadPattern;

/// Whether a name matches a pattern of `*`, `?`, `[…]` and `\`. None of them
/// matches a slash.
pub(crate) fn matches(mut pattern: &[u8], mut name: &[u8]) -> Result<bool, BadPattern> {
    'pattern: while !pattern.is_empty() {
        let (star, chunk, rest) = next_chunk(pattern);
        pattern = rest;
        if star && chunk.is_empty() {
            return Ok(!name.contains(&b'/'));
        }
        // The last chunk must reach the end of the name.
        if let Some(after) = match_chunk(chunk, name)?
            && (after.is_empty() || !pattern.is_empty())
        {
            name = after;
            continue;
        }
        if star {
            for i in 0..name.len() {
                if name[i] == b'/' {
                    break;
                }
                if let Some(after) = match_chunk(chunk, &name[i + 1..])? {
                    if pattern.is_empty() && !after.is_empty() {
                        continue;
                    }
                    name = after;
                    continue 'pattern;
                }
            }
        }
        return Ok(false);
    }
    Ok(name.is_empty())
}

/// The part up to the next star, whether a star is before it, and what follows.
fn next_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|b| **b == b'*').count();
    let pattern = &pattern[stars..];
    let mut in_class = false;
    let mut at = 0;
    while at < pattern.len() {
        match pattern[at] {
            b'\\' => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'*' if !in_class => break,
            _ => {}
        }
        at += 1;
    }
    let (chunk, rest) = pattern.split_at(at.min(pattern.len()));
    (stars > 0, chunk, rest)
}

/// What is left of the name after a chunk, if it matches. Goes through the whole
/// chunk in any case, to see whether it is well-formed.
fn match_chunk<'n>(mut chunk: &[u8], mut name: &'n [u8]) -> Result<Option<&'n [u8]>, BadPattern> {
    let mut failed = false;
    while let Some((&first, rest)) = chunk.split_first() {
        failed |= name.is_empty();
        chunk = rest;
        match first {
            b'[' => {
                let c = if failed { 0 } else { take_char(&mut name).0 };
                let negated = chunk.first() == Some(&b'^');
                chunk = &chunk[usize::from(negated)..];
                let mut found = false;
                let mut ranges = 0;
                while !(ranges > 0 && chunk.first() == Some(&b']')) {
                    let low = class_char(&mut chunk)?;
                    let mut high = low;
                    if chunk.first() == Some(&b'-') {
                        chunk = &chunk[1..];
                        high = class_char(&mut chunk)?;
                    }
                    found |= (low..=high).contains(&c);
                    ranges += 1;
                }
                chunk = &chunk[1..];
                failed |= found == negated;
            }
            b'?' => {
                if !failed {
                    failed = name[0] == b'/';
                    take_char(&mut name);
                }
            }
            first => {
                let mut wanted = first;
                if first == b'\\' {
                    (wanted, chunk) = chunk.split_first().map(|(b, rest)| (*b, rest)).ok_or(BadPattern)?;
                }
                if !failed {
                    failed = wanted != name[0];
                    name = &name[1..];
                }
            }
        }
    }
    Ok((!failed).then_some(name))
}

/// A character of a class, where more must follow.
fn class_char(chunk: &mut &[u8]) -> Result<u32, BadPattern> {
    match chunk.first() {
        None | Some(b'-' | b']') => return Err(BadPattern),
        Some(b'\\') => *chunk = &chunk[1..],
        _ => {}
    }
    let (c, valid) = take_char(chunk);
    if !valid || chunk.is_empty() {
        return Err(BadPattern);
    }
    Ok(c)
}

/// Takes a character off: its code, and whether it was UTF-8.
fn take_char(text: &mut &[u8]) -> (u32, bool) {
    let start = &text[..text.len().min(4)];
    let valid = start.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
    let length = valid.map_or(1, char::len_utf8).min(text.len());
    *text = &text[length..];
    (valid.map_or(0xfffd, u32::from), valid.is_some())
}
