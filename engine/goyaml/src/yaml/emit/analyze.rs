//! Which styles a string allows (go-yaml: emitterc.go `analyze_scalar`,
//! encode.go `stringv`).

use super::super::resolve::{Resolved, Version, old_bool, resolve};

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// What a string's characters allow.
pub(super) struct Analysis {
    /// Whether it has line breaks.
    pub(super) multiline: bool,
    plain: bool,
    single: bool,
    block: bool,
}

const SPECIAL: u8 = 1;
const FIRST: u8 = 2;

/// Bytes that matter anywhere, and those that matter in front.
static CLASS: [u8; 256] = {
    let mut t = [0; 256];
    let mut b = 0;
    while b < 256 {
        t[b] = match b as u8 {
            b' ' | b':' | b'#' => SPECIAL,
            b'?' | b'-' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%'
            | b'@' | b'`' => FIRST,
            0..0x20 | 0x7F.. => SPECIAL,
            _ => 0,
        };
        b += 1;
    }
    t
};

/// Looks at all characters of valid UTF-8.
pub(super) fn analyze(s: &[u8], version: Version) -> Analysis {
    let mut plain = true;
    let (mut line_breaks, mut special, mut tabs) = (false, false, false);
    let (mut break_space, mut space_break) = (false, false);
    let (mut previous_space, mut previous_break) = (false, false);
    let Some(&first) = s.first() else {
        return Analysis { multiline: false, plain: true, single: true, block: false };
    };
    let blank_at = |i: usize| s.get(i).is_none_or(|b| matches!(b, b' ' | b'\t'));
    if CLASS[first as usize] & FIRST != 0 {
        plain = match first {
            b'?' => !blank_at(1),
            b'-' => !blank_at(1) && !s.starts_with(b"---"),
            _ => false,
        };
    } else if first == b'#' || s.starts_with(b"...") {
        plain = false;
    }
    let mut i = 0;
    while let Some(&b) = s.get(i) {
        if CLASS[b as usize] & SPECIAL == 0 {
            // Skip the ordinary bytes at once.
            let rest = &s[i..];
            i += rest.iter().position(|b| CLASS[*b as usize] & SPECIAL != 0).unwrap_or(rest.len());
            (previous_space, previous_break) = (false, false);
            continue;
        }
        let width = char_width(b);
        let is_break = break_width(s, i) > 0;
        match b {
            b':' => plain &= !blank_at(i + 1),
            b'#' => plain &= i == 0 || !(matches!(s[i - 1], b' ' | b'\t') || previous_break),
            b'\t' if version == Version::V3 => tabs = true,
            _ => special |= !is_printable(s, i),
        }
        if b == b' ' {
            plain &= i > 0 && i + 1 < s.len();
            break_space |= previous_break;
            (previous_space, previous_break) = (true, false);
        } else if is_break {
            line_breaks = true;
            space_break |= previous_space;
            (previous_space, previous_break) = (false, true);
        } else {
            (previous_space, previous_break) = (false, false);
        }
        i += width;
    }
    let trailing_space = s.ends_with(b" ");
    Analysis {
        multiline: line_breaks,
        plain: plain && !(break_space || space_break || special || tabs || line_breaks),
        single: !(break_space || space_break || special || tabs),
        block: !(trailing_space || space_break || special),
    }
}

impl Analysis {
    /// The style of a string, as a key in its line or elsewhere.
    pub(super) fn style(&self, s: &[u8], version: Version, simple_key: bool) -> Style {
        let wanted = if self.multiline && s.contains(&b'\n') {
            Style::Literal
        } else if looks_like_string(s, version) {
            Style::Plain
        } else {
            Style::Double
        };
        match wanted {
            _ if simple_key && self.multiline => Style::Double,
            Style::Literal if self.block && !simple_key => Style::Literal,
            Style::Plain if self.plain => Style::Plain,
            Style::Plain if self.single => Style::Single,
            _ => Style::Double,
        }
    }
}

/// Whether plain text would be read as the string again, also by YAML 1.1.
fn looks_like_string(s: &[u8], version: Version) -> bool {
    resolve(s, version, true) == Resolved::Str
        && !is_base60(s)
        && !(version == Version::V3 && s.len() <= 3 && old_bool(s).is_some())
}

/// `12:30:45.6`, a number to other readers of YAML 1.1.
fn is_base60(s: &[u8]) -> bool {
    let s = s.strip_prefix(b"+").or_else(|| s.strip_prefix(b"-")).unwrap_or(s);
    if !s.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let (s, fraction) = match s.iter().position(|b| *b == b'.') {
        Some(dot) => s.split_at(dot),
        None => (s, &b""[..]),
    };
    let digits = |s: &[u8]| s.iter().all(|b| b.is_ascii_digit() || *b == b'_');
    if !fraction.is_empty() && !digits(&fraction[1..]) {
        return false;
    }
    let mut parts = s.split(|b| *b == b':');
    if !parts.next().is_some_and(digits) {
        return false;
    }
    let mut parts = parts.peekable();
    parts.peek().is_some()
        && parts.all(|p| match p {
            [d] => d.is_ascii_digit(),
            [b'0'..=b'5', d] => d.is_ascii_digit(),
            _ => false,
        })
}

/// How many bytes the character takes that starts with this one.
pub(super) fn char_width(lead: u8) -> usize {
    match lead {
        0..0xC0 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// How many bytes the line break at `i` takes; 0: there is none.
pub(super) fn break_width(s: &[u8], i: usize) -> usize {
    match &s[i..] {
        [b'\r' | b'\n', ..] => 1,
        [0xC2, 0x85, ..] => 2,
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
        _ => 0,
    }
}

/// Whether the character at `i` need not be escaped.
pub(super) fn is_printable(s: &[u8], i: usize) -> bool {
    match &s[i..] {
        [b'\n' | 0x20..=0x7E, ..] => true,
        [0xC2, b, ..] => *b >= 0xA0,
        [0xC3..=0xEC | 0xEE, ..] => true,
        [0xED, b, ..] => *b < 0xA0,
        [0xEF, 0xBB, 0xBF, ..] | [0xEF, 0xBF, 0xBE | 0xBF, ..] => false,
        [0xEF, ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles() {
        for (text, want) in [
            ("", Style::Double),
            ("a b", Style::Plain),
            (" a", Style::Single),
            ("a: b", Style::Single),
            ("a:b", Style::Plain),
            ("a:", Style::Single),
            ("a #b", Style::Single),
            ("a#b", Style::Plain),
            ("- a", Style::Single),
            ("-a", Style::Plain),
            ("---a", Style::Single),
            ("yes", Style::Double),
            ("12:30", Style::Double),
            ("12:60", Style::Plain),
            ("2001-01-01", Style::Double),
            ("1_000", Style::Double),
            ("<<", Style::Plain),
            ("a\nb", Style::Literal),
            ("a\n b", Style::Literal),
            ("a \nb", Style::Double),
            ("a\nb ", Style::Double),
            ("a\tb", Style::Double),
            ("a\u{2028}b", Style::Single),
            ("a\u{85}b", Style::Double),
            ("😀", Style::Double),
            ("é", Style::Plain),
            ("\u{feff}a", Style::Double),
        ] {
            assert_eq!(
                analyze(text.as_bytes(), Version::V2).style(text.as_bytes(), Version::V2, false),
                want,
                "{text:?}"
            );
        }
    }
}
