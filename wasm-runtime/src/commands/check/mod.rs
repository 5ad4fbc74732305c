//! `chartwright check`: all that is wrong with descriptors.

mod print;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use contract::{ChartWanted, CheckOutput, Code, Problem, Severity, TextFile};
use descriptor::read::{self, Parsed};
use descriptor::{check, types::Template};
use flux::{Charts, FetchError};

use crate::commands::files::{add_folder, text_file};
use crate::commands::problems::{self, Colours};
use crate::engine::{EngineArgs, Most, calls};
use chartwright_host::plugin::PluginHost;
use chartwright_host::sources::{SourceArgs, Sources};

use print::Summary;

/// What the command line says.
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

    /// Warnings are failures, too
    #[arg(long, help_heading = "Output")]
    strict: bool,
    /// text with the lines in question, or json: the problems with place, path, code and hint
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    output: Format,
}

const EXAMPLES: &str = "\
Examples:
  chartwright check shop.yaml
  chartwright check shop.yaml --source basecharts=./charts   # values against the base charts, too
  chartwright check modules/ --strict                        # all descriptors below a folder
  chartwright check - -o json < shop.yaml

Exit codes:
  0  nothing is wrong, or there are only warnings
  1  something is wrong
  2  the command line cannot be understood
  3  a source could not be reached";

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// The command line cannot be understood.
const USAGE: u8 = 2;
/// A source could not be reached.
const UNREACHABLE: u8 = 3;

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    match check(options) {
        Ok(code) => ExitCode::from(code),
        Err((message, code)) => {
            eprintln!("error: {message}");
            ExitCode::from(code)
        }
    }
}

fn check(options: &Options) -> Result<u8, (String, u8)> {
    let path = options.files.first().filter(|f| *f != "-").map(Path::new);
    let sources = options.sources.open(path).map_err(|e| (e.to_string(), USAGE))?;
    let files = read_files(&options.files).map_err(|e| (e, 1))?;
    let plugin = options.engine.open(Most::default()).map_err(|e| (e.to_string(), USAGE))?;
    let mut found = Found {
        sources: &sources,
        plugin: plugin.as_ref(),
        problems: Vec::new(),
        descriptors: 0,
        missing: BTreeMap::new(),
    };
    for file in &files {
        found.file(file);
    }
    let Found { problems, descriptors, missing, .. } = found;
    sources.save_lock().map_err(|e| (e.to_string(), 1))?;
    problems::print_warnings(sources.take_warnings());
    let count = |severity| problems.iter().filter(|p| p.severity == severity).count();
    let summary = Summary {
        files: files.len(),
        descriptors,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        missing: missing.into_values().collect(),
    };
    let unreachable = problems.iter().any(|p| p.code == Code::SourceUnreachable);
    let text = match options.output {
        Format::Text => print::text(&problems, &files, &summary, Colours::of(&std::io::stdout())),
        Format::Json => {
            let problems = problems.iter().map(crate::commands::hint::worded).collect();
            let mut text = serde_json::to_string_pretty(&CheckOutput { problems }).map_err(|e| (e.to_string(), 1))?;
            text.push('\n');
            text
        }
    };
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            return Err((format!("cannot write the output: {error}"), 1));
        }
        _ => {}
    }
    let failed = summary.errors > 0 || options.strict && summary.warnings > 0;
    Ok(if unreachable { UNREACHABLE } else { u8::from(failed) })
}

/// The files that are named, and those of folders that have something of ours in them.
fn read_files(names: &[String]) -> Result<Vec<TextFile>, String> {
    let mut files = Vec::new();
    for name in names {
        if !Path::new(name).is_dir() {
            files.push(text_file(name)?);
            continue;
        }
        let mut below = Vec::new();
        add_folder(Path::new(name), &mut below)?;
        below.retain(|file| file.text.contains(descriptor::types::GROUP));
        if below.is_empty() {
            return Err(format!("{name} has no descriptors"));
        }
        files.append(&mut below);
    }
    Ok(files)
}

/// What was found so far.
struct Found<'a> {
    sources: &'a Sources,
    plugin: Option<&'a PluginHost>,
    problems: Vec<Problem>,
    descriptors: usize,
    /// Charts that nobody says where to find.
    missing: BTreeMap<String, ChartWanted>,
}

impl Found<'_> {
    fn file(&mut self, file: &TextFile) {
        let documents = read::parse_all(&file.name, &file.text);
        self.descriptors += documents.descriptors.len();
        let mut problems = match self.plugin {
            None => documents.problems,
            Some(plugin) => {
                let wanted: Vec<_> = documents.descriptors.iter().flat_map(|p| p.descriptor.wanted()).collect();
                calls::check(plugin, file, &wanted, self.sources)
            }
        };
        for parsed in &documents.descriptors {
            if self.plugin.is_none() {
                let namespace = parsed.descriptor.target_namespace();
                let base = |template: &Template| Some(self.sources.base_chart(template, namespace).ok()?.chart);
                problems.append(&mut check::check(parsed, &base));
            }
            self.charts(parsed, &mut problems);
        }
        problems.sort_by(|a, b| a.place.cmp(&b.place).then(b.severity.cmp(&a.severity)));
        self.problems.append(&mut problems);
    }

    /// Reports the base charts that did not come.
    fn charts(&mut self, parsed: &Parsed, problems: &mut Vec<Problem>) {
        let spec = &parsed.descriptor.spec;
        let shared = spec.template.iter().map(|t| ("spec.template".to_owned(), t));
        let own = spec.components.iter().enumerate().filter_map(|(i, component)| {
            Some((format!("spec.components[{i}].template"), component.template.as_ref()?))
        });
        for (path, template) in shared.chain(own).filter(|(path, _)| !parsed.is_hole(path)) {
            let wanted = template.wanted(parsed.descriptor.target_namespace());
            let Err(error) = self.sources.chart(&wanted) else { continue };
            if error == FetchError::Unknown {
                self.missing.insert(format!("{}{}", wanted.source, wanted.chart), wanted);
                continue;
            }
            let message = format!("the base chart {} did not come from {}: {error}", template.chart, wanted.source);
            problems.push(parsed.problem(Severity::Error, error.code(), &path, message));
        }
    }
}
