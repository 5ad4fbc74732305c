//! Charts in Git repositories, read through the command `git`.

use std::fs;
use std::path::Path;
use std::process::Command;

use chartwright_sources::Options;
use flux::{Charts, FetchError};
use tempfile::TempDir;

use crate::support::{chart_files, folder, options, sources, wanted};

/// Runs `git` in a folder; what it prints.
fn git(at: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=trunk"])
        .args(arguments)
        .current_dir(at)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z")
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn commit(at: &Path, version: &str) -> String {
    for file in chart_files("web", version) {
        let path = at.join("charts/web").join(file.name.to_string());
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, &file.data).expect("a file");
    }
    git(at, &["add", "."]);
    git(at, &["commit", "-qm", version]);
    git(at, &["rev-parse", "HEAD"])
}

/// A repository with two versions of a chart: the folder, and the commits.
fn repository() -> (TempDir, [String; 2]) {
    let root = folder();
    let at = root.path().join("repository");
    fs::create_dir_all(at.join("charts/web/templates")).expect("a folder");
    git(&at, &["init", "-q"]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", at.join("charts/web/templates/passwd.yaml")).expect("a link");
    fs::write(at.join("values.yaml"), "a: 1").expect("a file");
    let first = commit(&at, "1.0.0");
    git(&at, &["tag", "v1.0.0"]);
    let second = commit(&at, "1.1.0");
    git(&at, &["tag", "-a", "-m", "x", "v1.1.0"]);
    git(&at, &["branch", "next"]);
    (root, [first, second])
}

fn place(root: &TempDir, query: &str) -> String {
    format!("git+file://{}{query}", root.path().join("repository").display())
}

#[test]
#[ignore = "needs git"]
fn references_lead_to_commits() {
    let (root, [first, second]) = repository();
    for (query, label, commit, version) in [
        ("", "trunk@", &second, "1.1.0"),
        ("?branch=next", "next@", &second, "1.1.0"),
        ("?ref=next", "next@", &second, "1.1.0"),
        ("?tag=v1.0.0", "v1.0.0@", &first, "1.0.0"),
        ("?ref=v1.1.0", "v1.1.0@", &second, "1.1.0"),
        ("?semver=~1.0", "v1.0.0@", &first, "1.0.0"),
        ("?name=refs/tags/v1.0.0", "refs/tags/v1.0.0@", &first, "1.0.0"),
        (&format!("?commit={first}"), "", &first, "1.0.0"),
        (&format!("?ref={first}"), "", &first, "1.0.0"),
    ] {
        let cache = folder();
        let sources = sources(options(&cache), &place(&root, query));
        let fetched = sources.chart(&wanted("GitRepository", "./charts/web", "")).expect(query);
        assert_eq!(fetched.chart.metadata().version, version, "{query}");
        assert_eq!(fetched.revision.as_deref(), Some(format!("{label}sha1:{commit}").as_str()), "{query}");
        let links = fetched.chart.raw().iter().filter(|f| f.name.to_string().contains("passwd")).count();
        assert_eq!(links, 0, "links are left out, as Flux does");
    }
}

#[test]
#[ignore = "needs git"]
fn what_is_not_there_is_said() {
    let (root, _) = repository();
    for (query, chart, unreachable) in [
        ("?branch=none", "./charts/web", false),
        ("?ref=none", "./charts/web", false),
        ("?semver=^9", "./charts/web", false),
        ("?commit=0000000000000000000000000000000000000000", "./charts/web", false),
        ("?branch=--upload-pack=touch", "./charts/web", false),
        ("?name=--upload-pack=touch", "./charts/web", false),
        ("", "./charts/none", false),
        ("", "web", false),
        ("/none", "./charts/web", true),
    ] {
        let cache = folder();
        let sources = sources(options(&cache), &place(&root, query));
        let error = sources.chart(&wanted("GitRepository", chart, "")).err().expect(query);
        let kind = matches!(error, FetchError::Unreachable(_)) == unreachable;
        assert!(kind && !matches!(error, FetchError::Unknown), "{query}: {error:?}");
    }
}

#[test]
#[ignore = "needs git"]
fn commits_are_there_offline() {
    let (root, _) = repository();
    let cache = folder();
    let offline = || Options { offline: true, ..options(&cache) };
    let ask = || {
        let mut ask = wanted("GitRepository", "./charts/web", "");
        ask.values_files = vec!["values.yaml".into(), "../../../etc/passwd".into()];
        ask
    };
    let before = sources(offline(), &place(&root, "")).chart(&ask()).err();
    assert!(matches!(&before, Some(FetchError::Unreachable(m)) if m.contains("--offline")), "{before:?}");
    sources(options(&cache), &place(&root, "")).chart(&ask()).expect("a chart");
    fs::rename(root.path().join("repository"), root.path().join("gone")).expect("renamed");
    let fetched = sources(offline(), &place(&root, "")).chart(&ask()).expect("a chart");
    let values: Vec<_> = fetched.values_files.iter().map(|(path, data)| (path.as_str(), &data[..])).collect();
    assert_eq!(values, [("values.yaml", &b"a: 1"[..])]);
}

#[test]
#[ignore = "needs git"]
fn hooks_and_filters_of_a_repository_have_no_say() {
    let (root, _) = repository();
    let at = root.path().join("repository");
    let touched = root.path().join("touched");
    fs::write(at.join(".gitattributes"), "*.yaml filter=evil export-ignore\n").expect("a file");
    git(&at, &["add", "."]);
    git(&at, &["commit", "-qm", "attributes"]);
    git(&at, &["config", "filter.evil.smudge", &format!("touch {}", touched.display())]);
    let hook = at.join(".git/hooks/post-upload-pack");
    fs::create_dir_all(at.join(".git/hooks")).expect("a folder");
    fs::write(&hook, format!("#!/bin/sh\ntouch {}\n", touched.display())).expect("a file");
    let cache = folder();
    let sources = sources(options(&cache), &place(&root, ""));
    assert_eq!(sources.chart(&wanted("GitRepository", "./charts/web", "")).expect("a chart").chart.raw().len(), 2);
    assert!(!touched.exists());
}

#[test]
#[ignore = "needs git"]
fn what_flux_leaves_out_is_left_out() {
    let (root, _) = repository();
    let at = root.path().join("repository");
    for (path, text) in [
        (".sourceignore", "*.txt\n!charts/web/NOTES.txt\n"),
        ("charts/web/.sourceignore", "/docs/\n"),
        ("charts/web/logo.png", "a picture"),
        ("charts/web/notes.txt", "notes"),
        ("charts/web/NOTES.txt", "notes"),
        ("charts/web/docs/a.md", "docs"),
        ("charts/web/b.md", "b"),
    ] {
        fs::create_dir_all(at.join(path).parent().expect("a folder")).expect("a folder");
        fs::write(at.join(path), text).expect("a file");
    }
    git(&at, &["add", "."]);
    git(&at, &["commit", "-qm", "files"]);
    let files = |fetched: flux::FetchedChart| -> Vec<String> {
        fetched.chart.files().iter().map(|f| f.name.to_string()).filter(|n| n != ".sourceignore").collect()
    };
    let cache = folder();
    let from_flag = sources(options(&cache), &place(&root, ""));
    let fetched = from_flag.chart(&wanted("GitRepository", "./charts/web", "")).expect("a chart");
    assert_eq!(files(fetched), ["NOTES.txt", "b.md"]);
}
