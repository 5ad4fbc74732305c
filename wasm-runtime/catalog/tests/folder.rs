//! Catalogs of folders.
#![allow(clippy::disallowed_methods, reason = "a test reads and writes files")]

mod support;

use std::collections::BTreeSet;
use std::fs;

use chartwright_catalog::Catalog;
use chartwright_catalog_build::{BuildError, Options};

use support::{Folder, build, catalog_of, modules};

/// A text without what changes with each byte of a chart.
fn without_digests(text: &str) -> String {
    let mut parts = text.split("sha256");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches([':', '-']).trim_start_matches(|c: char| c.is_ascii_hexdigit());
        plain.push_str("sha256…");
        plain.push_str(rest);
    }
    let line = |line: &str| if line.trim_start().starts_with("\"size\"") { String::new() } else { format!("{line}\n") };
    plain.lines().map(line).collect()
}

#[test]
fn the_sample_modules() {
    let out = tempfile::tempdir().expect("a folder");
    let built = build(&modules(), out.path(), &Options::default()).expect("built");
    assert_eq!(built.notices, [], "no sample has anything to mention");
    let json = fs::read_to_string(out.path().join("catalog.json")).expect("written");
    insta::assert_snapshot!(without_digests(&json));
    let catalog = Catalog::read(json.as_bytes()).expect("a catalog");
    // Every file that it names is there, with the digest that it names, and no other.
    let named: BTreeSet<&str> = catalog.files().collect();
    for name in &named {
        let data = fs::read(out.path().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(name.contains(&chartwright::api::digest(&data).replace(':', "-")), "{name}");
    }
    let mut found = BTreeSet::new();
    for folder in ["charts", "descriptors", "icons"] {
        for entry in fs::read_dir(out.path().join(folder)).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            found.insert(format!("{folder}/{}", name.to_string_lossy()));
        }
    }
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), named);
    // Again, over what is there: the same bytes.
    build(&modules(), out.path(), &Options::default()).expect("built");
    assert_eq!(fs::read_to_string(out.path().join("catalog.json")).expect("written"), json);
}

#[test]
fn what_cannot_be_listed_is_left_out_and_said() {
    let folder = Folder::new();
    folder.chart(
        "good",
        "name: good\nversion: 1.0.0\n",
        &[("templates/a.yaml", "kind: ConfigMap\nmetadata: {name: a}\n")],
    );
    folder.chart("again", "name: good\nversion: 1.0.0\n", &[]);
    folder.chart("lib", "name: lib\nversion: 1.0.0\ntype: library\n", &[]);
    folder.chart("nameless", "version: 1.0.0\n", &[]);
    folder.chart("icon", "name: icon\nversion: 1.0.0\n", &[("icon.svg", "<svg onload='x()'/>")]);
    folder.chart("gone", "name: gone\nversion: 1.0.0\nicon: pictures/gone.png\n", &[]);
    folder.chart("fails", "name: fails\nversion: 1.0.0\n", &[("templates/a.yaml", "{{ fail \"no\" }}")]);
    folder.file("archive.tgz", "not an archive");
    folder.file("readme.yaml", "kind: Deployment\n");
    folder
        .file("unknown.yaml", "apiVersion: chartwright.dev/v1alpha1\nkind: HelmChartDescriptor\nmetadata: {name: x}\n");
    let wanted = "apiVersion: chartwright.dev/v1alpha1\nkind: HelmChartDescriptor\nmetadata: {name: wants, namespace: w}\n\
        spec: {module: {version: 1.0.0}, template: {chart: c, sourceRef: {kind: GitRepository, name: nowhere}}, \
        components: [{name: a}]}\n";
    folder.file("wants.yaml", wanted);
    folder.file(".hidden/Chart.yaml", "name: hidden\nversion: 1.0.0\napiVersion: v2\n");
    let out = tempfile::tempdir().expect("a folder");
    let built = build(folder.path(), out.path(), &Options::default()).expect("built");
    insta::assert_debug_snapshot!(built.notices);
    let shown: Vec<String> = catalog_of(out.path()).modules.into_iter().map(|module| module.id).collect();
    assert_eq!(shown, ["fails", "gone", "good", "icon"]);
}

