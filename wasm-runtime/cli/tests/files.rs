//! Wrong files, and charts that try to take all memory.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, clippy::print_stderr, reason = "a test writes files, and says what it skips")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use wait4::Wait4;

/// An empty folder of this test.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("files").join(name);
    if path.exists() {
        fs::remove_dir_all(&path).expect("an old folder goes");
    }
    fs::create_dir_all(&path).expect("a folder");
    path
}

/// A chart in a folder, with a template of this text.
fn chart(name: &str, template: &str) -> PathBuf {
    let path = folder(name);
    fs::create_dir(path.join("templates")).expect("a folder");
    fs::write(path.join("Chart.yaml"), "{apiVersion: v2, name: web, version: 1.0.0}").expect("a file");
    fs::write(path.join("values.yaml"), "a: 1\n").expect("a file");
    fs::write(path.join("templates/t.yaml"), template).expect("a file");
    path
}

fn template(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chartwright"));
    command.arg("template").args(args).stdin(Stdio::null());
    command
}

/// The error that a command ends with.
#[track_caller]
fn error(args: &[&str]) -> String {
    let output = template(args).output().expect("the program runs");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn fifo(path: &std::path::Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo runs").success());
}

#[test]
fn folders_in_place_of_files() {
    let chart = chart("folders", "a: {{ .Values.a }}");
    let path = chart.to_str().expect("a path");
    assert_eq!(error(&["x", path, "-f", path]), format!("Error: read {path}: is a directory\n"));
    assert!(error(&["x", path, "--set-file", &format!("a={path}")]).contains("is a directory"));
    assert!(error(&["x", path, "--objects", path]).contains("is a directory"));
    fs::remove_file(chart.join("Chart.yaml")).expect("it goes");
    fs::create_dir(chart.join("Chart.yaml")).expect("a folder");
    assert!(error(&["x", path]).starts_with("Error: unable to detect chart at "));
    // A folder may have the name of an archive.
    let named = folder("named").join("web.tgz");
    fs::create_dir(&named).expect("a folder");
    assert!(error(&["x", named.to_str().expect("a path")]).contains("no such file or directory"));
}

#[test]
fn pipes_in_a_chart_are_refused_and_pipes_of_values_read() {
    let chart = chart("pipes", "a: {{ .Values.a }}");
    let path = chart.to_str().expect("a path");
    let values = folder("pipe").join("values");
    fifo(&values);
    let values = values.to_str().expect("a path").to_owned();
    let writer = thread::spawn({
        let values = values.clone();
        move || fs::write(values, "a: 7\n")
    });
    let output = template(&["x", path, "-f", &values]).output().expect("the program runs");
    writer.join().expect("the thread ends").expect("it writes");
    assert!(String::from_utf8_lossy(&output.stdout).contains("a: 7"));
    fifo(&chart.join("templates/pipe.yaml"));
    let text = error(&["x", path]);
    assert!(text.contains("cannot load irregular file") && text.contains("templates/pipe.yaml"), "{text}");
}

#[test]
fn files_that_nobody_may_read() {
    let chart = chart("unreadable", "a: 1");
    let path = chart.to_str().expect("a path");
    let file = chart.join("templates/t.yaml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o0)).expect("it is ours");
    if fs::read(&file).is_ok() {
        eprintln!("SKIPPED: this user may read everything");
        return;
    }
    let text = error(&["x", path]);
    assert!(text.contains("templates/t.yaml") && text.contains("permission denied"), "{text}");
    let file = file.to_str().expect("a path");
    assert!(error(&["x", path, "-f", file]).contains("permission denied"));
    assert!(error(&["x", file]).contains("permission denied"));
}

/// With default limits, a chart must not exhaust the machine's memory.
#[test]
fn charts_that_want_all_memory_get_a_part() {
    let loops =
        |body: &str| format!("{{{{- $l := list 1 2 3 4 -}}}}{{{{- $s := \"abcdefgh\" -}}}}{body}{{{{ len $l }}}}");
    for (name, body, want) in [
        (
            "concat",
            "{{- range until 40 }}{{ $l = concat $l $l }}{{ end -}}",
            "exceeded maximum memory (536870912 bytes)",
        ),
        (
            "append",
            "{{- range until 100000 }}{{ $l = append $l (repeat 1000000 \"abcdefghij\") }}{{ end -}}",
            "exceeded maximum memory (536870912 bytes)",
        ),
        (
            "output",
            "{{- $s = repeat 500000 $s }}{{ range until 100000 }}{{ $s }}{{ end -}}",
            "exceeded maximum size of output (268435456 bytes)",
        ),
    ] {
        let chart = chart(name, &loops(body));
        let mut command = template(&["x", chart.to_str().expect("a path")]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let stderr = child.stderr.take().expect("a pipe");
        let text = std::io::read_to_string(stderr).expect("text");
        let peak = child.wait4().expect("it ends").rusage.maxrss;
        assert!(text.contains(want) && text.contains("web/templates/t.yaml"), "{name}: {text}");
        assert!(peak < 1_000_000_000, "{name} took {peak} bytes");
    }
}
