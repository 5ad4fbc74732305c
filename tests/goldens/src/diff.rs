//! Where two texts differ, for people.

/// How many lines are shown before the first different one, and from it on.
const BEFORE: usize = 3;
const AFTER: usize = 4;
/// How much of a line is shown.
const MOST: usize = 300;

/// Says in which line two texts differ first, and shows it with its neighbours: `-` is Helm's, `+` is ours.
/// `None` where they are equal.
///
/// ```
/// let text = chartwright_goldens::diff(b"a: 1\nb: 2\n", b"a: 1\nb: 3\n").unwrap();
/// assert_eq!(text, "line 2 differs (Helm has 2 lines, we have 2)\n    a: 1\n  - b: 2\n  + b: 3\n");
/// ```
pub fn diff(helm: &[u8], ours: &[u8]) -> Option<String> {
    if helm == ours {
        return None;
    }
    let (wanted, got) = (lines(helm), lines(ours));
    let first = wanted.iter().zip(&got).take_while(|(w, g)| w == g).count();
    let mut text = format!("line {} differs (Helm has {} lines, we have {})\n", first + 1, wanted.len(), got.len());
    for line in &wanted[first.saturating_sub(BEFORE)..first] {
        text.push_str(&format!("    {}\n", shown(line)));
    }
    for (sign, lines) in [('-', &wanted), ('+', &got)] {
        for line in lines.iter().skip(first).take(AFTER) {
            text.push_str(&format!("  {sign} {}\n", shown(line)));
        }
    }
    Some(text)
}

/// The lines, each with its line end: whether the last one has an end makes a difference.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|b| *b == b'\n').collect()
}

/// A line in which whatever cannot be seen is escaped.
fn shown(line: &[u8]) -> String {
    let (line, end) = match line.strip_suffix(b"\n") {
        Some(line) => (line, ""),
        None => (line, " (no line end)"),
    };
    let text = String::from_utf8_lossy(line);
    let mut shown: String = text.chars().take(MOST).map(escaped).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown + end
}

fn escaped(c: char) -> String {
    if c.is_control() { c.escape_default().to_string() } else { c.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_do_not_differ() {
        assert_eq!(diff(b"a\n", b"a\n"), None);
    }

    #[test]
    fn line_ends_are_seen() {
        let text = diff(b"a\nb", b"a\r\nb").unwrap();
        assert_eq!(
            text,
            "line 1 differs (Helm has 2 lines, we have 2)\n  - a\n  - b (no line end)\n  + a\\r\n  + b (no line end)\n"
        );
        assert!(diff(b"a\n", b"a").unwrap().contains("+ a (no line end)"));
    }

    #[test]
    fn a_text_that_ends_early_differs_after_its_end() {
        let text = diff(b"a\nb\n", b"a\n").unwrap();
        assert_eq!(text, "line 2 differs (Helm has 2 lines, we have 1)\n    a\n  - b\n");
    }
}
