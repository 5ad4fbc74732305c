//! `cargo xtask`: build, test, measure and package Chartwright.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]
#![allow(clippy::disallowed_methods, reason = "a host reads files, the clock and its environment")]

mod bench;
mod cluster;
mod conformance;
mod examples;
mod first_run;
mod fuzz;
mod goldens;
mod hostile;
mod kit;
mod package;
mod parity;
mod paths;
mod plugins;
mod reference;
mod run;
mod schema;
mod test;
mod wasm;
mod yaml;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Build, test, measure and package Chartwright.
#[derive(Parser)]
#[command(name = "cargo xtask", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run all tests, then compare with Helm.
    Test(test::Options),
    /// Build the engine for wasm32 and print its size, with a breakdown by crate.
    WasmSize(wasm::Options),
    /// Measure Helm and Chartwright in one run and print their ratios.
    Bench(bench::Options),
    /// Compare with real Helm's answers: language, functions, charts, command lines.
    Conformance(conformance::Options),
    /// Write the goldens in tests/goldens anew from real Helm, or check that they are what it prints.
    Goldens(goldens::Options),
    /// Generate the JSON Schemas and CRDs of the kinds, or check that they are what is generated.
    Schema(schema::Options),
    /// Compare the base charts and the example descriptors with real Helm.
    Examples(examples::Options),
    /// Try base charts and example descriptors on a real API server, with Flux's controllers.
    Cluster(cluster::Options),
    /// Package what is given to people, under target/package.
    Package(package::Options),
    /// Run the plugins of Helm and Flux in the programs that they are for.
    Plugins(plugins::Options),
    /// Ask the engine the same in every host, and compare bytes.
    Parity(parity::Options),
    /// Call plugins 10,000 times, every tenth time a hostile one, and see that the host stays as it is.
    Hostile(hostile::Options),
    /// Run `make demo` or `make test` as a newcomer would: an empty clone, an empty home folder, what took how long.
    FirstRun(first_run::Options),
    /// Run the fuzz targets, each for a minute.
    Fuzz(fuzz::Options),
}

fn main() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Test(options) => test::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::WasmSize(options) => wasm::run(&options),
        Command::Conformance(options) => conformance::run(&options),
        Command::Goldens(options) => goldens::run(&options),
        Command::Schema(options) => schema::run(&options),
        Command::Examples(options) => examples::run(&options),
        Command::Cluster(options) => cluster::run(&options),
        Command::Package(options) => package::run(&options),
        Command::Plugins(options) => plugins::run(&options),
        Command::Parity(options) => parity::run(&options),
        Command::Hostile(options) => hostile::run(&options),
        Command::FirstRun(options) => first_run::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
    }
}
