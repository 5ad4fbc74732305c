//! The documents of a text of values. Helm merges them, the later over the earlier.

use super::{Repeated, Source, TextError, as_values};
use crate::tree::merge;
use crate::value::Value;

/// A document, and where it starts in the text.
#[derive(Clone, Copy)]
pub(crate) struct Document<'t> {
    pub(crate) text: &'t str,
    pub(crate) start: usize,
}

/// Cuts a text where Helm does: behind each line that starts with `---`, wherever it stands, but for the first line.
///
/// # Errors
/// If something other than a comment stands behind `---`, which Helm refuses.
pub(crate) fn documents(text: &str) -> Result<Vec<Document<'_>>, TextError> {
    let mut out = Vec::new();
    let (mut start, mut at) = (0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let next = at + line.len();
        if let Some(behind) = line.strip_prefix("---").map(str::trim) {
            if !behind.is_empty() && !behind.starts_with('#') {
                let message = format!("nothing but a comment may stand behind `---`, and {behind} does");
                return Err(TextError { message, line: Some(number + 1), is_yaml: false });
            }
            // One at the start of a document begins it.
            if at > start {
                out.push(Document { text: text.get(start..at).unwrap_or_default(), start });
                start = next;
            }
        }
        at = next;
    }
    if start < text.len() || out.is_empty() {
        out.push(Document { text: text.get(start..).unwrap_or_default(), start });
    }
    Ok(out)
}

/// Reads the values of a chart or an override, whose documents must be maps; an empty one and `null` are an empty map.
///
/// # Errors
/// As [`super::parse`], and if a document is something else.
pub(crate) fn parse_values(text: &str) -> Result<Value, TextError> {
    read_values(text).map(|(values, _)| values)
}

/// The same, with the keys that stand twice in a map.
///
/// # Errors
/// As [`parse_values`].
pub(crate) fn read_values(text: &str) -> Result<(Value, Vec<Repeated>), TextError> {
    let (mut values, mut repeated) = (Value::empty_map(), Vec::new());
    for document in documents(text)? {
        let before = || text.get(..document.start).unwrap_or_default().matches('\n').count();
        let read = Source::parse(document.text).and_then(|source| Ok((as_values(source.value())?, source.repeated)));
        let (new, again) = read.map_err(|error| TextError { line: error.line.map(|line| line + before()), ..error })?;
        if !again.is_empty() {
            let before = before();
            let moved = |one: Repeated| Repeated { line: one.line + before, again: one.again + before, ..one };
            repeated.extend(again.into_iter().map(moved));
        }
        values = merge(&values, &new);
    }
    Ok((values, repeated))
}

/// Whether a text has values beyond its first document, where no edit by path reaches them.
pub(crate) fn is_split(text: &str) -> bool {
    // Most texts have one document; to look for the line is cheap.
    text.contains("\n---")
        && match (Source::parse(text).and_then(|first| as_values(first.value())), parse_values(text)) {
            (Ok(first), Ok(all)) => first != all,
            _ => true,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_end_where_helm_cuts() {
        let texts = |text| documents(text).map(|all| all.iter().map(|one| one.text).collect::<Vec<_>>());
        for (text, want) in [
            ("", vec![""]),
            ("a: 1", vec!["a: 1"]),
            ("---\na: 1\n--- # two\nb: 2\n", vec!["---\na: 1\n", "b: 2\n"]),
            ("a: 1\n---\n---\nb: 2", vec!["a: 1\n", "---\nb: 2"]),
            ("a: |\n  x\n---\n", vec!["a: |\n  x\n"]),
        ] {
            assert_eq!(texts(text).unwrap(), want, "{text:?}");
        }
        assert_eq!(texts("a: 1\n--- b: 2\n").unwrap_err().line, Some(2));
    }

    #[test]
    fn keys_that_stand_twice_are_told() {
        let told = |text| {
            let (_, repeated) = read_values(text).unwrap();
            repeated.iter().map(|one| format!("{} {} {}", one.key, one.line, one.again)).collect::<Vec<_>>()
        };
        assert_eq!(told("a: 1\nb: {c: 1, c: 2}\na: 2\na: 3\n"), ["c 2 2", "a 1 3", "a 3 4"]);
        assert_eq!(told("x: 1\n---\na: 1\na: 2\n"), ["a 3 4"]);
        // What is merged in is there to be replaced, and a later document to win.
        assert!(told("a: &a {b: 1}\nc: {<<: *a, b: 2}\n").is_empty());
        assert!(told("a: 1\n---\na: 2\n").is_empty());
    }

    #[test]
    fn later_documents_win() {
        let values = parse_values("a: {b: 1, c: 2}\nd: 3\n---\na: {b: 9}\n--- # nothing\n").unwrap();
        assert_eq!(super::super::to_text(&values), "a:\n  b: 9\n  c: 2\nd: 3\n");
        assert_eq!(parse_values("a: 1\n---\nb: [\n").unwrap_err().line, Some(3));
        assert_eq!(
            parse_values("a: 1\n---\n- b\n").unwrap_err().to_string(),
            "values must be a map of keys, but this is a list"
        );
        for (text, split) in [
            ("a: 1\n---\n# end\n", false),
            ("---\na: 1\n", false),
            ("# a\n---\nb: 1\n", false),
            ("a: 1\n---\nb: 1\n", true),
        ] {
            assert_eq!(is_split(text), split, "{text:?}");
        }
    }
}
