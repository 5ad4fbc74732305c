//! The JSON Schemas and custom resource definitions that are generated from the types of `engine/descriptor` and
//! `engine/contract`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, bail};
use clap::Args;

use crate::{paths, run};

/// The packages whose example `schema` prints files, and where these lie below the root.
const PACKAGES: [(&str, &str); 2] =
    [("descriptor", "engine/descriptor/schema"), ("contract", "engine/contract/schema")];

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
            bring(CHART, &definitions, options)?;
        }
        bring(folder, &files, options)?;
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

/// Writes files to a folder below the root, or compares them with what is there.
fn bring(at: &str, files: &BTreeMap<String, String>, options: &Options) -> anyhow::Result<()> {
    let folder = paths::root().join(at);
    let mut drifted = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("reading {at}"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !files.contains_key(&name) {
            drifted.push(name);
        }
    }
    for (name, text) in files {
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|found| found == text.as_bytes()) {
            continue;
        }
        if !options.check {
            fs::write(&path, text).with_context(|| format!("writing {at}/{name}"))?;
            println!("{at}/{name}");
        }
        drifted.push(name.clone());
    }
    if options.check && !drifted.is_empty() {
        bail!("{at}: {} drifted from the types: run `cargo xtask schema`", drifted.join(", "));
    }
    Ok(())
}
