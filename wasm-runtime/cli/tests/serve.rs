//! `chartwright serve`: how it starts, and how it ends.
#![cfg(all(feature = "serve", unix))]
#![allow(clippy::disallowed_methods, reason = "a test reads and writes files")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder with a page.
fn page() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("index.html"), "<title>The page</title>").expect("written");
    folder
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chartwright"));
    command.arg("serve").args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn fails(arguments: &[&str]) -> String {
    let Output { status, stderr, .. } = command(arguments).output().expect("it runs");
    assert_eq!(status.code(), Some(1), "{arguments:?}");
    String::from_utf8_lossy(&stderr).into_owned()
}

#[test]
fn it_serves_until_it_is_told_to_end() {
    let page = page();
    let folder = page.path().display().to_string();
    let mut child = command(&["--page", &folder, "--port", "0", "--no-open"]).spawn().expect("it starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut address = String::new();
    stdout.read_line(&mut address).expect("an address");
    let host = address.trim().trim_start_matches("http://").trim_end_matches('/');
    assert!(host.starts_with("127.0.0.1:"), "{address}");
    let mut stream = TcpStream::connect(host).expect("a connection");
    stream.write_all(format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("<title>The page</title>"), "{answer}");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("a signal");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    let mut stderr = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("text");
    assert_eq!(stderr, "no catalog is given (--catalog): drop charts on the page; Ctrl-C ends\n");
}

#[test]
fn what_is_missing_is_said_in_a_line() {
    let page = page();
    let folder = page.path().display().to_string();
    let without = page.path().join("none").display().to_string();
    let words = fails(&["--page", &without]).replace(&folder, "FOLDER");
    assert_eq!(
        words,
        "error: FOLDER/none has no index.html; `cargo xtask web build` writes the page to target/web/dist\n"
    );
    let broken = page.path().join("catalog.json");
    fs::write(&broken, "{").expect("written");
    let words = fails(&["--page", &folder, "--catalog", &broken.display().to_string()]).replace(&folder, "FOLDER");
    assert_eq!(
        words,
        "error: FOLDER/catalog.json: not a catalog: EOF while parsing an object at line 1 column 1; \
         `chartwright catalog build DIR -o OUT` makes a catalog\n"
    );
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let words = fails(&["--page", &folder, "--port", &port, "--no-open"]);
    assert!(words.starts_with(&format!("error: cannot listen on 127.0.0.1:{port}: ")), "{words}");
    if option_env!("CHARTWRIGHT_WEB_DIST").is_none() {
        let words = fails(&["--no-open"]);
        assert!(words.starts_with("error: this program was built without the page: run `make serve`"), "{words}");
    }
}

#[test]
fn the_api_is_there_with_a_store_and_not_without() {
    let (page, store) = (page(), tempfile::tempdir().expect("a folder"));
    let (page, store) =
        (page.path().to_string_lossy().into_owned(), store.path().join("store.db").to_string_lossy().into_owned());
    let common = ["--page", &page, "--port", "0", "--no-open"];
    for (more, status) in [(vec![], "404"), (vec!["--store", store.as_str()], "200")] {
        let arguments: Vec<&str> = common.iter().copied().chain(more).collect();
        let mut server = command(&arguments).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(server.stdout.take().expect("a pipe")).read_line(&mut line).expect("its address");
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(address).expect("a connection");
        let request = "GET /api/v1alpha1/descriptors HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert_eq!(answer.split(' ').nth(1), Some(status), "{answer}");
        server.kill().expect("it ends");
        server.wait().expect("it ended");
    }
    let open = fails(&["--page", &page, "--port", "0", "--no-open", "--addr", "0.0.0.0", "--store", &store]);
    assert!(open.contains("--token-file"), "{open}");
}

#[test]
fn a_store_is_filled_copied_and_written_as_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_chartwright")).arg("store").args(arguments).output();
        let Output { status, stderr, .. } = output.expect("it runs");
        (status.code(), String::from_utf8_lossy(&stderr).replace(&at(""), ""))
    };
    let modules = at("modules");
    fs::create_dir_all(folder.path().join("modules/shop")).expect("a folder");
    let text = "apiVersion: chartwright.dev/v1alpha1\nkind: HelmChartDescriptor\nmetadata: {name: web, namespace: shop}\n\
                spec:\n  module: {version: 1.0.0}\n  template: {chart: base, sourceRef: {kind: GitRepository, name: x}}\n\
                \x20 components:\n    - name: web\n";
    fs::write(folder.path().join("modules/shop/web.yaml"), text).expect("written");
    fs::write(folder.path().join("modules/notes.yaml"), "a: b\n").expect("written");
    let (store, copy) = (at("modules.db"), at("copy.db"));
    assert_eq!(
        run(&["import", &store, &modules]),
        (
            Some(0),
            "modules/notes.yaml: not a HelmChartDescriptor, left out\n\
             modules.db: 1 new or changed, 0 as before\n"
                .to_owned()
        )
    );
    assert_eq!(run(&["backup", &store, &copy]), (Some(0), "copy.db is a copy of modules.db\n".to_owned()));
    assert_eq!(run(&["backup", &store, &copy]), (Some(1), "error: copy.db: there is such a file already\n".to_owned()));
    let out = at("out");
    assert_eq!(run(&["export", &copy, &out]), (Some(0), "out: 1 written\n".to_owned()));
    assert_eq!(fs::read_to_string(folder.path().join("out/shop/web.yaml")).expect("read"), text);
    assert_eq!(run(&["export", &at("none.db"), &out]).0, Some(1));
    let page = page();
    let folder_as_store =
        fails(&["--page", &page.path().display().to_string(), "--no-open", "--port", "0", "--store", &modules]);
    assert!(folder_as_store.contains("chartwright store import"), "{folder_as_store}");
}
