//! What happens to a descriptor in its life.

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use super::chart::{self, NEEDS_FACTS, TEMPLATE};
use super::process::Controller;
use crate::cluster::kit::Cluster;
use crate::cluster::server::Server;

/// Timeout of whatever is waited for.
const PATIENCE: Duration = Duration::from_secs(40);
/// How long nothing must happen where nothing is to happen.
const CALM: Duration = Duration::from_secs(2);
/// The namespace of everything.
const HOME: &str = "cw-shop";

/// A step of the test.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) run: fn(&mut Stage<'_>) -> anyhow::Result<()>,
}

/// All steps, in their order.
pub(super) const STEPS: &[Step] = &[
    Step { name: "install", run: install },
    Step { name: "change", run: change },
    Step { name: "requestedAt", run: requested },
    Step { name: "source change", run: source_change },
    Step { name: "source touched, archive the same", run: source_touched },
    Step { name: "broken chart", run: broken },
    Step { name: "platform fact that is missing, then there", run: facts },
    Step { name: "suspend and resume", run: suspend },
    Step { name: "restart", run: restart },
    Step { name: "lost archive", run: lost },
    Step { name: "two levels", run: two_levels },
    Step { name: "values from a Secret", run: values_from },
    Step { name: "refused by a policy, then allowed", run: policy },
    Step { name: "another instance takes over", run: leaders },
    Step { name: "descriptors from a source", run: descriptor_source },
    Step { name: "delete", run: delete },
    Step { name: "gate off", run: gate_off },
];

/// What the steps work with.
pub(super) struct Stage<'a> {
    cluster: &'a Cluster,
    server: &'a Server,
    controller: Controller,
}

