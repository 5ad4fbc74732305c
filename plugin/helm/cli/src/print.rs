//! Problems, for people.

use contract::{Code, Failure, Hint, Problem, Severity};

use crate::documents::NAME;

/// Problems, a paragraph each: what, where, the line in question, what to do.
pub(crate) fn problems(problems: &[Problem], input: &str) -> String {
    problems.iter().map(|problem| paragraph(problem, input)).collect()
}

fn paragraph(problem: &Problem, input: &str) -> String {
    let mut text = format!("{}[{}]: {}\n", problem.severity, problem.code, problem.message);
    let place = &problem.place;
    if !place.file.is_empty() {
        text.push_str(&format!("  --> {place}\n"));
    }
    let line = input.lines().nth((place.line as usize).wrapping_sub(1));
    if let Some(line) = line.filter(|_| place.file == NAME) {
        let number = place.line.to_string();
        let margin = " ".repeat(number.len());
        let before: String = line.chars().take((place.column as usize).saturating_sub(1)).collect();
        // What must not be read by everybody is not printed again.
        let shown = if problem.code == Code::Secret { format!("{before}…") } else { line.to_owned() };
        text.push_str(&format!("{margin} |\n{number} | {shown}\n"));
        if place.column > 0 {
            let pad: String = before.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            text.push_str(&format!("{margin} | {pad}^\n"));
        }
    }
    if let Some(concerns) = problem.concerns() {
        text.push_str(&format!("  of {concerns}\n"));
    }
    if let Some(hint) = &problem.hint {
        text.push_str(&format!("  hint: {}\n", words(hint)));
    }
    text
}

/// A hint in the words of this command: what is missing comes on standard input.
fn words(hint: &Hint) -> String {
    match hint {
        Hint::Source { .. } => "add the chart to standard input (helm chartwright --help)".to_owned(),
        Hint::PlatformFact { field, key, object } => format!(
            "the chart looks up {key} in {object}, which is missing: add `{field}` to the document with the platform's \
             facts, or the object to standard input"
        ),
        Hint::Object { object } if !object.is_empty() => {
            format!("the chart looks up {object}, which is missing: add it to standard input")
        }
        other => other.to_string(),
    }
}

/// Why there is no output at all.
pub(crate) fn failure(failure: &Failure) -> String {
    let hints: Vec<String> = failure.hints.iter().map(|hint| format!("  hint: {}\n", words(hint))).collect();
    format!("error[{}]: {}\n{}", failure.kind, failure.message, hints.concat())
}

/// "2 errors, 1 warning".
pub(crate) fn count(problems: &[Problem]) -> String {
    let of = |severity| problems.iter().filter(|p| p.severity == severity).count();
    let words = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    match (of(Severity::Error), of(Severity::Warning)) {
        (0, 0) => "no problems found".to_owned(),
        (errors, 0) => words(errors, "error"),
        (0, warnings) => words(warnings, "warning"),
        (errors, warnings) => format!("{}, {}", words(errors, "error"), words(warnings, "warning")),
    }
}
