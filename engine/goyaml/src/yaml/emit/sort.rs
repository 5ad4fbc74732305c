//! The order of keys (go-yaml: sorter.go): letters by value, other characters
//! before letters, digits as numbers.

use std::cmp::Ordering;

use super::super::resolve::Version;

/// Positions of keys in go-yaml's order; `None` if they have it already.
///
/// The order is not transitive for all strings, hence no sort of the standard
/// library, which may panic then.
pub(super) fn order<'k>(len: usize, key: impl Fn(usize) -> &'k [u8], version: Version) -> Option<Vec<u32>> {
    if (1..len).all(|i| !less(key(i), key(i - 1), version)) {
        return None;
    }
    let mut sorted: Vec<u32> = (0..len as u32).collect();
    let mut merged = Vec::with_capacity(len);
    let mut width = 1;
    while width < len {
        for run in sorted.chunks(2 * width) {
            let (mut a, mut b) = run.split_at(width.min(run.len()));
            while let ([first_a, rest_a @ ..], [first_b, rest_b @ ..]) = (a, b) {
                if less(key(*first_b as usize), key(*first_a as usize), version) {
                    merged.push(*first_b);
                    b = rest_b;
                } else {
                    merged.push(*first_a);
                    a = rest_a;
                }
            }
            merged.extend_from_slice(a);
            merged.extend_from_slice(b);
        }
        std::mem::swap(&mut sorted, &mut merged);
        merged.clear();
        width *= 2;
    }
    Some(sorted)
}

/// Whether `a` comes before `b`.
fn less(a: &[u8], b: &[u8], version: Version) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    if same == a.len() || same == b.len() {
        // One is the start of the other, or they are equal.
        return a.len() < b.len();
    }
    // Back to the start of the character.
    let mut start = same;
    while start > 0 && a[start] & 0xC0 == 0x80 {
        start -= 1;
    }
    let (char_a, char_b) = (char_at(a, start), char_at(b, start));
    let (letter_a, letter_b) = (is_letter(char_a), is_letter(char_b));
    if letter_a && letter_b {
        return char_a < char_b;
    }
    if letter_a || letter_b {
        let after_digit = version == Version::V3 && last_char(&a[..start]).is_some_and(|c| digit(c).is_some());
        return if after_digit { letter_a } else { letter_b };
    }
    // A zero behind other digits counts.
    let zero = char_a == '0' || char_b == '0';
    let lead = zero && digits_before(&a[..start]).any(|c| c != '0');
    match number(&a[start..], lead).cmp(&number(&b[start..], lead)) {
        Ordering::Equal => char_a < char_b,
        other => other == Ordering::Less,
    }
}

/// The number in front of the text, overflowing as in Go, and its length.
fn number(s: &[u8], lead: bool) -> (i64, usize) {
    let mut n = i64::from(lead);
    let mut len = 0;
    for value in chars(s).map_while(digit) {
        n = n.wrapping_mul(10).wrapping_add(value);
        len += 1;
    }
    (n, len)
}

/// What a decimal digit of any script counts: Go subtracts `0` from it.
fn digit(c: char) -> Option<i64> {
    let is_digit = c.is_ascii_digit()
        || (!c.is_ascii() && DIGIT_ZEROS.iter().any(|zero| (*zero..*zero + 10).contains(&u32::from(c))));
    is_digit.then(|| i64::from(u32::from(c)) - 0x30)
}

/// The zeros of the scripts beyond ASCII (`unicode.Nd`).
static DIGIT_ZEROS: [u32; 67] = [
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20,
    0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0,
    0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0,
    0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60,
    0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950, 0x1FBF0,
];

/// The characters, U+FFFD for each byte that is none.
fn chars(s: &[u8]) -> impl Iterator<Item = char> {
    s.utf8_chunks().flat_map(|c| c.valid().chars().chain(c.invalid().iter().map(|_| '\u{fffd}')))
}

fn last_char(s: &[u8]) -> Option<char> {
    let start = (s.len().saturating_sub(4)..s.len()).rev().find(|i| s[*i] & 0xC0 != 0x80)?;
    chars(&s[start..]).last()
}

/// The digits that the text ends with, backwards.
fn digits_before(s: &[u8]) -> impl Iterator<Item = char> {
    let mut rest = s;
    std::iter::from_fn(move || {
        let c = last_char(rest).filter(|c| digit(*c).is_some())?;
        rest = &rest[..rest.len() - c.len_utf8()];
        Some(c)
    })
}

fn char_at(s: &[u8], i: usize) -> char {
    match &s[i..] {
        [b, ..] if b.is_ascii() => char::from(*b),
        rest => chars(rest.get(..4).unwrap_or(rest)).next().unwrap_or('\u{fffd}'),
    }
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || (!c.is_ascii() && c.is_alphabetic() && !c.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_natural_order() {
        let mut keys = ["b", "a10", "a2", "a", "B", "_x", "a1b", "a01", "1", "é", "a-b", "", "10", "9"];
        keys.sort_unstable();
        let order = order(keys.len(), |i| keys[i].as_bytes(), Version::V2).unwrap();
        let sorted: Vec<&str> = order.iter().map(|i| keys[*i as usize]).collect();
        assert_eq!(sorted, ["", "_x", "1", "9", "10", "B", "a", "a-b", "a1b", "a01", "a2", "a10", "b", "é"]);
    }
}
