//! Examples that the real helm-controller installs: what it stores for a release is what `chartwright render` prints.
//!
//! The module chart comes as an ExternalArtifact. Its HelmReleases name charts in a GitRepository, for which
//! helm-controller makes HelmCharts; source-controller would package those, and here the test does.

use std::io::Read;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::kit::Cluster;
use super::server::{Artifact, Server};
use super::{Outcome, Trial, shown};
use crate::examples::{Example, platform, sources};
use crate::paths;

/// The examples that are installed: our base charts and DS2's, one component to four.
const EXAMPLES: [&str; 4] = ["analytics", "demomodule2", "webshop", "welcome"];

/// Timeout of every step.
const PATIENCE: Duration = Duration::from_secs(90);

/// Installs the examples and compares.
pub(super) fn compare(trial: &Trial<'_>) -> anyhow::Result<Vec<Outcome>> {
    println!("\n{:<44}{:>24}", "release", "stored manifest");
    let work = paths::target().join("examples");
    let sources = sources::prepare(&work)?;
    let server = Server::start(&work.join("served"))?;
    trial.cluster.namespace("icekube")?;
    let objects = platform::objects(&work)?;
    trial.cluster.run(&["apply", "--server-side", "-f", &objects.to_string_lossy()])?;
    let mut outcomes = Vec::new();
    for example in Example::all()?.iter().filter(|e| EXAMPLES.contains(&e.name.as_str()) && trial.wants(&e.name)) {
        if let Some(missing) = example.sources().into_iter().find(|s| !sources.has(s)) {
            println!("{:<44}{:>24}", example.name, format!("SKIPPED: no {missing}"));
            continue;
        }
        let install = Install { trial, example, sources: &sources, server: &server };
        outcomes.extend(install.run().with_context(|| example.name.clone())?.into_iter().map(shown));
    }
    Ok(outcomes)
}

/// An example on its way into the cluster.
struct Install<'a> {
    trial: &'a Trial<'a>,
    example: &'a Example,
    sources: &'a sources::Sources,
    server: &'a Server,
}

