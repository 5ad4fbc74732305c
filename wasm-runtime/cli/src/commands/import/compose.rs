//! `chartwright import compose`

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use compose::{Imported, Source};
use contract::{Problem, Severity};
use serde::Serialize;

use super::folder::Below;
use crate::commands::new::base_charts;
use crate::commands::problems::{self, ErrorFormat};
use crate::exit::{self, Stop};

/// The files that Compose looks for, each with its override file.
const USUAL: &[(&str, &str)] = &[
    ("compose.yaml", "compose.override.yaml"),
    ("compose.yml", "compose.override.yml"),
    ("docker-compose.yml", "docker-compose.override.yml"),
    ("docker-compose.yaml", "docker-compose.override.yaml"),
];

/// Flags and arguments.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Compose files; later files override earlier ones; - for standard input [default: compose.yaml, docker-compose.yml, …]
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    /// Name of the module [default: the name in the compose file, or that of its folder]
    #[arg(long)]
    name: Option<String>,
    /// Version of the module
    #[arg(long, value_name = "VERSION", default_value = "0.1.0")]
    module_version: String,
    /// File with variables (repeatable) [default: .env beside the first compose file]
    #[arg(long, value_name = "FILE")]
    env_file: Vec<PathBuf>,
    /// A variable; without a value, it is taken from the environment (repeatable)
    #[arg(short, long, value_name = "NAME[=VALUE]")]
    env: Vec<String>,
    /// Include the services of this profile; * for all profiles (repeatable)
    #[arg(long)]
    profile: Vec<String>,
    /// Size of volumes, which compose files do not give
    #[arg(long, value_name = "SIZE", default_value = "5Gi")]
    volume_size: String,
    /// Flux source of the base charts: KIND/[NAMESPACE/]NAME
    #[arg(long, value_name = "SOURCE", value_parser = base_charts, default_value = "GitRepository/marketplace/basecharts")]
    base_charts: descriptor::types::SourceRef,
    /// Write the descriptor to this file instead of standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Write the components' Secrets to this file, to be sealed or applied by hand
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    secrets_file: Option<PathBuf>,
    /// Write secrets into the descriptor in plain text, for a trial
    #[arg(long, conflicts_with = "secrets_file", help_heading = "Output")]
    inline_secrets: bool,
    /// Overwrite existing files
    #[arg(long, help_heading = "Output")]
    force: bool,
    /// Format of the report about what could not be converted, on standard error
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    report: ReportFormat,
    /// Read only files below this folder [default: the folder of the first compose file]
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  chartwright import compose                                    # compose.yaml in this folder, to standard output
  chartwright import compose docker-compose.yml -o shop.yaml --secrets-file secrets.yaml
  chartwright import compose compose.yml compose.prod.yml --env-file prod.env --profile backup
  chartwright import compose -o shop.yaml && chartwright check shop.yaml
  chartwright render shop.yaml --source basecharts=./charts --platform platform.yaml --summary

Exit codes:
  0  imported; the report lists what could not be converted
  1  the descriptor cannot be deployed as it is: a service has no image, for example
  2  an invalid command line";

/// Format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    /// For people
    Text,
    /// One JSON object
    Json,
    /// No report
    None,
}

/// The report for programs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonReport<'a> {
    problems: &'a [Problem],
    left_out: &'a [String],
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    exit::with(import(options))
}

fn import(options: &Options) -> Result<u8, Stop> {
    let files = files(options)?;
    let first = files.first().map_or("", |(name, _)| name.as_str());
    let folder = options.root.clone().unwrap_or_else(|| Path::new(first).parent().unwrap_or(Path::new("")).to_owned());
    let below = Below::new(&folder).map_err(|e| (format!("{}: {e}", folder.display()), 1))?;
    let default_name = Path::new(first).parent().map(|p| if p.as_os_str().is_empty() { Path::new(".") } else { p });
    let default_name = default_name.and_then(|p| p.canonicalize().ok()).unwrap_or_else(|| below.root().to_owned());
    let settings = compose::Options {
        name: options.name.clone(),
        default_name: default_name.file_name().map(|n| n.to_string_lossy().into_owned()),
        version: options.module_version.clone(),
        profiles: options.profile.clone(),
        variables: variables(options, first)?,
        base_charts: options.base_charts.clone(),
        volume_size: options.volume_size.clone(),
        inline_secrets: options.inline_secrets,
    };
    let sources: Vec<Source<'_>> = files.iter().map(|(file, text)| Source { file, text }).collect();
    let imported = compose::import(&sources, &settings, &below);
    write(&imported, options)?;
    report(&imported, options);
    let failed = imported.descriptor.is_none() || imported.problems.iter().any(|p| p.severity == Severity::Error);
    Ok(u8::from(failed))
}

