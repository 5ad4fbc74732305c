//! The page: its build is a program of its own, so that nobody else compiles what it needs.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use clap::Args;

use crate::run;

/// What the program takes.
#[derive(Args)]
pub(crate) struct Options {
    /// As `cargo xtask web --help` says.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Runs the program.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let small = options.arguments.iter().any(|argument| argument == "--small");
    run::check(program(small).args(&options.arguments))
}

/// Builds the page quickly, and tests it in a browser, beside what this `chartwright` prints. What it says goes into a
/// file: other tests run meanwhile.
pub(crate) fn test(chartwright: &Path, log: &Path) -> anyhow::Result<()> {
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut command = program(false);
    command.args(["test", "--chartwright"]).arg(chartwright);
    run::check(command.stdout(file.try_clone()?).stderr(file))
}

/// The program; what only the build that is shipped needs takes long to compile.
fn program(small: bool) -> Command {
    let mut command = run::cargo();
    command.args(["run", "--quiet", "--locked", "--package", "chartwright-web-build"]);
    if small {
        command.args(["--features", "brotli"]);
    }
    command.arg("--");
    command
}
