//! The JSON Schemas and custom resource definitions that are generated from the types of `engine/descriptor`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, bail};
use clap::Args;

use crate::{paths, run};

/// Folder of the files, below the root.
const FOLDER: &str = "engine/descriptor/schema";

/// What to do with the files.
#[derive(Args)]
pub(crate) struct Options {
    /// Write nothing; fail if a file is out of date.
    #[arg(long)]
    pub(crate) check: bool,
}

/// Generates the files, and writes or compares them.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut command = run::cargo();
    command.args(["run", "--quiet", "--locked", "--package", "descriptor", "--features", "schema"]);
    let output = command.args(["--example", "schema"]).stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("{} failed: {}", run::line(&command), output.status);
    }
    let files: BTreeMap<String, String> = serde_json::from_slice(&output.stdout).context("reading what it printed")?;
    let folder = paths::root().join(FOLDER);
    let mut drifted = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("reading {FOLDER}"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !files.contains_key(&name) {
            drifted.push(name);
        }
    }
    for (name, text) in &files {
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|found| found == text.as_bytes()) {
            continue;
        }
        if !options.check {
            fs::write(&path, text).with_context(|| format!("writing {FOLDER}/{name}"))?;
            println!("{FOLDER}/{name}");
        }
        drifted.push(name.clone());
    }
    if options.check && !drifted.is_empty() {
        bail!("{FOLDER}: {} drifted from the types: run `cargo xtask schema`", drifted.join(", "));
    }
    Ok(())
}