impl<'a> Stage<'a> {
    pub(super) fn new(cluster: &'a Cluster, server: &'a Server, controller: Controller) -> anyhow::Result<Stage<'a>> {
        let mut stage = Stage { cluster, server, controller };
        stage.prepare()?;
        Ok(stage)
    }

    /// A namespace with a source, and the controller.
    fn prepare(&mut self) -> anyhow::Result<()> {
        self.cluster.namespace(HOME)?;
        self.apply(&json!({
            "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
            "metadata": {"name": "charts", "namespace": HOME},
            "spec": {"interval": "10m", "url": "https://charts.example.org/charts.git"},
        }))?;
        self.source(&chart::archive("charts/tiny", TEMPLATE)?, 1)?;
        self.controller.start(&[])
    }

    /// What there is, for whoever looks for the fault.
    pub(super) fn state(&self) -> String {
        let kinds = "helmchartdescriptor,externalartifact,helmrelease,configmap";
        let objects = self.cluster.run(&["get", kinds, "--namespace", HOME]).unwrap_or_default();
        let status = self.cluster.run(&["get", "helmchartdescriptor", "--namespace", HOME, "-o", "yaml"]);
        format!("{objects}\n{}\n{}", status.unwrap_or_default(), self.controller.last_words())
    }

    fn apply(&self, object: &Value) -> anyhow::Result<()> {
        let args = ["apply", "--server-side", "--force-conflicts", "-f", "-"];
        self.cluster.run_on(&args, object.to_string().as_bytes())?;
        Ok(())
    }

    fn patch(&self, kind: &str, name: &str, patch: &Value) -> anyhow::Result<()> {
        let patch = patch.to_string();
        let args = ["patch", kind, name, "--namespace", HOME, "--type", "merge", "--patch", &patch];
        self.cluster.run(&args)?;
        Ok(())
    }

    /// The source's archive, and a number for its revision.
    fn source(&self, archive: &[u8], revision: u32) -> anyhow::Result<()> {
        self.artifact("gitrepository", "charts", archive, &format!("main@sha1:{revision:040x}"))
    }

    fn artifact(&self, kind: &str, name: &str, archive: &[u8], revision: &str) -> anyhow::Result<()> {
        let generation = self.get(kind, name)?.pointer("/metadata/generation").and_then(Value::as_i64);
        let artifact =
            self.server.publish(&format!("{kind}-{name}-{}.tar.gz", revision.replace([':', '@'], "-")), archive)?;
        let time = "2026-01-01T00:00:00Z";
        let mut status = json!({"status": {
            "artifact": {
                "url": artifact.url, "path": artifact.path, "digest": artifact.digest, "size": artifact.size,
                "revision": revision, "lastUpdateTime": time,
            },
            "conditions": [{
                "type": "Ready", "status": "True", "reason": "Succeeded", "message": "stored",
                "observedGeneration": generation, "lastTransitionTime": time,
            }],
        }});
        if kind != "externalartifact" {
            status["status"]["observedGeneration"] = generation.into();
        }
        let patch = status.to_string();
        let args = ["patch", kind, name, "--namespace", HOME, "--subresource", "status", "--type", "merge"];
        self.cluster.run(&[&args[..], &["--patch", &patch]].concat())?;
        Ok(())
    }

    fn get(&self, kind: &str, name: &str) -> anyhow::Result<Value> {
        let text = self.cluster.run(&["get", kind, name, "--namespace", HOME, "-o", "json"])?;
        Ok(serde_json::from_str(&text)?)
    }

    fn missing(&self, kind: &str, name: &str) -> bool {
        let args = ["get", kind, name, "--namespace", HOME, "--ignore-not-found", "-o", "name"];
        self.cluster.run(&args).is_ok_and(|text| text.trim().is_empty())
    }

    /// Waits until something is so.
    fn until(&self, what: &str, is_so: impl Fn() -> anyhow::Result<bool>) -> anyhow::Result<()> {
        let start = Instant::now();
        loop {
            match is_so() {
                Ok(true) => return Ok(()),
                result if start.elapsed() > PATIENCE => {
                    let why = result.err().map(|error| format!(": {error:#}")).unwrap_or_default();
                    bail!("{what} is not so after {PATIENCE:?}{why}");
                }
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// Waits until the descriptor says that of its last change.
    fn until_ready(&self, name: &str, status: &str, reason: &str) -> anyhow::Result<()> {
        self.until(&format!("Ready={status} {reason} of {name}"), || {
            let object = self.get("helmchartdescriptor", name)?;
            let ready = condition(&object, "Ready").context("no condition Ready")?;
            let observed = object.pointer("/status/observedGeneration") == object.pointer("/metadata/generation");
            Ok(observed && ready["status"] == status && ready["reason"] == reason)
        })
    }

    fn until_word(&self, map: &str, word: &str) -> anyhow::Result<()> {
        self.until(&format!("{word:?} in the ConfigMap {map}"), || {
            Ok(self.get("configmap", map)?["data"]["word"] == word)
        })
    }

    /// The versions of what a descriptor has made: they are the same if nothing was written.
    fn versions(&self, name: &str) -> anyhow::Result<Vec<String>> {
        let kinds = ["helmchartdescriptor", "externalartifact", "helmrelease"];
        let version = |kind| {
            let object = self.get(kind, name)?;
            let version = object.pointer("/metadata/resourceVersion").and_then(Value::as_str);
            Ok(format!("{kind} {}", version.unwrap_or_default()))
        };
        kinds.into_iter().map(version).collect()
    }

    fn revision(&self, name: &str) -> anyhow::Result<String> {
        let artifact = self.get("externalartifact", name)?;
        let revision = artifact.pointer("/status/artifact/revision").and_then(Value::as_str);
        Ok(revision.context("no revision")?.to_owned())
    }
}

fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    let conditions = object.pointer("/status/conditions").and_then(Value::as_array)?;
    conditions.iter().find(|condition| condition["type"] == kind)
}

/// A module of one chart.
fn descriptor(name: &str, word: &str) -> Value {
    json!({
        "apiVersion": "chartwright.dev/v1alpha1", "kind": "HelmChartDescriptor",
        "metadata": {"name": name, "namespace": HOME},
        "spec": {
            "module": {"version": "1.4.0"},
            "layout": "umbrella",
            "template": {"chart": "tiny", "sourceRef": {"kind": "GitRepository", "name": "charts"}},
            "components": [{"name": "front", "values": {"word": word}}],
        },
    })
}

fn install(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    stage.apply(&descriptor("shop", "one"))?;
    stage.until_ready("shop", "True", "Succeeded")?;
    stage.until_word("shop-front", "one")?;
    let wait = ["wait", "--for=condition=Ready", "--timeout=5s", "--namespace", HOME, "helmchartdescriptor/shop"];
    stage.cluster.run(&wait)?;
    let revision = stage.revision("shop")?;
    ensure!(revision.starts_with("1.4.0@sha256:"), "the revision is {revision}");
    Ok(())
}

fn change(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    let before = stage.revision("shop")?;
    stage.apply(&descriptor("shop", "two"))?;
    stage.until_ready("shop", "True", "Succeeded")?;
    stage.until_word("shop-front", "two")?;
    ensure!(stage.revision("shop")? != before, "the revision is the same");
    let files = std::fs::read_dir(stage.controller.storage().join(HOME).join("shop"))?.count();
    ensure!(files == 2, "{files} archives are kept: somebody may be fetching the one before");
    Ok(())
}

fn requested(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    let before = stage.versions("shop")?;
    stage.patch(
        "helmchartdescriptor",
        "shop",
        &json!({"metadata": {"annotations": {
            "reconcile.fluxcd.io/requestedAt": "now",
        }}}),
    )?;
    stage.until("the request is handled", || {
        Ok(stage.get("helmchartdescriptor", "shop")?["status"]["lastHandledReconcileAt"] == "now")
    })?;
    ensure!(stage.versions("shop")?[1..] == before[1..], "something else was written");
    Ok(())
}

fn source_change(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    let before = stage.revision("shop")?;
    let template = TEMPLATE.replace("| quote", "| upper | quote");
    stage.source(&chart::archive("charts/tiny", &template)?, 2)?;
    stage.until_word("shop-front", "TWO")?;
    stage.until_ready("shop", "True", "Succeeded")?;
    ensure!(stage.revision("shop")? != before, "the revision is the same");
    Ok(())
}

fn source_touched(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    let before = stage.versions("shop")?;
    // What source-controller writes when it has looked and found nothing new.
    let patch = json!({"status": {"artifact": {"lastUpdateTime": "2026-02-02T00:00:00Z"}}}).to_string();
    let args = ["patch", "gitrepository", "charts", "--namespace", HOME, "--subresource", "status", "--type", "merge"];
    stage.cluster.run(&[&args[..], &["--patch", &patch]].concat())?;
    std::thread::sleep(CALM);
    let now = stage.versions("shop")?;
    ensure!(now == before, "something was written: {before:?}, {now:?}");
    Ok(())
}

fn broken(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    let before = stage.revision("shop")?;
    stage.source(&chart::archive("charts/tiny", "{{ fail \"not today\" }}")?, 3)?;
    stage.until_ready("shop", "False", "BuildFailed")?;
    let object = stage.get("helmchartdescriptor", "shop")?;
    let message = condition(&object, "Ready").and_then(|c| c["message"].as_str()).unwrap_or_default();
    ensure!(message.contains("not today"), "the message is {message:?}");
    ensure!(condition(&object, "Stalled").is_some(), "it is not stalled");
    ensure!(stage.revision("shop")? == before, "it was published");
    stage.until_word("shop-front", "TWO")?;
    let events = ["get", "events", "--namespace", HOME, "-o", "jsonpath={.items[*].reason}"];
    stage.until("an event", || Ok(stage.cluster.run(&events)?.contains("BuildFailed")))
}

fn facts(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    stage.source(&chart::archive("charts/tiny", NEEDS_FACTS)?, 4)?;
    stage.until("the missing facts are named", || {
        let object = stage.get("helmchartdescriptor", "shop")?;
        let message = condition(&object, "Ready").and_then(|c| c["message"].as_str()).unwrap_or_default();
        Ok(message.contains("the platform has no facts"))
    })?;
    stage.cluster.namespace("cw-platform")?;
    stage.apply(&json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "facts", "namespace": "cw-platform"},
        "data": {"domain": "example.org"},
    }))?;
    stage.until_ready("shop", "True", "Succeeded")?;
    stage.until_word("shop-front", "two")
}

