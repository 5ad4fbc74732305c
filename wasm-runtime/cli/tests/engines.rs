//! The native engine and the plugin: the same command lines give the same bytes.
//!
//! `cargo xtask package plugin` builds the plugin; `cargo xtask test` does so, and runs these tests.
#![allow(clippy::disallowed_methods, reason = "a test reads what was written")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The plugin, built from the same source.
fn plugin() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_chartwright"));
    let target = program.ancestors().nth(2).expect("the program lies in a profile's folder");
    let built = target.join("package/chartwright.wasm");
    assert!(built.is_file(), "there is no {}: `cargo xtask package plugin` builds it", built.display());
    built
}

fn command(args: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chartwright"));
    command.args(args).current_dir(folder).env_remove("HELM_NAMESPACE").env_remove("CHARTWRIGHT_PLUGIN");
    // The machine code is cached, so that the module is compiled once.
    command.env("CHARTWRIGHT_CACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugin-cache"));
    command.stdin(Stdio::null());
    command
}

fn shown(output: &Output) -> String {
    format!(
        "exit code {:?}\n{}--- stderr\n{}",
        output.status.code(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Runs a command with both engines, and returns the output of the native one.
fn same(folder: &str, args: &[&str]) -> String {
    let plugin = plugin();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let plugin = plugin.display().to_string();
    let run = |engine: &[&str]| command(&[args, engine].concat(), &folder).output().expect("the program runs");
    let native = shown(&run(&[]));
    let wasm = shown(&run(&["--engine", "wasm", "--plugin", &plugin]));
    assert!(native == wasm, "{args:?}\n=== native: {native}\n=== wasm: {wasm}");
    native
}

const FIXED: [&str; 4] = ["--seed", "1", "--now", "2026-01-02T15:04:05.25Z"];

#[test]
#[ignore = "needs the plugin"]
fn charts_come_out_the_same() {
    let template = |args: &[&str]| same("tests/charts", &[&["template"], args, &FIXED[..]].concat());
    template(&["demo", "shop", "--include-crds", "--set", "replicaCount=3", "-n", "prod", "--notes"]);
    template(&["shop", "--skip-tests", "--no-hooks", "--is-upgrade", "--kube-version", "1.29", "-a", "x/v1"]);
    template(&["demo", "shop", "--objects", "objects.yaml", "-s", "templates/pl*.yaml"]);
    template(&["demo", "shop", "-o", "json", "--include-crds", "--objects", "objects.yaml"]);
    template(&["shop", "--name-template", "{{ randAlphaNum 5 | lower }}-{{ now | date \"2006\" }}"]);
    template(&[
        "demo",
        "shop",
        "--set-file",
        "note=objects.yaml",
        "-f",
        "shop/values.yaml",
        "--set-json",
        "a={\"b\":1}",
    ]);
}

#[test]
#[ignore = "needs the plugin"]
fn errors_come_out_the_same() {
    let template = |args: &[&str]| {
        let text = same("tests/charts", &[&["template"], args, &FIXED[..]].concat());
        assert!(text.starts_with("exit code Some(1)"), "{args:?}: {text}");
    };
    for mode in ["path", "fail", "yaml", "loop", "big", "none"] {
        let set = format!("mode={mode}");
        for format in ["text", "pretty", "json"] {
            let limits = ["--max-steps", "10000", "--max-output", "10000"];
            let args = [&["template", "demo", "broken", "--set", &set, "--debug"][..], &limits].concat();
            let args = [&args[..], &["--error-format", format]].concat();
            same("tests/charts", &[&args, &FIXED[..]].concat());
        }
    }
    template(&["demo", "missing"]);
    template(&["demo", "shop", "-f", "missing.yaml"]);
    template(&["demo", "shop", "--set-file", "a=missing.txt"]);
    template(&["demo", "shop", "--set", "a"]);
    template(&["demo", "shop", "--kube-version", "x"]);
    template(&["Not_A_Name", "shop"]);
    template(&["shop", "--name-template", "{{ fail \"no\" }}"]);
    template(&["demo", "shop", "-s", "templates/none.yaml"]);
    template(&["demo", ".", "-l", "name=x"]);
    template(&["demo", "objects.yaml"]);
    template(&["demo", "shop", "--max-steps", "20", "--error-format", "json"]);
    template(&["demo", "shop", "--max-output", "20", "--error-format", "json"]);
}

#[test]
#[ignore = "needs the plugin"]
fn descriptors_come_out_the_same() {
    let sources = ["--source", "basecharts=../../templates"];
    let platform = ["--platform", "../../templates/examples/platform.yaml"];
    let shop = "../../templates/examples/webshop/descriptor.yaml";
    for extra in [&[][..], &["-o", "json"], &["--summary"], &["--as", "helm", "--notes"], &["--level", "2"]] {
        let args = [&["render", shop], &sources[..], &platform, &FIXED, extra].concat();
        let text = same(".", &args);
        assert!(text.starts_with("exit code Some(0)"), "{text}");
    }
    // Without the platform, without the source, with invalid values.
    same(".", &[&["render", shop], &sources[..], &FIXED].concat());
    same(".", &[&["render", shop], &platform[..], &FIXED].concat());
    same(".", &["render", shop, "--source", "basecharts=missing"]);
    same(".", &["render", shop, "--set", "a"]);
    same(".", &[&["check", shop, "tests/descriptors/mistakes.yaml"], &sources[..]].concat());
    same(".", &[&["check", "tests/descriptors/mistakes.yaml", "-o", "json"], &sources[..]].concat());
    same(".", &["check", "tests/descriptors/good.yaml", "--source", "basecharts=missing"]);
    same(".", &[&["expand", shop, "--archive", "-"], &sources[..]].concat());
    same(".", &["expand", shop, "--archive", "-", "--source", "basecharts=missing"]);
    same(".", &[&["expand", "tests/descriptors/mistakes.yaml", "--archive", "-"], &sources[..]].concat());
}

#[test]
#[ignore = "needs the plugin"]
fn files_come_out_the_same() {
    let plugin = plugin();
    let plugin = plugin.display().to_string();
    let charts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charts");
    let written = |engine: &[&str]| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().display().to_string();
        let args = ["template", "demo", "shop", "--include-crds", "--release-name", "--output-dir", &path];
        let output = command(&[&args, &FIXED[..], engine].concat(), &charts).output().expect("the program runs");
        let expand = ["expand", "../../../../templates/examples/webshop/descriptor.yaml", "--source"];
        let args = [&expand[..], &["basecharts=../../../../templates", "-d", &path], engine].concat();
        let expanded = command(&args, &charts).output().expect("the program runs");
        assert!(output.status.success() && expanded.status.success(), "{}{}", shown(&output), shown(&expanded));
        let mut files = Vec::new();
        let mut open = vec![folder.path().to_path_buf()];
        while let Some(dir) = open.pop() {
            for entry in std::fs::read_dir(dir).expect("a folder") {
                let path = entry.expect("a file").path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(folder.path()).expect("below").to_path_buf();
                    files.push((name, std::fs::read(&path).expect("bytes")));
                }
            }
        }
        files.sort();
        files
    };
    let native = written(&[]);
    assert!(native.len() > 10);
    assert!(native == written(&["--engine", "wasm", "--plugin", &plugin]));
}

#[test]
#[ignore = "needs the plugin"]
fn stdin_is_read_once() {
    use std::io::Write;
    let plugin = plugin();
    let plugin = plugin.display().to_string();
    let charts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charts");
    let run = |engine: &[&str]| {
        let args = [&["template", "demo", "shop", "-f", "-"], &FIXED[..], engine].concat();
        let mut child = command(&args, &charts).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
        child.stdin.take().expect("a pipe").write_all(b"replicaCount: 7\n").expect("written");
        shown(&child.wait_with_output().expect("an end"))
    };
    let native = run(&[]);
    assert!(native.contains('7'), "{native}");
    assert_eq!(native, run(&["--engine", "wasm", "--plugin", &plugin]));
}

#[test]
#[ignore = "needs the plugin"]
fn the_plugin_is_found_pinned_and_told_of() {
    let plugin = plugin();
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("chartwright/chartwright.wasm");
    std::fs::create_dir_all(copy.parent().expect("a folder")).expect("made");
    std::fs::copy(&plugin, &copy).expect("copied");
    let charts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charts");
    let run = |args: &[&str], data: &Path| {
        let output = command(args, &charts).env("XDG_DATA_HOME", data).env("HOME", data).output().expect("it runs");
        shown(&output)
    };
    let digest = {
        let text = run(&["--version"], folder.path());
        assert!(text.contains("\nplugin sha256:") && text.contains("Helm v4."), "{text}");
        text.split("sha256:").nth(1).and_then(|t| t.split(' ').next()).expect("a digest").to_owned()
    };
    let template = ["template", "demo", "shop", "--engine", "wasm"];
    assert!(run(&template, folder.path()).starts_with("exit code Some(0)"));
    let right = format!("sha256:{digest}");
    let pinned = [&template[..], &["--plugin-digest", &right]].concat();
    assert!(run(&pinned, folder.path()).starts_with("exit code Some(0)"));
    let other = "0".repeat(64);
    let zeros = format!("sha256:{other}");
    let wrong = [&template[..], &["--plugin-digest", &zeros, "--error-format", "json"]].concat();
    let text = run(&wrong, folder.path());
    assert!(text.contains(r#""kind":"plugin/digest""#) && text.contains(&digest), "{text}");
    std::fs::write(copy.with_extension("wasm.sha256"), format!("{other}  chartwright.wasm\n")).expect("written");
    assert!(run(&template, folder.path()).contains("not the pinned one"));
    let nowhere = tempfile::tempdir().expect("a folder");
    let text = run(&template, nowhere.path());
    assert!(text.contains("chartwright.wasm was not found"), "{text}");
    assert!(run(&["--version"], nowhere.path()).contains("plugin none"));

    let about = run(&["plugin", "info", "-o", "json", "--plugin", &plugin.display().to_string()], nowhere.path());
    let json = about.split_once('\n').and_then(|(_, rest)| rest.split("--- stderr").next()).expect("JSON");
    let json: serde_json::Value = serde_json::from_str(json).expect("JSON");
    assert_eq!(json["digest"], format!("sha256:{digest}"));
    let imports = json["imports"].as_array().expect("imports");
    assert!(imports.iter().all(|i| i.as_str().is_some_and(|i| i.starts_with("extism:host/env "))), "{imports:?}");
    for export in ["plan", "expand", "render", "check", "describe"] {
        assert!(json["exports"].as_array().expect("exports").iter().any(|e| e == export), "{export}");
    }
}
