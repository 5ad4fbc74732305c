//! A server on loopback, a page and a catalog for it, and a client that sends what it is told.
#![allow(dead_code, reason = "each test needs a part of it")]
#![allow(clippy::disallowed_methods, reason = "a test writes files")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;

use chartwright_server::{CatalogFiles, Limits, Listen, Options, Page, Port, Server};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// The script of the page, under a name with a hash.
pub(crate) const SCRIPT: &str = "/assets/app-0123456789abcdef.js";
/// A chart of the catalog.
pub(crate) const CHART: &str = "/catalog/charts/sha256-00112233445566778899aabbccddeeff.tgz";

const CATALOG: &str = r#"{"apiVersion": "chartwright.dev/catalog/v1alpha1", "name": "Test", "modules": [
    {"id": "shop", "title": "Shop", "icon": "icons/shop.svg",
     "versions": [{"version": "1.0.0", "url": "charts/sha256-00112233445566778899aabbccddeeff.tgz"}]},
    {"id": "evil", "title": "Evil", "icon": "../secret.txt",
     "versions": [{"version": "1.0.0", "url": "https://example.org/x.tgz"}, {"version": "0.9.0", "url": "link.txt"},
                  {"version": "0.8.0", "url": "/etc/passwd"}]}
]}"#;

/// Folders for a server.
pub(crate) struct Folders {
    root: TempDir,
}

impl Folders {
    pub(crate) fn new() -> Folders {
        let root = tempfile::tempdir().expect("a folder");
        let folders = Folders { root };
        folders.write("secret.txt", "secret");
        folders.write("page/index.html", "<!doctype html><title>Chartwright</title>");
        folders.write("page/index.html.gz", "gzipped index");
        folders.write("page/sw.js", "self.x = 1");
        folders.write("page/manifest.webmanifest", "{}");
        folders.write("page/.hidden", "hidden");
        folders.write(&format!("page{SCRIPT}"), "script");
        folders.write(&format!("page{SCRIPT}.gz"), "gzipped script");
        folders.write(&format!("page{SCRIPT}.br"), "brotli script");
        folders.write("page/engine-0123456789abcdef_bg.wasm", "\0asm");
        folders.write("catalog/catalog.json", CATALOG);
        folders.write("catalog/charts/sha256-00112233445566778899aabbccddeeff.tgz", "archive");
        folders.write("catalog/icons/shop.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
        folders.write("catalog/notes.txt", "not in the catalog");
        #[cfg(unix)]
        std::os::unix::fs::symlink(folders.path("secret.txt"), folders.path("catalog/link.txt")).expect("a link");
        #[cfg(unix)]
        std::os::unix::fs::symlink(folders.path("secret.txt"), folders.path("page/link.txt")).expect("a link");
        folders
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a folder");
        fs::write(path, text).expect("written");
    }

    pub(crate) fn options(&self) -> Options {
        let page = Page::folder(&self.path("page")).expect("a page");
        let catalog = CatalogFiles::open(&self.path("catalog")).expect("a catalog");
        Options { catalog: Some(catalog), ..Options::of(page) }
    }
}

/// A server that runs until it is dropped.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(crate) fn start(options: Options) -> Running {
        Running::with_limits(options, Limits::default())
    }

    pub(crate) fn with_limits(options: Options, limits: Limits) -> Running {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listen = Listen { port: Port::Exactly(0), ..Listen::default() };
        let server = runtime.block_on(Server::bind(listen, options)).expect("a port");
        let server = server.with_limits(limits);
        let address = server.address();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            runtime.block_on(server.run(async {
                let _ = stopped.await;
            }));
        });
        Running { address, stop: Some(stop), thread: Some(thread) }
    }

    /// A connection.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        stream
    }

    /// Sends a text as it is, and reads what comes until the server closes.
    pub(crate) fn send(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        // The server may answer and close before it has read everything.
        let _ = stream.write_all(request.as_bytes());
        let mut data = Vec::new();
        let _ = stream.read_to_end(&mut data);
        Answer::read(&data)
    }

    /// Asks for a path, with further headers.
    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask("GET", path, headers)
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request.push_str("Host: localhost:8080\r\n");
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        self.send(&format!("{request}\r\n"))
    }

    /// Stops it, and waits until it has ended.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().expect("it ends");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
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
}
