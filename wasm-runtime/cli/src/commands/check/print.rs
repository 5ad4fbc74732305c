//! Problems for people: the line in question, with a caret and a hint.

use std::collections::BTreeSet;

use contract::{ChartWanted, Code, Problem, TextFile};

use crate::commands::hint::words;
use crate::commands::problems::Colours;

/// The figures of a run.
pub(super) struct Summary {
    pub(super) files: usize,
    pub(super) descriptors: usize,
    pub(super) errors: usize,
    pub(super) warnings: usize,
    /// Charts that no source is given for.
    pub(super) missing: Vec<ChartWanted>,
}

/// All problems, a paragraph for each, and a summary line.
pub(super) fn text(problems: &[Problem], files: &[TextFile], summary: &Summary, colours: &Colours) -> String {
    let mut text = String::new();
    for problem in problems {
        let source = files.iter().find(|f| f.name == problem.place.file).map_or("", |f| f.text.as_str());
        text.push_str(&paragraph(problem, source, colours));
        text.push('\n');
    }
    let notes = summary.missing.iter().map(|wanted| {
        let name = &wanted.source.name;
        let what = if wanted.chart.is_empty() { wanted.source.to_string() } else { wanted.chart.clone() };
        format!(
            "{}note:{} values for {what} are not checked: give its source with --source {name}=…\n",
            colours.blue, colours.end
        )
    });
    // One --source NAME=… covers sources with this name in all namespaces.
    text.extend(notes.collect::<BTreeSet<String>>());
    text.push_str(&last_line(summary, colours));
    text
}

fn paragraph(problem: &Problem, source: &str, colours: &Colours) -> String {
    let Colours { blue, green, end, .. } = colours;
    let (colour, severity) = (colours.severity(problem.severity), problem.severity);
    let mut text = format!("{colour}{severity}[{}]:{end} {}\n", problem.code, problem.message);
    let line = problem.place.line as usize;
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    text.push_str(&format!("{margin}{blue}-->{end} {}\n", problem.place));
    if let Some(shown) = source.lines().nth(line.wrapping_sub(1)) {
        // A secret is not repeated in the output, which may be a CI log.
        let before = problem.place.column.saturating_sub(1) as usize;
        let hidden = format!("{}…", shown.chars().take(before).collect::<String>());
        let shown = if problem.code == Code::Secret { hidden.as_str() } else { shown };
        text.push_str(&format!("{blue}{margin} |{end}\n{blue}{number} |{end} {shown}\n"));
        if let Some(before) = (problem.place.column as usize).checked_sub(1) {
            let pad: String = shown.chars().take(before).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            let marks = "^".repeat(width(shown, before));
            text.push_str(&format!("{blue}{margin} |{end} {pad}{colour}{marks}{end}\n"));
        }
    }
    if let (Code::Policy, Some(concerns)) = (problem.code, problem.concerns()) {
        text.push_str(&format!("{margin} {blue}={end} {concerns}\n"));
    }
    if let Some(hint) = &problem.hint {
        text.push_str(&format!("{margin} {green}hint:{end} {}\n", words(hint)));
    }
    text
}

/// Length in characters of the word that starts here.
fn width(line: &str, start: usize) -> usize {
    let mut rest = line.chars().skip(start);
    let Some(first) = rest.next() else { return 1 };
    let inner = match first {
        '"' | '\'' => return 2 + rest.take_while(|c| *c != first).count(),
        '[' | '{' | '|' | '>' | '-' => return 1,
        _ => rest.take_while(|c| !matches!(c, ',' | ']' | '}' | ':' | '#') && !c.is_whitespace()),
    };
    1 + inner.count()
}

fn last_line(summary: &Summary, colours: &Colours) -> String {
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let checked = format!("{} in {}", count(summary.descriptors, "descriptor"), count(summary.files, "file"));
    let (colour, result) = match (summary.errors, summary.warnings) {
        (0, 0) => (colours.green, "no problems found".to_owned()),
        (0, warnings) => (colours.yellow, count(warnings, "warning")),
        (errors, 0) => (colours.red, count(errors, "error")),
        (errors, warnings) => (colours.red, format!("{}, {}", count(errors, "error"), count(warnings, "warning"))),
    };
    format!("{colour}{result}{} ({checked})\n", colours.end)
}
