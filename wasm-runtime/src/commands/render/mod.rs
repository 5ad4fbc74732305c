//! `chartwright render`: all levels of a descriptor or of HelmReleases.

mod flags;
mod input;
mod summary;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;

use chartwright::api::{add_platform, has_errors, render_levels};
use contract::{Code, Failure, FailureKind, RenderOutput, Subject};

use flags::Format;
pub(crate) use flags::Options;

use crate::commands::problems;
use crate::engine::{Most, calls};
use crate::world::{self, HostWorld};

/// The command line cannot be understood.
const USAGE: u8 = 2;
/// A source could not be reached.
const UNREACHABLE: u8 = 3;

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
    let (mut input, mut problems) = input::read(options).map_err(bad)?;
    let mut objects = world::objects(&options.objects).map_err(|e| bad(Failure::new(FailureKind::Objects, e)))?;
    if let Some(platform) = &input.world.platform {
        add_platform(&mut objects, platform);
    }
    let world = HostWorld::new(objects, options.now, options.seed).offline(options.sources.offline);
    let world = Rc::new(world);
    let path = (options.subject != "-").then(|| Path::new(&options.subject));
    let sources = options.sources.open(path).map_err(|e| usage(e.to_string()))?;
    input.world.objects = input::hidden(&options.objects, &world);
    if let Subject::Manifests(files) = &input.subject {
        // Sources among what is rendered say where they are; what is no YAML is said by the engine.
        files.iter().for_each(|file| drop(sources.add_objects(file.text.as_bytes())));
    }
    let most = Most { time: Some(options.timeout), memory: options.max_memory, output: options.max_output };
    let plugin = options.engine.open(most).map_err(|e| bad(e.into()))?;
    let output = match plugin {
        None => render_levels(&input, &sources, world),
        Some(plugin) => calls::levels(&plugin, input, &sources, &world, &options.objects, options.seed),
    };
    let mut output = output.map_err(bad)?;
    problems.append(&mut output.problems);
    output.problems = problems;
    sources.save_lock().map_err(|e| bad(Failure::new(FailureKind::Lock, e.to_string())))?;
    write(&output, options).map_err(bad)?;
    problems::print_warnings(sources.take_warnings());
    problems::print(&output.problems, options.error_format);
    Ok(exit_code(&output))
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
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(&text).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(FailureKind::Output, format!("cannot write the output: {error}")))
        }
        _ => Ok(()),
    }
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
