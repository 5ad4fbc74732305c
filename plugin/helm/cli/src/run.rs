//! The commands.

use std::io;

use chartwright_host::{ChartSource, Host};
use clap::Parser;
use contract::{
    API_VERSION, Budget, CapabilitiesGiven, ChartWanted, Engine, ExpandInput, ExpandOutput, ExpandWant, Failure,
    FailureKind, Hint, Layers, Limits, Mode, PlanInput, Problem, ReleaseGiven, RenderInput, RenderOutput, Selection,
    Severity, Subject, Text, TextFile, WorldGiven,
};
use serde::Serialize;

use crate::args::{self, CheckArgs, Checked, Cli, Command, ExpandArgs, Expanded, RenderArgs, Rendered};
use crate::documents::Documents;
use crate::print;

/// The most memory of a render, below the pages that `plugin.yaml` allows: the
/// engine says what ran out, and where; Wasm would only trap.
const MEMORY: usize = 448 << 20;

/// What a call prints, and why it failed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Goes to standard output.
    pub stdout: Vec<u8>,
    /// Goes to standard error.
    pub stderr: String,
    /// Helm prints it and ends with exit code 1.
    pub failure: Option<String>,
}

/// Runs the command. Standard input is read if the command needs it.
///
/// `engine` answers the calls; `now` is the time in seconds since 1970.
pub fn run(args: &[String], stdin: &mut dyn FnMut() -> io::Result<Vec<u8>>, now: i64, engine: &dyn Engine) -> Outcome {
    let words = std::iter::once("helm chartwright").chain(args.iter().map(String::as_str));
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, args),
    };
    let input = match stdin() {
        Ok(input) => input,
        Err(error) => {
            let message = format!("standard input cannot be read: {error}");
            return Outcome { failure: Some(message), ..Outcome::default() };
        }
    };
    let documents = Documents::read(input);
    if documents.problems.iter().any(|p| p.severity == Severity::Error) {
        let stderr = print::problems(&documents.problems, &documents.text);
        return Outcome { stderr, failure: Some(print::count(&documents.problems)), ..Outcome::default() };
    }
    let call = Call { engine, documents, now };
    let done = match &cli.command {
        Command::Render(args) => call.render(args),
        Command::Expand(args) => call.expand(args),
        Command::Check(args) => call.check(args),
        Command::Plan => call.plan(),
    };
    done.unwrap_or_else(|failure| Outcome {
        stderr: print::failure(&failure),
        failure: Some("no output was produced".to_owned()),
        ..Outcome::default()
    })
}

/// Help, or what is wrong with the command line.
fn usage(error: &clap::Error, args: &[String]) -> Outcome {
    let text = error.render().to_string();
    if !error.use_stderr() {
        return Outcome { stdout: text.into_bytes(), ..Outcome::default() };
    }
    let hint = args::instead(args).map(|hint| format!("\n{hint}\n")).unwrap_or_default();
    let failure = Some("the command line cannot be understood".to_owned());
    Outcome { stderr: format!("{text}{hint}"), failure, ..Outcome::default() }
}

/// A call on what is on standard input.
struct Call<'a> {
    engine: &'a dyn Engine,
    documents: Documents,
    now: i64,
}

