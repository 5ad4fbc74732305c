//! `chartwright post-render` on the command line: manifests in, manifests out.
#![allow(clippy::disallowed_methods, reason = "tests run the program on files")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

const MANIFESTS: &str = "\
---
# Source: shop/templates/a.yaml
apiVersion: v1
kind: Pod
metadata:
  name: a
  annotations: {postrenderer.helm.sh/postrender-filename: shop/templates/a.yaml}
spec: {containers: [{name: a, image: \"web:1\"}]}
---
# Source: shop/templates/b.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: b}
";

const RELEASES: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: values}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: shop, namespace: shops}
spec:
  interval: 10m
  chart: {spec: {chart: shop, sourceRef: {kind: GitRepository, name: charts}}}
  commonMetadata: {labels: {team: red}}
  postRenderers:
    - kustomize: {images: [{name: web, newTag: '2'}]}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: other}
spec:
  interval: 10m
  chart: {spec: {chart: shop, sourceRef: {kind: GitRepository, name: charts}}}
  postRenderers:
    - kustomize: {patches: [{target: {kind: Pod}, patch: '- {op: ad, path: /a}'}]}
";

/// The output for this file of HelmReleases, with the exit code if it is not 0.
fn post_render(releases: &str, args: &[&str], manifests: &str) -> String {
    let file = Temporary::new(releases);
    let mut child = Command::new(env!("CARGO_BIN_EXE_chartwright"))
        .args(["post-render", "--release"])
        .arg(&file.0)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that fails early does not read its input.
    let _ = child.stdin.take().unwrap().write_all(manifests.as_bytes());
    let output = child.wait_with_output().unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    if !output.stderr.is_empty() {
        let said = String::from_utf8(output.stderr).unwrap();
        text.push_str(&format!("--- stderr\n{}", said.replace(&*file.0.to_string_lossy(), "FILE")));
    }
    match output.status.code() {
        Some(0) => text,
        code => format!("exit code {code:?}\n{text}"),
    }
}

/// A temporary file, which is deleted when this value is dropped.
struct Temporary(PathBuf);

impl Temporary {
    fn new(text: &str) -> Temporary {
        let name = format!("chartwright-post-render-{}-{:?}.yaml", std::process::id(), std::thread::current().id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        Temporary(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn images_labels_and_helms_annotation() {
    assert_snapshot!(post_render(RELEASES, &["--name", "shops/shop"], MANIFESTS), @r"
    apiVersion: v1
    kind: Pod
    metadata:
      annotations:
        postrenderer.helm.sh/postrender-filename: shop/templates/a.yaml
      labels:
        helm.toolkit.fluxcd.io/name: shop
        helm.toolkit.fluxcd.io/namespace: shops
        team: red
      name: a
    spec:
      containers:
      - image: web:2
        name: a
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata:
      labels:
        helm.toolkit.fluxcd.io/name: shop
        helm.toolkit.fluxcd.io/namespace: shops
        team: red
      name: b
    ");
    assert_eq!(post_render(RELEASES, &["--name", "shop"], ""), "");
}

#[test]
fn what_is_wrong_is_said() {
    assert_snapshot!(post_render(RELEASES, &[], MANIFESTS), @r"
    exit code Some(1)
    --- stderr
    error: there are 2 HelmReleases in it: --name says which
      --> FILE
    ");
    assert_snapshot!(post_render(RELEASES, &["--name", "else/shop"], MANIFESTS), @r"
    exit code Some(1)
    --- stderr
    error: there is no HelmRelease else/shop in it
      --> FILE
    ");
    let said = post_render(RELEASES, &["--name", "elsewhere/other", "-n", "elsewhere"], MANIFESTS);
    assert!(said.starts_with("exit code Some(1)\n--- stderr\nerror: Unexpected kind: ad\n"), "{said}");
    assert_snapshot!(post_render(RELEASES, &["--name", "shop"], "a: 1\n---\nb: [\n"), @r"
    exit code Some(1)
    --- stderr
    error: MalformedYAMLError: yaml: line 1: did not find expected node content
      --> stdin:4
    ");
    assert_snapshot!(post_render("kind: [", &[], MANIFESTS), @r"
    exit code Some(1)
    --- stderr
    error: error converting YAML to JSON: yaml: line 1: did not find expected node content
      --> FILE:1
    ");
}
