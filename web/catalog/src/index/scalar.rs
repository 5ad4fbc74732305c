//! Texts of YAML: plain, quoted, folded.

/// A plain text: lines folded, `null` as nothing.
pub(super) fn plain(text: &str) -> String {
    let text = text.trim();
    if matches!(text, "~" | "null" | "Null" | "NULL") { String::new() } else { fold(text, false) }
}

/// Where a quoted text ends that a text starts with.
pub(super) fn quoted_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let mut at = 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// What a quoted text means, its marks included.
pub(super) fn unquote(text: &str) -> String {
    let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    if text.starts_with('\'') { fold(inner, false).replace("''", "'") } else { escapes(&fold(inner, true)) }
}

/// Lines as one: a line break is a space, n + 1 of them are n. With `joins`, a `\` at a line's end joins it with the next.
fn fold(text: &str, joins: bool) -> String {
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default();
    let mut folded = String::with_capacity(text.len());
    if first.len() == text.len() {
        folded.push_str(text);
        return folded;
    }
    folded.push_str(first.trim_end());
    let mut blank = 0;
    for line in lines {
        let line = line.trim();
        if line.is_empty() {
            blank += 1;
            continue;
        }
        join(&mut folded, blank, joins);
        folded.push_str(line);
        blank = 0;
    }
    if let Some(blank) = usize::checked_sub(blank, 1) {
        // The closing mark is on a line of its own.
        join(&mut folded, blank, joins);
    }
    folded
}

/// Ends a line that others follow, with blank ones between.
fn join(folded: &mut String, blank: usize, joins: bool) {
    if blank > 0 {
        folded.extend(std::iter::repeat_n('\n', blank));
    } else if joins && is_continued(folded) {
        folded.pop();
    } else {
        folded.push(' ');
    }
}

/// Whether an odd number of `\` is at the end.
fn is_continued(line: &str) -> bool {
    (line.len() - line.trim_end_matches('\\').len()) % 2 == 1
}

/// The escapes of a text in double quotation marks.
fn escapes(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        let digits = match rest.next() {
            Some('n') => {
                plain.push('\n');
                continue;
            }
            Some('t') => {
                plain.push('\t');
                continue;
            }
            Some('r') => {
                plain.push('\r');
                continue;
            }
            Some('0') => {
                plain.push('\0');
                continue;
            }
            Some('e') => {
                plain.push('\u{1b}');
                continue;
            }
            Some('_') => {
                plain.push('\u{a0}');
                continue;
            }
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            Some(other) => {
                plain.push(other);
                continue;
            }
            None => break,
        };
        let code: String = rest.by_ref().take(digits).collect();
        let code = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
        plain.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    plain
}
