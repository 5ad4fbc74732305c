//! The controller's chart as plain manifests, for `kubectl apply --kustomize deploy`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use clap::Args;

use crate::{generated, paths, run};

/// Where the manifests are, below the root.
const FOLDER: &str = "deploy";

/// The chart that they are rendered from. Only its image has no default: that comes from the chart's first case.
const CHART: &str = "templates/charts/chartwright";

/// The first line of every file.
const HEAD: &str = "# Made by `cargo xtask manifests` from templates/charts/chartwright.\n";

/// What `kubectl apply --kustomize` reads. The chart says that Helm manages its objects, which is not so here.
const KUSTOMIZATION: &str = "\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - crds.yaml
  - controller.yaml
labels:
  - pairs:
      app.kubernetes.io/managed-by: kustomize
";

/// What to do with the files.
#[derive(Args)]
pub(crate) struct Options {
    /// Write nothing; fail if a file is out of date.
    #[arg(long)]
    check: bool,
    /// Use this `chartwright` binary instead of building one.
    #[arg(long)]
    bin: Option<PathBuf>,
}

/// Renders the manifests, and writes or compares them.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let chartwright = match &options.bin {
        Some(bin) => bin.canonicalize()?,
        None => run::binary()?,
    };
    bring(&chartwright, options.check)
}

/// Renders the manifests with a `chartwright`, and writes or compares them.
pub(crate) fn bring(chartwright: &Path, check: bool) -> anyhow::Result<()> {
    let texts = [
        ("controller.yaml", controller(chartwright)?),
        ("crds.yaml", definitions()?),
        ("kustomization.yaml", KUSTOMIZATION.to_owned()),
    ];
    let files: BTreeMap<String, String> =
        texts.into_iter().map(|(name, text)| (name.to_owned(), format!("{HEAD}{text}"))).collect();
    generated::bring(FOLDER, &files, check, "cargo xtask manifests")
}

/// What the chart renders to in Flux's namespace.
fn controller(chartwright: &Path) -> anyhow::Result<String> {
    let mut template = Command::new(chartwright);
    template.current_dir(paths::root()).args(["template", "chartwright", CHART, "--namespace", "flux-system"]);
    template.arg("--values").arg(format!("{CHART}/ci/default-values.yaml"));
    let output = template.stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("{} failed: {}", run::line(&template), output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The chart's custom resource definitions.
fn definitions() -> anyhow::Result<String> {
    let folder = paths::root().join(CHART).join("crds");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder)? {
        files.push(entry?.path());
    }
    files.sort();
    let mut all = String::new();
    for file in files {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        all.push_str("---\n");
        all.push_str(&text);
    }
    Ok(all)
}
