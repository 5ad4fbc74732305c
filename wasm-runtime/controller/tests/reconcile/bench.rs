//! A controller on the fake API server, with archives of sources on a port of this machine.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use chartwright_controller::artifact::{Retention, Storage, digest};
use chartwright_controller::cluster::Cluster;
use chartwright_controller::events::Events;
use chartwright_controller::metrics::Metrics;
use chartwright_controller::publish::Served;
use chartwright_controller::reconcile::{self, Context, Error, Key, Parts};
use chartwright_controller::settings::Settings;
use chartwright_controller::sources::{ChartStore, Fetch, Limits};
use chartwright_host::native_engine;
use kube::runtime::controller::Action;
use policy::Policies;
use serde_json::{Value, json};

use crate::fake::Fake;

pub(crate) const DESCRIPTOR: &str = "/apis/chartwright.dev/v1alpha1/namespaces/shop/helmchartdescriptors/web";
pub(crate) const RELEASE: &str = "/apis/helm.toolkit.fluxcd.io/v2/namespaces/shop/helmreleases/web";
pub(crate) const ARTIFACT: &str = "/apis/source.toolkit.fluxcd.io/v1/namespaces/shop/externalartifacts/web";
pub(crate) const SOURCE: &str = "/apis/source.toolkit.fluxcd.io/v1/namespaces/shop/gitrepositories/charts";

/// A template that renders a ConfigMap.
pub(crate) const TEMPLATE: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-facts\n\
    data:\n  word: {{ .Values.word | quote }}\n";

/// What a test works with.
pub(crate) struct Bench {
    pub(crate) fake: Fake,
    pub(crate) context: Arc<Context>,
    pub(crate) folder: tempfile::TempDir,
    archives: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    port: u16,
    settings: Settings,
    policies: Option<String>,
}

impl Bench {
    /// A controller that has seen nothing, and a source with one chart.
    pub(crate) fn new(settings: Settings) -> Bench {
        let fake = Fake::default();
        let folder = tempfile::tempdir().expect("a folder");
        let archives: Arc<Mutex<BTreeMap<String, Vec<u8>>>> = Arc::default();
        let port = serve(Arc::clone(&archives));
        let context = context(&fake, folder.path(), settings.clone(), None);
        let bench = Bench { fake, context, folder, archives, port, settings, policies: None };
        bench.fake.put(json!({
            "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository",
            "metadata": {"name": "charts", "namespace": "shop"}, "spec": {},
        }));
        bench.source(TEMPLATE);
        bench
    }

    /// The same cluster and disk, and a controller that remembers nothing.
    pub(crate) fn restart(&mut self) {
        let policies = self.policies.as_deref();
        self.context = context(&self.fake, self.folder.path(), self.settings.clone(), policies);
    }

    /// The same with policies.
    pub(crate) fn restart_with(&mut self, policies: &str) {
        self.policies = Some(policies.to_owned());
        self.restart();
    }

    /// The source has a chart with this template now.
    pub(crate) fn source(&self, template: &str) {
        let chart = "apiVersion: v2\nname: tiny\nversion: 1.0.0\n";
        let archive = targz(&[
            ("charts/tiny/Chart.yaml", chart),
            ("charts/tiny/values.yaml", "word: none\n"),
            ("charts/tiny/templates/facts.yaml", template),
        ]);
        self.artifact(SOURCE, archive);
    }

    /// A source has this archive now.
    pub(crate) fn artifact(&self, source: &str, archive: Vec<u8>) {
        let digest = digest(&archive);
        let name = format!("/{}.tar.gz", digest.trim_start_matches("sha256:"));
        let revision = format!("main@sha1:{}", digest.get(7..47).expect("hex"));
        self.archives.lock().expect("archives").insert(name.clone(), archive);
        let generation = self.fake.get(source).expect("the source")["metadata"]["generation"].clone();
        self.fake.set_status(
            source,
            json!({
                "observedGeneration": generation,
                "artifact": {"url": format!("http://127.0.0.1:{}{name}", self.port), "revision": revision,
                    "digest": digest, "path": name, "lastUpdateTime": "2026-01-01T00:00:00Z"},
            }),
        );
        self.context.memory.mark(key());
    }

    /// The archives of sources are no longer there.
    pub(crate) fn lose_archives(&self) {
        self.archives.lock().expect("archives").clear();
    }

    pub(crate) async fn reconcile(&self) -> Result<Action, Error> {
        reconcile::descriptor(Arc::new(self.fake.object(DESCRIPTOR)), Arc::clone(&self.context)).await
    }

