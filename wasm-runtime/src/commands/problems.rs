//! What is wrong with an input, on stderr.

use std::io::{IsTerminal, Write};

use clap::ValueEnum;
use contract::{Problem, Severity};

/// How problems are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErrorFormat {
    /// Colours on a terminal
    #[default]
    Auto,
    /// No colours
    Text,
    /// A JSON object each
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

/// Prints problems in their order.
pub(crate) fn print(problems: &[Problem], format: ErrorFormat) {
    let mut stderr = std::io::stderr().lock();
    let terminal = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let colours = if format == ErrorFormat::Auto && terminal { &ON } else { &OFF };
    for problem in problems {
        let text = match format {
            ErrorFormat::Json => serde_json::to_string(problem).unwrap_or_default(),
            _ => paragraph(problem, colours),
        };
        // Who closed stderr does not want it.
        let _ = writeln!(stderr, "{text}");
    }
}

fn paragraph(problem: &Problem, Colours { red, yellow, blue, green, end }: &Colours) -> String {
    let (colour, word) = match problem.severity {
        Severity::Error => (red, "error"),
        Severity::Warning => (yellow, "warning"),
    };
    let mut text = format!("{colour}{word}:{end} {}", problem.message);
    if !problem.place.file.is_empty() {
        text.push_str(&format!("\n{blue}  -->{end} {}", problem.place));
    }
    if let Some(hint) = &problem.hint {
        text.push_str(&format!("\n  {green}hint:{end} {hint}"));
    }
    text
}
