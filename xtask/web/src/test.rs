//! The engines in a real browser.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, bail};
use clap::Args;

use crate::compile::{self, EMBED, PROBE, Profile};
use crate::{build, paths, serve};

/// Names of Chromium, as systems have them.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// What to test.
#[derive(Args)]
pub(crate) struct Options {
    /// Test what is shipped, not the quick build.
    #[arg(long)]
    small: bool,
    /// Test what is in target/web/dist already; it must have been built with --probe --embed.
    #[arg(long)]
    no_build: bool,
    /// The `chartwright` that says what is right; built if none is given.
    #[arg(long, value_name = "PROGRAM")]
    chartwright: Option<PathBuf>,
    /// How many charts of the conformance kit are rendered.
    #[arg(long, default_value_t = 50, value_name = "N")]
    charts: u32,
}

/// Runs the tests.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let scripts = paths::root().join("xtask").join("web").join("browser");
    let browser = browser()?;
    if !options.no_build {
        build::build(if options.small { Profile::Small } else { Profile::Quick }, &[&PROBE, &EMBED])?;
    }
    if !scripts.join("node_modules").exists() {
        check(Command::new("npm").args(["ci", "--ignore-scripts", "--silent"]).current_dir(&scripts))?;
    }
    let cases = cases(options, &scripts)?;
    let server = serve::Server::new(&serve::Options::any_port())?;
    let address = server.address();
    thread::spawn(move || server.run());
    check(Command::new("node").arg(scripts.join("worker.mjs")).arg(address).arg(cases).arg(&browser))?;
    check(Command::new("node").arg(scripts.join("page").join("embed.mjs")).arg(paths::dist()).arg(browser))
}

/// Makes the cases: charts of the conformance kit, where that is there, and what the native engine prints of them.
fn cases(options: &Options, scripts: &Path) -> anyhow::Result<PathBuf> {
    let root = paths::root();
    let kit = env::var_os("CHARTWRIGHT_CONFORMANCE").map_or_else(|| root.join("../shared/conformance"), PathBuf::from);
    let charts = kit.join("charts");
    let charts = if charts.is_dir() { charts } else { root.join("templates").join("examples") };
    let program = match &options.chartwright {
        Some(program) => program.clone(),
        None => {
            check(compile::cargo().args(["build", "--quiet", "--locked", "--package", "chartwright-cli"]))?;
            paths::target().join("debug").join("chartwright")
        }
    };
    let folder = paths::target().join("web").join("cases");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("removing older cases")?;
    }
    let descriptor = root.join("templates").join("examples").join("webshop").join("descriptor.yaml");
    let mut command = Command::new("node");
    command.arg(scripts.join("cases.mjs")).args([&program, &charts, &descriptor, &folder]);
    check(command.arg(options.charts.to_string()))?;
    Ok(folder)
}

/// Chromium: `$CHROMIUM`, or the first of its names that is a program.
fn browser() -> anyhow::Result<PathBuf> {
    if let Some(program) = env::var_os("CHROMIUM") {
        return Ok(program.into());
    }
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let programs = BROWSERS.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    programs.into_iter().find(|program| program.is_file()).context("there is no Chromium: set CHROMIUM to its path")
}

fn check(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot run {program}"))?;
    if !status.success() {
        bail!("{program} failed: {status}");
    }
    Ok(())
}