    pub(crate) async fn reconcile_source(&self, path: &str) {
        let object = Arc::new(self.fake.object(path));
        reconcile::source(object, Arc::clone(&self.context)).await.expect("reconciled");
    }

    /// Reconciles, lets helm-controller install what there is, and reconciles again.
    pub(crate) async fn install(&self) {
        self.reconcile().await.expect("reconciled");
        self.installed();
        self.reconcile().await.expect("reconciled");
        assert_eq!(self.ready(), ("True".into(), "Succeeded".into()), "{:#}", self.status());
        self.fake.take_writes();
    }

    /// helm-controller has installed what there is.
    pub(crate) fn installed(&self) {
        let revision = self.fake.get(ARTIFACT).expect("an artifact")["status"]["artifact"]["digest"].clone();
        let generation = self.fake.get(RELEASE).expect("a release")["metadata"]["generation"].clone();
        self.fake.set_status(RELEASE, json!({
            "observedGeneration": generation,
            "lastAttemptedRevision": "1.0.0", "lastAttemptedRevisionDigest": revision,
            "conditions": [{"type": "Ready", "status": "True", "reason": "InstallSucceeded", "message": "installed"}],
        }));
    }

    pub(crate) fn status(&self) -> Value {
        self.fake.get(DESCRIPTOR).expect("a descriptor")["status"].clone()
    }

    /// Status and reason of `Ready`.
    pub(crate) fn ready(&self) -> (String, String) {
        let ready = self.condition("Ready").expect("Ready");
        let text = |key: &str| ready[key].as_str().unwrap_or_default().to_owned();
        (text("status"), text("reason"))
    }

    pub(crate) fn message(&self) -> String {
        self.condition("Ready").expect("Ready")["message"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn condition(&self, kind: &str) -> Option<Value> {
        let conditions = self.status()["conditions"].as_array().cloned().unwrap_or_default();
        conditions.into_iter().find(|condition| condition["type"] == kind)
    }

    pub(crate) fn revision(&self) -> String {
        let artifact = self.fake.get(ARTIFACT).expect("an artifact");
        artifact["status"]["artifact"]["revision"].as_str().unwrap_or_default().to_owned()
    }

    /// The files of published archives.
    pub(crate) fn files(&self) -> Vec<std::path::PathBuf> {
        let folder = self.folder.path().join("externalartifact/shop/web");
        let list = std::fs::read_dir(folder).map(|list| list.map(|e| e.expect("an entry").path()).collect());
        list.unwrap_or_default()
    }
}

pub(crate) fn key() -> Key {
    Key { namespace: "shop".into(), name: "web".into() }
}

/// A descriptor of one chart with one component.
pub(crate) fn descriptor() -> Value {
    json!({
        "apiVersion": "chartwright.dev/v1alpha1", "kind": "HelmChartDescriptor",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {
            "module": {"version": "1.0.0"},
            "layout": "umbrella",
            "template": {"chart": "tiny", "sourceRef": {"kind": "GitRepository", "name": "charts"}},
            "components": [{"name": "front", "values": {"word": "one"}}],
        },
    })
}

fn context(fake: &Fake, folder: &std::path::Path, settings: Settings, policies: Option<&str>) -> Arc<Context> {
    let cluster = Arc::new(Cluster::new(fake.client(), None));
    let storage = Storage::open(folder).expect("a storage");
    let limits = Limits { attempts: 1, ..Limits::default() };
    let parts = Parts {
        publisher: Arc::new(Served::new(Arc::clone(&cluster), storage, "archives.test", Retention::default())),
        cluster,
        engine: (Arc::new(native_engine()), "native".into()),
        policies: policies.map(|text| {
            let read = Policies::read("policies.yaml", text).expect("policies");
            (Arc::new(read), digest(text.as_bytes()))
        }),
        store: Arc::new(ChartStore::new(Fetch::new(limits)).expect("a store")),
        events: Events::none(),
        metrics: Arc::new(Metrics::default()),
    };
    Arc::new(Context::new(parts, settings))
}

pub(crate) fn targz(files: &[(&str, &str)]) -> Vec<u8> {
    let encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let mut builder = tar::Builder::new(encoder);
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o600);
        builder.append_data(&mut header, name, text.as_bytes()).expect("appended");
    }
    builder.into_inner().and_then(flate2::write::GzEncoder::finish).expect("an archive")
}

/// Serves archives until the test ends.
fn serve(archives: Arc<Mutex<BTreeMap<String, Vec<u8>>>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).unwrap_or_default();
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default();
            let body = archives.lock().expect("archives").get(path).cloned();
            let status = if body.is_some() { "200 OK" } else { "404 Not Found" };
            let body = body.unwrap_or_default();
            let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(&body);
        }
    });
    port
}
