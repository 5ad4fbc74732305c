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
        spans.push(Span { range: start + open..start + close, class: if comment { "comment" } else { "action" } });
        from = close;
    }
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
                ("{{ .Values.a }}", "action"),
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
