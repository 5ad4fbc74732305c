//! The engines and the page in a real browser.

use std::path::PathBuf;
use std::thread;

use anyhow::Context;
use clap::Args;

use crate::browser::{self, Browser, Given, check};
use crate::{paths, serve};

/// What to test.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    given: Given,
    /// How many charts of the conformance kit the engines render.
    #[arg(long, default_value_t = 50, value_name = "N")]
    charts: u32,
    /// Run only tests of the page whose names have this word (repeatable), and none of the engines.
    #[arg(long, value_name = "WORD")]
    only: Vec<String>,
}

/// Runs the tests. With --no-build, the page must have been built with --probe --embed.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let browser = options.given.prepare(true)?;
    if options.only.is_empty() {
        engines(options, &browser)?;
    }
    check(browser.node("page.mjs").arg(browser.setting()?).args(&options.only))
}

/// The engines, behind a page that is only a bridge to them.
fn engines(options: &Options, browser: &Browser) -> anyhow::Result<()> {
    let cases = cases(options, browser)?;
    let server = serve::Server::new(&serve::Options::any_port())?;
    let address = server.address();
    thread::spawn(move || server.run());
    check(browser.node("worker.mjs").arg(address).arg(cases).arg(&browser.chromium))?;
    check(browser.node("page/embed.mjs").arg(paths::dist()).arg(&browser.chromium))
}

/// Makes the cases: charts of the conformance kit, where that is there, and what the native engine prints of them.
fn cases(options: &Options, browser: &Browser) -> anyhow::Result<PathBuf> {
    let examples = paths::root().join("templates").join("examples");
    let charts = browser::charts();
    let charts = if charts.is_dir() { charts } else { examples.clone() };
    let folder = paths::target().join("web").join("cases");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("removing older cases")?;
    }
    let descriptor = examples.join("webshop").join("descriptor.yaml");
    let mut command = browser.node("cases.mjs");
    command.args([&browser.chartwright, &charts, &descriptor, &folder]);
    check(command.arg(options.charts.to_string()))?;
    Ok(folder)
}
