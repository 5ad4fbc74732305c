//! A server on loopback that answers as it is told, and charts to serve.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use chartwright_sources::{Options, Patience, Sources};
use flux::{ChartSource, ChartWanted};
use helm::chart::{File, pack};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// The media types of a chart, its configuration and its manifest.
pub(crate) const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
pub(crate) const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// What came to the server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
    /// Whether it came with a certificate.
    pub(crate) certified: bool,
}

impl Seen {
    pub(crate) fn authorization(&self) -> Option<&str> {
        self.headers.get("authorization").map(String::as_str)
    }
}

/// What the server answers.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// `Content-Length`, where it is a lie.
    length: Option<usize>,
    /// Whether nothing comes at all.
    silent: bool,
}

impl Reply {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Reply {
        Reply { status: 200, headers: Vec::new(), body: body.into(), length: None, silent: false }
    }

    pub(crate) fn status(status: u16) -> Reply {
        Reply { status, ..Reply::ok("") }
    }

    pub(crate) fn silent() -> Reply {
        Reply { silent: true, ..Reply::ok("") }
    }

    pub(crate) fn redirect(to: &str) -> Reply {
        Reply::moved(302, to)
    }

    pub(crate) fn moved(status: u16, to: &str) -> Reply {
        Reply::status(status).header("Location", to)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn lying(mut self, length: usize) -> Reply {
        self.length = Some(length);
        self
    }
}

/// A server that runs until it is dropped.
pub(crate) struct Server {
    ip: &'static str,
    scheme: &'static str,
    port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Server {
        Server::start_with(None, answer)
    }

