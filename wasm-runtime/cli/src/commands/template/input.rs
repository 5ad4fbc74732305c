//! Flags as the engine's input.

use contract::{Archive, CapabilitiesGiven, Layers, Limits, ReleaseGiven, RenderInput, Selection, Subject};

use super::flags::{Format, Options, OutputFlags};

/// The input that the flags describe, without the chart, the release's name and the world.
pub(super) fn read(options: &Options) -> RenderInput {
    let (values, release, output, own) = (&options.values, &options.release, &options.output, &options.own);
    let namespace = release.namespace.clone().or_else(|| std::env::var("HELM_NAMESPACE").ok());
    let to_folder = output_dir(output).is_some() && own.output == Format::Yaml;
    RenderInput {
        values: Layers {
            files: values.files.iter().flat_map(|l| l.0.iter().cloned()).collect(),
            yaml: Vec::new(),
            set_json: values.set_json.clone(),
            set: values.set.clone(),
            set_string: values.set_string.clone(),
            set_file: values.set_file.clone(),
            set_literal: values.set_literal.clone(),
        },
        release: ReleaseGiven {
            namespace: namespace.filter(|n| !n.is_empty()),
            upgrade: release.is_upgrade.0,
            ..ReleaseGiven::default()
        },
        capabilities: CapabilitiesGiven {
            kube_version: release.kube_version.clone().filter(|v| !v.is_empty()),
            api_versions: release.api_versions.iter().flat_map(|l| l.0.iter().cloned()).collect(),
        },
        limits: Limits { steps: own.max_steps, depth: own.max_depth, output: own.max_output, memory: own.max_memory },
        strict: own.strict,
        skip_schema_validation: values.skip_schema_validation.0,
        want: Selection {
            crds: output.include_crds.0,
            hooks: !output.no_hooks.0,
            tests: !output.skip_tests.0,
            subchart_notes: options.ignored.is_on("render-subchart-notes"),
            text: own.output == Format::Yaml && !to_folder,
            objects: own.output == Format::Json,
            documents: to_folder,
            ..Selection::default()
        },
        ..RenderInput::new(Subject::Chart(Archive::default()))
    }
}

/// The release's name. If it comes from a template, the engine makes it: templates may ask for random text, and the
/// engine has its own random numbers.
pub(super) fn name(input: &mut RenderInput, options: &Options, name: String) {
    let template = options.release.name_template.clone().filter(|t| !t.is_empty() && options.args.len() == 1);
    match template {
        Some(template) => input.release.name_template = Some(template),
        None => input.release.name = Some(name),
    }
}

/// `--output-dir`
pub(super) fn output_dir(flags: &OutputFlags) -> Option<&str> {
    flags.output_dir.as_deref().filter(|dir| !dir.is_empty())
}
