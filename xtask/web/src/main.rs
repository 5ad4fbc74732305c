//! `cargo xtask web`: builds the page, without any tool that is not in the lock file.
//!
//! The page and the two engines are compiled for wasm32, get their glue from wasm-bindgen (as a library, so its version
//! cannot differ from that of the crate), and go with `www/` to `target/web/dist`, under names that have the digests of
//! their contents in them, with a compressed copy beside each. Any web server can serve that folder.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]
#![allow(clippy::disallowed_methods, reason = "a host reads files, the clock and its environment")]

mod bench;
mod browser;
mod build;
mod compile;
mod glue;
mod names;
mod paths;
mod pictures;
mod serve;
mod site;
mod sizes;
mod test;
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Build the page, and show it.
#[derive(Parser)]
#[command(name = "cargo xtask web", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the page, to target/web/dist.
    Build(build::Options),
    /// Build the page quickly, serve it on loopback, and build again whenever a source changes.
    Watch(serve::Options),
    /// Serve target/web/dist, or another folder, on loopback.
    ServeDir(serve::Options),
    /// Run engines and page in Chromium, and compare with the native program. It needs Node.js, and packages from npm.
    Test(test::Options),
    /// Measure the page in Chromium, against the figures that it must reach.
    Bench(bench::Options),
    /// Take pictures of the page's views, for the manual.
    Pictures(pictures::Options),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Build(options) => build::run(&options),
        Command::Watch(options) => watch::run(&options),
        Command::ServeDir(options) => serve::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Pictures(options) => pictures::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
