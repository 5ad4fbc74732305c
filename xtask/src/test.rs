//! All tests, in one command.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use clap::Args;

use crate::needs::{self, Need};
use crate::{conformance, package, parity, paths, plugins, run, schema, web};

/// What to skip.
#[derive(Args)]
pub(crate) struct Options {
    /// Skip the comparisons that need the conformance kit: with Helm, and between hosts.
    #[arg(long)]
    no_conformance: bool,
}

/// Requirements of the crates' ignored tests. Tests that need Helm run where Helm is built ([`plugins`]).
const IGNORED: [Need; 3] = [Need::Git, Need::Openssl, Need::Kit];

/// Builds the plugin, which tests run, then runs unit, snapshot, property and
/// documentation tests of all crates, then the comparisons: of generated files,
/// with Helm, of all hosts, of the plugins in Helm and Flux. Beside these, the page is
/// opened in a browser. Prints the time of each.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    needs::check_required()?;
    let began = Instant::now();
    let mut steps = Steps(Vec::new());
    let result = all(options, &mut steps);
    steps.print(began.elapsed());
    result
}

fn all(options: &Options, steps: &mut Steps) -> anyhow::Result<()> {
    steps.run("plugin", || package::plugin().map(drop))?;
    steps.run("tests of all crates", || {
        let mut test = run::cargo();
        test.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
        let missing = needs::missing(&IGNORED);
        if missing.is_empty() {
            test.args(["--", "--include-ignored", "--skip", "needs_helm"]);
        } else {
            println!("SKIPPED: ignored tests, because these are missing: {}", missing.join(", "));
        }
        run::check(&mut test)
    })?;
    // A browser waits more than it computes.
    let chartwright = run::binary()?;
    let log = paths::target().join("page-tests.log");
    let missing = needs::missing(&[Need::Node, Need::Chromium]);
    let page = missing.is_empty().then(|| {
        let log = log.clone();
        thread::spawn(move || {
            let began = Instant::now();
            (web::test(&chartwright, &log), began.elapsed())
        })
    });
    let compared = compare(options, steps);
    let Some(page) = page else {
        println!("SKIPPED: the page was not opened in a browser, because these are missing: {}", missing.join(", "));
        return compared;
    };
    println!("\n── page");
    let (result, time) = page.join().map_err(|_| anyhow!("the tests of the page broke off"))?;
    steps.0.push(("page, beside the others", time.as_secs_f64()));
    print!("{}", fs::read_to_string(&log).unwrap_or_default());
    compared.and(result)
}

/// What is compared: with what is generated, with Helm, between hosts.
fn compare(options: &Options, steps: &mut Steps) -> anyhow::Result<()> {
    steps.run("generated files", || schema::run(&schema::Options { check: true }))?;
    if !options.no_conformance {
        steps.run("conformance", || conformance::run(&conformance::Options::all()))?;
        steps.run("parity", || parity::run(&parity::Options::all()))?;
    }
    steps.run("plugins", || plugins::run(&plugins::Options::all()))
}

/// The steps, with their time in seconds.
struct Steps(Vec<(&'static str, f64)>);

impl Steps {
    fn run(&mut self, name: &'static str, step: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
        println!("\n── {name}");
        let start = Instant::now();
        let result = step();
        self.0.push((name, start.elapsed().as_secs_f64()));
        result
    }

    fn print(&self, whole: Duration) {
        println!("\n{:<28}{:>9}", "step", "seconds");
        for (name, seconds) in &self.0 {
            println!("{name:<28}{seconds:>9.1}");
        }
        println!("{:<28}{:>9.1}", "whole", whole.as_secs_f64());
    }
}
