//! Charts in folders and archives on this machine.

use std::fs;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use flux::{Charts, FetchError};

use crate::support::{chart, chart_files, folder, options, sources, wanted};

/// Writes a chart into a folder.
fn write(at: &Path, name: &str, version: &str) {
    for file in chart_files(name, version) {
        let path = at.join(file.name.to_string());
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, &file.data).expect("a file");
    }
}

/// A gzipped tar of files and links, with names as they are.
fn tar(entries: &[(&str, &str)], links: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let header = |name: &str, size: usize, kind: tar::EntryType| {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(size as u64);
        header.set_mode(0o644);
        header.set_entry_type(kind);
        header
    };
    for (name, text) in entries {
        let mut header = header(name, text.len(), tar::EntryType::Regular);
        header.set_cksum();
        tar.append(&header, text.as_bytes()).expect("an entry");
    }
    for (name, to) in links {
        let mut header = header(name, 0, tar::EntryType::Symlink);
        header.set_link_name(to).expect("a name");
        header.set_cksum();
        tar.append(&header, &b""[..]).expect("an entry");
    }
    tar.into_inner().expect("a tar").finish().expect("a gzip")
}

#[test]
fn folders_are_looked_into_as_people_lay_them_out() {
    let root = folder();
    write(&root.path().join("charts/base"), "base", "1.0.0");
    write(&root.path().join("other"), "other", "2.0.0");
    fs::write(root.path().join("packed-1.0.0.tgz"), chart("packed", "1.0.0")).expect("a file");
    fs::write(root.path().join("packed-1.10.0.tgz"), chart("packed", "1.10.0")).expect("a file");
    let found = |place: &Path, chart: &str, version: &str| {
        let sources = sources(options(&root), &place.display().to_string());
        let chart = sources.chart(&wanted("GitRepository", chart, version));
        chart.map(|c| format!("{} {}", c.chart.name(), c.chart.metadata().version))
    };
    for (place, chart, version, want) in [
        ("", "./charts/base", "", "base 1.0.0"),
        ("", "base", "", "base 1.0.0"),
        ("", "./charts/other", "", "other 2.0.0"),
        ("charts/base", "./charts/base", "", "base 1.0.0"),
        ("charts", "base", "9.x", "base 1.0.0"),
        ("", "packed", "", "packed 1.10.0"),
        ("", "packed", "~1.0", "packed 1.0.0"),
        ("packed-1.0.0.tgz", "packed", "", "packed 1.0.0"),
        ("packed-1.0.0.tgz", "./charts/packed", "", "packed 1.0.0"),
    ] {
        assert_eq!(found(&root.path().join(place), chart, version).as_deref(), Ok(want), "{place} {chart}");
    }
    for (place, chart) in
        [("", "./charts/none"), ("", "../outside"), ("charts/base", "web"), ("packed-1.0.0.tgz", "web")]
    {
        let error = found(&root.path().join(place), chart, "").err();
        assert!(matches!(error, Some(FetchError::NotFound(_))), "{place} {chart}: {error:?}");
    }
    let error = found(&root.path().join("none"), "base", "").err();
    assert!(matches!(error, Some(FetchError::Unreachable(_))), "{error:?}");
}

#[test]
fn an_archive_of_a_repository_has_charts() {
    let root = folder();
    let at = |name: &str, version: &str| format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
    let data = tar(
        &[
            ("./charts/web/Chart.yaml", &at("web", "1.0.0")),
            ("./charts/web/values.yaml", "a: 1"),
            ("./values/prod.yaml", "a: 2"),
            ("../charts/evil/Chart.yaml", &at("evil", "1.0.0")),
        ],
        &[("charts/link", "/etc"), ("charts/web/passwd", "/etc/passwd")],
    );
    fs::write(root.path().join("repository.tar.gz"), data).expect("a file");
    let sources = sources(options(&root), &root.path().join("repository.tar.gz").display().to_string());
    let mut ask = wanted("GitRepository", "./charts/web", "");
    ask.values_files = vec!["./values/prod.yaml".into(), "../../etc/passwd".into(), "none.yaml".into()];
    let fetched = sources.chart(&ask).expect("a chart");
    let names: Vec<String> = fetched.chart.raw().iter().map(|f| f.name.to_string()).collect();
    assert_eq!(names, ["Chart.yaml", "values.yaml"]);
    let values: Vec<_> = fetched.values_files.iter().map(|(path, data)| (path.as_str(), &data[..])).collect();
    assert_eq!(values, [("./values/prod.yaml", &b"a: 2"[..])]);
    assert!(sources.chart(&wanted("GitRepository", "./charts/evil", "")).is_err());
}

#[test]
fn archives_that_lead_outside_are_refused() {
    for (name, text) in [
        ("web/../../evil", "chart illegally references parent directory"),
        ("web//etc/passwd", "chart illegally contains absolute paths"),
    ] {
        let root = folder();
        let path = root.path().join("web.tgz");
        let data = tar(&[("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"), (name, "x")], &[]);
        fs::write(&path, data).expect("a file");
        let sources = sources(options(&root), &path.display().to_string());
        let error = sources.chart(&wanted("HelmRepository", "web", "")).err().expect("an error");
        assert!(matches!(&error, FetchError::Invalid(m) if m.contains(text)), "{error:?}");
    }
}

#[test]
fn subcharts_beside_a_chart_are_taken_along() {
    let root = folder();
    write(&root.path().join("charts/web"), "web", "1.0.0");
    write(&root.path().join("charts/db"), "db", "2.1.0");
    let with = |version: &str| {
        let text = format!(
            "apiVersion: v2\nname: web\nversion: 1.0.0\n\
             dependencies: [{{name: db, version: {version:?}, repository: file://../db}}]\n"
        );
        fs::write(root.path().join("charts/web/Chart.yaml"), text).expect("a file");
        let sources = sources(options(&root), &root.path().display().to_string());
        sources.chart(&wanted("GitRepository", "./charts/web", ""))
    };
    let fetched = with("2.x").expect("a chart");
    let names: Vec<String> = fetched.chart.dependencies().iter().map(|d| d.name().to_string()).collect();
    assert_eq!(names, ["db"]);
    let error = with("3.x").err();
    let text = "dependency \"db\": the chart at file://../db has the version 2.1.0, but 3.x is required";
    assert_eq!(error, Some(FetchError::NotFound(text.into())));
}
