//! What is refused, over real connections on loopback.

mod support;

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use chartwright_server::{CatalogFiles, Hosts, Limits, Listen, Options, Page, Port, Server};

use support::{Folders, Running};

#[test]
fn paths_that_lead_elsewhere_find_nothing() {
    let folders = Folders::new();
    let server = Running::start(folders.options());
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets%2f..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "//etc/passwd",
        "/.hidden",
        "/link.txt",
        "/catalog/../secret.txt",
        "/catalog/%2e%2e/secret.txt",
        "/catalog/link.txt",
        "/catalog/notes.txt",
        "/catalog//etc/passwd",
        "/catalog/etc/passwd",
        "/%00",
        "/%ff",
        "/index.html/",
        "/index.html%00.js",
    ] {
        let answer = server.get(path, &[]);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.body.contains("secret") && !answer.body.contains("hidden"), "{path}");
    }
}

#[test]
fn other_names_are_not_answered_to() {
    let folders = Folders::new();
    let server = Running::start(folders.options());
    for (host, status) in [
        ("localhost", 200),
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
        ("evil.example", 421),
        ("localhost.evil.example:8080", 421),
        ("a b", 400),
    ] {
        let answer = server.get("/", &[("Host", host)]);
        assert_eq!(answer.status, status, "{host}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{host}");
    }
    for (request, status) in [
        ("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 400),
        ("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 421),
        ("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 200),
    ] {
        assert_eq!(server.send(request).status, status, "{request}");
    }
    let mut options = folders.options();
    options.hosts = Hosts::Named(vec!["charts.example.org".into()]);
    let server = Running::start(options);
    assert_eq!(server.get("/", &[("Host", "charts.example.org")]).status, 200);
    assert_eq!(server.get("/", &[("Host", "example.org")]).status, 421);
}

#[test]
fn only_reading_is_allowed() {
    let folders = Folders::new();
    let server = Running::start(folders.options());
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "NONSENSE"] {
        let answer = server.ask(method, "/", &[("Content-Length", "0")]);
        assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"), "{method}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{method}");
    }
}

#[test]
fn requests_have_limits() {
    let folders = Folders::new();
    let limits = Limits { patience: Duration::from_millis(500), ..Limits::default() };
    let server = Running::with_limits(folders.options(), limits);
    let long = "x".repeat(20 << 10);
    assert_eq!(server.get("/", &[("X-Long", &long)]).status, 431, "a header");
    assert!([414, 431].contains(&server.get(&format!("/{long}"), &[]).status), "an address");
    let many: Vec<(String, String)> = (0..200).map(|n| (format!("X-{n}"), "1".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(server.get("/", &many).status, 431, "many headers");
    assert_eq!(server.get("/", &[("Content-Length", "100000000000")]).status, 413, "a body");
    for garbage in [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\0\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
    ] {
        assert_ne!(server.send(garbage).status, 200, "{garbage:?}");
    }
    // It has not fallen over.
    assert_eq!(server.get("/", &[]).status, 200);
}

/// As many connections as there may be, none of which reads its answer: others are answered all the same.
#[test]
fn clients_that_do_not_read_are_given_up() {
    let folders = Folders::new();
    folders.write("page/large.wasm", &"x".repeat(16 << 20));
    let limits = Limits { connections: 3, patience: Duration::from_millis(100) };
    let server = Running::with_limits(folders.options(), limits);
    let silent: Vec<_> = (0..limits.connections)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(b"GET /large.wasm HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sent");
            stream
        })
        .collect();
    assert_eq!(server.get("/", &[]).status, 200);
    drop(silent);
}

#[test]
fn folders_and_catalogs_that_are_none_say_so() {
    let folders = Folders::new();
    folders.write("broken/catalog.json", "{\"apiVersion\": ");
    folders.write("other/catalog.json", "{\"apiVersion\": \"example.org/v1\", \"modules\": []}");
    folders.write("empty/catalog.json", "");
    let root = folders.path("").display().to_string();
    let words = |name: &str| match CatalogFiles::open(&folders.path(name)) {
        Ok(_) => String::new(),
        Err(error) => error.to_string().replace(&root, ""),
    };
    insta::assert_snapshot!(words("broken"), @"broken/catalog.json: not a catalog: EOF while parsing a value at line 1 column 15");
    insta::assert_snapshot!(words("other/catalog.json"), @r#"other/catalog.json: the catalog's apiVersion is "example.org/v1"; this page reads chartwright.dev/catalog/v1alpha1"#);
    insta::assert_snapshot!(words("empty"), @"empty/catalog.json: the file is empty");
    insta::assert_snapshot!(words("page"), @"page/catalog.json: No such file or directory (os error 2)");
    let page = Page::folder(&folders.path("catalog")).expect_err("no page").to_string().replace(&root, "");
    insta::assert_snapshot!(page, @"catalog has no index.html");
}

#[test]
fn a_port_that_is_taken_is_passed_over() {
    let folders = Folders::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let page = || Options::of(Page::folder(&folders.path("page")).expect("a page"));
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let first = Server::bind(Listen { address, port: Port::Exactly(0) }, page()).await.expect("a port");
        let taken = first.address().port();
        let error = Server::bind(Listen { address, port: Port::Exactly(taken) }, page()).await.expect_err("taken");
        assert!(error.to_string().starts_with(&format!("cannot listen on 127.0.0.1:{taken}: ")), "{error}");
        let next = Server::bind(Listen { address, port: Port::From(taken) }, page()).await.expect("another port");
        assert!(next.address().port() > taken);
    });
}
