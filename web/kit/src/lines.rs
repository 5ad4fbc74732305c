//! Which lines of a text are new.

use std::collections::BTreeMap;

/// The lines of `after`, from 0, that are not in `before`: what lies between the common start and the common end, less
/// the lines that only moved within it. Linear in the number of lines.
///
/// ```
/// use chartwright_kit::changed_lines;
/// assert_eq!(changed_lines("a\nb\nc\n", "a\nB\nc\n"), [1]);
/// assert_eq!(changed_lines("a\nc\n", "a\nb\nc\n"), [1]);
/// assert!(changed_lines("a\nb\n", "a\n").is_empty());
/// ```
pub fn changed_lines(before: &str, after: &str) -> Vec<u32> {
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    let start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(|(old, new)| old == new).count();
    let mut known: BTreeMap<&str, u32> = BTreeMap::new();
    for line in &old[start..old.len() - end] {
        *known.entry(line).or_default() += 1;
    }
    let middle = new[start..new.len() - end].iter().enumerate();
    middle
        .filter(|(_, line)| match known.get_mut(**line) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        })
        .map(|(index, _)| (start + index) as u32)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::changed_lines;

    #[test]
    fn changes_are_found() {
        for (before, after, want) in [
            ("", "", &[][..]),
            ("", "a\nb", &[0, 1]),
            ("a\nb", "", &[]),
            ("a\na\na", "a\na\na\na", &[3]),
            ("x\na\nb\ny", "x\nb\na\ny", &[]),
            ("x: 1\ny: 2\n", "x: 1\ny: 3\nz: 4\n", &[1, 2]),
        ] {
            assert_eq!(changed_lines(before, after), want, "{before:?} {after:?}");
        }
    }
}
