//! A folder over HTTP, for people who work on the page and for its tests. `chartwright serve` is the server for users.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::thread;

use anyhow::Context;
use clap::Args;

use crate::paths;

/// What may run in the page: its own scripts, and WebAssembly.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: https:; \
                      object-src 'none'; base-uri 'self'; frame-ancestors *";

/// Longer requests are none of a browser.
const MOST: u64 = 64 << 10;

/// What to serve.
#[derive(Args)]
pub(crate) struct Options {
    /// The folder; target/web/dist if none is given.
    folder: Option<PathBuf>,
    /// The port on 127.0.0.1; 0 for any that is free.
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

impl Options {
    /// The page, on any port that is free.
    pub(crate) fn any_port() -> Options {
        Options { folder: None, port: 0 }
    }
}

/// A server that is ready.
pub(crate) struct Server {
    folder: PathBuf,
    listener: TcpListener,
}

/// Serves until it is stopped.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let server = Server::new(options)?;
    println!("{}", server.address());
    server.run();
    Ok(())
}

impl Server {
    /// Listens.
    ///
    /// # Errors
    /// If the port is taken.
    pub(crate) fn new(options: &Options) -> anyhow::Result<Server> {
        let folder = options.folder.clone().unwrap_or_else(paths::dist);
        let listener = TcpListener::bind(("127.0.0.1", options.port))
            .with_context(|| format!("cannot listen on port {}", options.port))?;
        Ok(Server { folder, listener })
    }

    /// Where it is.
    pub(crate) fn address(&self) -> String {
        self.listener.local_addr().map(|address| format!("http://{address}/")).unwrap_or_default()
    }

    /// Answers, each connection on a thread of its own.
    pub(crate) fn run(&self) {
        for stream in self.listener.incoming().flatten() {
            let folder = self.folder.clone();
            // A browser that goes away in the middle of an answer is no error.
            thread::spawn(move || drop(answer(&stream, &folder)));
        }
    }
}

/// Answers the one request of a connection.
fn answer(stream: &TcpStream, folder: &std::path::Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(Read::take(stream, MOST)).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut zipped = false;
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        zipped |= line.strip_prefix("accept-encoding:").is_some_and(|codings| codings.contains("gzip"));
    }
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = target.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
    let outside = path.split('/').any(|name| name == ".." || name.contains('\\'));
    if !matches!(method, "GET" | "HEAD") || outside {
        return respond(stream, "400 Bad Request", "text/plain", "", b"");
    }
    let file = |path: &str| {
        let plain = folder.join(path);
        let packed = zipped.then(|| fs::read(folder.join(format!("{path}.gz"))).ok()).flatten();
        match packed {
            Some(content) => Some((content, "Content-Encoding: gzip\r\n")),
            None => fs::read(plain).ok().map(|content| (content, "")),
        }
    };
    // Addresses of the page itself have no ending: they all are the page.
    let page = path.rsplit('/').next().is_some_and(|name| !name.contains('.'));
    let found = if path.is_empty() || path.ends_with('/') { None } else { file(path) };
    let (found, kind) = match found {
        Some(found) => (Some(found), kind(path)),
        None if page => (file("index.html"), "text/html; charset=utf-8"),
        None => (None, ""),
    };
    match found {
        Some((content, coding)) => {
            let body: &[u8] = if method == "HEAD" { b"" } else { &content };
            respond(stream, "200 OK", kind, coding, body)
        }
        None => respond(stream, "404 Not Found", "text/plain", "", b"there is no such file\n"),
    }
}

fn respond(mut stream: &TcpStream, status: &str, kind: &str, more: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-cache\r\n\
         Content-Security-Policy: {POLICY}\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n{more}\r\n"
    )?;
    stream.write_all(body)?;
    stream.flush()
}

/// The type of a file by its ending.
fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" | "yaml" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
