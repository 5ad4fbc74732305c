//! `chartwright template`: the equivalent of `helm template`.

mod flags;
mod ignored;
mod input;
mod json;
mod locate;
mod output_dir;
mod post_render;
mod report;

use std::mem::ManuallyDrop;
use std::process::ExitCode;

use chartwright::api::chart_request;
use chartwright_host::{Files, Host};
use chartwright_sources::Schemas;
use contract::{RenderOutput, Subject};
use helm::release::show_only;
use helm::{Level, Warning};

pub(crate) use flags::Options;
use flags::{Format, OutputFlags};
use ignored::Ignored;
use report::Failure;

use crate::engine::Most;
use crate::environment;

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    match template(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report::print(&failure, options.own.error_format, &options.output);
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
    chart_request(&input).map_err(|failure| Failure::text(failure.message))?;
    check_dry_run(&options.ignored)?;
    let debug = options.output.debug.0;
    debug_start(options);
    post_render::check(options)?;
    let reference = input::name(&mut input, options)?;
    let files = Files::new(options.own.offline);
    input::world(&mut input, options, &files)?;

    let pulled = |text: &str| {
        if options.own.output == Format::Yaml {
            // Helm prints it among the manifests.
            let _ = write_stdout(text.as_bytes());
        }
    };
    let located = locate::locate(reference, &options.ignored, options.own.offline, &pulled)?;
    if debug {
        report::log(&Warning::at(Level::Debug, "Chart path").with("path", located.path().to_string_lossy()));
    }
    input.subject = Subject::Chart(locate::read(located)?);
    let most = most(options);
    // The program ends with this render, so freeing the engine's memory would be wasted work.
    let engine = ManuallyDrop::new(options.engine.open(most)?);
    let documents = Schemas::new(environment::cache().as_deref(), options.own.offline);
    let budget = most.budget();
    let rendered = Host { engine: &**engine, charts: &documents, budget: &budget, progress: &() }.render(input);
    report::print_log(rendered.as_ref().map_or_else(|failure| &failure.log, |output| &output.log));
    let mut output = rendered?;
    if let Some(labels) = reserved_labels(&options.ignored) {
        return Err(Failure::text(labels));
    }
    post_render::run(options, &mut output)?;
    print(output, options)
}

/// Limits of the plugin.
fn most(options: &Options) -> Most {
    let own = &options.own;
    Most { time: Some(own.timeout), memory: own.max_memory, output: own.max_output }
}

/// Helm's `--debug` lines before it looks for the chart.
fn debug_start(options: &Options) {
    if options.output.debug.0 {
        let version = options.ignored.text("version").unwrap_or_default();
        report::log(&Warning::at(Level::Debug, "Original chart version").with("version", version));
        if version.is_empty() && options.ignored.is_on("devel") {
            report::log(&Warning::at(Level::Debug, "setting version to >0.0.0-0"));
        }
    }
}

/// Says what deprecated flags are for, and refuses flags that exclude each other.
fn check_ignored(ignored: &Ignored) -> Result<(), Failure> {
    for (flag, advice) in &ignored.deprecated {
        crate::say!("Flag --{flag} has been deprecated, {advice}");
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
    const NO_CLUSTER: &str =
        "chartwright template contacts no cluster: give the objects that lookup finds with --objects FILE";
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

/// Refuses labels that Helm reserves.
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

/// If files were written, Helm prints no manifests.
fn shown_of_written(flags: &OutputFlags, written: &[u8]) -> Result<(), Failure> {
    let Some(first) = flags.show_only.first() else { return Ok(()) };
    write_stdout(written.strip_suffix(b"\n").unwrap_or(written))?;
    Err(Failure::text(format!("could not find template {first} in chart")))
}

/// Writes to stdout. A closed pipe is not a failure.
fn write_stdout(bytes: &[u8]) -> Result<(), Failure> {
    crate::stdout::put(bytes)
        .map_err(|e| Failure::text(format!("write /dev/stdout: {}", chartwright_sources::go_words::go_words(&e))))
}
