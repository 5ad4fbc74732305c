//! `cargo xtask`: build, test, measure and package Chartwright.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]
#![allow(clippy::disallowed_methods, reason = "a host reads files, the clock and its environment")]

mod conformance;
mod paths;
mod reference;
mod run;

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
    /// Compare with real Helm's answers: language, functions, charts, command lines.
    Conformance(conformance::Options),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Conformance(options) => conformance::run(&options),
    }
}
