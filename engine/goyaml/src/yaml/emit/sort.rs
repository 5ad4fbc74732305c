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
        let after_digit = version == Version::V3 && start > 0 && a[start - 1].is_ascii_digit();
        return if after_digit { letter_a } else { letter_b };
    }
    // A zero behind other digits counts.
    let zero = char_a == '0' || char_b == '0';
    let lead = zero && a[..start].iter().rev().take_while(|b| b.is_ascii_digit()).any(|b| *b != b'0');
    let (number_a, end_a) = number(a, start, lead);
    let (number_b, end_b) = number(b, start, lead);
    match number_a.cmp(&number_b).then(end_a.cmp(&end_b)) {
        Ordering::Equal => char_a < char_b,
        other => other == Ordering::Less,
    }
}

/// The number that starts here, overflowing as in Go, and where it ends.
fn number(s: &[u8], start: usize, lead: bool) -> (i64, usize) {
    let digits = s[start..].iter().take_while(|b| b.is_ascii_digit());
    let mut n = i64::from(lead);
    let mut end = start;
    for b in digits {
        n = n.wrapping_mul(10).wrapping_add(i64::from(b - b'0'));
        end += 1;
    }
    (n, end)
}

fn char_at(s: &[u8], i: usize) -> char {
    let rest = s.get(i..).unwrap_or_default();
    match rest.first() {
        Some(b) if b.is_ascii() => char::from(*b),
        _ => rest.utf8_chunks().next().and_then(|c| c.valid().chars().next()).unwrap_or('\u{fffd}'),
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
        assert_eq!(sorted, ["", "1", "9", "10", "_x", "B", "a", "a-b", "a01", "a1b", "a2", "a10", "b", "é"]);
    }
}
