//! Files and flags as the engine's input.

use std::path::{Path, PathBuf};

use chartwright::World;
use contract::{
    API_VERSION, CapabilitiesGiven, Failure, FailureKind, Layers, Limits, Mode, Platform, Problem, ReleaseGiven,
    RenderInput, Selection, Subject, TextFile, WorldGiven,
};

use super::flags::{As, FluxHelm, Options};
use crate::commands::files::{applied, text_file};
use crate::world::{self, HostWorld};

/// What makes a file a descriptor.
const KIND: &[u8] = b"HelmChartDescriptor";

/// Reads what is rendered, and its options; and what of a folder is not rendered as Flux would apply it.
pub(super) fn read(options: &Options) -> Result<(RenderInput, Vec<Problem>), Failure> {
    let (subject, problems) = subject(&options.subject)?;
    let input = RenderInput {
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
            platform: options.platform.as_deref().map(platform).transpose()?,
            flux_helm: match options.flux_helm {
                FluxHelm::V4_2_2 => contract::FluxHelm::V4_2_2,
                FluxHelm::V4_2_4 => contract::FluxHelm::V4_2_4,
            },
            ..WorldGiven::default()
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
    Ok((input, problems))
}

/// The given objects again, for what must be hidden of them.
pub(super) fn hidden(files: &[PathBuf], world: &HostWorld) -> Vec<TextFile> {
    let read = |path: &PathBuf| {
        let name = path.to_string_lossy().into_owned();
        let text = String::from_utf8_lossy(&world.file(&name).ok()?).into_owned();
        Some(TextFile { name, text })
    };
    files.iter().filter_map(read).collect()
}

fn subject(path: &str) -> Result<(Subject, Vec<Problem>), Failure> {
    let failure = |e: String| Failure::new(FailureKind::Input, e);
    if Path::new(path).is_dir() {
        let (files, problems) = applied(Path::new(path)).map_err(failure)?;
        if files.is_empty() && problems.is_empty() {
            return Err(failure(format!("{path} has no YAML files")));
        }
        return Ok((Subject::Manifests(files), problems));
    }
    let file = text_file(path).map_err(failure)?;
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
pub(crate) fn platform(path: &Path) -> Result<Platform, Failure> {
    let name = path.to_string_lossy();
    let text = world::read(&name).map_err(|e| Failure::new(FailureKind::Platform, e))?;
    chartwright::api::read_platform(&name, &text)
}