/// The compose files, by name and text.
fn files(options: &Options) -> Result<Vec<(String, String)>, Stop> {
    let mut names = options.files.clone();
    if names.is_empty() {
        let Some((usual, over)) = USUAL.iter().find(|(name, _)| Path::new(name).is_file()) else {
            return Err(("there is no compose.yaml in this folder: name a file".to_owned(), 2));
        };
        names.push((*usual).to_owned());
        names.extend(Path::new(over).is_file().then(|| (*over).to_owned()));
    }
    names.into_iter().map(|name| Ok((shown(&name), text(&name)?))).collect()
}

/// The name of a file in the report: standard input has one too.
fn shown(name: &str) -> String {
    if name == "-" { "compose.yaml".to_owned() } else { name.to_owned() }
}

fn text(name: &str) -> Result<String, Stop> {
    let mut bytes = Vec::new();
    let read = match name {
        "-" => std::io::stdin().lock().take(1 << 24).read_to_end(&mut bytes).map(drop),
        _ => std::fs::read(name).map(|read| bytes = read),
    };
    read.map_err(|e| (format!("{name}: {e}"), 1))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The variables of the environment files; those of the command line win.
fn variables(options: &Options, first: &str) -> Result<BTreeMap<String, String>, Stop> {
    let mut given = BTreeMap::new();
    for pair in &options.env {
        match pair.split_once('=') {
            Some((name, value)) => given.insert(name.to_owned(), value.to_owned()),
            None => std::env::var(pair).ok().and_then(|value| given.insert(pair.clone(), value)),
        };
    }
    let usual = Path::new(first).with_file_name(".env");
    let files = match options.env_file.as_slice() {
        [] if usual.is_file() => vec![usual],
        files => files.to_vec(),
    };
    let mut variables = given.clone();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|e| (format!("{}: {e}", file.display()), 1))?;
        variables.extend(compose::variables(&text, &given));
    }
    variables.extend(given);
    Ok(variables)
}

fn write(imported: &Imported, options: &Options) -> Result<(), Stop> {
    let Some(text) = &imported.descriptor else { return Ok(()) };
    if let Some(path) = &options.secrets_file {
        if imported.secrets.is_empty() {
            crate::say!("there are no secrets: {} is not written", path.display());
        } else {
            put(path, &imported.secrets, options.force, true)?;
        }
    }
    match &options.output {
        Some(path) if path != Path::new("-") => put(path, text, options.force, false),
        _ => crate::stdout::put(text.as_bytes()).map_err(|e| (format!("cannot write the output: {e}"), 1)),
    }
}

/// Writes a new file. With `secret`, only its owner may read it.
pub(crate) fn put(path: &Path, text: &str, force: bool, secret: bool) -> Result<(), Stop> {
    let mut open = OpenOptions::new();
    open.write(true).create(true).truncate(true).create_new(!force);
    #[cfg(unix)]
    if secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    }
    #[cfg(not(unix))]
    let _ = secret;
    let failure = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::AlreadyExists => (format!("{} exists already: --force overwrites it", path.display()), 1),
        _ => (format!("{}: {e}", path.display()), 1),
    };
    open.open(path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(failure)
}

fn report(imported: &Imported, options: &Options) {
    match options.report {
        ReportFormat::None => {}
        ReportFormat::Json => {
            let problems: Vec<Problem> = imported.problems.iter().map(crate::commands::hint::worded).collect();
            let report = JsonReport { problems: &problems, left_out: &imported.left_out };
            crate::say!("{}", serde_json::to_string(&report).unwrap_or_default());
        }
        ReportFormat::Text => {
            problems::print(&imported.problems, ErrorFormat::Auto);
            let count = |severity| imported.problems.iter().filter(|p| p.severity == severity).count();
            let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
            let number = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
            let mut parts = vec![number(errors, "error"), number(warnings, "warning")];
            if !imported.left_out.is_empty() {
                parts.push(format!("left out: {}", imported.left_out.join(", ")));
            }
            crate::say!("{}", parts.join(", "));
            let written = options.output.as_deref().filter(|p| *p != Path::new("-") && imported.descriptor.is_some());
            if let Some(path) = written {
                crate::say!("wrote {0}; next: chartwright check {0}", path.display());
            }
        }
    }
}
