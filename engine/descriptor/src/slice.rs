//! Pieces of a text with their comments, as they were written.

use crate::places::Span;

/// Cuts the entries of a block mapping out of a text, with the comments around them, moved to the left edge.
///
/// `key` is the place of the mapping's key, `value` that of the mapping. `None` where the mapping is not in block
/// style on lines of its own. What comes out may still not be the same value: it may have aliases of anchors that
/// stand elsewhere. So read it before using it.
pub(crate) fn entries(text: &str, key: Span, value: Span) -> Option<String> {
    let start = after_anchor(text, value.start)?;
    let (line, _) = line_around(text, start);
    let indent = start.checked_sub(line)?;
    let own_line = text.get(line..start)?.bytes().all(|b| b == b' ');
    if !own_line || matches!(text.as_bytes().get(start)?, b'{' | b'[' | b'*' | b'&' | b'!' | b'"' | b'\'') {
        return None;
    }
    let mut out = String::new();
    let after_key = text.get(key.end..line)?;
    for (i, line) in after_key.split_inclusive('\n').enumerate() {
        let comment = line.find('#').and_then(|at| line.get(at..));
        match comment {
            Some(comment) if i == 0 || line.trim_start().starts_with('#') => {
                out.push_str(comment.trim_end());
                out.push('\n');
            }
            // Empty lines behind comments, and before them none.
            None if !out.is_empty() && line.trim().is_empty() => out.push('\n'),
            _ => {}
        }
    }
    let mut at = line;
    for line in text.get(line..)?.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let depth = bare.len() - bare.trim_start_matches(' ').len();
        let behind = at >= value.end;
        if behind {
            let rest = bare.trim_start();
            if !(rest.is_empty() || rest.starts_with('#') && depth >= indent) {
                break;
            }
        }
        out.push_str(bare.get(depth.min(indent)..)?);
        out.push('\n');
        at += line.len();
    }
    out.truncate(out.trim_end().len());
    Some(out)
}

/// Where the entries of a mapping start: behind its anchor, if it has one.
fn after_anchor(text: &str, start: usize) -> Option<usize> {
    if text.as_bytes().get(start) != Some(&b'&') {
        return Some(start);
    }
    let (_, mut at) = line_around(text, start);
    for line in text.get(at..)?.split_inclusive('\n') {
        let bare = line.trim_start();
        if !bare.is_empty() && !bare.starts_with('#') {
            return Some(at + line.len() - bare.len());
        }
        at += line.len();
    }
    None
}

/// The comment above what starts at an offset, moved to the left edge: lines right above it, as deep as itself.
pub(crate) fn comment_above(text: &str, start: usize) -> String {
    let (line, _) = line_around(text, start);
    let depth = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let indent = text.get(line..).map_or(0, depth);
    let mut lines: Vec<&str> = Vec::new();
    for above in text.split_at(line).0.lines().rev() {
        if !above.trim_start().starts_with('#') || depth(above) != indent {
            break;
        }
        lines.push(above.trim());
    }
    lines.reverse();
    lines.join("\n")
}

/// Start and end of the line that an offset is on, without its line break.
fn line_around(text: &str, offset: usize) -> (usize, usize) {
    let start = text.get(..offset).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(offset..).and_then(|t| t.find('\n')).map_or(text.len(), |at| offset + at);
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::parse;

    fn cut(spec: &str) -> Option<String> {
        let text = format!(
            "apiVersion: chartwright.dev/v1alpha1\nkind: HelmChartDescriptor\nmetadata: {{name: m}}\nspec:\n  module: \
             {{version: 1.0.0}}\n  components:\n{spec}"
        );
        let (parsed, problems) = parse("x.yaml", &text);
        let parsed = parsed.unwrap_or_else(|| panic!("{problems:?}"));
        let path = "spec.components[0].values";
        entries(&parsed.text, parsed.places.key(path).unwrap(), parsed.places.find(path).unwrap())
    }

    #[test]
    fn comments_and_order_stay() {
        for (spec, want) in [
            ("  - name: a\n    values:\n      b: 1\n      a: 2\n", Some("b: 1\na: 2")),
            (
                "  - name: a\n    values: # why\n      # first\n\n      b: 1 # one\n\n      # last\n    # not ours\n    config: {}\n",
                Some("# why\n# first\n\nb: 1 # one\n\n# last"),
            ),
            (
                "  - name: a\n    values:\r\n      b: |\r\n        x\r\n\r\n        y\r\n  - name: b\n",
                Some("b: |\n  x\n\n  y"),
            ),
            (
                "  - name: a\n    values:\n      b: \"x\n  y\"\n      c: [1,\n  2]\n  - name: b\n",
                Some("b: \"x\ny\"\nc: [1,\n2]"),
            ),
            ("  - name: a\n    values: {a: 1}\n", None),
            ("  - name: a\n    values: &v\n      a: 1\n  - name: b\n    values: *v\n", Some("a: 1")),
            ("  - name: a\n    values: &v # why\n      # x\n      a: 1", Some("# why\n# x\na: 1")),
            ("  - name: a\n    values: &v {a: 1}\n", None),
            ("  - {name: a, values: {a: 1}}\n", None),
            ("  - name: a\n    values:\n\n\n      a: 1", Some("a: 1")),
        ] {
            assert_eq!(cut(spec).as_deref(), want, "{spec}");
        }
    }

    #[test]
    fn comments_above_an_item() {
        let text = "a:\n  # far\n\n  # near\n  # nearer\n  - name: x\n  # other\n- y\n";
        assert_eq!(comment_above(text, text.find("name").unwrap()), "# near\n# nearer");
        assert_eq!(comment_above(text, text.find("y\n").unwrap()), "");
        assert_eq!(comment_above("x", 0), "");
    }
}
