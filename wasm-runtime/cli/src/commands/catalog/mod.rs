//! `chartwright catalog`: static catalogs for the page.

mod progress;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use chartwright_catalog_build::{Builder, Built, Options as BuildOptions};
use chartwright_host::Files;
use chartwright_sources::RepositoryFiles;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use crate::commands::render::platform;
use crate::engine;
use crate::exit::{self, Stop, UNREACHABLE, USAGE};
use crate::source_args::SourceArgs;

use progress::Shown;

/// Flags and arguments.
#[derive(Args, Debug)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Write a catalog that any web server serves: JSON, archives by digest, icons
    ///
    /// DIR has descriptors, chart folders and .tgz archives; REPOSITORY is the URL of a Helm repository. Each version
    /// is rendered once, with its default values and example facts of a platform, and the catalog says what it deploys.
    /// The same input gives the same bytes.
    Build(Box<Build>),
}

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
struct Build {
    /// A folder with modules, or the URL of a Helm repository
    #[arg(value_name = "DIR|REPOSITORY")]
    from: String,
    /// Folder for the catalog: a new one, or that of an earlier catalog, whose unused files are deleted
    #[arg(short, long, value_name = "DIR", help_heading = "Output")]
    output: PathBuf,
    /// Name of the catalog [default: that of the folder, or the repository's host]
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    name: Option<String>,
    /// Format of the report
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: Format,

    /// Take only this module (repeatable)
    #[arg(long, value_name = "NAME", help_heading = "Selection")]
    only: Vec<String>,
    /// Take at most this many modules
    #[arg(long, value_name = "NUMBER", help_heading = "Selection")]
    limit: Option<usize>,
    /// Take this many versions of each chart of a repository: the newest
    #[arg(long, value_name = "NUMBER", default_value = "5", help_heading = "Selection")]
    versions: usize,
    /// Fetch icons that charts name by an https address; otherwise, browsers fetch them
    #[arg(long, help_heading = "Selection")]
    fetch_icons: bool,

    /// Platform facts to render with, in place of the examples
    #[arg(long, value_name = "FILE", help_heading = "Render")]
    platform: Option<PathBuf>,
    /// Limit on the time of a render, such as 10s or 1m30s
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = crate::clock::duration,
        default_value = "20s",
        help_heading = "Render"
    )]
    timeout: Duration,

    #[command(flatten)]
    sources: SourceArgs,
}

const EXAMPLES: &str = "\
Examples:
  chartwright catalog build modules/ -o public/catalog --source basecharts=./charts
  chartwright catalog build https://charts.example.org -o public/catalog --versions 3
  chartwright serve --catalog public/catalog

Exit codes:
  0  written; warnings are allowed
  1  something was left out, or nothing was written
  2  an invalid command line
  3  a source could not be reached; the rest was written";

/// Format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    let Command::Build(options) = &options.command;
    exit::with(build(options))
}

fn build(options: &Build) -> Result<u8, Stop> {
    let usage = |message: String| (message, USAGE);
    let files = Files::new(options.sources.offline);
    let is_url = options.from.contains("://");
    let from = Path::new(&options.from);
    if !is_url && !from.is_dir() {
        return Err(usage(format!("{} is neither a folder nor the URL of a Helm repository", options.from)));
    }
    let sources = options.sources.open((!is_url).then_some(from), &files).map_err(|e| usage(e.to_string()))?;
    let facts = options.platform.as_deref().map(|path| platform(path, &files)).transpose();
    let defaults = BuildOptions::default();
    let build = BuildOptions {
        name: options.name.clone(),
        platform: facts.map_err(|failure| (failure.message, 1))?.unwrap_or(defaults.platform),
        versions: options.versions,
        limit: options.limit,
        only: options.only.clone(),
        time: options.timeout,
        fetch_icons: options.fetch_icons && !options.sources.offline,
    };
    let engine = engine::native();
    let progress = Shown::new();
    let builder = Builder { engine: &*engine, sources: &sources, options: &build, progress: &progress };
    let built = if is_url {
        let repository = RepositoryFiles::open(&options.from, options.sources.options(None));
        let repository = repository.map_err(|e| usage(e.to_string()))?;
        builder.repository(&repository, &options.output)
    } else {
        builder.folder(from, &options.output)
    };
    progress.end();
    let built = built.map_err(|error| {
        let code = if error.is_unreachable() { UNREACHABLE } else { 1 };
        (error.to_string(), code)
    })?;
    sources.save_lock().map_err(|e| (e.to_string(), 1))?;
    crate::commands::problems::print_warnings(sources.take_warnings());
    report(&built, options).map_err(|message| (message, 1))?;
    let left_out = built.notices.iter().any(|notice| notice.left_out);
    Ok(if built.unreachable { UNREACHABLE } else { u8::from(left_out) })
}

fn report(built: &Built, options: &Build) -> Result<(), String> {
    for notice in &built.notices {
        let severity = if notice.left_out { "left out" } else { "warning" };
        crate::say!("{severity}: {}: {}", notice.subject, notice.message);
    }
    let place = options.output.display().to_string();
    match options.format {
        Format::Text => {
            let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
            let (modules, versions) = (plural(built.modules, "module"), plural(built.versions, "version"));
            crate::say!("{}: {modules} in {versions}, in {place}", built.name);
            Ok(())
        }
        Format::Json => {
            let notice = |n: &chartwright_catalog_build::Notice| json!({"subject": n.subject, "message": n.message, "leftOut": n.left_out});
            let notices: Vec<_> = built.notices.iter().map(notice).collect();
            let text = json!({
                "name": built.name,
                "path": place,
                "modules": built.modules,
                "versions": built.versions,
                "notices": notices,
            });
            crate::stdout::put(format!("{text:#}\n").as_bytes()).map_err(|e| format!("cannot write the output: {e}"))
        }
    }
}
