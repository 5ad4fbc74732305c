//! Problems on stderr.

use std::io::{IsTerminal, Write};

use contract::{Failure, Problem, Severity};

use super::flags::ErrorFormat;

struct Colours {
    red: &'static str,
    yellow: &'static str,
    blue: &'static str,
    green: &'static str,
    end: &'static str,
}

const COLOURS: Colours =
    Colours { red: "\x1b[1;31m", yellow: "\x1b[1;33m", blue: "\x1b[34m", green: "\x1b[32m", end: "\x1b[0m" };
const PLAIN: Colours = Colours { red: "", yellow: "", blue: "", green: "", end: "" };

fn colours(format: ErrorFormat) -> &'static Colours {
    let terminal = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if format == ErrorFormat::Auto && terminal { &COLOURS } else { &PLAIN }
}

/// Prints what is wrong, a paragraph each.
pub(super) fn problems(problems: &[Problem], format: ErrorFormat) {
    let mut stderr = std::io::stderr().lock();
    let colours = colours(format);
    for problem in problems {
        let text = match format {
            ErrorFormat::Json => serde_json::to_string(problem).unwrap_or_default(),
            _ => paragraph(problem, colours),
        };
        let _ = writeln!(stderr, "{text}");
    }
}

/// A problem: what, where, whose, and what to do.
fn paragraph(problem: &Problem, colours: &Colours) -> String {
    let Colours { red, yellow, blue, green, end } = colours;
    let (colour, word) = match problem.severity {
        Severity::Error => (red, "error"),
        Severity::Warning => (yellow, "warning"),
    };
    let mut text = format!("{colour}{word}:{end} {}", problem.message);
    if !problem.place.file.is_empty() {
        text.push_str(&format!("\n{blue}  -->{end} {}", problem.place));
    }
    let concerns =
        [("component", &problem.component), ("HelmRelease", &problem.helm_release), ("chart", &problem.chart)];
    let concerns: Vec<String> =
        concerns.iter().filter_map(|(what, name)| Some(format!("{what} {}", name.as_ref()?))).collect();
    if !concerns.is_empty() {
        text.push_str(&format!("\n    of {}", concerns.join(", ")));
    }
    if let Some(hint) = &problem.hint {
        text.push_str(&format!("\n  {green}hint:{end} {hint}"));
    }
    text
}

/// Prints why there is no output at all.
pub(super) fn failure(failure: &Failure, format: ErrorFormat) {
    let mut stderr = std::io::stderr().lock();
    let text = match format {
        ErrorFormat::Json => serde_json::to_string(failure).unwrap_or_default(),
        _ => {
            let Colours { red, green, end, .. } = colours(format);
            let hints: Vec<String> = failure.hints.iter().map(|h| format!("\n  {green}hint:{end} {h}")).collect();
            format!("{red}error:{end} {}{}", failure.message, hints.concat())
        }
    };
    let _ = writeln!(stderr, "{text}");
}
