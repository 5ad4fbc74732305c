//! A stream of YAML to its documents.

use super::tree::Origin;

/// Splits a text at its document markers: lines that start with `---` and end there or go on with a space, which YAML
/// takes as markers wherever they are.
pub(super) fn documents(text: &str) -> Vec<(&str, Origin)> {
    let mut parts = Vec::new();
    let mut start = Origin::default();
    let mut at = Origin::default();
    // Directives and comments belong to the document behind them.
    let mut empty = true;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}');
        let marker = bare.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
        if marker && !empty {
            parts.extend(text.get(start.offset..at.offset).map(|part| (part, start)));
            start = at;
        }
        empty &= bare.is_empty() || bare.starts_with(['%', '#']);
        empty &= !marker;
        at.offset += line.len();
        at.lines += 1;
    }
    parts.extend(text.get(start.offset..).map(|part| (part, start)));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_split_as_yaml_does() {
        for (text, want) in [
            ("", &[("", 0)][..]),
            ("a: b", &[("a: b", 0)]),
            ("a: b\n---\nc: d\n", &[("a: b\n", 0), ("---\nc: d\n", 1)]),
            ("# c\n---\na: b\n", &[("# c\n---\na: b\n", 0)]),
            ("%YAML 1.1\n--- {a: b}\n--- 1", &[("%YAML 1.1\n--- {a: b}\n", 0), ("--- 1", 2)]),
            ("---\n---\n", &[("---\n", 0), ("---\n", 1)]),
            ("a: |\n  ---\n---x: 1\n", &[("a: |\n  ---\n---x: 1\n", 0)]),
            ("a: b\r\n---\r\nc: d", &[("a: b\r\n", 0), ("---\r\nc: d", 1)]),
        ] {
            let got: Vec<_> = documents(text).into_iter().map(|(part, origin)| (part, origin.lines)).collect();
            assert_eq!(got, want, "{text:?}");
        }
    }
}