impl Install<'_> {
    fn cluster(&self) -> &Cluster {
        self.trial.cluster
    }

    fn run(&self) -> anyhow::Result<Vec<Outcome>> {
        let output =
            self.example.command(&self.trial.chartwright, "render", self.sources).args(["-o", "json"]).output()?;
        anyhow::ensure!(output.status.success(), "render: {}", String::from_utf8_lossy(&output.stderr));
        let rendered: Value = serde_json::from_slice(&output.stdout)?;
        let releases: Vec<Release> = list(&rendered, "releases").filter_map(Release::of).collect();
        anyhow::ensure!(!releases.is_empty(), "nothing is released");
        self.cluster().namespace(self.example.namespace())?;
        self.install_module()?;
        let mut outcomes = Vec::new();
        for release in &releases {
            if release.level == 2 {
                self.bring_chart(release)?;
            }
            outcomes.push(self.stored(release, &rendered)?);
        }
        Ok(outcomes)
    }

    /// The module chart as an ExternalArtifact, and its HelmRelease.
    fn install_module(&self) -> anyhow::Result<()> {
        let (module, namespace) = (self.example.module(), self.example.namespace());
        let archive = paths::target().join("examples").join(format!("{module}.tgz"));
        let expand = self
            .example
            .command(&self.trial.chartwright, "expand", self.sources)
            .arg("--archive")
            .arg(&archive)
            .arg("--force")
            .output()?;
        anyhow::ensure!(expand.status.success(), "expand: {}", String::from_utf8_lossy(&expand.stderr));
        let artifact = self.server.publish(&format!("{module}.tgz"), &std::fs::read(&archive)?)?;
        let metadata = json!({"name": module, "namespace": namespace});
        self.apply(&json!({
            "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "ExternalArtifact", "metadata": metadata, "spec": {},
        }))?;
        let revision = format!("latest@{}", artifact.digest);
        self.set_status("externalartifact", module, namespace, &artifact, &revision, 1)?;
        self.apply(&json!({
            "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": metadata,
            "spec": {
                "interval": "10m", "releaseName": module,
                "chartRef": {"kind": "ExternalArtifact", "name": module},
                "install": {"disableWait": true},
                "values": self.example.operator_values(),
            },
        }))
    }

    /// Packages the chart that helm-controller waits for, after telling it not to wait for what it deploys.
    fn bring_chart(&self, release: &Release) -> anyhow::Result<()> {
        let (namespace, name) = release.helm_release.split_once('/').unwrap_or_default();
        self.wait("the HelmRelease", &["get", "helmrelease", name, "--namespace", namespace, "-o", "name"])?;
        let patch = json!({"spec": {"dependsOn": null, "install": {"disableWait": true, "disableHooks": true}}});
        self.cluster().run(&[
            "patch",
            "helmrelease",
            name,
            "--namespace",
            namespace,
            "--type",
            "merge",
            "--patch",
            &patch.to_string(),
        ])?;
        let helm_release: Value = serde_json::from_str(&self.cluster().run(&[
            "get",
            "helmrelease",
            name,
            "--namespace",
            namespace,
            "-o",
            "json",
        ])?)?;
        let at = |p: &str| helm_release.pointer(p).and_then(Value::as_str).unwrap_or_default();
        let (chart, source) = (at("/spec/chart/spec/chart"), at("/spec/chart/spec/sourceRef/name"));
        let home = match at("/spec/chart/spec/sourceRef/namespace") {
            "" => namespace,
            home => home,
        };
        self.cluster().namespace(home)?;
        let helm_chart = format!("{namespace}-{name}");
        let get = ["get", "helmchart", &helm_chart, "--namespace", home, "-o", "jsonpath={.metadata.generation}"];
        let generation: i64 = self.wait("the HelmChart", &get)?.trim().parse()?;
        let archive = self.sources.archive(source, chart, &paths::target().join("examples"))?;
        let artifact = self.server.publish(&format!("{helm_chart}.tgz"), &std::fs::read(archive)?)?;
        self.set_status("helmchart", &helm_chart, home, &artifact, &release.version, generation)
    }

    fn set_status(
        &self,
        kind: &str,
        name: &str,
        namespace: &str,
        artifact: &Artifact,
        revision: &str,
        generation: i64,
    ) -> anyhow::Result<()> {
        let time = "2026-01-01T00:00:00Z";
        let status = json!({"status": {
            "artifact": {
                "url": artifact.url, "path": artifact.path, "digest": artifact.digest, "size": artifact.size,
                "revision": revision, "lastUpdateTime": time,
            },
            "observedGeneration": generation,
            "conditions": [{
                "type": "Ready", "status": "True", "reason": "Succeeded", "message": "stored",
                "observedGeneration": generation, "lastTransitionTime": time,
            }],
        }});
        let patch = status.to_string();
        let args = ["patch", kind, name, "--namespace", namespace, "--subresource", "status", "--type", "merge"];
        self.cluster().run(&[&args[..], &["--patch", &patch]].concat())?;
        Ok(())
    }

    fn apply(&self, object: &Value) -> anyhow::Result<()> {
        let args = ["apply", "--server-side", "--force-conflicts", "-f", "-"];
        self.cluster().run_on(&args, object.to_string().as_bytes())?;
        Ok(())
    }

    /// Compares what helm-controller stored for a release with what we print.
    fn stored(&self, release: &Release, rendered: &Value) -> anyhow::Result<Outcome> {
        let secret = format!("sh.helm.release.v1.{}.v1", release.name);
        let get = ["get", "secret", &secret, "--namespace", &release.namespace, "-o", "jsonpath={.data.release}"];
        let text = self.wait("the stored release", &get)?;
        let stored = decoded(&text)?;
        let stored = stored.get("manifest").and_then(Value::as_str).unwrap_or_default();
        let text = |o: &Value, key: &str| o.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let ours: Vec<String> = list(rendered, "objects")
            .filter(|o| text(o, "role") == "manifest" && !text(o, "source").is_empty())
            .filter(|o| o.get("level").and_then(Value::as_u64) == Some(release.level))
            .filter(|o| text(o, "helmRelease") == release.helm_release)
            .map(|o| format!("# Source: {}\n{}", text(o, "source"), text(o, "text")).trim_end().to_owned())
            .collect();
        let theirs: Vec<&str> = documents(stored);
        let name = format!("{} {}", self.example.name, release.name);
        let equal = theirs.iter().zip(&ours).filter(|(t, o)| t == o).count();
        let mut problems = Vec::new();
        if let Some((theirs, ours)) = theirs.iter().zip(&ours).find(|(t, o)| t != o) {
            problems.push(format!("  helm-controller stores\n{theirs}\n  we print\n{ours}"));
        } else if theirs.len() != ours.len() {
            problems.push(format!("  helm-controller stores {} objects, we print {}", theirs.len(), ours.len()));
        }
        Ok(Outcome { name, result: format!("{equal} of {} equal", theirs.len()), problems })
    }

    /// Retries until there is an answer.
    fn wait(&self, what: &str, args: &[&str]) -> anyhow::Result<String> {
        let start = Instant::now();
        loop {
            let last = match self.cluster().run(args) {
                Ok(answer) if !answer.trim().is_empty() => return Ok(answer),
                Ok(_) => anyhow::anyhow!("no answer"),
                Err(error) => error,
            };
            if start.elapsed() > PATIENCE {
                let states =
                    self.cluster().run(&["get", "helmrelease,helmchart", "--all-namespaces"]).unwrap_or_default();
                bail!("{what} does not come: {last:#}\n{states}");
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

/// A release as `chartwright render -o json` lists it.
struct Release {
    name: String,
    namespace: String,
    version: String,
    helm_release: String,
    level: u64,
}

impl Release {
    fn of(value: &Value) -> Option<Release> {
        let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        Some(Release {
            name: text("name")?,
            namespace: text("namespace")?,
            version: text("version")?,
            helm_release: text("helmRelease")?,
            level: value.get("level")?.as_u64()?,
        })
    }
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// The documents of a stored manifest, without the separators.
fn documents(manifest: &str) -> Vec<&str> {
    let manifest = manifest.strip_prefix("---\n").unwrap_or(manifest);
    manifest.split("\n---\n").map(str::trim_end).filter(|d| !d.is_empty()).collect()
}

/// A release as Helm stores it: JSON, gzipped, in base64, and that once more in base64 as a Secret's data.
fn decoded(data: &str) -> anyhow::Result<Value> {
    let inner = STANDARD.decode(data.trim())?;
    let zipped = STANDARD.decode(inner)?;
    let mut json = Vec::new();
    GzDecoder::new(&zipped[..]).read_to_end(&mut json)?;
    Ok(serde_json::from_slice(&json)?)
}
