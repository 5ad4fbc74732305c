//! Errors and warnings on stderr.

use std::io::{IsTerminal, Write};

use chartwright::{Diagnostic, DiagnosticKind, Error, Warning};
use serde::Serialize;

use super::flags::ErrorFormat;

/// Why the command failed.
pub(super) enum Failure {
    /// The command line, or the world outside; with Helm's text.
    Text(String),
    /// The engine, with what is known about it.
    Engine(Box<Error>, Box<Diagnostic>),
}

impl Failure {
    pub(super) fn text(text: impl Into<String>) -> Failure {
        Failure::Text(text.into())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let diagnostic = Diagnostic::new(&error, None, None);
        Failure::Engine(Box::new(error), Box::new(diagnostic))
    }
}

/// Prints warnings as Helm logs them.
pub(super) fn print_warnings(warnings: &[Warning]) {
    for warning in warnings {
        warn(warning.text());
    }
}

/// Prints a line of the log.
pub(super) fn warn(text: &str) {
    eprintln!("level=WARN msg={text:?}");
}

/// Prints a line of the log that has its message and attributes already.
pub(super) fn log(line: &str) {
    eprintln!("level=WARN {line}");
}

/// Prints a failure.
pub(super) fn print(failure: &Failure, format: ErrorFormat, debug: bool) {
    let mut stderr = std::io::stderr().lock();
    let terminal = stderr.is_terminal();
    let pretty = match format {
        ErrorFormat::Auto => terminal,
        ErrorFormat::Pretty => true,
        ErrorFormat::Text => false,
        ErrorFormat::Json => {
            let _ = writeln!(stderr, "{}", json(failure));
            return;
        }
    };
    let colours = if terminal && std::env::var_os("NO_COLOR").is_none() { Colours::ON } else { Colours::OFF };
    let text = match failure {
        Failure::Text(text) => format!("Error: {text}\n"),
        Failure::Engine(error, diagnostic) if pretty => {
            format!("{}Error:{} {error}\n{}", colours.red, colours.end, excerpt(diagnostic, &colours))
        }
        Failure::Engine(error, _) => format!("Error: {error}\n"),
    };
    if let (Failure::Engine(error, _), true) = (failure, debug) {
        print_rendered(error);
    }
    let _ = stderr.write_all(text.as_bytes());
}

/// With `--debug`, what was rendered although it is not YAML.
fn print_rendered(error: &Error) {
    let Error::Release(error) = error else { return };
    let text = error.rendered_text();
    if !text.is_empty() {
        let _ = std::io::stdout().lock().write_all(&text);
    }
}

struct Colours {
    red: &'static str,
    blue: &'static str,
    green: &'static str,
    end: &'static str,
}

impl Colours {
    const ON: Colours = Colours { red: "\x1b[1;31m", blue: "\x1b[34m", green: "\x1b[32m", end: "\x1b[0m" };
    const OFF: Colours = Colours { red: "", blue: "", green: "", end: "" };
}

/// The most places of a trace that are printed.
const PLACES: usize = 12;

/// The source line with a caret, how it came there, and what may help.
fn excerpt(diagnostic: &Diagnostic, colours: &Colours) -> String {
    let Colours { red, blue, green, end } = colours;
    let mut text = String::new();
    if let (Some(file), Some(line)) = (&diagnostic.file, diagnostic.line) {
        let column = diagnostic.column.map_or(String::new(), |c| format!(":{c}"));
        text.push_str(&format!("\n{blue}  --> {end}{file}:{line}{column}\n"));
        if let Some(source) = &diagnostic.source_line {
            let number = line.to_string();
            let margin = " ".repeat(number.len());
            text.push_str(&format!("{blue}{margin} |\n{number} |{end} {source}\n"));
            if let Some(column) = diagnostic.column {
                let before = source.get(..column.saturating_sub(1)).unwrap_or(source);
                let pad: String = before.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
                text.push_str(&format!("{blue}{margin} |{end} {pad}{red}^{end}\n"));
            }
        }
    }
    let callers = diagnostic.trace.len().saturating_sub(1);
    for (i, place) in diagnostic.trace.iter().take(callers).rev().enumerate() {
        if i == PLACES {
            text.push_str(&format!("  … and {} more\n", callers - PLACES));
            break;
        }
        text.push_str(&format!(
            "  from {}:{}:{}: {blue}{{{{ {} }}}}{end}\n",
            place.file, place.line, place.column, place.expression
        ));
    }
    for hint in &diagnostic.hints {
        text.push_str(&format!("  {green}hint:{end} {hint}\n"));
    }
    text
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonFailure<'a> {
    error: String,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_line: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trace: Vec<JsonPlace<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    hints: &'a [String],
}

#[derive(Serialize)]
struct JsonPlace<'a> {
    file: String,
    line: usize,
    column: usize,
    template: String,
    expression: &'a str,
}

fn json(failure: &Failure) -> String {
    let failure = match failure {
        Failure::Text(text) => JsonFailure {
            error: text.clone(),
            kind: "usage",
            file: None,
            line: None,
            column: None,
            source_line: None,
            trace: Vec::new(),
            hints: &[],
        },
        Failure::Engine(_, d) => JsonFailure {
            error: d.message.clone(),
            kind: DiagnosticKind::name(d.kind),
            file: d.file.as_ref().map(|f| f.to_str_lossy().into_owned()),
            line: d.line,
            column: d.column,
            source_line: d.source_line.as_deref(),
            trace: d
                .trace
                .iter()
                .map(|p| JsonPlace {
                    file: p.file.to_str_lossy().into_owned(),
                    line: p.line,
                    column: p.column,
                    template: p.template.to_str_lossy().into_owned(),
                    expression: &p.expression,
                })
                .collect(),
            hints: &d.hints,
        },
    };
    serde_json::to_string(&failure).unwrap_or_default()
}
