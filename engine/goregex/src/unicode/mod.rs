//! What Go's `unicode` package knows: general categories, scripts and simple case folding.

mod tables;

use std::ops::Range;

use crate::class::{Class, MAX_RUNE};
use tables::{ALIASES, CATEGORIES, CATEGORY_RUNS, FOLDS, SCRIPT_RUNS, SCRIPTS};

/// The smallest and the largest code point that folding changes.
pub(crate) const MIN_FOLD: u32 = FOLDS[0].0;
pub(crate) const MAX_FOLD: u32 = 0x1e943;

/// The next code point that differs from this one only in case; itself if there is none (`unicode.SimpleFold`).
pub(crate) fn simple_fold(rune: u32) -> u32 {
    if !(MIN_FOLD..=MAX_FOLD).contains(&rune) {
        return rune;
    }
    // Runs interleave (upper and lower case alternate), but a run that starts after the code point is of no use.
    let end = FOLDS.partition_point(|f| f.0 <= rune);
    for &(first, count, stride, delta) in FOLDS[..end].iter().rev() {
        let (distance, stride) = (rune - first, u32::from(stride));
        if distance.is_multiple_of(stride) && distance / stride < u32::from(count) {
            return rune.wrapping_add_signed(delta);
        }
    }
    rune
}

/// Adds to the class all that differs from its members only in case.
pub(crate) fn add_folds(class: &mut Class) {
    // A cycle of equivalent code points has up to four members: three steps reach all of them.
    for _ in 0..3 {
        class.clean();
        let before = class.ranges().to_vec();
        for &(lo, hi) in &before {
            if hi < MIN_FOLD || lo > MAX_FOLD {
                continue;
            }
            for &(first, count, stride, delta) in &FOLDS[..FOLDS.partition_point(|f| f.0 <= hi)] {
                let stride = u32::from(stride);
                let last = first + (u32::from(count) - 1) * stride;
                if last < lo {
                    continue;
                }
                let from = if first >= lo { first } else { first + (lo - first).div_ceil(stride) * stride };
                let to = last.min(hi);
                if from > to {
                    continue;
                }
                if stride == 1 {
                    class.push(from.wrapping_add_signed(delta), to.wrapping_add_signed(delta));
                } else {
                    for rune in (from..=to).step_by(stride as usize) {
                        let other = rune.wrapping_add_signed(delta);
                        class.push(other, other);
                    }
                }
            }
        }
        class.clean();
        if class.ranges() == before {
            break;
        }
    }
}

/// Whether a character is a letter, of one of the categories `L…` (`unicode.IsLetter`).
///
/// ```
/// use goregex::unicode::is_letter;
/// assert!(is_letter('é') && is_letter('ª') && !is_letter('Ⅲ') && !is_letter('\u{301}'));
/// ```
pub fn is_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { category_of(u32::from(c)).starts_with('L') }
}

/// Whether a character is a letter or a decimal digit, of the category `Nd` (`unicode.IsLetter`, `unicode.IsDigit`).
///
/// ```
/// use goregex::unicode::is_letter_or_digit;
/// assert!(is_letter_or_digit('٣') && !is_letter_or_digit('²') && !is_letter_or_digit('_'));
/// ```
pub fn is_letter_or_digit(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    let category = category_of(u32::from(c));
    category.starts_with('L') || category == "Nd"
}

/// The general category of a code point: `Lu`.
fn category_of(rune: u32) -> &'static str {
    let (number, _) =
        runs(&CATEGORY_RUNS).find(|(_, run)| run.contains(&rune)).expect("the runs cover all code points");
    let start = usize::from(number) * 3;
    CATEGORIES.get(start..start + 2).expect("the runs' values are numbers of categories, two letters and a space each")
}

/// The class that `\p{name}` names, if any. Names are compared without case, spaces, `_` and `-`.
pub(crate) fn named_class(name: &[u8]) -> Option<Class> {
    let name = canonical(name);
    let name = name.as_str();
    let mut class = Class::new();
    match name {
        "Any" => class.push(0, MAX_RUNE),
        "Ascii" => class.push(0, 0x7f),
        "Assigned" => {
            class = category("Cn")?;
            class.negate();
        }
        _ => {
            if let Some(found) = category(name) {
                return Some(found);
            }
            if let Some(i) = SCRIPTS.split(' ').position(|s| s == name) {
                return Some(collect(&SCRIPT_RUNS, |value| usize::from(value) == i + 1));
            }
            let alias = ALIASES.split(' ').find_map(|a| a.split_once('=').filter(|(long, _)| *long == name))?;
            return category(alias.1);
        }
    }
    Some(class)
}

