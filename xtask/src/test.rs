//! All tests, in one command.

use std::time::Instant;

use clap::Args;

use crate::needs::{self, Need};
use crate::{conformance, package, parity, plugins, run, schema, web};

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
/// with Helm, of all hosts, of the plugins in Helm and Flux; then opens the page in a
/// browser. Prints the time of each.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    needs::check_required()?;
    let mut steps = Steps(Vec::new());
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
    steps.run("generated files", || schema::run(&schema::Options { check: true }))?;
    if !options.no_conformance {
        steps.run("conformance", || conformance::run(&conformance::Options::all()))?;
        steps.run("parity", || parity::run(&parity::Options::all()))?;
    }
    steps.run("plugins", || plugins::run(&plugins::Options::all()))?;
    steps.run("page", || {
        let missing = needs::missing(&[Need::Node, Need::Chromium]);
        if !missing.is_empty() {
            println!(
                "SKIPPED: the page was not opened in a browser, because these are missing: {}",
                missing.join(", ")
            );
            return Ok(());
        }
        web::test(&run::binary()?)
    })?;
    steps.print();
    Ok(())
}

/// The steps, with their time in seconds.
struct Steps(Vec<(&'static str, f64)>);

impl Steps {
    fn run(&mut self, name: &'static str, step: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
        println!("\n── {name}");
        let start = Instant::now();
        let result = step();
        self.0.push((name, start.elapsed().as_secs_f64()));
        if result.is_err() {
            self.print();
        }
        result
    }

    fn print(&self) {
        println!("\n{:<28}{:>9}", "step", "seconds");
        for (name, seconds) in &self.0 {
            println!("{name:<28}{seconds:>9.1}");
        }
        println!("{:<28}{:>9.1}", "whole", self.0.iter().map(|(_, s)| s).sum::<f64>());
    }
}