    pub(crate) fn start_with(
        tls: Option<Arc<ServerConfig>>,
        answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Server {
        Server::start_at("127.0.0.1", tls, answer)
    }

    /// With TLS, if there is a configuration for it.
    pub(crate) fn start_at(
        ip: &'static str,
        tls: Option<Arc<ServerConfig>>,
        answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind((ip, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let (seen, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (seen_there, stop_there, answer) = (Arc::clone(&seen), Arc::clone(&stop), Arc::new(answer));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stop_there.load(Ordering::SeqCst) {
                    return;
                }
                let (seen, answer, tls) = (Arc::clone(&seen_there), Arc::clone(&answer), tls.clone());
                std::thread::spawn(move || {
                    let stream = stream.expect("a connection");
                    // Whoever breaks off has a reason that its own side knows.
                    let _ = match tls {
                        None => serve(stream, &seen, &*answer, |_| false),
                        Some(tls) => {
                            let connection = ServerConnection::new(tls).expect("a connection");
                            serve(StreamOwned::new(connection, stream), &seen, &*answer, |s| {
                                s.conn.peer_certificates().is_some()
                            })
                        }
                    };
                });
            }
        });
        Server { ip, scheme, port, seen, stop, thread: Some(thread) }
    }

    /// Answers some paths; all others are not found.
    pub(crate) fn files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Server {
        let files: BTreeMap<String, Vec<u8>> = files.into_iter().collect();
        Server::start(move |seen| files.get(&seen.path).map_or(Reply::status(404), |f| Reply::ok(f.clone())))
    }

    pub(crate) fn address(&self) -> String {
        format!("{}:{}", self.ip, self.port)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address())
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("a list").clone()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.seen().into_iter().map(|s| s.path).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect((self.ip, self.port));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn serve<S: Read + Write>(
    stream: S,
    seen: &Mutex<Vec<Seen>>,
    answer: &dyn Fn(&Seen) -> Reply,
    certified: impl Fn(&S) -> bool,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut parts = line.split_whitespace().map(str::to_owned);
    let mut request =
        Seen { method: parts.next().unwrap_or_default(), path: parts.next().unwrap_or_default(), ..Seen::default() };
    if request.method.is_empty() {
        return Ok(());
    }
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        request.headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = request.headers.get("content-length").and_then(|l| l.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    request.certified = certified(reader.get_ref());
    request.body = String::from_utf8_lossy(&body).into_owned();
    seen.lock().expect("a list").push(request.clone());
    let reply = answer(&request);
    if reply.silent {
        // Until the other side has had enough.
        let _ = reader.read(&mut [0; 1]);
        return Ok(());
    }
    let length = reply.length.unwrap_or(reply.body.len());
    let mut text = format!("HTTP/1.1 {} X\r\nContent-Length: {length}\r\nConnection: close\r\n", reply.status);
    for (name, value) in &reply.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    let stream = reader.get_mut();
    stream.write_all(text.as_bytes())?;
    stream.write_all(b"\r\n")?;
    stream.write_all(&reply.body)?;
    stream.flush()
}

/// The archive of a chart with one ConfigMap.
pub(crate) fn chart(name: &str, version: &str) -> Vec<u8> {
    pack(name, &chart_files(name, version))
}

pub(crate) fn chart_files(name: &str, version: &str) -> Vec<File> {
    let file = |name: &str, text: String| File { name: name.into(), data: text.into_bytes().into() };
    vec![
        file("Chart.yaml", format!("apiVersion: v2\nname: {name}\nversion: {version}\n")),
        file("templates/map.yaml", format!("kind: ConfigMap\nmetadata: {{name: {name}-{version}}}\n")),
    ]
}

pub(crate) fn digest(data: &[u8]) -> String {
    let hex: String = Sha256::digest(data).iter().map(|b| format!("{b:02x}")).collect();
    format!("sha256:{hex}")
}

/// A chart repository's index.
pub(crate) fn index(entries: &[(&str, &str, &str, Option<String>)]) -> Vec<u8> {
    let mut text = "apiVersion: v1\nentries:\n".to_owned();
    let mut last = "";
    for (name, version, url, digest) in entries {
        if *name != last {
            text.push_str(&format!("  {name}:\n"));
            last = name;
        }
        text.push_str(&format!("  - name: {name}\n    version: {version}\n    urls: [{url:?}]\n"));
        if let Some(digest) = digest {
            text.push_str(&format!("    digest: {}\n", digest.trim_start_matches("sha256:")));
        }
    }
    text.into_bytes()
}

/// What is wanted of a source of that kind called `charts` in the namespace `ds2`.
pub(crate) fn wanted(kind: &str, chart: &str, version: &str) -> ChartWanted {
    ChartWanted {
        source: ChartSource { kind: kind.into(), namespace: "ds2".into(), name: "charts".into() },
        chart: chart.into(),
        version: version.into(),
        values_files: Vec::new(),
    }
}

/// Quick to give up, with a cache of its own.
pub(crate) fn options(folder: &TempDir) -> Options {
    Options {
        cache: Some(folder.path().join("cache")),
        patience: Patience {
            attempts: 3,
            pause: Duration::ZERO,
            idle: Duration::from_secs(20),
            total: Duration::from_secs(60),
        },
        ..Options::default()
    }
}

/// The source `charts` at a place.
pub(crate) fn sources(options: Options, place: &str) -> Sources {
    let sources = Sources::new(options).expect("options");
    sources.add(&format!("charts={place}")).expect("a source");
    sources
}

pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// What the registry has, by path.
pub(crate) fn contents(name: &str, versions: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for version in versions {
        let data = chart(name.rsplit('/').next().expect("a name"), version);
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": {"mediaType": CONFIG, "digest": digest(b"{}"), "size": 2},
            "layers": [{"mediaType": CHART, "digest": digest(&data), "size": data.len()}],
        });
        let manifest = serde_json::to_vec(&manifest).expect("JSON");
        files.insert(format!("/v2/{name}/blobs/{}", digest(&data)), data);
        files.insert(format!("/v2/{name}/manifests/{}", digest(&manifest)), manifest.clone());
        files.insert(format!("/v2/{name}/manifests/{}", version.replace('+', "_")), manifest);
    }
    files
}