/// A general category: `L`, `Lu`, or `LC` for cased letters.
fn category(name: &str) -> Option<Class> {
    if name.is_empty() {
        return None;
    }
    let wanted = |category: &str| match name {
        "LC" | "Lc" => matches!(category, "Ll" | "Lt" | "Lu"),
        _ => name.len() <= 2 && category.starts_with(name),
    };
    let mut set = 0_u32;
    for (i, c) in CATEGORIES.split(' ').enumerate() {
        set |= u32::from(wanted(c)) << i;
    }
    (set != 0).then(|| collect(&CATEGORY_RUNS, |value| set >> value & 1 == 1))
}

/// The runs whose value is wanted.
fn collect(of: &[u8], wanted: impl Fn(u8) -> bool) -> Class {
    let mut class = Class::new();
    for (_, run) in runs(of).filter(|(value, _)| wanted(*value)) {
        class.push(run.start, run.end - 1);
    }
    class.clean();
    class
}

/// The runs of a table: values and code points.
fn runs(of: &[u8]) -> impl Iterator<Item = (u8, Range<u32>)> {
    let mut bytes = of.iter().copied();
    let mut start = 0;
    std::iter::from_fn(move || {
        let value = bytes.next()?;
        let (mut len, mut shift) = (0, 0);
        for b in bytes.by_ref() {
            len |= u32::from(b & 0x7f) << shift;
            shift += 7;
            if b < 0x80 {
                break;
            }
        }
        let run = start..start + len;
        start = run.end;
        Some((value, run))
    })
}

/// A big letter, then small ones; no spaces, `_` and `-` (`canonicalName` in parse.go).
fn canonical(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len());
    for &b in name {
        if matches!(b, b'_' | b'-' | b' ') {
            continue;
        }
        let b = if out.is_empty() { b.to_ascii_uppercase() } else { b.to_ascii_lowercase() };
        // Names are ASCII: any other byte becomes one that is in no name.
        out.push(if b.is_ascii() { char::from(b) } else { '?' });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds() {
        for (a, b) in [('A', 'a'), ('a', 'A'), ('K', 'k'), ('k', '\u{212a}'), ('\u{212a}', 'K'), ('ſ', 'S'), ('1', '1')]
        {
            assert_eq!(simple_fold(a as u32), b as u32, "{a}");
        }
        for (a, b) in [('Δ', 'δ'), ('δ', 'Δ'), ('\u{1e943}', '\u{1e921}'), ('ß', 'ẞ'), ('ǅ', 'ǆ'), ('Ꮿ', 'ꮿ')]
        {
            assert_eq!(simple_fold(a as u32), b as u32, "{a}");
        }
        let changed = (0..=MAX_RUNE).filter(|&r| simple_fold(r) != r);
        assert_eq!(changed.clone().max(), Some(MAX_FOLD));
        assert_eq!(changed.clone().min(), Some(MIN_FOLD));
        for start in changed {
            let mut rune = start;
            assert!(
                (0..4).any(|_| {
                    rune = simple_fold(rune);
                    rune == start
                }),
                "{start:x} is in no cycle"
            );
        }
    }

    #[test]
    fn every_code_point_has_a_category() {
        let letters = named_class(b"L").unwrap();
        // Where runs begin and end: a look-up goes through the table from its start.
        let edges = runs(&CATEGORY_RUNS).flat_map(|(_, run)| [run.start, run.end - 1]);
        for c in edges.filter_map(char::from_u32) {
            let inside = letters.ranges().iter().any(|r| (r.0..=r.1).contains(&u32::from(c)));
            assert_eq!(is_letter(c), inside, "{c:?}");
        }
    }

    #[test]
    fn names() {
        let size = |name: &str| {
            named_class(name.as_bytes()).map(|c| c.ranges().iter().map(|(lo, hi)| hi - lo + 1).sum::<u32>())
        };
        assert_eq!(size("Any"), Some(MAX_RUNE + 1));
        assert_eq!(size("Nd"), Some(680));
        assert_eq!(size("digit"), size("Nd"));
        assert_eq!(size("Lowercase_Letter"), size("Ll"));
        assert_eq!(size("greek"), size("Greek"));
        assert_eq!(size("Greek"), Some(518));
        assert_eq!(size("LC"), Some(size("Lu").unwrap() + size("Ll").unwrap() + size("Lt").unwrap()));
        for unknown in ["", "x", "Old_Italic", "Lx", "grek", "C c c", "gréek"] {
            assert_eq!(size(unknown), None, "{unknown}");
        }
    }
}
