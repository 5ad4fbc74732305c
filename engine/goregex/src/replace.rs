//! Templates for replacements, splitting, and escaping.

use std::ops::Range;

use crate::matcher::UNSET;
use crate::unicode::is_letter_or_digit;
use crate::utf8::decode;

/// A parsed replacement such as `${name}-$1` (`Regexp.Expand`).
pub(crate) struct Template<'t> {
    parts: Vec<Part<'t>>,
}

enum Part<'t> {
    Text(&'t [u8]),
    Group(usize),
}

impl<'t> Template<'t> {
    pub(crate) fn new(mut template: &'t [u8], names: &[Vec<u8>]) -> Template<'t> {
        let mut parts = Vec::new();
        while let Some(dollar) = template.iter().position(|&b| b == b'$') {
            let rest = &template[dollar + 1..];
            parts.push(Part::Text(&template[..dollar]));
            if let Some(rest) = rest.strip_prefix(b"$") {
                parts.push(Part::Text(b"$"));
                template = rest;
                continue;
            }
            let Some((name, rest)) = variable(rest) else {
                parts.push(Part::Text(b"$"));
                template = rest;
                continue;
            };
            template = rest;
            let group = match number(name) {
                Some(n) => Some(n).filter(|&n| n < names.len()),
                None => names.iter().position(|n| n == name),
            };
            parts.extend(group.map(Part::Group));
        }
        parts.push(Part::Text(template));
        Template { parts }
    }

    /// How many positions of a match it needs.
    pub(crate) fn slots(&self) -> usize {
        let group = |p: &Part<'_>| if let Part::Group(n) = p { n * 2 + 2 } else { 2 };
        self.parts.iter().map(group).max().unwrap_or(2)
    }

    /// Appends the template, filled in with what the match's groups hold.
    pub(crate) fn expand(&self, out: &mut Vec<u8>, text: &[u8], slots: &[usize]) {
        for part in &self.parts {
            match *part {
                Part::Text(t) => out.extend_from_slice(t),
                Part::Group(n) => {
                    if let Some(&[start, end]) = slots.get(n * 2..n * 2 + 2)
                        && start != UNSET
                    {
                        out.extend_from_slice(&text[start..end]);
                    }
                }
            }
        }
    }
}

/// The name after a `$`, as long as possible or in braces, and what follows.
fn variable(s: &[u8]) -> Option<(&[u8], &[u8])> {
    let (brace, s) = match s.strip_prefix(b"{") {
        Some(inner) => (true, inner),
        None => (false, s),
    };
    let mut len = 0;
    while let Some(rest) = s.get(len..)
        && let (rune, width @ 1..) = decode(rest)
        && (rune == u32::from(b'_') || char::from_u32(rune).is_some_and(is_letter_or_digit))
    {
        len += width;
    }
    let (name, rest) = s.split_at(len);
    match (name.is_empty(), brace) {
        (true, _) => None,
        (_, false) => Some((name, rest)),
        (_, true) => rest.strip_prefix(b"}").map(|rest| (name, rest)),
    }
}

/// A name that is a number: below a billion and without leading zeros.
fn number(name: &[u8]) -> Option<usize> {
    let leading_zero = name.len() > 1 && name[0] == b'0';
    if leading_zero || name.len() > 9 || !name.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(name.iter().fold(0, |n, b| n * 10 + usize::from(b - b'0')))
}

/// The pieces between matches, at most `n` if that is positive (`Regexp.Split`).
pub(crate) fn split(text: &[u8], n: i64, matches: Vec<Range<usize>>) -> Vec<&[u8]> {
    let most = usize::try_from(n).unwrap_or(usize::MAX);
    let mut pieces = Vec::with_capacity(matches.len() + 1);
    let (mut start, mut end) = (0, 0);
    for at in matches {
        if pieces.len() + 1 >= most {
            break;
        }
        end = at.start;
        if at.end != 0 {
            pieces.push(&text[start..end]);
        }
        start = at.end;
    }
    if end != text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

/// Escapes all characters that have a meaning in patterns (`regexp.QuoteMeta`).
///
/// ```
/// assert_eq!(goregex::quote_meta(b"1.5 (a|b)"), br"1\.5 \(a\|b\)");
/// ```
pub fn quote_meta(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    for &b in text {
        if br"\.+*?()|[]{}^$".contains(&b) {
            out.push(b'\\');
        }
        out.push(b);
    }
    out
}