fn suspend(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    let before = stage.revision("shop")?;
    let mut next = descriptor("shop", "three");
    next["spec"]["release"] = json!({"suspend": true});
    stage.apply(&next)?;
    stage.until_ready("shop", "True", "Suspended")?;
    ensure!(stage.get("helmrelease", "shop")?["spec"]["suspend"] == true, "the release is not suspended");
    std::thread::sleep(CALM);
    ensure!(stage.revision("shop")? == before, "it was published");
    stage.until_word("shop-front", "two")?;
    stage.apply(&descriptor("shop", "three"))?;
    stage.until_word("shop-front", "three")?;
    stage.until_ready("shop", "True", "Succeeded")
}

fn restart(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    let before = stage.versions("shop")?;
    stage.controller.start(&[])?;
    stage.until("it has reconciled", || Ok(stage.metric("result=\"ready\"}")? >= 1.0))?;
    std::thread::sleep(CALM);
    let now = stage.versions("shop")?;
    ensure!(now == before, "something was written: {before:?}, {now:?}");
    ensure!(stage.metric("chartwright_build_total{result=\"built\"}")? == 0.0, "it was built again");
    Ok(())
}

fn lost(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    let before = stage.revision("shop")?;
    std::fs::remove_dir_all(stage.controller.storage())?;
    stage.controller.start(&[])?;
    let folder = stage.controller.storage().join(HOME).join("shop");
    stage.until("the archive is there again", || Ok(folder.is_dir() && std::fs::read_dir(&folder)?.count() == 1))?;
    stage.until_ready("shop", "True", "Succeeded")?;
    ensure!(stage.revision("shop")? == before, "it has another revision");
    Ok(())
}

