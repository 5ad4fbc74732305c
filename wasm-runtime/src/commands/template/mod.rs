//! `chartwright template`: what `helm template` does.

mod flags;
mod ignored;
mod json;
mod locate;
mod output_dir;
mod report;

use std::io::Write;
use std::mem::ManuallyDrop;
use std::process::ExitCode;
use std::rc::Rc;

use chartwright::{Diagnostic, KubeVersion, Rendered, Request, Str, TextOptions, ValueOptions, render_name};

pub(crate) use flags::Options;
use flags::{Format, OutputFlags};
use ignored::Ignored;
use report::Failure;

use crate::world::{self, HostWorld};

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    match template(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report::print(&failure, options.own.error_format, options.output.debug.0);
            ExitCode::FAILURE
        }
    }
}

fn template(options: &Options) -> Result<(), Failure> {
    let args = &options.args;
    check_ignored(&options.ignored)?;
    if args.is_empty() {
        return Err(Failure::text(
            "\"chartwright template\" requires at least 1 argument\n\n\
             Usage:  chartwright template [NAME] [CHART] [flags]",
        ));
    }
    let mut request = request(options)?;
    check_dry_run(&options.ignored)?;
    let objects = world::objects(&options.own.objects).map_err(Failure::text)?;
    let world = Rc::new(HostWorld::new(objects, options.own.now, options.own.seed).offline(options.own.offline));
    let (name, reference) = name_and_chart(options, &world)?;
    request.options.release.name = name;

    let pulled = |text: &str| {
        if options.own.output == Format::Yaml {
            // Helm prints it among the manifests.
            let _ = write_stdout(text.as_bytes());
        }
    };
    let located = locate::locate(reference, &options.ignored, options.own.offline, &pulled)?;
    let values = request.merge_values(&*world)?;
    // The program ends with this render: to free what it took would be work for nothing.
    let chart = ManuallyDrop::new(locate::load(located)?);
    let rendered = chart.render_values(&values, &request, world).map_err(|error| {
        let diagnostic = Diagnostic::new(&error, Some(&chart), Some(&values));
        Failure::Engine(Box::new(error), Box::new(diagnostic))
    })?;
    let rendered = ManuallyDrop::new(rendered);
    if let Some(labels) = reserved_labels(&options.ignored) {
        return Err(Failure::text(labels));
    }
    report::print_warnings(rendered.warnings());
    print(&rendered, options, &request.options.release.name)
}

/// What the flags say of the release, the cluster and the limits.
fn request(options: &Options) -> Result<Request, Failure> {
    let flags = &options.values;
    let texts = |list: &[String]| list.iter().map(|s| Str::from(s.as_str())).collect();
    let mut request = Request {
        values: ValueOptions {
            files: flags.files.iter().flat_map(|l| &l.0).map(|f| Str::from(f.as_str())).collect(),
            json: texts(&flags.set_json),
            values: texts(&flags.set),
            strings: texts(&flags.set_string),
            file_values: texts(&flags.set_file),
            literals: texts(&flags.set_literal),
        },
        ..Request::default()
    };
    let to = &mut request.options;
    to.skip_schema_validation = flags.skip_schema_validation.0;
    to.subchart_notes = options.ignored.is_on("render-subchart-notes");
    let release = &options.release;
    to.release.upgrade = release.is_upgrade.0;
    let namespace = release.namespace.clone().or_else(|| std::env::var("HELM_NAMESPACE").ok());
    to.release.namespace = namespace.filter(|n| !n.is_empty()).unwrap_or_else(|| "default".into());
    if let Some(version) = release.kube_version.as_deref().filter(|v| !v.is_empty()) {
        to.capabilities.kube_version =
            KubeVersion::parse(version).map_err(|e| Failure::text(format!("invalid kube version '{version}': {e}")))?;
    }
    to.capabilities.api_versions.extend(release.api_versions.iter().flat_map(|l| l.0.iter().cloned()));
    let own = &options.own;
    to.engine.strict = own.strict;
    let limits = &mut to.engine.limits;
    limits.steps = own.max_steps.unwrap_or(limits.steps);
    limits.depth = own.max_depth.unwrap_or(limits.depth);
    limits.output = own.max_output.unwrap_or(limits.output);
    limits.memory = own.max_memory.unwrap_or(limits.memory);
    limits.time = Some(own.timeout);
    Ok(request)
}

/// The release's name and the chart (`NameAndChart`).
fn name_and_chart<'a>(options: &'a Options, world: &Rc<HostWorld>) -> Result<(String, &'a str), Failure> {
    let release = &options.release;
    let template = release.name_template.as_deref().filter(|t| !t.is_empty());
    match options.args.as_slice() {
        [_, _] if release.generate_name.0 => Err(Failure::text("cannot set --generate-name and also specify a name")),
        [_, _] if template.is_some() => Err(Failure::text("cannot set --name-template and also specify a name")),
        [name, chart] => Ok((name.clone(), chart)),
        [chart] => match template {
            Some(template) => {
                let name = render_name(template, world.clone()).map_err(|e| Failure::text(e.to_string()))?;
                Ok((name, chart))
            }
            None => Ok(("release-name".into(), chart)),
        },
        [_, _, rest @ ..] => {
            Err(Failure::text(format!("expected at most two arguments, unexpected arguments: {}", rest.join(", "))))
        }
        [] => Err(Failure::text("no chart provided")),
    }
}

