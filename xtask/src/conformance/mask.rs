//! Goldens with masked parts: `▒` stands for any text within its line.

const MASK: &[u8] = "▒".as_bytes();

/// Whether the text is the golden's, line by line.
pub(crate) fn matches(golden: &[u8], text: &[u8]) -> bool {
    if golden == text {
        return true;
    }
    let mut golden = golden.split(|b| *b == b'\n');
    let mut text = text.split(|b| *b == b'\n');
    loop {
        match (golden.next(), text.next()) {
            (None, None) => return true,
            (Some(g), Some(t)) if line_matches(g, t) => {}
            _ => return false,
        }
    }
}

/// Whether one line is the golden's.
pub(crate) fn line_matches(golden: &[u8], line: &[u8]) -> bool {
    if golden == line {
        return true;
    }
    let mut pieces = split(golden);
    let Some(last) = pieces.pop() else { return false };
    if pieces.is_empty() {
        return false;
    }
    let Some(mut rest) = line.strip_prefix(pieces.remove(0)) else { return false };
    for piece in pieces {
        let Some(at) = find(rest, piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

fn split(golden: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut rest = golden;
    while let Some(at) = find(rest, MASK) {
        pieces.push(&rest[..at]);
        rest = &rest[at + MASK.len()..];
    }
    pieces.push(rest);
    pieces
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() {
        return Some(0);
    }
    haystack.windows(needle.len()).position(|w| w == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_stands_for_text_in_its_line_only() {
        let golden = "a: ▒ b\nc".as_bytes();
        assert!(matches(golden, b"a: anything b\nc"));
        assert!(matches(golden, b"a:  b\nc"));
        assert!(!matches(golden, b"a: x\ny b\nc"));
        assert!(!matches(golden, b"a: x b\nd"));
        assert!(!matches(golden, b"a: x b"));
        assert!(!matches(b"plain", b"other"));
    }
}
