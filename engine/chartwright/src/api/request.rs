//! The options of a render, as an input says them.

use contract::{Failure, FailureKind, RenderInput};
use govalue::{Map, Str};
use helm::capabilities::KubeVersion;
use helm::engine::World;
use helm::values::{Reader, ValueOptions, ValuesError, parse_into};

use super::convert;
use crate::chart::Request;
use crate::error::Error;

/// The user's values: files and settings as Helm takes them, with the given texts right over the files.
pub(super) fn values(request: &Request, input: &RenderInput, world: &dyn World) -> Result<Map, Failure> {
    let mut read = |path: &[u8]| {
        let path = String::from_utf8_lossy(path);
        match path.strip_prefix(GIVEN).and_then(|i| input.values.yaml.get(i.parse::<usize>().ok()?)) {
            Some(text) => Ok(text.0.clone()),
            None => world.file(&path).map_err(ValuesError::new),
        }
    };
    request.values.merge(&mut read).map_err(|e| convert::failure(&Error::Values(e), None, None))
}

/// What the names of values begin with that the input itself has.
const GIVEN: &str = "values #";

/// The options of a chart's render.
pub(super) fn request(input: &RenderInput) -> Result<Request, Failure> {
    let texts = |list: &[String]| list.iter().map(|s| Str::from(s.as_str())).collect::<Vec<_>>();
    let layers = &input.values;
    let mut files = texts(&layers.files);
    files.extend((0..layers.yaml.len()).map(|i| Str::from(format!("{GIVEN}{i}"))));
    let mut request = Request {
        values: ValueOptions {
            files,
            json: texts(&layers.set_json),
            values: texts(&layers.set),
            strings: texts(&layers.set_string),
            file_values: texts(&layers.set_file),
            literals: texts(&layers.set_literal),
        },
        ..Request::default()
    };
    let to = &mut request.options;
    if let Some(name) = &input.release.name {
        to.release.name.clone_from(name);
    }
    if let Some(namespace) = &input.release.namespace {
        to.release.namespace.clone_from(namespace);
    }
    to.release.upgrade = input.release.upgrade;
    to.skip_schema_validation = input.skip_schema_validation;
    to.subchart_notes = input.want.subchart_notes;
    if let Some(version) = &input.capabilities.kube_version {
        to.capabilities.kube_version = KubeVersion::parse(version)
            .map_err(|e| Failure::new(FailureKind::Input, format!("invalid kube version '{version}': {e}")))?;
    }
    to.capabilities.api_versions.extend(input.capabilities.api_versions.iter().cloned());
    to.engine.strict = input.strict;
    let limits = &mut to.engine.limits;
    limits.steps = input.limits.steps.unwrap_or(limits.steps);
    limits.depth = input.limits.depth.unwrap_or(limits.depth);
    limits.output = input.limits.output.unwrap_or(limits.output);
    limits.memory = input.limits.memory.unwrap_or(limits.memory);
    Ok(request)
}

/// The files that `--set-file` of an input names, in their order: a host reads them before it calls the engine, and
/// gives them in [`RenderInput::files`].
///
/// ```
/// let values = contract::Layers { set_file: vec!["a=one.txt,b.c=dir/two.txt".into()], ..Default::default() };
/// assert_eq!(chartwright::api::set_files(&values), ["one.txt", "dir/two.txt"]);
/// ```
pub fn set_files(values: &contract::Layers) -> Vec<String> {
    let mut paths = Vec::new();
    for line in &values.set_file {
        let mut read = |path: &[u8]| {
            paths.push(String::from_utf8_lossy(path).into_owned());
            Ok(Vec::new())
        };
        // A line that cannot be parsed names no more files; the engine says what is wrong with it.
        let _ = parse_into(line.as_bytes(), &Map::new(), &mut Reader::File(&mut read));
    }
    paths
}
