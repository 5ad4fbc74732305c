//! What runs in a real browser: the scripts, and what they need.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use clap::Args;

use crate::compile::{self, EMBED, PROBE, Part, Profile};
use crate::{build, paths};

/// Names of Chromium, as systems have them.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// What the scripts have from npm.
const PACKAGES: [&str; 2] = ["axe-core", "playwright-core"];

/// Which page is opened, and with which program its results are compared.
#[derive(Args)]
pub(crate) struct Given {
    /// Take what is shipped, not the quick build.
    #[arg(long)]
    small: bool,
    /// Take what is in target/web/dist already.
    #[arg(long)]
    no_build: bool,
    /// The `chartwright` that serves the page and says what is right; built if none is given.
    #[arg(long, value_name = "PROGRAM")]
    chartwright: Option<PathBuf>,
}

/// A browser, and everything that the scripts ask for.
pub(crate) struct Browser {
    scripts: PathBuf,
    /// Chromium.
    pub(crate) chromium: PathBuf,
    /// The native program.
    pub(crate) chartwright: PathBuf,
}

impl Given {
    /// Builds what is not there yet. For tests, so are the page for tests of the engines and the element for other pages.
    pub(crate) fn prepare(&self, tests: bool) -> anyhow::Result<Browser> {
        let scripts = paths::root().join("xtask").join("web").join("browser");
        let chromium = chromium()?;
        if !self.no_build {
            let more: &[&Part] = if tests { &[&PROBE, &EMBED] } else { &[] };
            build::build(if self.small { Profile::Small } else { Profile::Quick }, more)?;
        }
        if !PACKAGES.iter().all(|package| scripts.join("node_modules").join(package).exists()) {
            check(Command::new("npm").args(["ci", "--ignore-scripts", "--silent"]).current_dir(&scripts))?;
        }
        let chartwright = match &self.chartwright {
            Some(program) => std::path::absolute(program)?,
            None => {
                check(compile::cargo().args(["build", "--quiet", "--locked", "--package", "chartwright-cli"]))?;
                paths::target().join("debug").join("chartwright")
            }
        };
        Ok(Browser { scripts, chromium, chartwright })
    }
}

impl Browser {
    /// Runs a script of ours.
    pub(crate) fn node(&self, script: &str) -> Command {
        let mut command = Command::new("node");
        command.arg(self.scripts.join(script));
        command
    }

    /// What scripts that open the page are told, as JSON. The catalog of the sample modules is built for them.
    pub(crate) fn setting(&self) -> anyhow::Result<String> {
        let root = paths::root();
        let catalog = paths::target().join("web").join("catalog-for-tests");
        let modules = root.join("templates").join("modules");
        let sources = root.join("templates");
        let mut command = Command::new(&self.chartwright);
        command
            .args(["catalog", "build", "--offline", "--no-lock", "--name", "Sample modules"])
            .arg(&modules)
            .arg("--output")
            .arg(&catalog);
        check(command.arg("--source").arg(format!("basecharts={}", sources.display())))?;
        let setting = serde_json::json!({
            "page": paths::dist(),
            "catalog": catalog,
            "modules": modules,
            "sources": sources,
            "charts": charts(),
            "chartwright": self.chartwright,
            "chromium": self.chromium,
        });
        Ok(setting.to_string())
    }
}

/// The public charts of the conformance kit; where it is not there, a folder that does not exist.
pub(crate) fn charts() -> PathBuf {
    let kit = env::var_os("CHARTWRIGHT_CONFORMANCE");
    kit.map_or_else(|| paths::root().join("../shared/conformance"), PathBuf::from).join("charts")
}

/// Chromium: `$CHROMIUM`, or the first of its names that is a program.
fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(program) = env::var_os("CHROMIUM") {
        return Ok(program.into());
    }
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let programs = BROWSERS.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    programs.into_iter().find(|program| program.is_file()).context("there is no Chromium: set CHROMIUM to its path")
}

/// Runs a program that must succeed.
pub(crate) fn check(command: &mut Command) -> anyhow::Result<()> {
    let program = Path::new(command.get_program()).display().to_string();
    let status = command.status().with_context(|| format!("cannot run {program}"))?;
    if !status.success() {
        bail!("{program} failed: {status}");
    }
    Ok(())
}
