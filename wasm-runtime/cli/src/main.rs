//! The chartwright command line: the only place that reads files and prints.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]
#![allow(clippy::disallowed_methods, reason = "a host reads files, the clock and its environment")]

/// Prints a line on stderr. One that is closed is no reason to fail.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr().lock(), $($words)*);
    }};
}
pub(crate) use say;

mod clock;
mod commands;
mod engine;
mod environment;
mod exit;
mod find_plugin;
mod flux_plugin;
mod pflag;
mod source_args;
mod stack;
mod stdout;

use std::process::ExitCode;

use chartwright_host::allocator::Counted;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: Counted<MiMalloc> = Counted(MiMalloc);

/// Turns module descriptors into Helm charts, and charts into the manifests that Helm prints and Flux applies.
#[derive(Parser)]
#[command(name = "chartwright", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Subcommand)]
enum Commands {
    /// Render a chart, with the output of `helm template`
    ///
    /// CHART is a folder or a .tgz archive, or anything else that `helm template` accepts: `repo/name`, a URL,
    /// `oci://…`, or a name with --repo. All flags of `helm template` that affect rendering are supported.
    /// No cluster is contacted: `lookup` finds the objects in --objects.
    #[command(override_usage = "chartwright template [NAME] CHART [OPTIONS]")]
    Template(pflag::AsHelm<commands::template::Options>),
    /// Render a descriptor or HelmReleases on all levels: everything that a cluster would get
    ///
    /// A HelmChartDescriptor is expanded into its module chart (level 1: HelmReleases), and each HelmRelease is
    /// rendered with its chart and values (level 2: workloads), as Flux would apply them. Files and folders with
    /// HelmReleases are rendered in the same way.
    Render(commands::render::Options),
    /// Write the module chart of a descriptor, as a folder or a reproducible .tgz
    ///
    /// Without --archive, the chart is written to a folder named after it, below --directory.
    Expand(commands::expand::Options),
    /// Write the files of a repository that deploys a module: for Flux, for Argo CD, or the chart alone
    Export(commands::export::Options),
    /// Write a new descriptor, from a few answers
    New(commands::new::Options),
    /// Convert files of another tool into a descriptor: docker-compose
    Import(commands::import::Options),
    /// Report everything that is wrong with descriptors, with places and hints
    ///
    /// Form, names, dependencies, sources, images and secrets are checked without further input. Values are checked
    /// with the base charts that --source names: against their schemas, and for values that no template reads.
    Check(commands::check::Options),
    /// Make a catalog of modules for the page
    Catalog(commands::catalog::Options),
    /// Serve the page, a catalog and the management API, and open the page in a browser
    ///
    /// The page renders whole charts in the browser: nothing that is opened or typed there leaves it. With --store, the
    /// API keeps descriptors in a file, and renders them here. Only this machine can reach it, unless --addr says
    /// otherwise.
    #[cfg(feature = "serve")]
    Serve(commands::serve::Options),
    /// Copy the store of `chartwright serve`, or write it as files and read them back
    #[cfg(feature = "serve")]
    Store(commands::store::Options),
    /// Apply a HelmRelease's post-renderers to manifests, from stdin to stdout
    ///
    /// Patches, images, common metadata and labels of origin, as helm-controller applies them to a chart's output.
    PostRender(commands::post_render::Options),
    /// Write the module chart of a chartwright:// URL to stdout, for Helm's getter plugin
    #[command(hide = true)]
    HelmGetter(commands::helm_getter::Options),
    /// Call or inspect a Wasm plugin
    Plugin(commands::plugin::Options),
    /// Render template snippets: JSON lines in, JSON lines out
    Eval(commands::eval::Options),
    /// Print a shell completion script
    Completion(commands::completion::Options),
    /// Write man pages and shell completions below the folder `share` of an installation
    #[command(hide = true)]
    InstallDocs(commands::install_docs::Options),
}

/// `template` is called in loops, so it is parsed without building the flags of all other commands first. What it
/// does not understand is left to [`Cli`].
#[derive(Parser)]
struct Template {
    #[command(flatten)]
    options: pflag::AsHelm<commands::template::Options>,
}

impl Template {
    fn read(args: &[String]) -> Option<Commands> {
        let (name, flags) = args.get(1..)?.split_first()?;
        if name != "template" {
            return None;
        }
        let read = Template::try_parse_from(std::iter::once(name).chain(flags)).ok()?;
        Some(Commands::Template(read.options))
    }
}

/// Prints on stdout, as the whole of a command.
pub(crate) fn print(text: &[u8]) -> ExitCode {
    match stdout::put(text) {
        Err(error) => {
            say!("error: cannot write the output: {error}");
            ExitCode::FAILURE
        }
        Ok(()) => ExitCode::SUCCESS,
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    if let [_, flag] = args.as_slice()
        && matches!(flag.as_str(), "--version" | "-V")
    {
        return print(engine::version().as_bytes());
    }
    let as_plugin = args.first().is_some_and(|program| flux_plugin::is_called(program));
    let called = || if as_plugin { flux_plugin::renamed(Cli::command()) } else { Cli::command() };
    if let [_, first, words @ ..] = args.as_slice()
        && first == "__complete"
    {
        return print(commands::complete::answer(&called(), words).as_bytes());
    }
    let all = || called().try_get_matches_from(&args).and_then(|m| Cli::from_arg_matches(&m)).map(|cli| cli.command);
    let command = match Template::read(&args).map_or_else(all, Ok) {
        Ok(command) => command,
        Err(error) => {
            // `template` has Helm's messages and exit code; the other commands have their own exit codes.
            let as_helm = args.get(1).is_some_and(|a| a == "template");
            return match pflag::helm_words(&error, &args).filter(|_| as_helm) {
                Some(text) => {
                    crate::say!("Error: {text}");
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
    stack::with_large_stack(move || match command {
        Commands::Template(options) => commands::template::run(&options.0),
        Commands::Render(options) => commands::render::run(&options),
        Commands::Expand(options) => commands::expand::run(&options),
        Commands::Export(options) => commands::export::run(&options),
        Commands::New(options) => commands::new::run(&options),
        Commands::Import(options) => commands::import::run(&options),
        Commands::Check(options) => commands::check::run(&options),
        Commands::Catalog(options) => commands::catalog::run(&options),
        #[cfg(feature = "serve")]
        Commands::Serve(options) => commands::serve::run(&options),
        #[cfg(feature = "serve")]
        Commands::Store(options) => commands::store::run(&options),
        Commands::PostRender(options) => commands::post_render::run(&options),
        Commands::HelmGetter(options) => commands::helm_getter::run(&options),
        Commands::Plugin(options) => commands::plugin::run(&options),
        Commands::Eval(options) => commands::eval::run(&options),
        Commands::Completion(options) => commands::completion::run(&options, Cli::command()),
        Commands::InstallDocs(options) => commands::install_docs::run(&options, Cli::command()),
    })
}