impl Call<'_> {
    /// The loop over the available charts. Helm's own limit of time ends a call.
    fn host<'a>(&'a self, budget: &'a Budget) -> Host<'a> {
        Host { engine: self.engine, charts: &self.documents.charts, budget, progress: &() }
    }

    fn render(&self, args: &RenderArgs) -> Result<Outcome, Failure> {
        let subject = self.subject()?;
        let objects = match &subject {
            Subject::Descriptor(_) => self.documents.objects.clone(),
            _ => Vec::new(),
        };
        let input = RenderInput {
            api_version: API_VERSION.to_owned(),
            charts: Vec::new(),
            subject,
            values: Layers {
                yaml: args.values_text.iter().map(|t| Text::from(t.as_str())).collect(),
                set_json: args.set_json.clone(),
                set: args.set.clone(),
                set_string: args.set_string.clone(),
                set_literal: args.set_literal.clone(),
                ..Layers::default()
            },
            files: Vec::new(),
            release: ReleaseGiven { upgrade: args.is_upgrade, ..ReleaseGiven::default() },
            capabilities: CapabilitiesGiven {
                kube_version: args.kube_version.clone(),
                api_versions: args.api_versions.clone(),
            },
            world: WorldGiven {
                objects,
                platform: self.documents.platform.clone(),
                now: args.now.unwrap_or(self.now),
                seed: args.seed,
                ..WorldGiven::default()
            },
            limits: Limits { memory: Some(MEMORY), ..Limits::default() },
            mode: match args.mode {
                args::As::Flux => Mode::Flux,
                args::As::Helm => Mode::Helm,
            },
            strict: false,
            skip_schema_validation: false,
            show_secrets: args.show_secrets,
            want: Selection { crds: true, hooks: !args.no_hooks, level: args.level, ..Selection::default() },
        };
        let output = self.host(&Budget::default()).render(input)?;
        let stdout = match args.output {
            Rendered::Yaml => yaml(&output, args.notes),
            Rendered::Json => json(&output)?,
        };
        let mut outcome = self.done(stdout, &output.problems, false);
        if matches!(args.output, Rendered::Yaml) {
            // JSON has them already.
            output.warnings.iter().for_each(|w| outcome.stderr.push_str(&format!("warning: {w}\n")));
        }
        Ok(outcome)
    }

    fn expand(&self, args: &ExpandArgs) -> Result<Outcome, Failure> {
        let descriptor = self.descriptor()?;
        let want = ExpandWant { archive: true, files: args.file.is_some() };
        let input = ExpandInput { api_version: API_VERSION.to_owned(), descriptor, want, ..ExpandInput::default() };
        let output = self.host(&Budget::default()).expand(input)?;
        let stdout = match (&args.file, args.output) {
            _ if output.archive.0.is_empty() => Vec::new(),
            (Some(file), _) => chart_file(&output, file)?,
            (None, Expanded::Tgz) => output.archive.0.clone(),
            (None, Expanded::Json) => json(&output)?,
        };
        Ok(self.done(stdout, &output.problems, false))
    }

    fn check(&self, args: &CheckArgs) -> Result<Outcome, Failure> {
        let descriptors = self.documents.descriptors.clone();
        if descriptors.is_empty() {
            return Err(nothing("HelmChartDescriptor"));
        }
        let output = self.host(&Budget::default()).check(descriptors)?;
        let problems = &output.problems;
        if args.output == Checked::Json {
            let failed = self.done(json(&output)?, problems, args.strict).failure;
            return Ok(Outcome { stdout: json(&output)?, failure: failed, ..Outcome::default() });
        }
        let text = format!("{}{}\n", print::problems(problems, &self.documents.text), print::count(problems));
        let failure = self.done(Vec::new(), problems, args.strict).failure;
        Ok(Outcome { stdout: text.into_bytes(), failure, ..Outcome::default() })
    }

    fn plan(&self) -> Result<Outcome, Failure> {
        let subject = self.subject()?;
        let output =
            self.engine.plan(&PlanInput { api_version: API_VERSION.to_owned(), subject }, &Budget::default())?;
        let line = |wanted: &ChartWanted| {
            let state = if self.documents.charts.bring(wanted).is_some() { "available" } else { "missing" };
            let version = if wanted.version.is_empty() { "any version" } else { &wanted.version };
            let chart = if wanted.chart.is_empty() { &wanted.source.name } else { &wanted.chart };
            format!("{state:<10} {chart} ({version}) of {}\n", wanted.source)
        };
        let stdout: String = output.charts.iter().map(line).collect();
        Ok(self.done(stdout.into_bytes(), &output.problems, false))
    }

    /// The one thing that is rendered.
    fn subject(&self) -> Result<Subject, Failure> {
        let documents = &self.documents;
        match (documents.descriptors.len(), documents.releases.len()) {
            (0, 0) => Err(nothing("HelmChartDescriptor and no HelmRelease")),
            (0, _) => {
                let releases = documents.releases.iter().chain(&documents.objects);
                Ok(Subject::Manifests(releases.cloned().collect()))
            }
            (_, 0) => Ok(Subject::Descriptor(self.descriptor()?)),
            (_, _) => Err(Failure::new(
                FailureKind::Stdin,
                "standard input has both a HelmChartDescriptor and HelmReleases: give only one of them",
            )),
        }
    }

    fn descriptor(&self) -> Result<TextFile, Failure> {
        match self.documents.descriptors.as_slice() {
            [] => Err(nothing("HelmChartDescriptor")),
            [one] => Ok(one.clone()),
            more => Err(Failure::new(
                FailureKind::Stdin,
                format!("standard input has {} HelmChartDescriptors: give only one", more.len()),
            )),
        }
    }

    fn done(&self, stdout: Vec<u8>, problems: &[Problem], strict: bool) -> Outcome {
        let failed = problems.iter().any(|p| strict || p.severity == Severity::Error);
        let failure = failed.then(|| print::count(problems));
        Outcome { stdout, stderr: print::problems(problems, &self.documents.text), failure }
    }
}

fn nothing(what: &str) -> Failure {
    let failure = Failure::new(FailureKind::Stdin, format!("standard input has no {what}"));
    Failure { hints: vec![Hint::text("helm chartwright --help describes the input")], ..failure }
}

fn yaml(output: &RenderOutput, notes: bool) -> Vec<u8> {
    let mut text = output.text.0.clone();
    if notes && !output.notes.0.is_empty() {
        text.extend_from_slice(b"NOTES:\n");
        text.extend_from_slice(&output.notes.0);
    }
    text
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut json = serde_json::to_vec_pretty(value).map_err(|e| Failure::new(FailureKind::Output, e.to_string()))?;
    json.push(b'\n');
    Ok(json)
}

/// A file of a chart.
fn chart_file(output: &ExpandOutput, path: &str) -> Result<Vec<u8>, Failure> {
    match output.chart_files.iter().find(|file| file.path == path) {
        Some(file) => Ok(file.data.0.clone()),
        None => {
            let message = format!("the chart has no file {path}; it has {}", output.files.join(", "));
            Err(Failure::new(FailureKind::File, message))
        }
    }
}
