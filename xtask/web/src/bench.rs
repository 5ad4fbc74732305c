//! How fast the page is in a real browser.

use clap::{Args, ValueEnum};

use crate::browser::{Given, check};

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    given: Given,
    /// Format of the figures.
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    /// A table.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Measures.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let browser = options.given.prepare(false)?;
    let mut command = browser.node("bench.mjs");
    command.arg(browser.setting()?);
    if let Format::Json = options.output {
        command.arg("json");
    }
    check(&mut command)
}
