//! Errors and warnings on stderr.

use std::io::{IsTerminal, Write};

use chartwright_host::EngineError;
use chartwright_host::plugin::PluginError;
use contract::{FailureKind, Site};
use helm::release::show_only;
use helm::{Level, Warning};
use serde::Serialize;

use super::flags::{ErrorFormat, OutputFlags};
use crate::commands::hint::words;

/// Why the command failed.
pub(super) enum Failure {
    /// A failure of the command line or of something outside, with Helm's message.
    Text(String),
    /// A failure of the engine.
    Engine(Box<contract::Failure>),
}

impl Failure {
    pub(super) fn text(text: impl Into<String>) -> Failure {
        Failure::Text(text.into())
    }
}

impl From<contract::Failure> for Failure {
    fn from(failure: contract::Failure) -> Failure {
        Failure::Engine(Box::new(failure))
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Failure {
        contract::Failure::from(error).into()
    }
}

impl From<PluginError> for Failure {
    fn from(error: PluginError) -> Failure {
        EngineError::from(error).into()
    }
}

/// Prints the engine's log lines.
pub(super) fn print_log(lines: &[String]) {
    for line in lines {
        crate::say!("{line}");
    }
}

/// Prints a line of Helm's log.
pub(super) fn log(warning: &Warning) {
    crate::say!("{}", warning.log_line());
}

/// Prints a warning without attributes.
pub(super) fn warn(text: &str) {
    log(&Warning::new(text));
}

/// Prints a warning that has its message and attributes already.
pub(super) fn log_written(line: &str) {
    crate::say!("level=WARN {line}");
}

/// The failures that Helm logs before it prints them.
const LOGGED: [&str; 2] = ["release name check failed", "chart dependencies processing failed"];

/// Prints a failure. With `--debug`, what was rendered comes before it.
pub(super) fn print(failure: &Failure, format: ErrorFormat, output: &OutputFlags) {
    if let (Failure::Engine(failure), true) = (failure, output.debug.0) {
        print_rendered(failure, &output.show_only);
    }
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
        Failure::Engine(failure) if pretty => {
            format!("{}Error:{} {}\n{}", colours.red, colours.end, failure.message, excerpt(failure, &colours))
        }
        Failure::Engine(failure) => format!("Error: {}\n", failure.message),
    };
    if let (Failure::Engine(failure), false) = (failure, pretty) {
        for message in LOGGED {
            if let Some(error) = failure.message.strip_prefix(message).and_then(|rest| rest.strip_prefix(": ")) {
                let line = Warning::at(Level::Error, message).with("error", error).log_line();
                let _ = writeln!(stderr, "{line}");
            }
        }
    }
    let _ = stderr.write_all(text.as_bytes());
}

/// What was rendered although it is not YAML; an empty line where a template
/// failed, because Helm prints the manifests that it does not have.
fn print_rendered(failure: &contract::Failure, only: &[String]) {
    let text = match &failure.rendered {
        Some(text) => text.0.clone(),
        None if began_to_render(failure) => b"\n".to_vec(),
        None => return,
    };
    let text = if only.is_empty() { Ok(text) } else { show_only(&text, only) };
    if let Ok(text) = text {
        let _ = std::io::stdout().lock().write_all(&text);
    }
}

/// Whether Helm had a release when it failed.
fn began_to_render(failure: &contract::Failure) -> bool {
    use FailureKind::{Exec, Fail, KubeVersion, Manifest, Parse};
    matches!(failure.kind, KubeVersion | Parse | Exec | Fail | Manifest) || failure.kind.as_str().starts_with("limit")
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
fn excerpt(diagnostic: &contract::Failure, colours: &Colours) -> String {
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
                let before = source.get(..column.saturating_sub(1) as usize).unwrap_or(source);
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
        text.push_str(&format!("  {green}hint:{end} {}\n", words(hint)));
    }
    text
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonFailure<'a> {
    error: &'a str,
    kind: FailureKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_line: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    trace: &'a [Site],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<String>,
}

fn json(failure: &Failure) -> String {
    let failure = match failure {
        Failure::Text(text) => JsonFailure {
            error: text,
            kind: FailureKind::Usage,
            file: None,
            line: None,
            column: None,
            source_line: None,
            trace: &[],
            hints: Vec::new(),
        },
        Failure::Engine(failure) => JsonFailure {
            error: &failure.message,
            kind: failure.kind,
            file: failure.file.as_deref(),
            line: failure.line,
            column: failure.column,
            source_line: failure.source_line.as_deref(),
            trace: &failure.trace,
            hints: failure.hints.iter().map(words).collect(),
        },
    };
    serde_json::to_string(&failure).unwrap_or_default()
}
