//! The JSON Schemas and custom resource definitions that are generated from the types of `engine/descriptor` and
//! `engine/contract`.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use clap::Args;

use crate::{generated, run};

/// The packages whose example `schema` prints files, and where these lie below the root.
const PACKAGES: [(&str, &str); 2] =
    [("descriptor", "engine/descriptor/schema"), ("contract", "engine/contract/schema")];

/// What makes the files.
const COMMAND: &str = "cargo xtask schema";

/// Where the chart of the controller has the custom resource definitions: charts can only carry files of their own.
const CHART: &str = "templates/charts/chartwright/crds";

/// What to do with the files.
#[derive(Args)]
pub(crate) struct Options {
    /// Write nothing; fail if a file is out of date.
    #[arg(long)]
    pub(crate) check: bool,
}

/// Generates the files, and writes or compares them.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    for (package, folder) in PACKAGES {
        let files = generate(package)?;
        let definitions = files.iter().filter(|(name, _)| name.ends_with(".crd.yaml"));
        let definitions: BTreeMap<String, String> =
            definitions.map(|(name, text)| (name.clone(), text.clone())).collect();
        if !definitions.is_empty() {
            generated::bring(CHART, &definitions, options.check, COMMAND)?;
        }
        generated::bring(folder, &files, options.check, COMMAND)?;
    }
    Ok(())
}

/// What a package's example prints: files by name.
fn generate(package: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let mut command = run::cargo();
    command.args(["run", "--quiet", "--locked", "--package", package, "--features", "schema"]);
    let output = command.args(["--example", "schema"]).stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("{} failed: {}", run::line(&command), output.status);
    }
    serde_json::from_slice(&output.stdout).context("reading what it printed")
}
