//! A server with the API on loopback, and a client that compares every answer with the OpenAPI document.
#![allow(dead_code, reason = "each test needs a part of it")]
#![allow(clippy::disallowed_methods, reason = "a test writes files")]

mod document;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use chartwright_api::{Access, Backend, Caller, Rate};
use chartwright_local::{CatalogCharts, LocalBackend, Pool, SourceHosts, Store};
use chartwright_server::{Listen, Options, Page, Port, Server};
use chartwright_sources::Sources;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;

pub(crate) use document::Document;

/// A descriptor whose base chart [`local`] has.
pub(crate) fn text(name: &str, version: &str) -> String {
    format!(
        "apiVersion: chartwright.dev/v1alpha1\nkind: HelmChartDescriptor\n\
         metadata: {{name: {name}, namespace: shop, labels: {{team: {name}}}}}\n\
         spec:\n  module: {{version: {version}}}\n\
         \x20 template: {{chart: base, sourceRef: {{kind: GitRepository, name: charts}}}}\n\
         \x20 components:\n    - name: web\n      values: {{greeting: \"{version}\"}}\n"
    )
}

/// The path of a descriptor.
pub(crate) fn path(name: &str) -> String {
    format!("/api/v1alpha1/namespaces/shop/descriptors/{name}")
}

/// A body with a descriptor.
pub(crate) fn body(name: &str, version: &str) -> Value {
    json!({"text": text(name, version)})
}

/// Who may ask, and how often.
pub(crate) struct Rules {
    pub(crate) access: Access,
    pub(crate) rate: Rate,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { access: Access::Loopback(Caller::default()), rate: Rate::LOCAL }
    }
}

/// A server that runs until it is dropped.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    document: Document,
    /// The statuses that were seen, by operation.
    pub(crate) seen: Mutex<BTreeSet<(String, u16)>>,
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// A folder with a page, a base chart, and an empty store.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a folder");
        fs::write(path, text).expect("written");
    };
    write("page/index.html", "<title>The page</title>");
    write("charts/base/Chart.yaml", "{apiVersion: v2, name: base, version: 1.0.0}");
    write("charts/base/values.yaml", "greeting: hello\n");
    write(
        "charts/base/templates/map.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: greeting}\ndata:\n  text: {{ .Values.greeting | quote }}\n\
         {{- if eq .Values.greeting \"fail\" }}{{ fail \"it fails\" }}{{ end }}\n\
         {{- if eq .Values.greeting \"slow\" }}{{ range until 20000 }}{{ range until 20000 }}{{ end }}{{ end }}{{ end }}\n",
    );
    folder
}

/// A backend as `chartwright serve --store` has it.
pub(crate) fn local(folder: &Path) -> LocalBackend {
    LocalBackend::new(options(folder)).expect("threads")
}

/// What [`local`] is made of.
pub(crate) fn options(folder: &Path) -> chartwright_local::Options {
    let sources = Sources::new(chartwright_sources::Options::default()).expect("sources");
    sources.add(&format!("charts={}", folder.join("charts").display())).expect("a source");
    chartwright_local::Options {
        store: Store::open(&folder.join("store.db")).expect("a store"),
        sources,
        source_options: chartwright_sources::Options::default(),
        source_hosts: SourceHosts::Any,
        source_names: vec!["charts".to_owned()],
        hidden: Vec::new(),
        catalog: CatalogCharts::default(),
        policies: None,
        platform: None,
        releases: None,
        pool: Pool::new(2, 8).expect("threads"),
        time: Duration::from_secs(2),
    }
}

impl Running {
    pub(crate) fn start() -> Running {
        Running::with(Rules::default(), |folder| Arc::new(local(folder)))
    }

    pub(crate) fn with(rules: Rules, backend: impl FnOnce(&Path) -> Arc<dyn Backend>) -> Running {
        let folder = folder();
        let backend = backend(folder.path());
        let Rules { access, rate } = rules;
        let patience = Duration::from_millis(500);
        let api = chartwright_api::router(chartwright_api::Options { backend, access, rate, patience });
        let page = Page::folder(&folder.path().join("page")).expect("a page");
        let options = Options { api: Some(api), ..Options::of(page) };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listen = Listen { port: Port::Exactly(0), ..Listen::default() };
        let server = runtime.block_on(Server::bind(listen, options)).expect("a port");
        let address = server.address();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            runtime.block_on(server.run(async {
                let _ = stopped.await;
            }));
        });
        let (stop, thread) = (Some(stop), Some(thread));
        Running { address, document: Document::new(), seen: Mutex::default(), folder, stop, thread }
    }

    /// The store.
    pub(crate) fn store(&self) -> PathBuf {
        self.folder.path().join("store.db")
    }

    /// A connection.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream
    }

    /// Sends bytes as they are, and reads what comes until the server closes.
    pub(crate) fn send(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        // The server may answer and close before it has read everything.
        let _ = stream.write_all(request);
        let mut data = Vec::new();
        let _ = stream.read_to_end(&mut data);
        Answer::read(&data)
    }

    /// Asks, and compares the answer with the document.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n").into_bytes();
        let mut add = |name: &str, value: &str| request.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        let has = |wanted: &str| headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
        if !has("Host") {
            add("Host", &format!("localhost:{}", self.address.port()));
        }
        if let Some(body) = body {
            if !has("Content-Type") {
                add("Content-Type", "application/json");
            }
            if !has("Content-Length") {
                add("Content-Length", &body.len().to_string());
            }
        }
        headers.iter().for_each(|(name, value)| add(name, value));
        request.extend_from_slice(b"\r\n");
        request.extend_from_slice(body.unwrap_or_default());
        let answer = self.send(&request);
        if let Some(operation) = self.document.compare(method, path, &answer) {
            self.seen.lock().expect("nobody panicked").insert((operation, answer.status));
        }
        answer
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, &[], Some(body.to_string().as_bytes()))
    }

    pub(crate) fn put(&self, path: &str, tag: &str, body: &Value) -> Answer {
        self.ask("PUT", path, &[("If-Match", tag)], Some(body.to_string().as_bytes()))
    }

    /// Stores a descriptor; its tag.
    pub(crate) fn create(&self, name: &str, version: &str) -> String {
        let answer = self.post("/api/v1alpha1/descriptors", &body(name, version));
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.header("etag").to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().expect("it ends");
        }
    }
}

/// What came back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Answer {
    fn read(data: &[u8]) -> Answer {
        let text = String::from_utf8_lossy(data);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or_default();
        let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Answer { status, headers: lines.filter_map(header).collect(), body: body.to_owned() }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The body of an answer that came in chunks.
    pub(crate) fn unchunked(&self) -> String {
        let (mut rest, mut whole) = (self.body.as_str(), String::new());
        while let Some((length, after)) = rest.split_once("\r\n") {
            let length = usize::from_str_radix(length, 16).unwrap_or_default();
            let Some(part) = after.get(..length).filter(|part| !part.is_empty()) else { break };
            whole.push_str(part);
            rest = after.get(length + 2..).unwrap_or_default();
        }
        whole
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The code of a problem document.
    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// The names and data of events.
pub(crate) fn events(body: &str) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for block in body.split("\n\n") {
        let of = |field: &str| block.lines().find_map(|line| line.strip_prefix(field)).map(str::to_owned);
        if let (Some(name), Some(data)) = (of("event: "), of("data: ")) {
            found.push((name, serde_json::from_str(&data).expect("JSON")));
        }
    }
    found
}
