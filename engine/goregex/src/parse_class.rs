//! Classes in patterns: `[a-z]`, `[[:alpha:]]`, `\d`, `\p{Greek}`.

use crate::class::{Class, posix};
use crate::error::{Error, ErrorCode};
use crate::parse::{Flags, before, check_utf8, escaped_rune, next_rune};
use crate::unicode;

/// What follows a class in the pattern; nothing if there was no class.
type Rest<'p> = Result<Option<&'p [u8]>, Error>;

/// Reads classes.
pub(crate) struct ClassParser {
    pub(crate) flags: Flags,
}

impl ClassParser {
    /// `[…]`, and what follows.
    pub(crate) fn bracketed<'p>(&self, s: &'p [u8]) -> Result<(Class, &'p [u8]), Error> {
        let mut t = &s[1..];
        let negative = t.first() == Some(&b'^');
        if negative {
            t = &t[1..];
        }
        let mut class = Class::new();
        // All that comes in plainly is folded at the end, at once: what is negated is whole under folding already.
        let mut first = true;
        while first || t.first() != Some(&b']') {
            first = false;
            if let Some(rest) = self.posix_class(t, &mut class)? {
                t = rest;
                continue;
            }
            if let Some(rest) = self.escaped_class(t, &mut class)? {
                t = rest;
                continue;
            }
            let range = t;
            let (lo, rest) = class_rune(t, s)?;
            t = rest;
            let mut hi = lo;
            if let [b'-', next, ..] = t
                && *next != b']'
            {
                (hi, t) = class_rune(&t[1..], s)?;
                if hi < lo {
                    return Err(Error::new(ErrorCode::InvalidCharRange, before(range, t)));
                }
            }
            class.push(lo, hi);
        }
        if self.flags.fold {
            unicode::add_folds(&mut class);
        }
        if negative {
            class.negate();
        }
        class.clean();
        Ok((class, &t[1..]))
    }

    /// `[:alpha:]` or `[:^alpha:]` inside of brackets.
    fn posix_class<'p>(&self, s: &'p [u8], class: &mut Class) -> Rest<'p> {
        let [b'[', b':', inner @ ..] = s else { return Ok(None) };
        let Some(end) = inner.windows(2).position(|w| w == b":]") else { return Ok(None) };
        let name = &inner[..end];
        let rest = &inner[end + 2..];
        let (name, negative) = match name.strip_prefix(b"^") {
            Some(name) => (name, true),
            None => (name, false),
        };
        // The names of one letter are for `\d`.
        let Some(ranges) = posix(name).filter(|_| name.len() > 1) else {
            return Err(Error::new(ErrorCode::InvalidCharRange, before(s, rest)));
        };
        self.add(class, ascii(ranges), negative);
        Ok(Some(rest))
    }

    /// `\d`, `\p{…}` and their like.
    pub(crate) fn escaped_class<'p>(&self, s: &'p [u8], class: &mut Class) -> Rest<'p> {
        let [b'\\', letter, rest @ ..] = s else { return Ok(None) };
        match letter {
            b'd' | b's' | b'w' | b'D' | b'S' | b'W' => {
                let ranges = posix(&[letter.to_ascii_lowercase()]).unwrap_or_default();
                self.add(class, ascii(ranges), letter.is_ascii_uppercase());
                Ok(Some(rest))
            }
            b'p' | b'P' => self.unicode_class(s, class).map(Some),
            _ => Ok(None),
        }
    }

    /// `\pL`, `\p{Greek}`, `\P{Greek}`, `\p{^Greek}`.
    fn unicode_class<'p>(&self, s: &'p [u8], class: &mut Class) -> Result<&'p [u8], Error> {
        let (c, mut rest) = next_rune(&s[2..])?;
        let mut name = before(&s[2..], rest);
        if c == u32::from(b'{') {
            let Some(end) = s.iter().position(|&b| b == b'}') else {
                check_utf8(s)?;
                return Err(Error::new(ErrorCode::InvalidCharRange, s));
            };
            name = &s[3..end];
            rest = &s[end + 1..];
            check_utf8(name)?;
        }
        let mut negative = s[1] == b'P';
        if let Some(positive) = name.strip_prefix(b"^") {
            negative = !negative;
            name = positive;
        }
        let Some(found) = unicode::named_class(name) else {
            return Err(Error::new(ErrorCode::InvalidCharRange, before(s, rest)));
        };
        self.add(class, found, negative);
        Ok(rest)
    }

    /// Adds a named class or its negation, folded first if case does not matter.
    fn add(&self, class: &mut Class, mut part: Class, negative: bool) {
        if self.flags.fold {
            unicode::add_folds(&mut part);
        }
        if negative {
            part.negate();
        }
        class.extend(part.ranges());
    }
}

fn ascii(ranges: &[(u8, u8)]) -> Class {
    let mut class = Class::new();
    for &(lo, hi) in ranges {
        class.push(u32::from(lo), u32::from(hi));
    }
    class
}

/// A code point in brackets, maybe escaped.
fn class_rune<'p>(t: &'p [u8], whole: &[u8]) -> Result<(u32, &'p [u8]), Error> {
    match t.first() {
        None => Err(Error::new(ErrorCode::MissingBracket, whole)),
        Some(b'\\') => escaped_rune(t),
        Some(_) => next_rune(t),
    }
}
