//! Files and flags as the engine's input.

use std::path::{Path, PathBuf};

use chartwright_host::{Files, applied, machine_world};
use contract::{
    API_VERSION, CapabilitiesGiven, Failure, FailureKind, Layers, Limits, Mode, Platform, Problem, ReleaseGiven,
    RenderInput, Selection, Subject, TextFile, WorldGiven,
};

use super::flags::{As, FluxHelm, Options};

/// The text that identifies a descriptor.
const KIND: &[u8] = b"HelmChartDescriptor";

/// Reads the subject and all files that the options name, with the problems of a folder that Flux would apply in another
/// way.
pub(super) fn read(options: &Options, files: &Files) -> Result<(RenderInput, Vec<Problem>), Failure> {
    let (subject, problems) = subject(&options.subject, files)?;
    let objects = |e: String| Failure::new(FailureKind::Objects, e);
    let texts = |paths: &[PathBuf]| -> Result<Vec<TextFile>, Failure> {
        paths.iter().map(|path| files.text(&path.to_string_lossy()).map_err(objects)).collect()
    };
    let mut input = RenderInput {
        api_version: API_VERSION.to_owned(),
        subject,
        charts: Vec::new(),
        values: Layers {
            files: options.values.clone(),
            set: options.set.clone(),
            set_string: options.set_string.clone(),
            ..Layers::default()
        },
        files: Vec::new(),
        release: ReleaseGiven { upgrade: options.is_upgrade, ..ReleaseGiven::default() },
        capabilities: CapabilitiesGiven {
            kube_version: options.kube_version.clone(),
            api_versions: options.api_versions.clone(),
        },
        world: WorldGiven {
            objects: texts(&options.objects)?,
            hidden: texts(&options.sources.source_objects)?,
            platform: options.platform.as_deref().map(|path| platform(path, files)).transpose()?,
            flux_helm: match options.flux_helm {
                FluxHelm::V4_2_2 => contract::FluxHelm::V4_2_2,
                FluxHelm::V4_2_4 => contract::FluxHelm::V4_2_4,
            },
            ..machine_world(options.now, options.seed).map_err(|e| Failure::new(FailureKind::Internal, e))?
        },
        limits: Limits {
            steps: options.max_steps,
            output: options.max_output,
            memory: options.max_memory,
            ..Limits::default()
        },
        mode: match options.mode {
            As::Flux => Mode::Flux,
            As::Helm => Mode::Helm,
        },
        strict: false,
        skip_schema_validation: false,
        show_secrets: options.show_secrets,
        want: Selection { crds: true, hooks: !options.no_hooks, level: options.level, ..Selection::default() },
    };
    input.files = files.of_values(&input.values);
    Ok((input, problems))
}

fn subject(path: &str, files: &Files) -> Result<(Subject, Vec<Problem>), Failure> {
    let failure = |e: String| Failure::new(FailureKind::Input, e);
    if Path::new(path).is_dir() {
        let (found, problems) = applied(Path::new(path), files).map_err(failure)?;
        if found.is_empty() && problems.is_empty() {
            return Err(failure(format!("{path} contains no YAML files")));
        }
        return Ok((Subject::Manifests(found), problems));
    }
    let file = files.text(path).map_err(failure)?;
    let subject = if is_descriptor(&file.text) { Subject::Descriptor(file) } else { Subject::Manifests(vec![file]) };
    Ok((subject, Vec::new()))
}

fn is_descriptor(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start().trim_start_matches("{");
        line.contains("kind:") && memchr::memmem::find(line.as_bytes(), KIND).is_some()
    })
}

/// Reads a platform file: YAML with the fields of [`Platform`].
pub(crate) fn platform(path: &Path, files: &Files) -> Result<Platform, Failure> {
    let name = path.to_string_lossy();
    let text = files.read(&name).map_err(|e| Failure::new(FailureKind::Platform, e))?;
    chartwright::api::read_platform(&name, &text)
}
