//! A Kubernetes API server with Flux's controllers, as plain processes: the scripts of `../shared/cluster`.

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::Context;

use crate::{paths, reference, run};

/// A running cluster. It stops when this value is dropped.
pub(super) struct Cluster {
    scripts: PathBuf,
    dir: PathBuf,
    keep: bool,
}

impl Cluster {
    /// Starts a cluster in `dir`, and builds its programs if they are missing. If that is not possible, prints why and
    /// returns `None`.
    pub(super) fn start(dir: Option<&Path>, built: bool, keep: bool) -> anyhow::Result<Option<Cluster>> {
        let Some(scripts) = paths::shared().map(|s| s.join("cluster")).filter(|s| s.join("up").is_file()) else {
            eprintln!("SKIPPED: the scripts of the cluster are not there (../shared/cluster)");
            return Ok(None);
        };
        let Some(dir) = dir.map(Path::to_path_buf).or_else(folder) else {
            eprintln!("SKIPPED: no folder for the cluster: set CHARTWRIGHT_CLUSTER_DIR");
            return Ok(None);
        };
        let programs = ["control", "helm-controller", "kustomize-controller"];
        let is_built = programs.iter().all(|p| dir.join("bin").join(p).is_file());
        if !is_built && (built || !reference::has_go()) {
            eprintln!("SKIPPED: the cluster's programs are not built in {}", dir.display());
            return Ok(None);
        }
        if !is_built {
            eprintln!("building an API server and Flux's controllers in {}: about ten minutes …", dir.display());
        }
        std::fs::create_dir_all(&dir)?;
        run::check(Command::new(scripts.join("up")).arg(&dir).stdout(Stdio::null()))?;
        Ok(Some(Cluster { scripts, dir, keep }))
    }

    /// Ends the cluster, and starts an empty one whose helm-controller does not accept ExternalArtifacts.
    pub(super) fn again_without_gate(&self) -> anyhow::Result<()> {
        let mut up = Command::new(self.scripts.join("up"));
        run::check(up.arg(&self.dir).env("CLUSTER_GATES", "").stdout(Stdio::null()))
    }

    /// The file with the administrator's credentials.
    pub(super) fn kubeconfig(&self) -> PathBuf {
        self.dir.join("run/kubeconfig")
    }

    /// kubectl with these arguments.
    pub(super) fn kubectl(&self, args: &[&str]) -> Command {
        let mut kubectl = Command::new(self.dir.join("bin/control"));
        kubectl.arg("kubectl").arg("--kubeconfig").arg(self.kubeconfig()).args(args);
        kubectl
    }

    /// Runs kubectl to its end.
    ///
    /// # Errors
    /// kubectl's message, if kubectl fails.
    pub(super) fn run(&self, args: &[&str]) -> anyhow::Result<String> {
        succeeded(args, self.kubectl(args).stdin(Stdio::null()).output()?)
    }

    /// Runs kubectl on a text.
    ///
    /// # Errors
    /// kubectl's message, if kubectl fails.
    pub(super) fn run_on(&self, args: &[&str], text: &[u8]) -> anyhow::Result<String> {
        succeeded(args, self.output_on(args, text)?)
    }

    /// What kubectl answers to a text.
    pub(super) fn output_on(&self, args: &[&str], text: &[u8]) -> anyhow::Result<Output> {
        let mut kubectl = self.kubectl(args);
        let mut child = kubectl.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let mut stdin = child.stdin.take().context("no stdin")?;
        let text = text.to_vec();
        let writer = std::thread::spawn(move || stdin.write_all(&text));
        let output = child.wait_with_output()?;
        writer.join().map_err(|_| anyhow::anyhow!("the writer panicked"))??;
        Ok(output)
    }

    /// Creates a namespace if it does not exist. Pods that are not restricted cause a warning in it.
    pub(super) fn namespace(&self, name: &str) -> anyhow::Result<()> {
        let text = format!(
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n  labels:\n    pod-security.kubernetes.io/warn: restricted\n"
        );
        self.run_on(&["apply", "--server-side", "--force-conflicts", "-f", "-"], text.as_bytes())?;
        Ok(())
    }
}

fn succeeded(args: &[&str], output: Output) -> anyhow::Result<String> {
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "kubectl {}: {}", args.join(" "), said.trim());
    Ok(String::from_utf8(output.stdout)?)
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.keep {
            eprintln!("the cluster runs on: KUBECONFIG={}", self.kubeconfig().display());
            return;
        }
        if let Err(error) = run::check(Command::new(self.scripts.join("down")).arg(&self.dir)) {
            eprintln!("the cluster did not end: {error:#}");
        }
    }
}

/// `$CHARTWRIGHT_CLUSTER_DIR`, or a folder of the user's cache.
fn folder() -> Option<PathBuf> {
    if let Some(dir) = env::var_os("CHARTWRIGHT_CLUSTER_DIR") {
        return Some(dir.into());
    }
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")))?;
    Some(cache.join("chartwright/cluster"))
}