/// A component that is a release of its own, of a chart that is an artifact.
fn two_levels(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    stage.apply(&json!({
        "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "ExternalArtifact",
        "metadata": {"name": "tiny", "namespace": HOME}, "spec": {},
    }))?;
    stage.artifact("externalartifact", "tiny", &chart::archive("tiny", TEMPLATE)?, "1.0.0")?;
    let mut two = descriptor("cafe", "tea");
    two["spec"]["layout"] = "releases".into();
    two["spec"]["template"] = json!({"chart": "tiny", "sourceRef": {"kind": "ExternalArtifact", "name": "tiny"}});
    stage.apply(&two)?;
    stage.until_ready("cafe", "True", "Succeeded")?;
    stage.until_word("cafe-front-tiny", "tea")?;
    let release = stage.get("helmrelease", "cafe-front")?;
    ensure!(condition(&release, "Ready").is_some_and(|c| c["status"] == "True"), "the component is not ready");
    Ok(())
}

fn values_from(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    let mut next = descriptor("shop", "three");
    next["spec"]["release"] = json!({"valuesFrom": [{"kind": "Secret", "name": "words"}]});
    stage.apply(&next)?;
    stage.until_ready("shop", "False", "ValuesError")?;
    stage.apply(&json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "words", "namespace": HOME},
        "stringData": {"values.yaml": "front: {word: secret}"},
    }))?;
    stage.until_ready("shop", "True", "Succeeded")?;
    stage.until_word("shop-front", "secret")
}

fn policy(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    let file = stage.controller.file("policy.yaml");
    std::fs::write(
        &file,
        "apiVersion: chartwright.dev/v1alpha1\nkind: Policy\nmetadata: {name: house}\nspec:\n  rules:\n    - name: words\n      \
         match: {kinds: [ConfigMap]}\n      cel: object.data.word != 'rude'\n      message: mind your words\n",
    )?;
    stage.controller.start(&[&format!("--policy={}", file.display())])?;
    stage.apply(&descriptor("shop", "rude"))?;
    stage.until_ready("shop", "False", "PolicyViolated")?;
    let object = stage.get("helmchartdescriptor", "shop")?;
    let message = condition(&object, "Ready").and_then(|c| c["message"].as_str()).unwrap_or_default();
    ensure!(message.contains("mind your words"), "the message is {message:?}");
    stage.until_word("shop-front", "secret")?;
    stage.apply(&descriptor("shop", "kind"))?;
    stage.until_ready("shop", "True", "Succeeded")?;
    stage.until_word("shop-front", "kind")
}

