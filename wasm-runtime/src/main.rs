//! The chartwright command line: the only place that reads files and prints.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]
#![allow(clippy::disallowed_methods, reason = "a host reads files, the clock and its environment")]

mod clock;
mod commands;
mod engine;
mod pflag;
mod stack;
mod world;

use std::process::ExitCode;

use cap::Cap;
use clap::{Command, CommandFactory, FromArgMatches, Parser, Subcommand};
use mimalloc::MiMalloc;

/// Memory, counted: a limit of it ends a render, not the program.
#[global_allocator]
static MEMORY: Cap<MiMalloc> = Cap::new(MiMalloc, usize::MAX);

/// Renders Helm charts: the bytes that `helm template` prints, in a fraction of the time, safe on charts from anywhere.
#[derive(Parser)]
#[command(name = "chartwright", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Subcommand)]
enum Commands {
    /// Render a chart and print its manifests, exactly as `helm template` does
    ///
    /// CHART is a folder or a .tgz archive, or what `helm` takes: `repo/name`, a URL, `oci://…`, a name with --repo.
    /// All flags of `helm template` that concern rendering are understood.
    /// No cluster is asked: `lookup` finds what --objects gives it.
    #[command(override_usage = "chartwright template [NAME] CHART [OPTIONS]")]
    Template(commands::template::Options),
    /// Render a descriptor or HelmReleases through all levels: what a cluster would get
    ///
    /// A HelmChartDescriptor is expanded into its module's chart (level 1: HelmReleases), and each HelmRelease is
    /// rendered with its chart and values (level 2: workloads), as Flux would apply them. A file or folder with
    /// HelmReleases is rendered the same way.
    Render(commands::render::Options),
    /// Write the Helm chart that a descriptor stands for, as a folder or a deterministic .tgz
    ///
    /// Without --archive, the chart is written into a folder of its name, below --directory.
    Expand(commands::expand::Options),
    /// Write what a repository needs that deploys a descriptor's module: for Flux, for Argo CD, or the chart alone
    Export(commands::export::Options),
    /// Write the first descriptor of a module, from a few answers
    New(commands::new::Options),
    /// Make a descriptor of another tool's files: docker-compose
    Import(commands::import::Options),
    /// Find everything that is wrong with descriptors, at once, with places and hints
    ///
    /// Form, names, dependencies, sources, images and secrets are checked by themselves; values are checked with the
    /// base charts that --source names: against their schemas, and for values that no template reads.
    Check(commands::check::Options),
    /// Call the Wasm plugin, or say what it is
    Plugin(commands::plugin::Options),
    /// Render snippets: JSON lines in, JSON lines out
    Eval(commands::eval::Options),
    /// Print a script that completes commands and flags in a shell
    Completion(commands::completion::Options),
}

fn command() -> Command {
    Cli::command().mut_subcommand("template", pflag::as_helm)
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    if let [_, flag] = args.as_slice()
        && matches!(flag.as_str(), "--version" | "-V")
    {
        print!("{}", engine::version());
        return ExitCode::SUCCESS;
    }
    let matches = command().try_get_matches_from(&args).and_then(|m| Cli::from_arg_matches(&m));
    let cli = match matches {
        Ok(cli) => cli,
        Err(error) => {
            // `template` is Helm's command, with Helm's words and exit code; all others have codes of their own.
            let as_helm = args.get(1).is_some_and(|a| a == "template");
            return match pflag::helm_words(&error, &args).filter(|_| as_helm) {
                Some(text) => {
                    eprintln!("Error: {text}");
                    ExitCode::FAILURE
                }
                None => {
                    let _ = error.print();
                    match (error.use_stderr(), as_helm) {
                        (false, _) => ExitCode::SUCCESS,
                        (true, true) => ExitCode::FAILURE,
                        (true, false) => ExitCode::from(2),
                    }
                }
            };
        }
    };
    stack::with_large_stack(move || match cli.command {
        Commands::Template(options) => commands::template::run(&options),
        Commands::Render(options) => commands::render::run(&options),
        Commands::Expand(options) => commands::expand::run(&options),
        Commands::Export(options) => commands::export::run(&options),
        Commands::New(options) => commands::new::run(&options),
        Commands::Import(options) => commands::import::run(&options),
        Commands::Check(options) => commands::check::run(&options),
        Commands::Plugin(options) => commands::plugin::run(&options),
        Commands::Eval(options) => commands::eval::run(&options),
        Commands::Completion(options) => commands::completion::run(&options, command()),
    })
}
