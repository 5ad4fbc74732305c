//! Where the comments of a text are.

use std::ops::Range;

use super::error::YamlError;
use super::reader::Input;
use super::scan::Scanner;
use super::scan::token::{Style, TokenKind};
use super::tree::MAX_TEXT;

/// The places of a text's comments in bytes, each from its `#` to the end of its line. A `#` in quotes, in the lines of
/// `|` and `>` and within a word is none.
///
/// ```
/// let text = b"a: '# x' # one\nb: |\n  # x\n# two\n";
/// let comments = goyaml::yaml::comments(text).unwrap();
/// let texts: Vec<_> = comments.into_iter().map(|at| &text[at]).collect();
/// assert_eq!(texts, [&b"# one"[..], b"# two"]);
/// ```
///
/// # Errors
/// If the text cannot be cut in tokens. What is wrong with their order is not noticed.
pub fn comments(src: &[u8]) -> Result<Vec<Range<usize>>, YamlError> {
    if src.len() > MAX_TEXT {
        return Err(YamlError::converting("yaml: input is too large"));
    }
    let input = Input::new(src);
    let mut scanner = Scanner::new(&input);
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        let token = scanner.peek()?;
        let (start, end) = (token.start.offset as usize, token.end.offset as usize);
        add(&input.text, at..start, &mut out);
        match token.kind {
            TokenKind::StreamEnd => break,
            // Behind these, a comment may stand on the line that belongs to the token.
            TokenKind::Scalar(_, Style::Literal | Style::Folded)
            | TokenKind::Version(..)
            | TokenKind::TagDirective(_) => {
                let line = input.text.get(start..end).unwrap_or_default();
                let line = line.split(|b| matches!(b, b'\n' | b'\r')).next().unwrap_or_default();
                if let Some(mark) = line.windows(2).position(|two| matches!(two, b" #" | b"\t#")) {
                    add(&input.text, start + mark + 1..start + line.len(), &mut out);
                }
            }
            _ => {}
        }
        at = at.max(end);
        scanner.skip();
    }
    out.iter_mut().for_each(|range| *range = range.start + input.skipped..range.end + input.skipped);
    Ok(out)
}

/// Adds the comments between two tokens, where nothing else but white space can be.
fn add(text: &[u8], between: Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut at = between.start;
    while let Some(mark) = text.get(at..between.end).and_then(|rest| rest.iter().position(|b| *b == b'#')) {
        let start = at + mark;
        let rest = text.get(start..between.end).unwrap_or_default();
        let end = start + (0..rest.len()).find(|i| is_break(&rest[*i..])).unwrap_or(rest.len());
        out.push(start..end);
        at = end;
    }
}

/// Whether a line ends here: also at the line breaks of Unicode.
fn is_break(rest: &[u8]) -> bool {
    matches!(rest, [b'\n' | b'\r', ..] | [0xC2, 0x85, ..] | [0xE2, 0x80, 0xA8 | 0xA9, ..])
}

#[cfg(test)]
mod tests {
    use super::comments;

    #[test]
    fn comments_are_what_the_scanner_passes_over() {
        for (text, want) in [
            ("", vec![]),
            ("a: b#c # d", vec!["# d"]),
            ("# a\n  # b\r\nc: \"# x\n  # y\" # d\n", vec!["# a", "# b", "# d"]),
            ("a: | # head\n  # x\n\n# foot\n", vec!["# head", "# foot"]),
            ("a: >-2 # head #\n   # x\n", vec!["# head #"]),
            ("a: 1 # b\rc: 2\r# d\u{2028}e: 3", vec!["# b", "# d"]),
            ("[a,#b\n c]#d\n", vec!["#b", "#d"]),
            ("a: !t x # b\nc: &d # e\n  f\n", vec!["# b", "# e"]),
            ("%YAML 1.1 # v\n--- # a\nb\n... # c\n", vec!["# v", "# a", "# c"]),
            ("\u{feff}# a\nb: 1 # c", vec!["# a", "# c"]),
            ("? a # b\n: # c\n  d\n", vec!["# b", "# c"]),
        ] {
            let found = comments(text.as_bytes()).unwrap();
            let found: Vec<_> = found.into_iter().map(|at| &text[at]).collect();
            assert_eq!(found, want, "{text:?}");
        }
        assert!(comments(b"a: 'b").is_err());
    }
}
