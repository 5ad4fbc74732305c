//! Colours of YAML and of templates.

use std::ops::Range;

use chartwright_kit::Span;

/// The coloured parts of YAML.
pub fn yaml(_: &str, _: Range<usize>) -> Vec<Span> {
    Vec::new()
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
        let close = line.get(open..).and_then(|rest| rest.find("}}")).map_or(line.trim_end().len(), |close| open + close + 2);
        let comment = line.get(open..close).is_some_and(|action| action.trim_start_matches(['{', '-', ' ']).starts_with("/*"));
        spans.push(Span { range: start + open..start + close, class: if comment { "comment" } else { "action" } });
        from = close;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_coloured() {
        let text = "# {{ no }}\na: {{ .Values.a }} {{- /* c */ -}}\nb: {{ open\n";
        let found: Vec<(&str, &str)> =
            template(text, 0..text.len()).into_iter().map(|span| (&text[span.range], span.class)).collect();
        assert_eq!(
            found,
            [("# {{ no }}", "comment"), ("{{ .Values.a }}", "action"), ("{{- /* c */ -}}", "comment"), ("{{ open", "action")]
        );
    }
}
