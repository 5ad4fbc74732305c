//! The fuzz targets of `fuzz/`, one after the other: what a scheduler runs.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus};

use anyhow::{Context, bail};
use clap::Args;

use crate::{paths, run};

/// The compiler that can instrument code.
const TOOLCHAIN: &str = "nightly";

/// What to fuzz, and for how long.
#[derive(Args)]
pub(crate) struct Options {
    /// Targets [default: all]
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// Seconds for each target
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    seconds: u32,
}

/// Runs the targets and prints their results. Corpora and findings stay in the build folder, below `fuzz/`.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    install()?;
    let known = targets()?;
    if let Some(unknown) = options.targets.iter().find(|t| !known.contains(t)) {
        bail!("there is no fuzz target {unknown}; there are: {}", known.join(", "));
    }
    let chosen = if options.targets.is_empty() { &known } else { &options.targets };
    let work = paths::target().join("fuzz");
    run::check(fuzz("build").args(["--target-dir".as_ref(), work.join("target").as_os_str()]))?;
    let mut failed = Vec::new();
    for target in chosen {
        println!("{target}: {} seconds", options.seconds);
        let status = one(target, &work, options.seconds)?;
        let entries = fs::read_dir(work.join("corpus").join(target)).map_or(0, Iterator::count);
        println!("{target}: {}, {entries} inputs in the corpus", if status.success() { "ok" } else { "FAILED" });
        if !status.success() {
            failed.push(target.as_str());
        }
    }
    if !failed.is_empty() {
        let finds = work.join("finds");
        bail!("{} failed; the inputs are under {}", failed.join(", "), finds.display());
    }
    Ok(())
}

fn one(target: &str, work: &Path, seconds: u32) -> anyhow::Result<ExitStatus> {
    let source = paths::root().join("fuzz");
    let corpus = work.join("corpus").join(target);
    let finds = work.join("finds").join(target);
    for dir in [&corpus, &finds] {
        fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    }
    let mut command = fuzz("run");
    command.arg("--target-dir").arg(work.join("target")).arg(target).arg(&corpus);
    let seeds = source.join("seeds").join(target);
    if seeds.is_dir() {
        command.arg(seeds);
    }
    command.arg("--").args(["-timeout=10", "-rss_limit_mb=2048", "-max_len=16384", "-print_final_stats=1"]);
    command.arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-dict={}", source.join("words.dict").display()));
    command.arg(format!("-artifact_prefix={}/", finds.display()));
    command.status().with_context(|| format!("cannot run {}", run::line(&command)))
}

/// `cargo fuzz` with what all its commands need. The fuzzed crates have no `unsafe` code, so no sanitizer is used:
/// without one, fuzzing is twice as fast.
fn fuzz(command: &str) -> Command {
    let mut cargo = nightly_cargo();
    cargo.args(["fuzz", command, "--fuzz-dir", "fuzz", "--sanitizer", "none"]);
    cargo
}

/// Cargo of the nightly toolchain, whatever toolchain the repository pins.
fn nightly_cargo() -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", TOOLCHAIN, "cargo"]).current_dir(paths::root());
    for variable in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(variable);
    }
    command
}

/// Installs what fuzzing needs, if it is missing.
fn install() -> anyhow::Result<()> {
    let works = |command: &mut Command| command.output().is_ok_and(|o| o.status.success());
    // An installed one may be older than the crates require.
    let there = Command::new("rustup").args(["run", TOOLCHAIN, "rustc", "--version"]).output();
    let there = there.ok().and_then(|o| minor(&String::from_utf8_lossy(&o.stdout)));
    if there < minor(env!("CARGO_PKG_RUST_VERSION")) {
        println!("installing the {TOOLCHAIN} toolchain");
        run::check(Command::new("rustup").args(["toolchain", "install", TOOLCHAIN, "--profile", "minimal"]))?;
    }
    if !works(nightly_cargo().args(["fuzz", "--version"])) {
        println!("installing cargo-fuzz");
        run::check(run::cargo().args(["install", "cargo-fuzz", "--locked"]))?;
    }
    Ok(())
}

/// The second number of the first version in a text: `rustc 1.99.1 (…)`, `1.99`.
fn minor(text: &str) -> Option<u32> {
    let version = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    version.split(['.', '-']).nth(1)?.parse().ok()
}

/// The names of all targets, sorted.
fn targets() -> anyhow::Result<Vec<String>> {
    let dir = paths::root().join("fuzz/fuzz_targets");
    let entries = fs::read_dir(&dir).with_context(|| format!("cannot read {}", dir.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        if let Some(name) = entry?.file_name().to_str().and_then(|n| n.strip_suffix(".rs")) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_compilers_are_seen() {
        let old = minor("rustc 1.97.0-nightly (e50aa6fba 2026-05-19)");
        assert_eq!((old, minor("1.99"), minor("rustc 1.101.0-nightly")), (Some(97), Some(99), Some(101)));
        assert!(minor("") < old && old < minor("1.99"));
    }
}
