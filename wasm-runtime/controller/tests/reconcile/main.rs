//! Reconciliations against an API server in memory.
#![allow(clippy::disallowed_methods, reason = "tests look at files")]

mod bench;
mod fake;

use std::collections::BTreeSet;

use chartwright_controller::settings::Settings;
use serde_json::json;

use bench::{ARTIFACT, Bench, DESCRIPTOR, RELEASE, SOURCE, TEMPLATE, descriptor};

fn bench() -> Bench {
    let bench = Bench::new(Settings { interval_jitter: 0, ..Settings::default() });
    bench.fake.put(descriptor());
    bench
}

#[tokio::test(flavor = "multi_thread")]
async fn a_descriptor_becomes_an_artifact_and_a_release() {
    let bench = bench();
    bench.reconcile().await.expect("reconciled");
    let artifact = bench.fake.get(ARTIFACT).expect("an artifact");
    let stored = &artifact["status"]["artifact"];
    let revision = stored["revision"].as_str().expect("a revision");
    assert_eq!(revision, format!("1.0.0@{}", stored["digest"].as_str().expect("a digest")));
    assert_eq!(stored["url"], format!("http://archives.test/{}", stored["path"].as_str().expect("a path")));
    assert_eq!(bench.files().len(), 1);
    let release = bench.fake.get(RELEASE).expect("a release");
    assert_eq!(release["spec"]["chartRef"], json!({"kind": "ExternalArtifact", "name": "web"}));
    assert_eq!(bench.ready(), ("Unknown".into(), "Progressing".into()));
    assert!(bench.condition("Reconciling").is_some());
    bench.installed();
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.ready(), ("True".into(), "Succeeded".into()));
    let status = bench.status();
    assert_eq!(status["observedGeneration"], 1);
    assert_eq!(status["inputs"]["objects"], json!(["source.toolkit.fluxcd.io/v1 GitRepository shop/charts"]));
    assert_eq!(status["inventory"]["entries"].as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_the_same_is_not_written() {
    let mut bench = bench();
    bench.install().await;
    bench.context.memory.mark(bench::key());
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.fake.take_writes(), Vec::<String>::new());
    bench.restart();
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.fake.take_writes(), Vec::<String>::new());
    // Not even where everything is made anew.
    bench.fake.patch(DESCRIPTOR, &json!({"metadata": {"annotations": {"reconcile.fluxcd.io/requestedAt": "now"}}}));
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.fake.take_writes(), [DESCRIPTOR]);
    assert_eq!(bench.status()["lastHandledReconcileAt"], "now");
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_descriptor_and_source_become_new_revisions() {
    let bench = bench();
    bench.install().await;
    let first = bench.revision();
    bench.fake.patch(DESCRIPTOR, &json!({"spec": {"components": [{"name": "front", "values": {"word": "two"}}]}}));
    bench.reconcile().await.expect("reconciled");
    let second = bench.revision();
    assert_ne!(first, second);
    assert_eq!(bench.ready(), ("Unknown".into(), "Progressing".into()), "the release has the chart before");
    bench.source(&format!("{TEMPLATE}  more: yes\n"));
    bench.reconcile().await.expect("reconciled");
    assert_ne!(bench.revision(), second);
    assert_eq!(bench.files().len(), 3, "someone may be fetching them");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_that_does_not_render_is_not_published() {
    let bench = bench();
    bench.install().await;
    let before = bench.revision();
    bench.source("{{ fail \"no\" }}");
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.ready(), ("False".into(), "BuildFailed".into()));
    assert!(bench.condition("Stalled").is_some());
    assert!(bench.message().contains("no"), "{}", bench.message());
    assert_eq!(bench.revision(), before);
    assert_eq!(bench.files().len(), 1);
    assert_eq!(bench.status()["artifact"]["revision"], before.as_str());
    bench.source(TEMPLATE);
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.ready(), ("True".into(), "Succeeded".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_templates_look_up_is_given_and_watched() {
    let bench = bench();
    bench.source(&format!(
        "{{{{ $facts := lookup \"v1\" \"ConfigMap\" \"platform\" \"facts\" }}}}\n\
         {{{{ if not $facts }}}}{{{{ fail \"no facts\" }}}}{{{{ end }}}}\n{TEMPLATE}"
    ));
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.ready(), ("False".into(), "BuildFailed".into()));
    let facts = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "facts", "namespace": "platform"},
        "data": {"domain": "example.org"}});
    bench.fake.put(facts);
    let id = chartwright_controller::inputs::InputId::parse("v1 ConfigMap platform/facts").expect("an id");
    assert_eq!(bench.context.memory.index().users(&id), BTreeSet::from([bench::key()]));
    bench.context.memory.mark(bench::key());
    bench.install().await;
    assert!(bench.status()["inputs"]["objects"].as_array().expect("inputs").contains(&id.to_string().into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_see_what_the_cluster_can_do() {
    let bench = bench();
    bench.source(&format!(
        "{{{{ if not (.Capabilities.APIVersions.Has \"v1/ConfigMap\") }}}}{{{{ fail \"no kind\" }}}}{{{{ end }}}}\n\
         {{{{ if ne .Capabilities.KubeVersion.Minor \"36\" }}}}{{{{ fail \"no version\" }}}}{{{{ end }}}}\n{TEMPLATE}"
    ));
    bench.install().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_not_ready_is_waited_for() {
    let bench = bench();
    bench.fake.set_status(SOURCE, json!({"observedGeneration": 1}));
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.ready(), ("False".into(), "SourceNotReady".into()));
    assert!(bench.condition("Reconciling").is_some(), "it is tried again");
    assert_eq!(bench.fake.get(ARTIFACT), None);
    bench.fake.delete(SOURCE);
    bench.context.memory.mark(bench::key());
    bench.reconcile().await.expect("reconciled");
    assert!(bench.message().contains("GitRepository/shop/charts does not exist"), "{}", bench.message());
    let source = json!({"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
        "metadata": {"name": "charts", "namespace": "shop"}, "spec": {}});
    bench.fake.put(source);
    bench.source(TEMPLATE);
    bench.lose_archives();
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.ready(), ("False".into(), "ArtifactFailed".into()), "404");
    bench.source(TEMPLATE);
    bench.install().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn suspended_is_left_as_it_is() {
    let bench = bench();
    bench.install().await;
    let before = bench.revision();
    bench.fake.patch(
        DESCRIPTOR,
        &json!({"spec": {"release": {"suspend": true},
        "components": [{"name": "front", "values": {"word": "two"}}]}}),
    );
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.ready(), ("True".into(), "Suspended".into()));
    assert_eq!(bench.fake.get(RELEASE).expect("a release")["spec"]["suspend"], true);
    assert_eq!(bench.revision(), before);
    bench.fake.patch(DESCRIPTOR, &json!({"spec": {"release": {"suspend": false}}}));
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.fake.get(RELEASE).expect("a release")["spec"].get("suspend"), None);
    assert_ne!(bench.revision(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_goes_before_its_descriptor() {
    let bench = bench();
    bench.install().await;
    bench.fake.patch(RELEASE, &json!({"metadata": {"finalizers": ["finalizers.fluxcd.io"]}}));
    bench.fake.delete(DESCRIPTOR);
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.ready(), ("Unknown".into(), "Deleting".into()));
    assert_eq!(bench.files().len(), 1);
    bench.fake.patch(RELEASE, &json!({"metadata": {"finalizers": []}}));
    bench.reconcile().await.expect("reconciled");
    for path in [DESCRIPTOR, RELEASE, ARTIFACT] {
        assert_eq!(bench.fake.get(path), None, "{path}");
    }
    assert!(bench.files().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gate_of_helm_controller_is_named() {
    let bench = bench();
    bench.reconcile().await.expect("reconciled");
    let message = "can't access 'ExternalArtifact/shop/web', ExternalArtifact feature gate is disabled";
    bench.fake.set_status(
        RELEASE,
        json!({"observedGeneration": 1, "conditions": [
            {"type": "Ready", "status": "False", "reason": "AccessDenied", "message": message},
            {"type": "Stalled", "status": "True", "reason": "AccessDenied", "message": message},
        ]}),
    );
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.ready(), ("False".into(), "AccessDenied".into()));
    assert!(bench.message().contains("--feature-gates=ExternalArtifact=true"), "{}", bench.message());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_archive_is_made_again_without_a_new_revision() {
    let mut bench = bench();
    bench.install().await;
    let before = bench.fake.get(ARTIFACT);
    std::fs::write(&bench.files()[0], b"damaged").expect("written");
    bench.restart();
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.fake.get(ARTIFACT), before);
    assert_ne!(std::fs::read(&bench.files()[0]).expect("read"), b"damaged");
    std::fs::remove_dir_all(bench.folder.path().join("externalartifact")).expect("removed");
    bench.context.memory.mark(bench::key());
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.files().len(), 1);
    assert_eq!(bench.fake.take_writes(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn other_namespaces_can_be_forbidden() {
    let bench = Bench::new(Settings { cross_namespace: false, ..Settings::default() });
    let mut other = descriptor();
    other["spec"]["template"]["sourceRef"]["namespace"] = "others".into();
    bench.fake.put(other);
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.ready(), ("False".into(), "AccessDenied".into()));
    assert!(bench.condition("Stalled").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_of_others_is_not_taken_over() {
    let bench = bench();
    let own = json!({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease",
        "metadata": {"name": "web", "namespace": "shop"}, "spec": {"interval": "1m"}});
    bench.fake.put(own.clone());
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.ready(), ("False".into(), "ApplyFailed".into()));
    assert_eq!(bench.fake.get(RELEASE).expect("a release")["spec"], own["spec"]);
    bench.fake.delete(DESCRIPTOR);
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.fake.get(DESCRIPTOR), None);
    assert!(bench.fake.get(RELEASE).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_a_policy_is_not_published() {
    let mut bench = bench();
    bench.restart_with(
        "apiVersion: chartwright.dev/v1alpha1\nkind: Policy\nmetadata: {name: house}\nspec:\n  rules:\n    - name: words\n      \
         match: {kinds: [ConfigMap]}\n      cel: object.data.word != 'one'\n      message: not this word\n",
    );
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.ready(), ("False".into(), "PolicyViolated".into()));
    assert!(bench.message().contains("not this word"), "{}", bench.message());
    assert_eq!(bench.fake.get(ARTIFACT), None);
    bench.fake.patch(DESCRIPTOR, &json!({"spec": {"components": [{"name": "front", "values": {"word": "two"}}]}}));
    bench.install().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn charts_of_helm_repositories_come_through_a_helm_chart() {
    let bench = bench();
    bench.fake.patch(
        DESCRIPTOR,
        &json!({"spec": {"template": {
        "chart": "tiny", "version": "1.x", "sourceRef": {"kind": "HelmRepository", "name": "public"}}}}),
    );
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.ready(), ("False".into(), "SourceNotReady".into()));
    let entries = bench.status()["inventory"]["entries"].clone();
    let id = entries[0]["id"].as_str().expect("an entry").to_owned();
    let name = id.strip_prefix("shop_").and_then(|rest| rest.split_once('_')).expect("a name").0;
    let chart = format!("/apis/source.toolkit.fluxcd.io/v1/namespaces/shop/helmcharts/{name}");
    assert_eq!(bench.fake.get(&chart).expect("a HelmChart")["spec"]["version"], "1.x");
    let archive = bench::targz(&[
        ("tiny/Chart.yaml", "apiVersion: v2\nname: tiny\nversion: 1.0.0\n"),
        ("tiny/templates/facts.yaml", TEMPLATE),
    ]);
    bench.artifact(&chart, archive);
    bench.install().await;
    // Another chart: the one before is removed.
    bench.fake.patch(DESCRIPTOR, &descriptor());
    bench.reconcile().await.expect("reconciled");
    assert_eq!(bench.fake.get(&chart), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn descriptors_of_a_source_come_and_go() {
    const MODULES: &str = "/apis/chartwright.dev/v1alpha1/namespaces/shop/descriptorsources/modules";
    const OTHER: &str = "/apis/chartwright.dev/v1alpha1/namespaces/shop/helmchartdescriptors/bar";
    let bench = bench();
    bench.fake.delete(DESCRIPTOR);
    bench.fake.put(json!({
        "apiVersion": "chartwright.dev/v1alpha1", "kind": "DescriptorSource",
        "metadata": {"name": "modules", "namespace": "shop"},
        "spec": {"sourceRef": {"kind": "GitRepository", "name": "charts"}, "path": "modules"},
    }));
    let mut bar = descriptor();
    bar["metadata"]["name"] = "bar".into();
    let (web, bar) = (descriptor().to_string(), bar.to_string());
    bench.artifact(SOURCE, bench::targz(&[("modules/web.yaml", &web), ("modules/bar.yaml", &bar)]));
    bench.reconcile_source(MODULES).await;
    let status = bench.fake.get(MODULES).expect("the source")["status"].clone();
    assert_eq!(status["conditions"][0]["reason"], "Succeeded", "{status:#}");
    assert!(bench.fake.get(DESCRIPTOR).is_some() && bench.fake.get(OTHER).is_some());
    bench.fake.take_writes();
    bench.reconcile_source(MODULES).await;
    assert_eq!(bench.fake.take_writes(), Vec::<String>::new());
    // A file that is broken removes nothing.
    bench.artifact(
        SOURCE,
        bench::targz(&[("modules/web.yaml", &web), ("modules/x.yaml", "kind: [HelmChartDescriptor")]),
    );
    bench.reconcile_source(MODULES).await;
    assert!(bench.fake.get(OTHER).is_some());
    bench.artifact(SOURCE, bench::targz(&[("modules/web.yaml", &web)]));
    bench.reconcile_source(MODULES).await;
    assert!(bench.fake.get(DESCRIPTOR).is_some() && bench.fake.get(OTHER).is_none());
    bench.fake.delete(MODULES);
    bench.reconcile_source(MODULES).await;
    assert!(bench.fake.get(DESCRIPTOR).is_none() && bench.fake.get(MODULES).is_none());
}

const STEPS: [&str; 8] = [
    "PATCH /apis/chartwright.dev/v1alpha1/namespaces/shop/helmchartdescriptors/web",
    "GET /apis/source.toolkit.fluxcd.io/v1/namespaces/shop/gitrepositories/charts",
    "GET /version",
    "PATCH /apis/source.toolkit.fluxcd.io/v1/namespaces/shop/externalartifacts/web",
    "PATCH /apis/source.toolkit.fluxcd.io/v1/namespaces/shop/externalartifacts/web/status",
    "GET /apis/helm.toolkit.fluxcd.io/v2/namespaces/shop/helmreleases/web",
    "PATCH /apis/helm.toolkit.fluxcd.io/v2/namespaces/shop/helmreleases/web",
    "PATCH /apis/chartwright.dev/v1alpha1/namespaces/shop/helmchartdescriptors/web/status",
];

/// Whatever fails, and whenever: the next attempt ends as the first one would have.
#[tokio::test(flavor = "multi_thread")]
async fn every_step_can_be_interrupted() {
    let changed = format!("{TEMPLATE}  more: yes\n");
    let (first, second) = {
        let bench = bench();
        bench.install().await;
        let first = bench.revision();
        bench.source(&changed);
        bench.install().await;
        (first, bench.revision())
    };
    for step in STEPS {
        for (status, restarts) in [(500, false), (500, true), (409, false)] {
            let mut bench = bench();
            for wanted in [&first, &second] {
                bench.fake.fail(step, status, 1);
                let _ = bench.reconcile().await;
                if restarts {
                    bench.restart();
                }
                // Nothing that is half done is seen: an artifact that is named is there.
                if let Some(artifact) = bench.fake.get(ARTIFACT)
                    && let Some(path) = artifact.pointer("/status/artifact/path").and_then(|path| path.as_str())
                {
                    assert!(bench.folder.path().join(path).is_file(), "{step}");
                }
                bench.fake.calm();
                bench.install().await;
                assert_eq!(bench.revision(), *wanted, "{step} {status} {restarts}");
                bench.source(&changed);
            }
        }
    }
}
