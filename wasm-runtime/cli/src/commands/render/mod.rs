//! `chartwright render`: all levels of a descriptor or of HelmReleases.

mod flags;
mod input;
mod summary;

use std::path::Path;
use std::process::ExitCode;

use chartwright::api::has_errors;
use contract::{Code, Failure, FailureKind, RenderOutput, Subject};

use flags::Format;
pub(crate) use flags::Options;
pub(crate) use input::platform;

use crate::commands::problems;
use crate::engine::Most;
use crate::exit::{UNREACHABLE, USAGE};
use chartwright_host::{EngineError, Files, Host};

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    match render(options) {
        Ok(code) => code,
        Err((failure, code)) => {
            problems::print_failure(&failure, options.error_format);
            ExitCode::from(code)
        }
    }
}

fn render(options: &Options) -> Result<ExitCode, (Failure, u8)> {
    let bad = |failure| (failure, 1);
    let usage = |message: String| (Failure::new(FailureKind::Usage, message), USAGE);
    let files = Files::new(options.sources.offline);
    let (input, mut problems) = input::read(options, &files).map_err(bad)?;
    let path = (options.subject != "-").then(|| Path::new(&options.subject));
    let sources = options.sources.open(path, &files).map_err(|e| usage(e.to_string()))?;
    if let Subject::Manifests(files) = &input.subject {
        // Source objects among the manifests say where sources are. The engine reports what is not YAML.
        files.iter().for_each(|file| drop(sources.add_objects(file.text.as_bytes())));
    }
    let most = Most { time: Some(options.timeout), memory: options.max_memory, output: options.max_output };
    let engine = options.engine.open(most).map_err(|e| bad(EngineError::from(e).into()))?;
    let host = Host { engine: &*engine, charts: &sources, budget: &most.budget(), progress: &() };
    let found = releases_in(&input.subject);
    let mut output = host.render(input).map_err(bad)?;
    if !found && output.releases.is_empty() && !has_errors(&output.problems) {
        let message = format!("{} has no HelmChartDescriptor and no HelmRelease: nothing is rendered", options.subject);
        return Err(bad(Failure::new(FailureKind::Input, message)));
    }
    problems.append(&mut output.problems);
    output.problems = problems;
    sources.save_lock().map_err(|e| bad(Failure::new(FailureKind::Lock, e.to_string())))?;
    write(&output, options).map_err(bad)?;
    problems::print_warnings(sources.take_warnings());
    if matches!(options.output, Format::Yaml) {
        // JSON has them already.
        problems::print_warnings(std::mem::take(&mut output.warnings));
    }
    problems::print(&output.problems, options.error_format);
    Ok(exit_code(&output))
}

/// Whether there may be something to render; one that is suspended renders to nothing.
fn releases_in(subject: &Subject) -> bool {
    match subject {
        Subject::Manifests(files) => files.iter().any(|file| file.text.contains("HelmRelease")),
        _ => true,
    }
}

fn write(output: &RenderOutput, options: &Options) -> Result<(), Failure> {
    let mut text = match (options.summary, options.output) {
        (false, Format::Yaml) => output.text.0.clone(),
        (true, Format::Yaml) => summary::text(output).into_bytes(),
        (false, Format::Json) => pretty(output)?,
        (true, Format::Json) => pretty(&summary::of(output))?,
    };
    if options.notes && options.output == Format::Yaml && !output.notes.0.is_empty() {
        text.extend_from_slice(b"NOTES:\n");
        text.extend_from_slice(&output.notes.0);
    }
    crate::stdout::put(&text).map_err(|e| Failure::new(FailureKind::Output, format!("cannot write the output: {e}")))
}

fn pretty(value: &impl serde::Serialize) -> Result<Vec<u8>, Failure> {
    let mut json = serde_json::to_vec_pretty(value).map_err(|e| Failure::new(FailureKind::Output, e.to_string()))?;
    json.push(b'\n');
    Ok(json)
}

fn exit_code(output: &RenderOutput) -> ExitCode {
    if output.problems.iter().any(|p| p.code == Code::SourceUnreachable) {
        return ExitCode::from(UNREACHABLE);
    }
    ExitCode::from(u8::from(has_errors(&output.problems)))
}
