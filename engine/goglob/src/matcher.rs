//! The matchers of gobwas/glob (match/*.go): each can match a whole text, and find where in a text it matches.

use std::fmt;

use govalue::sort::sort_by;
use govalue::utf8::{count, decode};

/// What separates the elements of paths.
const SEPARATOR: u8 = b'/';

/// A compiled pattern or a part of it.
#[derive(Clone, Debug)]
pub(crate) enum Matcher {
    Nothing,
    Text(Vec<u8>),
    /// Anything without a separator.
    Any,
    /// Anything.
    Super,
    /// One character that is no separator.
    Single,
    List {
        chars: Vec<char>,
        not: bool,
    },
    Range {
        lo: char,
        hi: char,
        not: bool,
    },
    /// Parts of fixed length, of that many characters in all.
    Row {
        parts: Vec<Matcher>,
        len: usize,
    },
    /// A part to search for, and what must be left and right of it.
    Tree(Box<Tree>),
    AnyOf(Vec<Matcher>),
    EveryOf(Vec<Matcher>),
    /// At least so many characters.
    Min(usize),
    /// At most so many characters.
    Max(usize),
    Contains {
        needle: Vec<u8>,
        not: bool,
    },
    Prefix(Vec<u8>),
    Suffix(Vec<u8>),
    PrefixSuffix(Vec<u8>, Vec<u8>),
    /// A text, then anything without a separator.
    PrefixAny(Vec<u8>),
    /// Anything without a separator, then a text.
    SuffixAny(Vec<u8>),
}

/// See [`Matcher::Tree`].
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(crate) value: Matcher,
    pub(crate) left: Option<Matcher>,
    pub(crate) right: Option<Matcher>,
}

/// Why a path could not be matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// gobwas/glob panics: it slices a text of `len` bytes up to `to`.
    Slice {
        /// The end of the slice.
        to: usize,
        /// The bytes there are.
        len: usize,
    },
    /// It would take too many steps.
    Steps,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Slice { to, len } => {
                write!(f, "runtime error: slice bounds out of range [:{to}] with length {len}")
            }
            Failure::Steps => f.write_str("the pattern takes too long to match"),
        }
    }
}

impl std::error::Error for Failure {}

/// How many steps may still be taken.
pub(crate) struct Budget(u32);

impl Default for Budget {
    fn default() -> Budget {
        Budget(500_000)
    }
}

impl Budget {
    fn take(&mut self, steps: usize) -> Result<(), Failure> {
        self.0 = u32::try_from(steps).ok().and_then(|n| self.0.checked_sub(n + 1)).ok_or(Failure::Steps)?;
        Ok(())
    }
}

/// Where a matcher first matches, and how long its matches there may be, shortest first.
type Found = Option<(usize, Vec<usize>)>;

/// The characters of a text with their places; an invalid byte is U+FFFD.
fn chars(s: &[u8]) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (c, width) = decode(s.get(at..)?);
        let found = (width > 0).then_some((at, c));
        at += width;
        found
    })
}

fn find(s: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() { Some(0) } else { s.windows(needle.len()).position(|w| w == needle) }
}

/// The lengths after which each of the characters of a text ends.
fn ends(s: &[u8], offset: usize) -> impl Iterator<Item = usize> {
    chars(s).map(move |(i, c)| offset + i + c.len_utf8())
}

/// All places between characters.
fn places(s: &[u8], offset: usize) -> Vec<usize> {
    chars(s).map(|(i, _)| offset + i).chain([offset + s.len()]).collect()
}

fn before_separator(s: &[u8]) -> &[u8] {
    s.split(|b| *b == SEPARATOR).next().unwrap_or_default()
}

