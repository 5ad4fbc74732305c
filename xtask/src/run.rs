//! Running other programs.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};

use crate::paths;

/// The cargo that runs us.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root());
    command
}

/// Runs a command to completion, and fails if the command fails.
pub(crate) fn check(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if !status.success() {
        bail!("{} failed: {status}", line(command));
    }
    Ok(())
}

/// A command as a shell command line.
pub(crate) fn line(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|a| a.to_string_lossy().into_owned()));
    words.join(" ")
}

/// Builds `chartwright` in the profile of the tests, for comparisons, and returns its path.
pub(crate) fn binary() -> anyhow::Result<PathBuf> {
    of_tests(&["--bin", "chartwright"])?;
    Ok(paths::target().join("debug").join("chartwright"))
}

/// Builds a target of the workspace in the profile and with the features of the tests, which share what is built: for a
/// package alone Cargo may choose other features, and compile its dependencies once more.
pub(crate) fn of_tests(target: &[&str]) -> anyhow::Result<()> {
    check(cargo().args(["build", "--quiet", "--locked", "--workspace"]).args(target))
}

/// Builds a package in the profile of the release artifacts, for measurements, and returns the path of the program.
pub(crate) fn shipped(package: &str, program: &str) -> anyhow::Result<PathBuf> {
    check(cargo().args(["build", "--profile", "dist", "--quiet", "--locked", "--package", package]))?;
    Ok(paths::target().join("dist").join(program))
}

/// `chartwright` as it is shipped.
pub(crate) fn shipped_binary() -> anyhow::Result<PathBuf> {
    shipped("chartwright-cli", "chartwright")
}