fn leaders(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    const TIMES: [&str; 4] = [
        "--enable-leader-election",
        "--leader-election-lease-duration=3s",
        "--leader-election-renew-deadline=2s",
        "--leader-election-retry-period=500ms",
    ];
    let flags = |identity| [&TIMES[..], &[identity]].concat();
    stage.controller.start(&flags("--identity=first"))?;
    let holder = [
        "get",
        "lease",
        "chartwright-controller-leader-election",
        "--namespace",
        "flux-system",
        "-o",
        "jsonpath={.spec.holderIdentity}",
    ];
    stage.until("the first instance leads", || Ok(stage.cluster.run(&holder)? == "first"))?;
    let mut second = stage.controller.second()?;
    second.start(&flags("--identity=second"))?;
    stage.apply(&descriptor("shop", "five"))?;
    stage.until_word("shop-front", "five")?;
    ensure!(stage.cluster.run(&holder)? == "first", "the second instance leads, too");
    stage.controller.kill()?;
    stage.apply(&descriptor("shop", "six"))?;
    stage.until_word("shop-front", "six")?;
    ensure!(stage.cluster.run(&holder)? == "second", "the second instance does not lead");
    drop(second);
    stage.controller.start(&[])
}

fn descriptor_source(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    stage.apply(&json!({
        "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
        "metadata": {"name": "modules", "namespace": HOME},
        "spec": {"interval": "10m", "url": "https://charts.example.org/modules.git"},
    }))?;
    let (bar, pub_) = (descriptor("bar", "wine").to_string(), descriptor("pub", "beer").to_string());
    let both = chart::targz(&[("modules/bar.yaml", &bar), ("modules/pub.yaml", &pub_)])?;
    stage.artifact("gitrepository", "modules", &both, &format!("main@sha1:{:040x}", 1))?;
    stage.apply(&json!({
        "apiVersion": "chartwright.dev/v1alpha1", "kind": "DescriptorSource",
        "metadata": {"name": "modules", "namespace": HOME},
        "spec": {"sourceRef": {"kind": "GitRepository", "name": "modules"}, "path": "./modules"},
    }))?;
    stage.until_ready("bar", "True", "Succeeded")?;
    stage.until_word("bar-front", "wine")?;
    stage.until_word("pub-front", "beer")?;
    let changed = chart::targz(&[("modules/pub.yaml", &descriptor("pub", "ale").to_string())])?;
    stage.artifact("gitrepository", "modules", &changed, &format!("main@sha1:{:040x}", 2))?;
    stage.until_word("pub-front", "ale")?;
    stage.until("what left the source is gone", || {
        Ok(stage.missing("helmchartdescriptor", "bar") && stage.missing("configmap", "bar-front"))
    })?;
    stage.cluster.run(&["delete", "descriptorsource", "modules", "--namespace", HOME, "--timeout=30s"])?;
    stage.until("what the source brought is gone", || {
        Ok(stage.missing("helmchartdescriptor", "pub") && stage.missing("configmap", "pub-front"))
    })
}

fn delete(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    for name in ["shop", "cafe"] {
        stage.cluster.run(&["delete", "helmchartdescriptor", name, "--namespace", HOME, "--timeout=30s"])?;
        for kind in ["helmrelease", "externalartifact"] {
            ensure!(stage.missing(kind, name), "the {kind} {name} is still there");
        }
    }
    for map in ["shop-front", "cafe-front-tiny"] {
        stage.until("its objects are gone", || Ok(stage.missing("configmap", map)))?;
    }
    let folder = stage.controller.storage().join(HOME);
    ensure!(!folder.join("shop").exists() && !folder.join("cafe").exists(), "archives are left");
    Ok(())
}

fn gate_off(stage: &mut Stage<'_>) -> anyhow::Result<()> {
    stage.controller.kill()?;
    stage.cluster.again_without_gate()?;
    crate::cluster::kinds::define(stage.cluster)?;
    stage.prepare()?;
    stage.apply(&descriptor("shop", "one"))?;
    stage.until_ready("shop", "False", "AccessDenied")?;
    let object = stage.get("helmchartdescriptor", "shop")?;
    let message = condition(&object, "Ready").and_then(|c| c["message"].as_str()).unwrap_or_default();
    ensure!(message.contains("--feature-gates=ExternalArtifact=true"), "the message is {message:?}");
    Ok(())
}

impl Stage<'_> {
    /// The sum of the samples whose lines contain this.
    fn metric(&self, what: &str) -> anyhow::Result<f64> {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.controller.metrics))?;
        stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let samples = text.lines().filter(|line| line.contains(what));
        Ok(samples.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum())
    }
}
