//! `cargo xtask`: build, test, measure and package Chartwright.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]
#![allow(clippy::disallowed_methods, reason = "a host reads files, the clock and its environment")]

mod bench;
mod cluster;
mod conformance;
mod examples;
mod first_run;
mod fuzz;
mod generated;
mod goldens;
mod hostile;
mod kit;
mod manifests;
mod needs;
mod package;
mod parity;
mod paths;
mod plugins;
mod reference;
mod run;
mod schema;
mod test;
mod wasm;
mod web;
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
    /// Run all tests, then the comparison with Helm.
    Test(test::Options),
    /// Build the engine for wasm32 and print its size by crate.
    WasmSize(wasm::Options),
    /// Measure Helm and Chartwright in one run, and print the ratios.
    Bench(bench::Options),
    /// Compare with the answers of real Helm: language, functions, charts, command lines.
    Conformance(conformance::Options),
    /// Write the goldens in tests/goldens anew from real Helm, or check that they are what it prints.
    Goldens(goldens::Options),
    /// Generate the JSON Schemas and CRDs of the kinds, or check that they are up to date.
    Schema(schema::Options),
    /// Render the controller's chart as plain manifests in deploy, or check that they are up to date.
    Manifests(manifests::Options),
    /// Compare the base charts and the example descriptors with real Helm; check the manifests and the sample fleet.
    Examples(examples::Options),
    /// Apply base charts and example descriptors to a real API server, with Flux's controllers.
    Cluster(cluster::Options),
    /// Build the release artifacts, below target/package.
    Package(package::Options),
    /// Run the Helm and Flux plugins in Helm and Flux.
    Plugins(plugins::Options),
    /// Ask the engine the same questions in every host, and compare the bytes.
    Parity(parity::Options),
    /// Call plugins 10,000 times, every tenth time a hostile one, and check that the host stays healthy.
    Hostile(hostile::Options),
    /// Time `make demo` or `make test` as a newcomer runs it: in an empty clone with an empty home folder.
    FirstRun(first_run::Options),
    /// Run the fuzz targets, each for a minute.
    Fuzz(fuzz::Options),
    /// Build the page, serve it, measure it.
    #[command(disable_help_flag = true)]
    Web(web::Options),
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
        Command::Manifests(options) => manifests::run(&options),
        Command::Examples(options) => examples::run(&options),
        Command::Cluster(options) => cluster::run(&options),
        Command::Package(options) => package::run(&options),
        Command::Plugins(options) => plugins::run(&options),
        Command::Parity(options) => parity::run(&options),
        Command::Hostile(options) => hostile::run(&options),
        Command::FirstRun(options) => first_run::run(&options),
        Command::Fuzz(options) => fuzz::run(&options),
        Command::Web(options) => web::run(&options),
    }
}
