//! A long run of the plugin host with hostile plugins.

use clap::Args;

use crate::run;

/// How long to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Number of calls.
    #[arg(long, default_value_t = 10_000)]
    calls: u32,
}

/// Runs the host's test with more calls, and lets it print its figures.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    run::check(
        run::cargo()
            .args([
                "test",
                "--quiet",
                "--package",
                "chartwright-host",
                "--features",
                "plugin",
                "--test",
                "health",
                "--",
                "--nocapture",
            ])
            .env("CHARTWRIGHT_HOSTILE_CALLS", options.calls.to_string()),
    )
}