#[test]
fn versions_make_a_module() {
    let folder = Folder::new();
    for (place, version, about, annotations) in [
        ("a", "1.0.0", "old", ""),
        ("b", "2.0.0-rc.1", "to come", "  chartwright.dev/title: To come\n"),
        ("c", "1.10.0", "now", "  chartwright.dev/title: Now\n  category: Things\n"),
        ("d", "1.11.0", "not any more", ""),
    ] {
        let deprecated = if place == "d" { "deprecated: true\n" } else { "" };
        let annotations = if annotations.is_empty() { String::new() } else { format!("annotations:\n{annotations}") };
        let text = format!("name: thing\nversion: {version}\ndescription: {about}\n{deprecated}{annotations}");
        folder.chart(place, &text, &[("icon.svg", &format!("<svg id='{place}'/>"))]);
    }
    let out = tempfile::tempdir().expect("a folder");
    build(folder.path(), out.path(), &Options::default()).expect("built");
    let catalog = catalog_of(out.path());
    let [module] = catalog.modules.as_slice() else { panic!("{catalog:?}") };
    let versions: Vec<&str> = module.versions.iter().map(|version| version.version.as_str()).collect();
    assert_eq!(versions, ["2.0.0-rc.1", "1.11.0", "1.10.0", "1.0.0"]);
    assert_eq!(
        (module.title.as_str(), module.description.as_str(), module.category.as_str()),
        ("Now", "now", "Things")
    );
    assert_eq!(module.newest().map(|version| version.version.as_str()), Some("1.10.0"));
}

#[test]
fn some_modules_can_be_chosen() {
    for (options, want) in [
        (Options { only: vec!["wiki".into(), "broken".into()], ..Options::default() }, 2),
        (Options { limit: Some(1), ..Options::default() }, 1),
    ] {
        let out = tempfile::tempdir().expect("a folder");
        let built = build(&modules(), out.path(), &options).expect("built");
        assert_eq!(built.modules, want, "{options:?}");
    }
}

#[test]
fn a_folder_that_is_in_use_is_left_alone() {
    let folder = Folder::new();
    folder.file("precious.txt", "do not delete");
    let error = build(&modules(), folder.path(), &Options::default()).expect_err("refused");
    assert!(matches!(error, BuildError::NotOurs(_)), "{error}");
    let out = tempfile::tempdir().expect("a folder");
    let error = build(folder.path(), out.path(), &Options::default()).expect_err("nothing");
    assert!(error.to_string().ends_with("has no charts and no descriptors"), "{error}");
    let error = build("/does/not/exist".as_ref(), out.path(), &Options::default()).expect_err("nothing");
    assert!(error.to_string().starts_with("/does/not/exist: "), "{error}");
}

#[test]
fn a_catalog_in_the_folder_is_not_listed_itself() {
    let folder = Folder::new();
    folder.chart("a", "name: a\nversion: 1.0.0\n", &[]);
    folder.file("b.yaml", "{apiVersion: chartwright.dev/v1alpha1, kind: HelmChartDescriptor}\n");
    for _ in 0..2 {
        let built = build(folder.path(), &folder.path().join("out"), &Options::default()).expect("built");
        assert_eq!((built.modules, built.notices.len()), (1, 1), "{built:?}");
    }
}

#[test]
fn files_of_an_earlier_catalog_are_deleted() {
    let folder = Folder::new();
    folder.chart("a", "name: a\nversion: 1.0.0\n", &[]);
    let out = tempfile::tempdir().expect("a folder");
    build(folder.path(), out.path(), &Options::default()).expect("built");
    folder.chart("a", "name: a\nversion: 1.0.1\n", &[]);
    build(folder.path(), out.path(), &Options::default()).expect("built");
    let charts = fs::read_dir(out.path().join("charts")).expect("a folder").count();
    assert_eq!(charts, 1);
}