/// Says what deprecated flags are for, and refuses flags that exclude each other.
fn check_ignored(ignored: &Ignored) -> Result<(), Failure> {
    const NO_EFFECT: &str = "this flag has no effect for 'helm template' and will be removed in Helm 5";
    for (flag, advice) in [
        ("atomic", "use --rollback-on-failure instead"),
        ("force", "use --force-replace instead"),
        ("hide-notes", NO_EFFECT),
        ("render-subchart-notes", NO_EFFECT),
        ("validate", "use '--dry-run=server' instead"),
    ] {
        if ignored.has(flag) {
            eprintln!("Flag --{flag} has been deprecated, {advice}");
        }
    }
    for group in [["force-replace", "force-conflicts"], ["force", "force-conflicts"], ["validate", "dry-run"]] {
        if group.iter().all(|flag| ignored.has(flag)) {
            let [first, second] = group;
            let mut sorted = group;
            sorted.sort_unstable();
            return Err(Failure::text(format!(
                "if any flags in the group [{first} {second}] are set none of the others can be; \
                 [{} {}] were all set",
                sorted[0], sorted[1]
            )));
        }
    }
    Ok(())
}

fn check_dry_run(ignored: &Ignored) -> Result<(), Failure> {
    const NO_CLUSTER: &str = "chartwright template asks no cluster: --objects FILE gives the objects that lookup finds";
    match ignored.text("dry-run") {
        None | Some("client") => {}
        Some("unset") => report::warn("--dry-run is deprecated and should be replaced with '--dry-run=client'"),
        Some("server") => return Err(Failure::text(NO_CLUSTER)),
        Some(other) => match crate::pflag::switch(other) {
            Ok(on) if on.0 => report::warn(&format!(
                "boolean '--dry-run={other}' flag is deprecated and must be replaced with '--dry-run=client'"
            )),
            Ok(_) => {
                return Err(Failure::text(format!(
                    "invalid dry-run value ({other:?}). Must be \"server\" or \"client\""
                )));
            }
            Err(_) if other == "none" => {
                return Err(Failure::text("invalid dry-run value (\"none\"). Must be \"server\" or \"client\""));
            }
            Err(_) => {
                return Err(Failure::text(format!(
                    "invalid dry-run value ({other:?}). Must be \"none\", \"server\", or \"client\""
                )));
            }
        },
    }
    if ignored.is_on("validate") {
        return Err(Failure::text(NO_CLUSTER));
    }
    if let Some(renderer) = ignored.text("post-renderer") {
        return Err(Failure::text(format!("post-renderers are not supported yet: {renderer}")));
    }
    Ok(())
}

/// Labels that Helm keeps for itself cannot be set.
fn reserved_labels(ignored: &Ignored) -> Option<&'static str> {
    const RESERVED: [&str; 6] = ["name", "owner", "status", "version", "createdAt", "modifiedAt"];
    ignored.labels.iter().any(|(key, _)| RESERVED.contains(&key.as_str())).then_some(
        "user supplied labels contains system reserved label name. \
         System labels: [name owner status version createdAt modifiedAt]",
    )
}

fn print(rendered: &Rendered, options: &Options, name: &str) -> Result<(), Failure> {
    let flags = &options.output;
    let parts = TextOptions { crds: flags.include_crds.0, hooks: !flags.no_hooks.0, tests: !flags.skip_tests.0 };
    let mut out = Vec::new();
    if options.own.output == Format::Json {
        out = json::objects(rendered, parts, name)?;
    } else if let Some(dir) = flags.output_dir.as_deref().filter(|d| !d.is_empty()) {
        out = output_dir::write(rendered, parts, dir, flags.release_name.0.then_some(name))?;
        shown_of_written(flags, &out)?;
    } else if flags.show_only.is_empty() {
        out = rendered.text(parts);
    } else {
        out.extend(rendered.show_only(parts, &flags.show_only).map_err(|e| Failure::text(e.to_string()))?);
    }
    if options.own.notes && options.own.output != Format::Json && !rendered.notes().is_empty() {
        out.extend_from_slice(b"NOTES:\n");
        out.extend_from_slice(rendered.notes());
    }
    write_stdout(&out)
}

/// With files written, Helm has nothing left to show.
fn shown_of_written(flags: &OutputFlags, written: &[u8]) -> Result<(), Failure> {
    let Some(first) = flags.show_only.first() else { return Ok(()) };
    write_stdout(written.strip_suffix(b"\n").unwrap_or(written))?;
    Err(Failure::text(format!("could not find template {first} in chart")))
}

/// Writes to stdout; a reader that has gone away is no failure.
fn write_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::text(format!("write /dev/stdout: {}", chartwright_host::go_words::go_words(&error))))
        }
        _ => Ok(()),
    }
}
