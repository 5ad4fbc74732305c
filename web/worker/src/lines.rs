//! Lines of texts, and what differs between two of them.

use std::collections::HashMap;

use chartwright_protocol::{Hunk, Line};
use similar::algorithms::{Capture, Replace, myers};
use similar::{DiffOp, group_diff_ops};

use crate::place::count;

/// How many lines stand around those that differ.
const CONTEXT: usize = 3;

/// Where the lines that differ are more than so many pairs, which line became which is not looked for: it would take
/// seconds, and help nobody.
const PAIRS: usize = 50_000_000;

/// The lines of a text, without their ends. A text that ends with a line break has none behind it.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let rest = if text.is_empty() { None } else { Some(text) };
    rest.into_iter().flat_map(|text| text.split(|byte| *byte == b'\n'))
}

/// What differs, with the lines around it.
pub(crate) fn hunks(before: &[u8], after: &[u8]) -> Vec<Hunk> {
    let (before, after): (Vec<&[u8]>, Vec<&[u8]>) = (lines(before).collect(), lines(after).collect());
    let groups = group_diff_ops(operations(&before, &after), CONTEXT);
    groups.iter().filter_map(|group| hunk(group, &before, &after)).collect()
}

fn operations(before: &[&[u8]], after: &[&[u8]]) -> Vec<DiffOp> {
    // Numbers in place of lines: they are compared often.
    let mut numbers = HashMap::new();
    let mut number = |lines: &[&[u8]]| -> Vec<u32> {
        let next = |numbers: &HashMap<Vec<u8>, u32>| count(numbers.len());
        lines
            .iter()
            .map(|line| {
                let new = next(&numbers);
                *numbers.entry(line.to_vec()).or_insert(new)
            })
            .collect()
    };
    let (old, new) = (number(before), number(after));
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (old.len() - same, new.len() - same);
    let end = old.iter().rev().zip(new.iter().rev()).take(old_rest.min(new_rest)).take_while(|(a, b)| a == b).count();
    let (old_len, new_len) = (old_rest - end, new_rest - end);
    if old_len.saturating_mul(new_len) <= PAIRS {
        return myers(&old, &new);
    }
    vec![
        DiffOp::Equal { old_index: 0, new_index: 0, len: same },
        DiffOp::Replace { old_index: same, old_len, new_index: same, new_len },
        DiffOp::Equal { old_index: same + old_len, new_index: same + new_len, len: end },
    ]
}

/// The shortest way from one list to the other. It is called directly: whoever chooses it by its name links all ways.
fn myers(old: &[u32], new: &[u32]) -> Vec<DiffOp> {
    let mut hook = Replace::new(Capture::new());
    let Ok(()) = myers::diff_deadline_raw(&mut hook, old, 0..old.len(), new, 0..new.len(), None);
    hook.into_inner().into_ops()
}

fn hunk(group: &[DiffOp], before: &[&[u8]], after: &[&[u8]]) -> Option<Hunk> {
    let first = group.first()?;
    let text = |lines: &[&[u8]], at: std::ops::Range<usize>| -> Vec<String> {
        lines.get(at).unwrap_or_default().iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect()
    };
    let mut lines = Vec::new();
    for operation in group {
        if let DiffOp::Equal { .. } = operation {
            lines.extend(text(before, operation.old_range()).into_iter().map(Line::Same));
        } else {
            lines.extend(text(before, operation.old_range()).into_iter().map(Line::Removed));
            lines.extend(text(after, operation.new_range()).into_iter().map(Line::Added));
        }
    }
    let line = |index: usize| count(index).saturating_add(1);
    Some(Hunk { before: line(first.old_range().start), after: line(first.new_range().start), lines })
}

/// A text that is all new, or all gone.
pub(crate) fn whole(text: &[u8], line: fn(String) -> Line) -> Vec<Hunk> {
    let lines = lines(text).map(|text| line(String::from_utf8_lossy(text).into_owned())).collect();
    vec![Hunk { before: 1, after: 1, lines }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> String {
        let hunks = hunks(before.as_bytes(), after.as_bytes());
        let line = |line: &Line| match line {
            Line::Same(text) => format!(" {text}"),
            Line::Removed(text) => format!("-{text}"),
            Line::Added(text) => format!("+{text}"),
        };
        let hunk = |hunk: &Hunk| {
            let lines: Vec<String> = hunk.lines.iter().map(line).collect();
            format!("{}/{}: {}", hunk.before, hunk.after, lines.join(" | "))
        };
        hunks.iter().map(hunk).collect::<Vec<_>>().join(" || ")
    }

    #[test]
    fn differences_have_three_lines_around_them() {
        assert_eq!(shown("a\nb\n", "a\nb"), "");
        assert_eq!(shown("", "a"), "1/1: +a");
        assert_eq!(
            shown("1\n2\n3\n4\n5\nx\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\ny\nz\n6\n7\n8\n9\n"),
            "3/3:  3 |  4 |  5 | -x | +y | +z |  6 |  7 |  8"
        );
        let far: String = (0..20).map(|n| format!("{n}\n")).collect();
        assert_eq!(shown(&far, &far.replace("3\n", "three\n").replace("19\n", "")).matches("||").count(), 1);
    }

    #[test]
    fn huge_differences_are_taken_as_a_whole() {
        let text = |word: &str| (0..8000).map(|n| format!("{word} {n}\n")).collect::<String>();
        let (before, after) = (format!("same\n{}end\n", text("a")), format!("same\n{}end\n", text("b")));
        let hunks = hunks(before.as_bytes(), after.as_bytes());
        assert_eq!(hunks.len(), 1);
        assert_eq!(hunks.iter().map(|hunk| hunk.lines.len()).sum::<usize>(), 16002);
    }
}
