//! Colours of YAML and of templates.

use std::ops::Range;

use chartwright_kit::Span;
use chartwright_values::{Class, LineState, highlight};

/// The coloured parts of YAML. What stands before the range may carry over into it, so the lines before are read, too.
pub fn yaml(text: &str, range: Range<usize>) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut state = LineState::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at >= range.end {
            break;
        }
        let (parts, next) = highlight(line.trim_end_matches('\n'), state);
        state = next;
        if at >= range.start {
            let start = at - range.start;
            spans.extend(parts.into_iter().filter_map(|part| {
                let class = class(part.class)?;
                Some(Span { range: start + part.start..start + part.end, class })
            }));
        }
        at += line.len();
    }
    spans
}

/// The class of a part; strings of no class are plain text.
fn class(class: Class) -> Option<&'static str> {
    Some(match class {
        Class::Key => "key",
        Class::Text => "string",
        Class::Number | Class::Boolean | Class::Null => "constant",
        Class::Comment => "comment",
        Class::Anchor => "anchor",
        Class::Mark | Class::Document => "punct",
    })
}

/// The coloured parts of a template: what stands between braces.
pub fn template(text: &str, range: Range<usize>) -> Vec<Span> {
    let part = text.get(range).unwrap_or_default();
    let mut spans = Vec::new();
    let mut at = 0;
    for line in part.split_inclusive('\n') {
        if line.trim_start().starts_with('#') {
            spans.push(Span { range: at..at + line.trim_end().len(), class: "comment" });
        } else {
            actions(line, at, &mut spans);
        }
        at += line.len();
    }
    spans
}

/// The actions of a line; one that goes on in the next line is coloured to the end of this one.
fn actions(line: &str, start: usize, spans: &mut Vec<Span>) {
    let mut from = 0;
    while let Some(open) = line.get(from..).and_then(|rest| rest.find("{{")) {
        let open = from + open;
        let close =
            line.get(open..).and_then(|rest| rest.find("}}")).map_or(line.trim_end().len(), |close| open + close + 2);
        let comment =
            line.get(open..close).is_some_and(|action| action.trim_start_matches(['{', '-', ' ']).starts_with("/*"));
        if comment {
            spans.push(Span { range: start + open..start + close, class: "comment" });
        } else {
            action(line, start, open..close, spans);
        }
        from = close;
    }
}

/// An action, with the values that it reads.
fn action(line: &str, start: usize, action: Range<usize>, spans: &mut Vec<Span>) {
    let mut push = |range: Range<usize>, class| {
        if !range.is_empty() {
            spans.push(Span { range: start + range.start..start + range.end, class });
        }
    };
    let mut at = action.start;
    for (value, _) in value_paths(line.get(..action.end).unwrap_or_default(), action.start) {
        push(at..value.start, "action");
        push(value.clone(), "action value");
        at = value.end;
    }
    push(at..action.end, "action");
}

/// The paths of values that a line reads, from a place on: where each stands, and the path without `.Values.`
pub(crate) fn value_paths(line: &str, from: usize) -> impl Iterator<Item = (Range<usize>, &str)> {
    const VALUES: &str = ".Values.";
    let found = line.get(from..).unwrap_or_default().match_indices(VALUES);
    found.filter_map(move |(at, _)| {
        let (start, rest) = (from + at, line.get(from + at + VALUES.len()..)?);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
        let path = rest.get(..end)?.trim_end_matches('.');
        (!path.is_empty()).then_some((start..start + VALUES.len() + path.len(), path))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, spans: Vec<Span>) -> Vec<(&str, &'static str)> {
        spans.into_iter().map(|span| (&text[span.range], span.class)).collect()
    }

    #[test]
    fn actions_are_coloured() {
        let text = "# {{ no }}\na: {{ .Values.a }} {{- /* c */ -}}\nb: {{ open\n";
        assert_eq!(
            shown(text, template(text, 0..text.len())),
            [
                ("# {{ no }}", "comment"),
                ("{{ ", "action"),
                (".Values.a", "action value"),
                (" }}", "action"),
                ("{{- /* c */ -}}", "comment"),
                ("{{ open", "action")
            ]
        );
    }

    #[test]
    fn a_range_knows_what_stands_before_it() {
        let text = "a: |\n  b: 1\nc: 2\n";
        assert_eq!(shown("  b: 1\nc: 2\n", yaml(text, 5..text.len()))[0], ("b: 1", "string"));
        assert_eq!(shown(text, yaml(text, 0..text.len())).len(), 7);
    }
}
