//! All tests, in one command.

use clap::Args;

use crate::{conformance, package, parity, plugins, run, schema};

/// What to skip.
#[derive(Args)]
pub(crate) struct Options {
    /// Skip the comparisons that need the conformance kit: with Helm, and between hosts.
    #[arg(long)]
    no_conformance: bool,
}

/// Builds the plugin, which tests run, then runs unit, snapshot, property and
/// documentation tests of all crates, then the comparisons: of generated files,
/// with Helm, of all hosts, of the plugins in Helm and Flux.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    package::plugin()?;
    run::check(run::cargo().args(["test", "--workspace", "--locked", "--no-fail-fast"]))?;
    schema::run(&schema::Options { check: true })?;
    if !options.no_conformance {
        conformance::run(&conformance::Options::all())?;
        parity::run(&parity::Options::all())?;
    }
    plugins::run(&plugins::Options::all())
}
