//! Documents of a text, and Go's idea of white space.

use std::ops::Range;

/// Where the documents of a rendered file are (`SplitManifests`): what stands
/// between `---` at the start of lines, without white space before it, blank
/// ones left out.
///
/// It is more lenient than YAML, as Helm is: `---apiVersion: v1` separates, too.
///
/// ```
/// use helm::manifest::split;
/// let text = b"---\na: 1\n--- # second\n---\n\nb: 2\n";
/// let docs: Vec<&[u8]> = split(text).into_iter().map(|r| &text[r]).collect();
/// assert_eq!(docs, [&b"a: 1\n"[..], b"# second\n", b"b: 2\n"]);
/// ```
pub fn split(text: &[u8]) -> Vec<Range<usize>> {
    let mut docs = Vec::new();
    let mut push = |range: Range<usize>| {
        let doc = &text[range.clone()];
        let lead = doc.len() - trim_start(doc).len();
        if lead < doc.len() {
            docs.push(range.start + lead..range.end);
        }
    };
    let first = text.len() - trim_start(text).len();
    let mut start = first;
    let mut line = first;
    let mut separators = memchr::memmem::find_iter(text, b"\n---").skip_while(|&end| end < first);
    while line < text.len() {
        if text[line..].starts_with(b"---") {
            push(start..line);
            start = line + 3;
            start += text[start..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        }
        match separators.next() {
            Some(end) => line = end + 1,
            None => break,
        }
    }
    push(start..text.len());
    docs
}

/// Where the documents of a file are for Helm 4.2.2 and before, as
/// helm-controller 1.6.2 has it: the white space around a separator belongs to
/// it, so that a document but the last loses the line breaks at its end, and a
/// separator right behind another is none.
///
/// ```
/// use helm::manifest::split_4_2_2;
/// let text = b"---\na: |+\n  x\n\n\n---\n---\nb: 2\n";
/// let docs: Vec<&[u8]> = split_4_2_2(text).into_iter().map(|r| &text[r]).collect();
/// assert_eq!(docs, [&b"a: |+\n  x"[..], b"---\nb: 2\n"]);
/// ```
pub fn split_4_2_2(text: &[u8]) -> Vec<Range<usize>> {
    let white = |b: &u8| matches!(b, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ');
    let mut docs = Vec::new();
    let mut push = |range: Range<usize>| {
        let doc = &text[range.clone()];
        let lead = doc.len() - trim_start(doc).len();
        if lead < doc.len() {
            docs.push(range.start + lead..range.end);
        }
    };
    let after = |at: usize| at + text[at..].iter().take_while(|b| white(b)).count();
    let mut start = text.len() - trim_start(text).len();
    if text[start..].starts_with(b"---") {
        start = after(start + 3);
    }
    while let Some(found) = memchr::memmem::find(&text[start..], b"\n---") {
        let end = start + found;
        let doc = &text[start..end];
        let blank = doc.iter().rev().take_while(|b| white(b)).count();
        push(start..end - blank);
        start = after(end + 4);
    }
    push(start..text.len());
    docs
}

/// Whether a text has nothing but white space (`strings.TrimSpace` leaves nothing).
pub fn is_blank(text: &[u8]) -> bool {
    trim_start(text).is_empty()
}

/// Whether a document has nothing but comments and white space: it is printed, and is no object.
///
/// ```
/// use helm::manifest::is_comment;
/// assert!(is_comment(b"# only\n\n  # comments"));
/// assert!(!is_comment(b"# a comment\nkind: ConfigMap"));
/// ```
pub fn is_comment(document: &[u8]) -> bool {
    document.split(|byte| *byte == b'\n').all(|line| matches!(line.trim_ascii_start().first(), None | Some(b'#')))
}

/// The text without white space around it (`strings.TrimSpace`).
pub fn trim_space(text: &[u8]) -> &[u8] {
    let mut text = trim_start(text);
    loop {
        let Some(&last) = text.last() else { return text };
        let size = if last < 0x80 {
            usize::from(is_ascii_space(last))
        } else {
            let lead = text.iter().rev().take(4).position(|b| b & 0xC0 != 0x80).map_or(0, |n| n + 1);
            let tail = &text[text.len() - lead..];
            let space = std::str::from_utf8(tail).ok().and_then(|s| s.chars().next()).is_some_and(char::is_whitespace);
            if space { lead } else { 0 }
        };
        if size == 0 {
            return text;
        }
        text = &text[..text.len() - size];
    }
}

/// The text without white space before it (`strings.TrimLeftFunc` with `unicode.IsSpace`).
fn trim_start(mut text: &[u8]) -> &[u8] {
    while let Some(&first) = text.first() {
        let size = if first < 0x80 {
            usize::from(is_ascii_space(first))
        } else {
            let wide = (2..=3).find(|&n| text.get(..n).is_some_and(|t| std::str::from_utf8(t).is_ok()));
            let space = wide.and_then(|n| std::str::from_utf8(&text[..n]).ok()?.chars().next());
            if space.is_some_and(char::is_whitespace) { wide.unwrap_or(0) } else { 0 }
        };
        if size == 0 {
            break;
        }
        text = &text[size..];
    }
    text
}

fn is_ascii_space(b: u8) -> bool {
    matches!(b, b'\t'..=b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_split_as_helm_splits_them() {
        let cases: [(&str, &[&str]); 9] = [
            ("", &[]),
            (" \n\t\n", &[]),
            ("a: 1", &["a: 1"]),
            ("\n\n---\na: 1\n---\n", &["a: 1\n"]),
            ("---apiVersion: v1\n", &["apiVersion: v1\n"]),
            ("a: |\n  ---\nb: 2\n---  \t\nc: 3", &["a: |\n  ---\nb: 2\n", "c: 3"]),
            ("------\n", &["---\n"]),
            ("a\r\n---\r\nb", &["a\r\n", "b"]),
            ("\u{a0}a\n---\u{2003}b", &["a\n", "b"]),
        ];
        for (text, want) in cases {
            let got: Vec<&str> = split(text.as_bytes()).into_iter().map(|r| &text[r]).collect();
            assert_eq!(got, want, "{text:?}");
        }
    }

    #[test]
    fn white_space_is_what_go_takes_for_it() {
        assert_eq!(trim_space("\u{3000} x \u{85}\n".as_bytes()), b"x");
        assert_eq!(trim_space(b"\xff x \xa0"), b"\xff x \xa0");
        assert!(is_blank("\u{2028}\u{b}".as_bytes()));
        assert!(!is_blank("\u{200b}".as_bytes()));
    }
}
