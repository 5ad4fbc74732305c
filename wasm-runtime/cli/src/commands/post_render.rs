//! `chartwright post-render`: what a HelmRelease changes in manifests before they are installed.

use std::process::ExitCode;

use chartwright_host::Files;
use clap::Args;
use contract::{Code, Hint, Place, Problem, Severity, TextFile};
use flux::{HelmRelease, post_render_stream};
use govalue::{Map, Str, Value};
use helm::manifest::split;

use super::problems::{self, ErrorFormat};

/// Flags and arguments.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// File with the HelmRelease
    #[arg(long, value_name = "FILE")]
    release: String,
    /// Name of the HelmRelease, if the file has several
    #[arg(long, value_name = "[NAMESPACE/]NAME")]
    name: Option<String>,
    /// Namespace of a HelmRelease that has none
    #[arg(short, long, value_name = "NAMESPACE", default_value = "default")]
    namespace: String,
    /// Format of problems
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    error_format: ErrorFormat,
}

const EXAMPLES: &str = "\
Examples:
  helm template shop ./shop | chartwright post-render --release shop.yaml
  helm template shop ./shop --post-renderer chartwright-post-renderer --post-renderer-args --release=shop.yaml

Exit codes:
  0  post-rendered
  1  problems in the input, reported on stderr
  2  an invalid command line";

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    let found = match post_render(options) {
        Ok(found) => found,
        Err(found) => {
            problems::print(&found, options.error_format);
            return ExitCode::FAILURE;
        }
    };
    problems::print(&found, options.error_format);
    ExitCode::SUCCESS
}

fn post_render(options: &Options) -> Result<Vec<Problem>, Vec<Problem>> {
    let error = |code: Code, message: String, file: &str| {
        let place = Place { file: file.to_owned(), ..Place::default() };
        vec![Problem::new(Severity::Error, code, message, place)]
    };
    let files = Files::default();
    let file = files.text(&options.release).map_err(|e| error(Code::File, e, ""))?;
    let (release, mut found) = release(&file, options)?;
    let manifests = files.read("-").map_err(|e| error(Code::File, format!("stdin: {e}"), ""))?;
    let (text, warnings) = post_render_stream(&manifests, &release).map_err(|e| {
        let line = e.line().and_then(|line| u32::try_from(line).ok()).unwrap_or_default();
        let place = Place { file: "stdin".to_owned(), line, column: 0 };
        let hint = e.hint().map(Hint::Text);
        vec![Problem { hint, ..Problem::new(Severity::Error, Code::PostRender, e.to_string(), place) }]
    })?;
    let place = || Place { file: options.release.clone(), ..Place::default() };
    found.extend(warnings.into_iter().map(|w| Problem::new(Severity::Warning, Code::PostRender, w, place())));
    crate::stdout::put(&text).map_err(|e| error(Code::Output, format!("cannot write the output: {e}"), ""))?;
    Ok(found)
}

/// The HelmRelease of a file, with warnings about it.
fn release(file: &TextFile, options: &Options) -> Result<(HelmRelease, Vec<Problem>), Vec<Problem>> {
    let wanted = options.name.as_deref().map(|name| name.split_once('/').map_or((None, name), |(n, r)| (Some(n), r)));
    let mut found = Vec::new();
    let text = file.text.as_bytes();
    for range in split(text) {
        let line = 1 + text.iter().take(range.start).filter(|&&b| b == b'\n').count();
        let place = Place { file: file.name.clone(), line: u32::try_from(line).unwrap_or(u32::MAX), column: 0 };
        let object = goyaml::yaml::from_yaml(&text[range])
            .map_err(|e| vec![Problem::new(Severity::Error, Code::Release, e.to_string(), place.clone())])?;
        let Value::Map(map) = &object else { continue };
        if !flux::is_helm_release(&string(map, "apiVersion"), &string(map, "kind")) {
            continue;
        }
        let (name, namespace) = name_of(map, &options.namespace);
        if wanted.is_none_or(|(n, r)| r == name && n.is_none_or(|n| n == namespace)) {
            found.push((object, place));
        }
    }
    let problem = |message: String| {
        let place = Place { file: file.name.clone(), ..Place::default() };
        Err(vec![Problem::new(Severity::Error, Code::Release, message, place)])
    };
    let (object, place) = match (found.len(), &options.name) {
        (1, _) => found.remove(0),
        (0, Some(name)) => return problem(format!("there is no HelmRelease {name} in it")),
        (0, None) => return problem("there is no HelmRelease in it".to_owned()),
        (n, _) => return problem(format!("there are {n} HelmReleases in it: --name says which")),
    };
    let fields = |fields: Vec<flux::FieldProblem>| {
        let problem = |field: flux::FieldProblem| {
            let severity = match field.severity {
                flux::Severity::Warning => Severity::Warning,
                flux::Severity::Error => Severity::Error,
            };
            let message = format!("{}: {}", field.path, field.message);
            let problem = Problem::new(severity, Code::HelmRelease, message, place.clone());
            Problem { path: field.path, hint: field.hint, ..problem }
        };
        fields.into_iter().map(problem).collect::<Vec<_>>()
    };
    match HelmRelease::read(&object, &options.namespace) {
        Ok((release, warnings)) => Ok((release, fields(warnings))),
        Err(wrong) => Err(fields(wrong)),
    }
}

fn name_of(object: &Map, namespace: &str) -> (String, String) {
    let Some(Value::Map(metadata)) = object.get("metadata") else { return Default::default() };
    let own = string(&metadata, "namespace").to_string();
    (string(&metadata, "name").to_string(), if own.is_empty() { namespace.to_owned() } else { own })
}

fn string(map: &Map, key: &str) -> Str {
    match map.get(key) {
        Some(Value::Str(text)) => text,
        _ => Str::EMPTY,
    }
}
