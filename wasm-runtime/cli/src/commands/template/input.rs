//! Flags as the engine's input.

use chartwright_host::{Files, machine_world};
use contract::{Archive, CapabilitiesGiven, Layers, Limits, Log, ReleaseGiven, RenderInput, Selection, Subject};

use super::flags::{Format, Options, OutputFlags};
use super::report::Failure;

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
        show_secrets: own.show_secrets,
        skip_schema_validation: values.skip_schema_validation.0,
        want: Selection {
            crds: output.include_crds.0,
            hooks: !output.no_hooks.0,
            tests: !output.skip_tests.0,
            subchart_notes: options.ignored.is_on("render-subchart-notes"),
            text: own.output == Format::Yaml && !to_folder,
            objects: own.output == Format::Json,
            documents: to_folder,
            log: if output.debug.0 { Log::Debug } else { Log::Info },
            ..Selection::default()
        },
        ..RenderInput::new(Subject::Chart(Archive::default()))
    }
}

/// Sets the release's name, or its template, and returns the chart argument (`NameAndChart`).
pub(super) fn name<'a>(input: &mut RenderInput, options: &'a Options) -> Result<&'a str, Failure> {
    let release = &options.release;
    let template = release.name_template.clone().filter(|t| !t.is_empty());
    match options.args.as_slice() {
        [_, _] if release.generate_name.0 => Err(Failure::text("cannot set --generate-name and also specify a name")),
        [_, _] if template.is_some() => Err(Failure::text("cannot set --name-template and also specify a name")),
        [name, chart] => {
            input.release.name = Some(name.clone());
            Ok(chart)
        }
        [chart] => {
            // The engine renders the template: it has random numbers and the time.
            input.release.name = template.is_none().then(|| "release-name".to_owned());
            input.release.name_template = template;
            Ok(chart)
        }
        [_, _, rest @ ..] => {
            Err(Failure::text(format!("expected at most two arguments, unexpected arguments: {}", rest.join(", "))))
        }
        [] => Err(Failure::text("no chart provided")),
    }
}

/// Sets the world that templates see, and the files that values name.
pub(super) fn world(input: &mut RenderInput, options: &Options, files: &Files) -> Result<(), Failure> {
    let own = &options.own;
    input.world = machine_world(own.now, own.seed).map_err(Failure::text)?;
    for path in &own.objects {
        input.world.objects.push(files.text(&path.to_string_lossy()).map_err(Failure::text)?);
    }
    input.files = files.of_values(&input.values);
    Ok(())
}

/// `--output-dir`
pub(super) fn output_dir(flags: &OutputFlags) -> Option<&str> {
    flags.output_dir.as_deref().filter(|dir| !dir.is_empty())
}
