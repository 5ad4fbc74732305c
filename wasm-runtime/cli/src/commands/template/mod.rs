//! `chartwright template`: the equivalent of `helm template`.

mod flags;
mod ignored;
mod input;
mod json;
mod locate;
mod output_dir;
mod post_render;
mod report;

use std::io::Write;
use std::mem::ManuallyDrop;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use chartwright::api::{chart_output, chart_request, failure};
use chartwright::{Error, Request, render_name};
use chartwright_host::PluginEngine;
use contract::{RenderInput, RenderOutput, Subject};
use helm::release::show_only;

pub(crate) use flags::Options;
use flags::{Format, OutputFlags};
use ignored::Ignored;
use locate::Located;
use report::Failure;

use crate::engine::Most;
use chartwright_host::world::{self, FilesRead, HostWorld};

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
    let mut input = input::read(options);
    // The version of Kubernetes comes first, as in Helm.
    let request = chart_request(&input).map_err(|failure| Failure::text(failure.message))?;
    check_dry_run(&options.ignored)?;
    post_render::check(options)?;
    let objects = world::objects(&options.own.objects).map_err(Failure::text)?;
    let world = Rc::new(HostWorld::new(objects, options.own.now, options.own.seed).offline(options.own.offline));
    let (name, reference) = name_and_chart(options, &world)?;

    let pulled = |text: &str| {
        if options.own.output == Format::Yaml {
            // Helm prints it among the manifests.
            let _ = write_stdout(text.as_bytes());
        }
    };
    let located = locate::locate(reference, &options.ignored, options.own.offline, &pulled)?;
    let mut output = match options.engine.open(most(options))? {
        None => {
            input.release.name = Some(name);
            native(&input, request, located, world, options.own.timeout)?
        }
        Some(plugin) => {
            input::name(&mut input, options, name);
            wasm(&plugin, input, &request, located, &world, options)?
        }
    };
    if let Some(labels) = reserved_labels(&options.ignored) {
        return Err(Failure::text(labels));
    }
    report::print_warnings(&output.warnings);
    post_render::run(options, &mut output)?;
    print(output, options)
}

/// Renders in this program.
fn native(
    input: &RenderInput,
    mut request: Request,
    located: Located,
    world: Rc<HostWorld>,
    timeout: Duration,
) -> Result<RenderOutput, Failure> {
    request.options.release.name = input.release.name.clone().unwrap_or_default();
    request.options.engine.limits.time = Some(timeout);
    let fail = |error: Error| failure(&error, None, None);
    let values = request.merge_values(&*world).map_err(fail)?;
    // The program ends with this render: to free what it took would be work for nothing.
    let chart = ManuallyDrop::new(locate::read(located)?.load().map_err(fail)?);
    let rendered =
        chart.render_values(&values, &request, world).map_err(|error| failure(&error, Some(&chart), Some(&values)))?;
    Ok(chart_output(&ManuallyDrop::new(rendered), input)?)
}

/// Renders in the plugin: all that it may ask for goes with the call.
fn wasm(
    plugin: &PluginEngine,
    mut input: RenderInput,
    request: &Request,
    located: Located,
    world: &HostWorld,
    options: &Options,
) -> Result<RenderOutput, Failure> {
    let files = FilesRead::new(world);
    // What is wrong with the values is said before the chart is loaded; on the way, the files that they name are read.
    request.merge_values(&files).map_err(|error| failure(&error, None, None))?;
    input.files = files.take();
    world.give(&mut input.world, &options.own.objects, options.own.seed).map_err(Failure::text)?;
    input.subject = Subject::Chart(locate::read(located)?.send());
    Ok(plugin.render(input)?)
}

/// What the plugin may take.
fn most(options: &Options) -> Most {
    let own = &options.own;
    Most { time: Some(own.timeout), memory: own.max_memory, output: own.max_output }
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
    const NO_CLUSTER: &str = "chartwright template contacts no cluster: give the objects that lookup finds with --objects FILE";
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
        return Err(Failure::text(format!(
            "--post-renderer {renderer} is not supported: it names a Helm plugin (--post-render FILE runs an Extism plugin)"
        )));
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

fn print(output: RenderOutput, options: &Options) -> Result<(), Failure> {
    let flags = &options.output;
    if options.own.output == Format::Json {
        return write_stdout(&json::objects(output)?);
    }
    let mut out = output.text.0;
    if let Some(dir) = input::output_dir(flags) {
        let name = output.releases.first().map(|r| r.name.as_str()).filter(|_| flags.release_name.0);
        out = output_dir::write(&output.documents, dir, name)?;
        shown_of_written(flags, &out)?;
    } else if !flags.show_only.is_empty() {
        out = show_only(&out, &flags.show_only).map_err(|e| Failure::text(e.to_string()))?;
    }
    if options.own.notes && !output.notes.0.is_empty() {
        out.extend_from_slice(b"NOTES:\n");
        out.extend_from_slice(&output.notes.0);
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
            Err(Failure::text(format!("write /dev/stdout: {}", chartwright_sources::go_words::go_words(&error))))
        }
        _ => Ok(()),
    }
}