impl Matcher {
    /// How many characters it matches, if that is certain.
    pub(crate) fn len(&self) -> Option<usize> {
        match self {
            Matcher::Nothing => Some(0),
            Matcher::Text(text) => Some(count(text)),
            Matcher::Single | Matcher::List { .. } | Matcher::Range { .. } => Some(1),
            Matcher::Row { len, .. } => Some(*len),
            Matcher::Tree(tree) => {
                let side = |side: &Option<Matcher>| side.as_ref().map_or(Some(0), Matcher::len);
                Some(tree.value.len()? + side(&tree.left)? + side(&tree.right)?)
            }
            Matcher::AnyOf(parts) => {
                let mut len = None;
                for part in parts {
                    let own = part.len();
                    // As in Go, a first part of no certain length does not count.
                    if len.is_some() && own != len {
                        return None;
                    }
                    len = own;
                }
                len
            }
            Matcher::EveryOf(parts) if parts.is_empty() => Some(0),
            _ => None,
        }
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&self, s: &[u8], budget: &mut Budget) -> Result<bool, Failure> {
        budget.take(s.len() / 8)?;
        // The only character of the text; of an empty one, U+FFFD.
        let only = || {
            let (c, width) = decode(s);
            (s.len() <= width).then_some(c)
        };
        Ok(match self {
            Matcher::Nothing => s.is_empty(),
            Matcher::Text(text) => s == text,
            Matcher::Any => !s.contains(&SEPARATOR),
            Matcher::Super => true,
            Matcher::Single => only().is_some_and(|c| c != char::from(SEPARATOR)),
            Matcher::List { chars, not } => only().is_some_and(|c| chars.contains(&c) != *not),
            Matcher::Range { lo, hi, not } => only().is_some_and(|c| (*lo..=*hi).contains(&c) != *not),
            Matcher::Row { parts, len } => count(s) == *len && row(parts, s, budget)?,
            Matcher::Tree(tree) => tree.matches(s, budget)?,
            Matcher::AnyOf(parts) => {
                for part in parts {
                    if part.matches(s, budget)? {
                        return Ok(true);
                    }
                }
                false
            }
            Matcher::EveryOf(parts) => {
                for part in parts {
                    if !part.matches(s, budget)? {
                        return Ok(false);
                    }
                }
                true
            }
            Matcher::Min(n) => count(s) >= *n,
            Matcher::Max(n) => count(s) <= *n,
            Matcher::Contains { needle, not } => find(s, needle).is_some() != *not,
            Matcher::Prefix(prefix) => s.starts_with(prefix),
            Matcher::Suffix(suffix) => s.ends_with(suffix),
            // They may overlap.
            Matcher::PrefixSuffix(prefix, suffix) => s.starts_with(prefix) && s.ends_with(suffix),
            Matcher::PrefixAny(prefix) => s.strip_prefix(&**prefix).is_some_and(|rest| !rest.contains(&SEPARATOR)),
            Matcher::SuffixAny(suffix) => s.strip_suffix(&**suffix).is_some_and(|rest| !rest.contains(&SEPARATOR)),
        })
    }

    /// Where it first matches.
    fn index(&self, s: &[u8], budget: &mut Budget) -> Result<Found, Failure> {
        budget.take(s.len())?;
        let one =
            |wanted: &dyn Fn(char) -> bool| chars(s).find(|(_, c)| wanted(*c)).map(|(i, c)| (i, vec![c.len_utf8()]));
        Ok(match self {
            Matcher::Nothing => Some((0, vec![0])),
            Matcher::Text(text) => find(s, text).map(|i| (i, vec![text.len()])),
            Matcher::Any => Some((0, places(before_separator(s), 0))),
            Matcher::Super => Some((0, places(s, 0))),
            Matcher::Single => one(&|c| c != char::from(SEPARATOR)),
            Matcher::List { chars, not } => one(&|c| chars.contains(&c) != *not),
            Matcher::Range { lo, hi, not } => one(&|c| (*lo..=*hi).contains(&c) != *not),
            Matcher::Row { parts, len } => {
                for (i, _) in chars(s) {
                    if s.len() - i < *len {
                        break;
                    }
                    if row(parts, &s[i..], budget)? {
                        return Ok(Some((i, vec![*len])));
                    }
                }
                None
            }
            // Nobody has written that one.
            Matcher::Tree(_) => None,
            Matcher::AnyOf(parts) => any_of(parts, s, budget)?,
            Matcher::EveryOf(parts) => every_of(parts, s, budget)?,
            Matcher::Min(n) => {
                let found: Vec<usize> = ends(s, 0).skip(n.saturating_sub(1)).collect();
                Some((0, found)).filter(|(_, found)| !found.is_empty() && s.len() >= *n)
            }
            Matcher::Max(n) => Some((0, [0].into_iter().chain(ends(s, 0).take(*n)).collect())),
            Matcher::Contains { needle, not: true } => Some((0, places(&s[..find(s, needle).unwrap_or(s.len())], 0))),
            Matcher::Contains { needle, not: false } => find(s, needle).map(|i| {
                let end = i + needle.len();
                (0, places(&s[end..], end))
            }),
            Matcher::Prefix(prefix) => find(s, prefix).map(|i| {
                let n = prefix.len();
                (i, [n].into_iter().chain(ends(&s[i + n..], n)).collect())
            }),
            Matcher::Suffix(suffix) => find(s, suffix).map(|i| (0, vec![i + suffix.len()])),
            Matcher::PrefixSuffix(prefix, suffix) => prefix_suffix(prefix, suffix, s),
            Matcher::PrefixAny(prefix) => find(s, prefix).map(|i| {
                let n = prefix.len();
                (i, [n].into_iter().chain(ends(before_separator(&s[i + n..]), n)).collect())
            }),
            Matcher::SuffixAny(suffix) => find(s, suffix).map(|i| {
                let start = s[..i].iter().rposition(|b| *b == SEPARATOR).map_or(0, |i| i + 1);
                (start, vec![i + suffix.len() - start])
            }),
        })
    }
}

