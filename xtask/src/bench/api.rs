//! The management API on a store of 10,000 modules: requests a second, and how long each takes.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::{paths, run};

/// How many modules are in the store.
const MODULES: usize = 10_000;
/// How many namespaces they are in.
const NAMESPACES: usize = 100;
/// How many clients ask at a time.
const CLIENTS: usize = 4;
/// How long each kind of request is sent.
const LONG: Duration = Duration::from_secs(5);

/// A server that ends with this.
struct Server {
    process: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Prints a row for each kind of request.
pub(super) fn print(program: &Path) -> anyhow::Result<()> {
    let folder = paths::target().join("bench/api");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    write_modules(&folder)?;
    let started = Instant::now();
    let mut import = Command::new(program);
    run::check(import.args(["store", "import"]).arg(folder.join("store.db")).arg(folder.join("modules")))?;
    println!("\nAPI: {MODULES} modules are imported in {:.1?}", started.elapsed());
    let started = Instant::now();
    let server = start(program, &folder)?;
    println!("{CLIENTS} clients; the server is ready after {:.1?}", started.elapsed());
    println!("{:<28} {:>10} {:>10} {:>10} {:>10}", "request", "a second", "median", "99 %", "longest");
    let base = "/api/v1alpha1";
    let one = |at: usize| format!("{base}/namespaces/ns{}/descriptors/module{at}", at % NAMESPACES);
    row(&server, "list, 100 of all", &|at| get(&format!("{base}/descriptors?limit=100{}", after(at))))?;
    row(&server, "list, a namespace", &|at| get(&format!("{base}/descriptors?namespace=ns{}", at % NAMESPACES)))?;
    row(&server, "list, by a label", &|at| get(&format!("{base}/descriptors?labels=team%3Dt{}", at % 10)))?;
    row(&server, "read", &|at| get(&one(at % MODULES)))?;
    row(&server, "preview, one component", &|at| post(&format!("{}/preview", one(at % MODULES)), "{}"))?;
    row(&server, "replace", &|at| {
        let text = descriptor(at % MODULES, &format!("1.{}.0", at / MODULES + 1));
        put(&one(at % MODULES), &format!("{{\"text\":{}}}", serde_json::Value::from(text)))
    })?;
    let peak = fs::read_to_string(format!("/proc/{}/status", server.process.id())).unwrap_or_default();
    if let Some(line) = peak.lines().find(|line| line.starts_with("VmHWM")) {
        println!("peak memory of the server: {}", line.trim_start_matches("VmHWM:").trim());
    }
    Ok(())
}

/// Where a page of the list begins.
fn after(at: usize) -> String {
    match at % 10 {
        0 => String::new(),
        page => format!("&continue=ns{}/module{}", page * 10, page * 10),
    }
}

fn descriptor(at: usize, version: &str) -> String {
    format!(
        "apiVersion: chartwright.dev/v1alpha1\nkind: HelmChartDescriptor\n\
         metadata:\n  name: module{at}\n  namespace: ns{}\n  labels: {{team: t{}}}\n\
         spec:\n  module:\n    version: {version}\n    description: Module {at} of the benchmark\n\
         \x20 template: {{chart: modulebase, sourceRef: {{kind: GitRepository, name: basecharts}}}}\n\
         \x20 components:\n    - name: web\n      values:\n        app: {{port: 8080}}\n\
         \x20       image: {{name: web, tag: {version}}}\n",
        at % NAMESPACES,
        at % 10
    )
}

fn write_modules(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder.join("page"))?;
    fs::write(folder.join("page/index.html"), "<title>Benchmark</title>")?;
    for at in 0..MODULES {
        let namespace = folder.join(format!("modules/ns{}", at % NAMESPACES));
        fs::create_dir_all(&namespace)?;
        fs::write(namespace.join(format!("module{at}.yaml")), descriptor(at, "1.0.0"))?;
    }
    Ok(())
}

fn start(program: &Path, folder: &Path) -> anyhow::Result<Server> {
    let mut command = Command::new(program);
    let charts: PathBuf = paths::root().join("templates/charts");
    command.args(["serve", "--no-open", "--port", "0", "--no-lock", "--page"]).arg(folder.join("page"));
    command.arg("--store").arg(folder.join("store.db")).args(["--source", &format!("basecharts={}", charts.display())]);
    command.arg("--platform").arg(paths::root().join("templates/examples/platform.yaml"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().with_context(|| run::line(&command))?;
    let output = process.stdout.take().context("its output is a pipe")?;
    let mut server = Server { process, address: String::new() };
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let address = line.trim().trim_start_matches("http://").trim_end_matches('/');
    if address.is_empty() {
        bail!("{} did not start", run::line(&command));
    }
    server.address = address.to_owned();
    Ok(server)
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

fn post(path: &str, body: &str) -> String {
    with_body("POST", path, "", body)
}

fn put(path: &str, body: &str) -> String {
    with_body("PUT", path, "If-Match: *\r\n", body)
}

fn with_body(method: &str, path: &str, headers: &str, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Sends requests for a while from all clients; `request` has the number of a request.
fn row(server: &Server, name: &str, request: &(dyn Fn(usize) -> String + Sync)) -> anyhow::Result<()> {
    let started = Instant::now();
    let mut times = thread::scope(|scope| {
        let clients: Vec<_> =
            (0..CLIENTS).map(|client| scope.spawn(move || ask(&server.address, client, request, started))).collect();
        let mut all = Vec::new();
        for client in clients {
            match client.join() {
                Ok(times) => all.extend(times?),
                Err(_) => bail!("a client panicked"),
            }
        }
        Ok(all)
    })?;
    let took = started.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: f64| times.get(((times.len() - 1) as f64 * share) as usize).copied().unwrap_or_default();
    println!(
        "{name:<28} {:>10.0} {:>10.2?} {:>10.2?} {:>10.2?}",
        times.len() as f64 / took,
        at(0.5),
        at(0.99),
        at(1.0)
    );
    Ok(())
}

fn ask(
    address: &str,
    client: usize,
    request: &(dyn Fn(usize) -> String + Sync),
    started: Instant,
) -> anyhow::Result<Vec<Duration>> {
    let mut stream = BufReader::new(TcpStream::connect(address)?);
    stream.get_ref().set_nodelay(true)?;
    let (mut times, mut body, mut line) = (Vec::new(), Vec::new(), String::new());
    for round in 0.. {
        if started.elapsed() > LONG {
            break;
        }
        let text = request(round * CLIENTS + client);
        let sent = Instant::now();
        stream.get_mut().write_all(text.as_bytes())?;
        let (mut length, mut status) = (0, String::new());
        loop {
            line.clear();
            stream.read_line(&mut line)?;
            let head = line.trim_end();
            if head.is_empty() {
                break;
            }
            match head.split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse()?,
                Some(_) => {}
                None => head.clone_into(&mut status),
            }
        }
        body.resize(length, 0);
        stream.read_exact(&mut body)?;
        times.push(sent.elapsed());
        if !status.contains(" 200 ") {
            bail!("{status}: {}", String::from_utf8_lossy(&body));
        }
    }
    Ok(times)
}
