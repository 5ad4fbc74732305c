//! All tests, in one command.

use clap::Args;

use crate::{conformance, package, parity, plugins, run, schema};

/// Every how many questions of the kit is asked in all hosts.
const SAMPLE: usize = 10;

/// What to leave out.
#[derive(Args)]
pub(crate) struct Options {
    /// Leave out the comparison with Helm over the conformance kit.
    #[arg(long)]
    no_conformance: bool,
}

/// Builds the plugin, which tests run, then runs unit, snapshot, property and
/// documentation tests of all crates, then the comparison of generated files,
/// then that with Helm.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    package::plugin()?;
    run::check(run::cargo().args(["test", "--workspace", "--locked", "--no-fail-fast"]))?;
    schema::run(&schema::Options { check: true })?;
    if !options.no_conformance {
        conformance::run(&conformance::Options::all())?;
    }
    parity::run(&parity::Options::sampled(SAMPLE))?;
    plugins::run(&plugins::Options::all())
}