/// Whether the parts match one after the other from the start of the text.
fn row(parts: &[Matcher], s: &[u8], budget: &mut Budget) -> Result<bool, Failure> {
    let mut at = 0;
    for part in parts {
        let len = part.len().unwrap_or_default();
        let (mut last, mut seen) = (0, 0);
        for (i, _) in chars(&s[at..]) {
            (last, seen) = (i, seen + 1);
            if seen == len {
                break;
            }
        }
        if seen < len {
            return Ok(false);
        }
        // As in Go, this counts a byte for the last character, however wide it is.
        let end = at + last + 1;
        let text = s.get(at..end).ok_or(Failure::Slice { to: end, len: s.len() })?;
        if !part.matches(text, budget)? {
            return Ok(false);
        }
        at = end;
    }
    Ok(true)
}

fn any_of(parts: &[Matcher], s: &[u8], budget: &mut Budget) -> Result<Found, Failure> {
    let mut best: Found = None;
    for part in parts {
        let Some((at, lengths)) = part.index(s, budget)? else { continue };
        best = match best {
            Some((first, all)) if first < at => Some((first, all)),
            Some((first, mut all)) if first == at => {
                all.extend(lengths);
                sort_by(&mut all, usize::cmp);
                all.dedup();
                Some((first, all))
            }
            _ => Some((at, lengths)),
        };
    }
    Ok(best)
}

fn every_of(parts: &[Matcher], s: &[u8], budget: &mut Budget) -> Result<Found, Failure> {
    let (mut index, mut offset) = (0_usize, 0_usize);
    let mut current: Vec<usize> = Vec::new();
    let mut rest = s;
    for (i, part) in parts.iter().enumerate() {
        let Some((at, lengths)) = part.index(rest, budget)? else { return Ok(None) };
        if i == 0 {
            current = lengths;
        } else {
            budget.take(current.len() * lengths.len() / 8)?;
            let shift = index as isize - (at + offset) as isize;
            current.retain_mut(|end| match end.checked_add_signed(shift) {
                Some(shifted) if lengths.contains(&shifted) => {
                    *end = shifted;
                    true
                }
                _ => false,
            });
            if current.is_empty() {
                return Ok(None);
            }
        }
        index = at + offset;
        rest = s.get(index..).unwrap_or_default();
        offset += at;
    }
    Ok(Some((index, current)))
}

fn prefix_suffix(prefix: &[u8], suffix: &[u8], s: &[u8]) -> Found {
    let start = find(s, prefix)?;
    let mut rest = &s[start..];
    let mut lengths = Vec::new();
    while let Some(i) = rest.windows(suffix.len().max(1)).rposition(|w| w == suffix) {
        lengths.push(i + suffix.len());
        rest = &rest[..i];
    }
    lengths.reverse();
    (!lengths.is_empty()).then_some((start, lengths))
}

impl Tree {
    fn matches(&self, s: &[u8], budget: &mut Budget) -> Result<bool, Failure> {
        let side = |side: &Option<Matcher>| side.as_ref().map_or(Some(0), Matcher::len);
        let (left, right) = (side(&self.left), side(&self.right));
        // These compare characters with bytes, of which there are not fewer.
        if let (Some(l), Some(v), Some(r)) = (left, self.value.len(), right)
            && l + v + r > s.len()
        {
            return Ok(false);
        }
        let mut offset = left.unwrap_or(0);
        let Some(limit) = s.len().checked_sub(right.unwrap_or(0)) else { return Ok(false) };
        while offset < limit {
            let Some((index, lengths)) = self.value.index(&s[offset..limit], budget)? else { return Ok(false) };
            let at = offset + index;
            if matches_side(&self.left, &s[..at], budget)? {
                for length in lengths.iter().rev() {
                    if matches_side(&self.right, s.get(at + length..).unwrap_or_default(), budget)? {
                        return Ok(true);
                    }
                }
            }
            let (_, width) = decode(s.get(at..).unwrap_or_default());
            offset = at + width;
            if width == 0 {
                break;
            }
        }
        Ok(false)
    }
}

fn matches_side(side: &Option<Matcher>, s: &[u8], budget: &mut Budget) -> Result<bool, Failure> {
    match side {
        Some(matcher) => matcher.matches(s, budget),
        None => Ok(s.is_empty()),
    }
}
