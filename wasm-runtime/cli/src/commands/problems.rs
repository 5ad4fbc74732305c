//! Problems with an input, on stderr.

use std::io::{IsTerminal, Write};

use clap::ValueEnum;
use contract::{Failure, Hint, Problem, Severity};

use super::hint::{worded, words};

/// Format of problems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErrorFormat {
    /// Text, with colours on a terminal
    #[default]
    Auto,
    /// Text without colours
    Text,
    /// One JSON object for each
    Json,
}

/// The colours of a report.
pub(crate) struct Colours {
    pub(crate) red: &'static str,
    pub(crate) yellow: &'static str,
    pub(crate) blue: &'static str,
    pub(crate) green: &'static str,
    pub(crate) end: &'static str,
}

/// On a terminal.
pub(crate) const ON: Colours =
    Colours { red: "\x1b[1;31m", yellow: "\x1b[1;33m", blue: "\x1b[34m", green: "\x1b[32m", end: "\x1b[0m" };
/// Everywhere else.
pub(crate) const OFF: Colours = Colours { red: "", yellow: "", blue: "", green: "", end: "" };

impl Colours {
    /// The colours for a stream: on a terminal, unless `NO_COLOR` is set.
    pub(crate) fn of(stream: &impl IsTerminal) -> &'static Colours {
        if stream.is_terminal() && std::env::var_os("NO_COLOR").is_none() { &ON } else { &OFF }
    }

    /// The colours for stderr in a format.
    fn of_stderr(format: ErrorFormat) -> &'static Colours {
        if format == ErrorFormat::Auto { Colours::of(&std::io::stderr()) } else { &OFF }
    }

    /// The colour of a severity.
    pub(crate) fn severity(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Error => self.red,
            Severity::Warning => self.yellow,
        }
    }
}

/// Prints problems in their order, a paragraph each.
pub(crate) fn print(problems: &[Problem], format: ErrorFormat) {
    let mut stderr = std::io::stderr().lock();
    let colours = Colours::of_stderr(format);
    for problem in problems {
        let text = match format {
            ErrorFormat::Json => serde_json::to_string(&worded(problem)).unwrap_or_default(),
            _ => paragraph(problem, colours),
        };
        // A closed stderr is no reason to fail.
        let _ = writeln!(stderr, "{text}");
    }
}

/// Prints warnings without a place: those of sources, and those of Helm and Flux.
pub(crate) fn print_warnings(warnings: Vec<String>) {
    let Colours { yellow, end, .. } = Colours::of_stderr(ErrorFormat::Auto);
    let mut stderr = std::io::stderr().lock();
    for warning in warnings {
        let _ = writeln!(stderr, "{yellow}warning:{end} {warning}");
    }
}

/// Prints the failure that left no output.
pub(crate) fn print_failure(failure: &Failure, format: ErrorFormat) {
    let text = match format {
        ErrorFormat::Json => {
            let hints = failure.hints.iter().map(|hint| Hint::Text(words(hint))).collect();
            serde_json::to_string(&Failure { hints, ..failure.clone() }).unwrap_or_default()
        }
        _ => {
            let Colours { red, green, end, .. } = Colours::of_stderr(format);
            let hints: Vec<String> =
                failure.hints.iter().map(|h| format!("\n  {green}hint:{end} {}", words(h))).collect();
            format!("{red}error:{end} {}{}", failure.message, hints.concat())
        }
    };
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// A problem: what, where, whose, and what to do.
fn paragraph(problem: &Problem, colours: &Colours) -> String {
    let Colours { blue, green, end, .. } = colours;
    let (colour, severity) = (colours.severity(problem.severity), problem.severity);
    // Helm's messages may end with a line break.
    let mut text = format!("{colour}{severity}:{end} {}", problem.message.trim_end());
    if !problem.place.file.is_empty() {
        text.push_str(&format!("\n{blue}  -->{end} {}", problem.place));
    }
    if let Some(concerns) = problem.concerns() {
        text.push_str(&format!("\n    of {concerns}"));
    }
    if let Some(hint) = &problem.hint {
        text.push_str(&format!("\n  {green}hint:{end} {}", words(hint)));
    }
    text
}
