//! `chartwright catalog build`: what it says, and its exit codes.
#![allow(clippy::disallowed_methods, reason = "a test reads and writes files")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// Runs the command in the repository's root; exit code, stdout, stderr with the folder as OUT.
fn build(out: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let place = out.path().join("catalog").display().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_chartwright"))
        .args(["catalog", "build"])
        .args(arguments.iter().map(|argument| argument.replace("OUT", &place)))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .env("CHARTWRIGHT_CACHE", out.path().join("cache"))
        .output()
        .expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&place, "OUT");
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_sample_modules() {
    let out = tempfile::tempdir().expect("a folder");
    let all = ["templates/modules", "-o", "OUT", "--source", "basecharts=templates", "--no-lock"];
    let (code, stdout, stderr) = build(&out, &all);
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (0, "", "modules: 8 modules in 9 versions, in OUT\n"));
    let catalog = fs::read(out.path().join("catalog/catalog.json")).expect("written");
    let catalog: Value = serde_json::from_slice(&catalog).expect("JSON");
    assert_eq!(catalog["modules"].as_array().map(Vec::len), Some(8));
    let json = [&all[..], &["--format", "json", "--name", "Samples", "--only", "wiki"]].concat();
    let (code, stdout, stderr) = build(&out, &json);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let report: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(report["name"], "Samples");
    assert_eq!((&report["modules"], &report["versions"]), (&1.into(), &1.into()));
}

#[test]
fn mistakes_have_exit_codes() {
    let out = tempfile::tempdir().expect("a folder");
    let busy = out.path().join("busy");
    fs::create_dir_all(&busy).expect("a folder");
    fs::write(busy.join("file"), "").expect("written");
    let busy = busy.display().to_string();
    for (arguments, code, words) in [
        (
            &["templates/none", "-o", "OUT"][..],
            2,
            "error: templates/none is neither a folder nor the URL of a Helm repository\n",
        ),
        (&["templates/skeletons", "-o", "OUT", "--source", "x"], 2, "error: \"x\" is not a source"),
        (&["docs", "-o", "OUT", "--no-lock"], 1, "error: docs has no charts and no descriptors\n"),
        (&["templates/modules", "-o", &busy, "--no-lock"], 1, "is not empty and has no catalog.json"),
        (
            &["ftp://example.org/charts", "-o", "OUT"],
            2,
            "error: ftp://example.org/charts: a chart repository is reached over",
        ),
        (&["https://charts.invalid", "-o", "OUT", "--offline"], 3, "error: "),
        (&["templates/modules", "-o", "OUT", "--no-lock"], 1, "left out: "),
    ] {
        let (got, stdout, stderr) = build(&out, arguments);
        assert_eq!((got, stdout.as_str()), (code, ""), "{arguments:?} {stderr}");
        assert!(stderr.contains(words), "{arguments:?} {stderr}");
    }
}
