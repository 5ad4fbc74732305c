//! `chartwright expand`: the chart of a descriptor, as a folder or an archive.

pub(crate) mod input;
pub(crate) mod output;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use contract::{ExpandOutput, ExpandWant};
use serde_json::json;

use super::problems::{self, ErrorFormat};
use crate::engine::{EngineArgs, Most};
use crate::source_args::SourceArgs;
use input::Stop;

/// Flags and arguments.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// A HelmChartDescriptor, or - for standard input
    #[arg(value_name = "DESCRIPTOR")]
    pub(crate) descriptor: String,
    /// Folder in which the chart's folder is written
    #[arg(short, long, value_name = "DIR", help_heading = "Output")]
    pub(crate) directory: Option<PathBuf>,
    /// Write a reproducible .tgz instead; - for standard output
    #[arg(long, value_name = "FILE", conflicts_with = "directory", help_heading = "Output")]
    pub(crate) archive: Option<String>,
    /// Replace an existing chart, and remove files that it no longer has
    #[arg(long, help_heading = "Output")]
    pub(crate) force: bool,
    /// Format of the report
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub(crate) output: Format,
    /// Format of problems
    #[arg(long, value_name = "FORMAT", default_value = "auto", help_heading = "Output")]
    pub(crate) error_format: ErrorFormat,
    /// Folder of skeletons that replace the built-in ones file by file: releases/…, umbrella/…
    #[arg(long, value_name = "DIR")]
    pub(crate) skeletons: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) sources: SourceArgs,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

const EXAMPLES: &str = "\
Examples:
  chartwright expand shop.yaml --source basecharts=./charts              # writes ./shop/
  chartwright expand shop.yaml --source basecharts=./charts -d charts    # writes charts/shop/
  chartwright expand shop.yaml --archive shop.tgz                        # a reproducible archive
  chartwright expand shop.yaml --skeletons ./skeletons                   # ./skeletons/releases/templates/NOTES.txt …

Exit codes:
  0  written
  1  problems in the input, reported on stderr
  2  an invalid command line
  3  a source could not be reached";

/// What is printed about a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Where the chart is
    Text,
    /// Name, version, files, digest, problems
    Json,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    match expand(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.print(options.error_format),
    }
}

fn expand(options: &Options) -> Result<(), Stop> {
    let descriptor = input::read(&options.descriptor)?;
    let skeletons = options.skeletons.as_deref().map(input::skeletons).transpose()?.unwrap_or_default();
    let engine = options.engine.open(Most::default()).map_err(|e| Stop::Usage(e.to_string()))?;
    let want = ExpandWant { archive: true, files: true };
    let expanded = input::expand(&*engine, &descriptor, &options.sources, skeletons, want)?;
    let archive = expanded.archive.0.as_slice();
    let place = match options.archive.as_deref() {
        Some("-") => {
            output::stdout(archive)?;
            None
        }
        Some(path) => {
            output::file(path.as_ref(), archive, options.force)?;
            Some(path.to_owned())
        }
        None => {
            let folder = options.directory.clone().unwrap_or_default().join(&expanded.name);
            output::folder(&folder, &input::files(expanded.chart_files.clone()), options.force)?;
            Some(folder.display().to_string())
        }
    };
    match options.output {
        Format::Text => {
            problems::print(&expanded.problems, options.error_format);
            if let Some(place) = place {
                crate::say!("{} {} is in {place}", expanded.name, expanded.version);
            }
        }
        Format::Json if options.archive.as_deref() == Some("-") => crate::say!("{}", about(&expanded, None)),
        Format::Json => output::stdout(format!("{}\n", about(&expanded, place)).as_bytes())?,
    }
    Ok(())
}

fn about(expanded: &ExpandOutput, place: Option<String>) -> serde_json::Value {
    let files: Vec<_> = expanded.chart_files.iter().map(|f| json!({"name": f.path, "size": f.data.0.len()})).collect();
    json!({
        "name": expanded.name,
        "version": expanded.version,
        "path": place,
        "digest": expanded.digest,
        "files": files,
        "problems": expanded.problems,
    })
}
