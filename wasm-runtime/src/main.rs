//! The chartwright command line: the only place that reads files and prints.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]
#![allow(clippy::disallowed_methods, reason = "a host reads files, the clock and its environment")]

mod commands;
mod stack;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Renders Helm charts, exactly as Helm does.
#[derive(Parser)]
#[command(name = "chartwright", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Render snippets: JSON lines in, JSON lines out
    Eval(commands::eval::Options),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    stack::with_large_stack(move || match cli.command {
        Command::Eval(options) => commands::eval::run(&options),
    })
}
