//! Pictures of the page, for the manual.

use std::path::PathBuf;

use clap::Args;

use crate::browser::{Given, check};
use crate::paths;

/// What to take pictures of.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    given: Given,
    /// Folder for the pictures [default: docs/src/images/page]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Takes them.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let browser = options.given.prepare(false)?;
    let out = match &options.out {
        Some(out) => std::path::absolute(out)?,
        None => paths::root().join("docs").join("src").join("images").join("page"),
    };
    check(browser.node("pictures.mjs").arg(browser.setting()?).arg(out))
}
