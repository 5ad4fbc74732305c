//! `chartwright check`: everything that is wrong with descriptors.

#[cfg(feature = "policies")]
mod policies;
mod print;

use std::path::Path;
use std::process::ExitCode;

use chartwright_host::{Files, Host, yaml_files};
use clap::{Args, ValueEnum};
use contract::{Budget, CheckOutput, Code, Problem, Severity, TextFile};
use serde::Serialize;

use crate::commands::hint::worded;
use crate::commands::problems::{self, Colours};
use crate::engine::{EngineArgs, Most};
use crate::exit::{self, Stop, UNREACHABLE, USAGE};
use crate::source_args::SourceArgs;

use print::Summary;

/// Flags and arguments.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Descriptors, folders with descriptors, or - for standard input
    #[arg(value_name = "FILE|FOLDER", required = true)]
    files: Vec<String>,

    #[command(flatten)]
    sources: SourceArgs,
    #[command(flatten)]
    engine: EngineArgs,

    #[cfg(feature = "policies")]
    #[command(flatten)]
    policies: policies::PolicyArgs,

    /// Treat warnings as errors
    #[arg(long, help_heading = "Output")]
    strict: bool,
    /// Format of the report
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    output: Format,
}

const EXAMPLES: &str = "\
Examples:
  chartwright check shop.yaml
  chartwright check shop.yaml --source basecharts=./charts   # also check values against the base charts
  chartwright check modules/ --strict                        # all descriptors below a folder
  chartwright check - -o json < shop.yaml
  chartwright check shop.yaml --source basecharts=./charts --policy house.yaml   # what it deploys keeps the rules

Exit codes:
  0  no problems, or only warnings
  1  errors, or warnings with --strict
  2  an invalid command line
  3  a source could not be reached";

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Problems with the lines in question
    Text,
    /// Problems with place, path, code and hint
    Json,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    exit::with(check(options))
}

fn check(options: &Options) -> Result<u8, Stop> {
    let path = options.files.first().filter(|f| *f != "-").map(Path::new);
    let reader = Files::new(options.sources.offline);
    let sources = options.sources.open(path, &reader).map_err(|e| (e.to_string(), USAGE))?;
    let files = read_files(&options.files, &reader).map_err(|e| (e, 1))?;
    let engine = options.engine.open(Most::default()).map_err(|e| (e.to_string(), USAGE))?;
    let host = Host { engine: &*engine, charts: &sources, budget: &Budget::default(), progress: &() };
    #[cfg(feature = "policies")]
    let policies = options.policies.read(&reader).map_err(|e| (e, USAGE))?;
    #[cfg_attr(not(feature = "policies"), expect(unused_mut, reason = "policies add to it"))]
    let CheckOutput { mut problems, descriptors, missing } = host.check(files.clone()).map_err(|e| (e.message, 1))?;
    #[cfg(feature = "policies")]
    if let Some(policies) = policies {
        options.policies.judge(&files, &host, &policies, &reader, &mut problems).map_err(|e| (e.message, 1))?;
    }
    sources.save_lock().map_err(|e| (e.to_string(), 1))?;
    problems::print_warnings(sources.take_warnings());
    let count = |severity| problems.iter().filter(|p| p.severity == severity).count();
    let summary = Summary {
        files: files.len(),
        descriptors: descriptors as usize,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        missing,
    };
    let unreachable = problems.iter().any(|p| p.code == Code::SourceUnreachable);
    let text = match options.output {
        Format::Text => print::text(&problems, &files, &summary, Colours::of(&std::io::stdout())),
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&Found { problems: problems.iter().map(worded).collect() })
                .map_err(|e| (e.to_string(), 1))?;
            text.push('\n');
            text
        }
    };
    crate::stdout::put(text.as_bytes()).map_err(|e| (format!("cannot write the output: {e}"), 1))?;
    let failed = summary.errors > 0 || options.strict && summary.warnings > 0;
    Ok(if unreachable { UNREACHABLE } else { u8::from(failed) })
}

/// The JSON output.
#[derive(Serialize)]
struct Found {
    problems: Vec<Problem>,
}

/// The named files, and the files of named folders that contain our kinds.
fn read_files(names: &[String], files: &Files) -> Result<Vec<TextFile>, String> {
    let mut found = Vec::new();
    for name in names {
        if !Path::new(name).is_dir() {
            found.push(files.text(name)?);
            continue;
        }
        let mut below = yaml_files(Path::new(name), files)?;
        below.retain(|file| file.text.contains(descriptor::types::GROUP));
        if below.is_empty() {
            return Err(format!("{name} contains no descriptors"));
        }
        found.append(&mut below);
    }
    Ok(found)
}
