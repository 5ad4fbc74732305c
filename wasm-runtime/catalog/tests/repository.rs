//! Catalogs of Helm repositories, from a server on loopback.
#![allow(clippy::disallowed_methods, reason = "a test reads and writes files")]

#[path = "../../sources/tests/sources/support.rs"]
#[expect(dead_code, reason = "what the tests of sources need of it, too")]
mod server;
mod support;

use chartwright_catalog_build::{BuildError, Builder, Built, Options};
use chartwright_host::native_engine;
use chartwright_sources::{RepositoryFiles, Sources};
use helm::chart::{File, pack};
use server::{Server, digest};

use support::catalog_of;

fn chart(name: &str, version: &str, more: &str) -> Vec<u8> {
    let text = format!("apiVersion: v2\nname: {name}\nversion: {version}\n{more}");
    let file = |name: &str, text: &str| File { name: name.into(), data: text.as_bytes().into() };
    pack(name, &[file("Chart.yaml", &text), file("templates/a.yaml", "kind: ConfigMap\nmetadata: {name: a}\n")])
}

/// Makes a catalog of a repository.
fn build(url: &str, options: &Options) -> (tempfile::TempDir, Result<Built, BuildError>) {
    let out = tempfile::tempdir().expect("a folder");
    let sources = Sources::new(chartwright_sources::Options::default()).expect("no lock file");
    let engine = native_engine();
    let builder = Builder { engine: &engine, sources: &sources, options, progress: &() };
    let files = RepositoryFiles::open(url, chartwright_sources::Options::default()).expect("an address");
    let built = builder.repository(&files, out.path());
    (out, built)
}

fn repository() -> Server {
    let mut index = String::from("apiVersion: v1\nentries:\n");
    let mut files = Vec::new();
    for (name, versions) in [("db", &["3.0.0"][..]), ("web", &["1.0.0", "1.2.0", "2.0.0"])] {
        index.push_str(&format!("  {name}:\n"));
        for version in versions {
            let data = chart(name, version, "annotations: {category: Things}\nicon: https://example.org/icon.png\n");
            index.push_str(&format!(
                "  - name: {name}\n    version: {version}\n    created: \"2026-01-0{}T00:00:00Z\"\n    digest: {}\n    urls:\n    - charts/{name}-{version}.tgz\n",
                files.len() + 1,
                digest(&data).trim_start_matches("sha256:"),
            ));
            files.push((format!("/charts/{name}-{version}.tgz"), data));
        }
    }
    index.push_str("  gone:\n  - version: 1.0.0\n    urls: [charts/gone.tgz]\n");
    index.push_str("  other:\n  - version: 1.0.0\n    digest: 00ff\n    urls: [charts/db-3.0.0.tgz]\n");
    index.push_str("  oci:\n  - version: 1.0.0\n    urls: [oci://example.org/charts/x]\n");
    files.push(("/index.yaml".to_owned(), index.into_bytes()));
    Server::files(files)
}

#[test]
fn the_newest_versions_are_taken() {
    let server = repository();
    let (out, built) = build(&server.url(""), &Options { versions: 2, ..Options::default() });
    let built = built.expect("built");
    let notices: Vec<String> = built
        .notices
        .iter()
        .map(|n| format!("{} {}: {}", if n.left_out { "left out" } else { "warning" }, n.subject, n.message))
        .map(|text| text.replace(&server.address(), "HOST"))
        .collect();
    insta::assert_snapshot!(notices.join("\n"));
    let shown: Vec<String> = catalog_of(out.path())
        .modules
        .iter()
        .flat_map(|m| m.versions.iter().map(move |v| format!("{} {} {} {}", m.id, v.version, v.created, m.icon)))
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
    assert!(!built.unreachable);
}

#[test]
fn some_charts_can_be_chosen() {
    let server = repository();
    let (_out, built) = build(&server.url(""), &Options { only: vec!["web".into()], ..Options::default() });
    let built = built.expect("built");
    assert_eq!((built.modules, built.versions, built.notices.len()), (1, 3, 0));
    let (_out, built) = build(&server.url(""), &Options { limit: Some(1), ..Options::default() });
    assert_eq!(built.expect("built").modules, 1);
}

#[test]
fn what_is_no_repository_says_so() {
    let server = Server::files([("/index.yaml".to_owned(), b"<html>".to_vec())]);
    let (_out, built) = build(&server.url(""), &Options::default());
    let words = built.expect_err("no index").to_string().replace(&server.address(), "HOST");
    assert_eq!(words, "http://HOST/: not an index of a Helm repository: line 1: a key is expected");
    let (_out, built) = build(&server.url("/none"), &Options::default());
    assert!(built.is_err());
    assert!(RepositoryFiles::open("ftp://example.org", chartwright_sources::Options::default()).is_err());
}
