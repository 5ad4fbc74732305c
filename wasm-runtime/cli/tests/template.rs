//! `chartwright template` on the command line: stdout, stderr and exit code.
#![allow(clippy::disallowed_methods, reason = "a test reads what was written")]

use std::fmt::Write as _;
use std::process::{Command, Output};

use insta::assert_snapshot;

/// Runs the program in the folder of the charts.
fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chartwright"))
        .args(args)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/charts"))
        .env_remove("HELM_NAMESPACE")
        .output()
        .expect("the program runs")
}

fn template(args: &[&str]) -> String {
    let output = run(&[&["template"], args].concat());
    let mut text = String::new();
    if !output.status.success() {
        let _ = writeln!(text, "exit code {}", output.status.code().unwrap_or(-1));
    }
    text.push_str(&String::from_utf8_lossy(&output.stdout));
    if !output.stderr.is_empty() {
        let _ = write!(text, "--- stderr\n{}", String::from_utf8_lossy(&output.stderr));
    }
    text
}

const FIXED: [&str; 4] = ["--seed", "1", "--now", "2026-01-02T15:04:05Z"];

#[test]
fn a_chart_is_rendered_as_helm_renders_it() {
    let args = [&["demo", "shop", "--include-crds", "--set", "replicaCount=3", "-n=prod"], &FIXED[..]].concat();
    assert_snapshot!(template(&args));
}

#[test]
fn objects_notes_and_the_order_of_flags() {
    let args = [
        &["--objects", "objects.yaml", "demo", "--notes", "--skip-tests", "shop", "-s", "templates/pl*.yaml"],
        &FIXED[..],
    ];
    assert_snapshot!(template(&args.concat()));
}

#[test]
fn json_says_where_objects_come_from() {
    let output = run(&[&["template", "demo", "shop", "-o", "json", "--include-crds"], &FIXED[..]].concat());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let objects = json["objects"].as_array().expect("objects").iter();
    let lines: Vec<_> = objects
        .map(|o| format!("{} {} {} {} {}", o["role"], o["kind"], o["name"], o["namespace"], o["source"]))
        .collect();
    assert_snapshot!(lines.join("\n"));
    assert_snapshot!(json["asked"].to_string());
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let seeded = |seed| run(&["template", "shop", "--seed", seed, "--now", "2026-01-02T15:04:05Z"]).stdout;
    assert_eq!(seeded("7"), seeded("7"));
    assert_ne!(seeded("7"), seeded("8"));
}

#[test]
fn output_goes_into_a_folder() {
    let dir = std::env::temp_dir().join(format!("chartwright-test-{}", std::process::id()));
    let path = dir.to_string_lossy();
    let text = template(&["demo", "shop", "--output-dir", &path, "--release-name"]);
    assert_snapshot!(text.replace(&*path, "DIR"));
    let web = std::fs::read_to_string(dir.join("demo/shop/templates/web.yaml")).expect("a file");
    assert!(web.starts_with("---\n# Source: shop/templates/web.yaml\napiVersion: v1\nkind: Service\n"), "{web}");
    assert_eq!(web.matches("# Source:").count(), 2);
    std::fs::remove_dir_all(dir).expect("a folder");
}

#[test]
fn errors_are_helms() {
    let set = |mode: &str| template(&["broken", "--set", &format!("mode={mode}")]);
    assert_snapshot!(set("path"), @r#"
    exit code 1
    --- stderr
    Error: broken/templates/all.yaml:5:8
      executing "broken/templates/all.yaml" at <include "url" .>:
        error calling include:
    broken/templates/all.yaml:2:18
      executing "url" at <.Values.server.hostname.full>:
        nil pointer evaluating interface {}.full
    "#);
    assert_snapshot!(set("fail"), @r"
    exit code 1
    --- stderr
    Error: execution error at (broken/templates/all.yaml:7:3): choose a mode
    ");
    assert_snapshot!(set("yaml"), @r"
    exit code 1
    --- stderr
    Error: YAML parse error on broken/templates/all.yaml: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context
    ");
}

#[test]
fn pretty_errors_show_the_line_and_help() {
    assert_snapshot!(template(&["broken", "--error-format", "pretty"]));
    assert_snapshot!(template(&["broken", "--error-format=json"]));
}

#[test]
fn limits_end_a_render() {
    let limit = |mode: &str, flag: &str| {
        template(&["broken", "--set", &format!("mode={mode}"), flag, "--error-format", "json"])
    };
    for (mode, flag, kind) in [
        ("loop", "--max-steps=100000", "limit/steps"),
        ("loop", "--timeout=10ms", "limit/time"),
        ("big", "--max-output=100000", "limit/output"),
        ("hungry", "--max-memory=100000000", "limit/memory"),
    ] {
        let text = limit(mode, flag);
        assert!(text.contains(&format!("\"kind\":\"{kind}\"")), "{mode} {flag}: {text}");
        assert!(text.contains("\"file\":\"broken/templates/all.yaml\",\"line\":1"), "{mode} {flag}: {text}");
    }
}

#[test]
fn bad_command_lines_are_refused_in_helms_words() {
    let cases: [(&[&str], &str); 14] = [
        (&["demo", "shop", "--bogus"], "unknown flag: --bogus"),
        (&["demo", "shop", "--bogus=1"], "unknown flag: --bogus"),
        (&["demo", "shop", "-Z"], "unknown shorthand flag: 'Z' in -Z"),
        (&["demo", "shop", "-gZx"], "unknown shorthand flag: 'Z' in -Zx"),
        (&["demo", "shop", "--set"], "flag needs an argument: --set"),
        (&["demo", "shop", "-f"], "flag needs an argument: 'f' in -f"),
        (
            &["demo", "shop", "--no-hooks=maybe"],
            "invalid argument \"maybe\" for \"--no-hooks\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
        ),
        (
            &["-g=x", "shop"],
            "invalid argument \"x\" for \"-g, --generate-name\" flag: strconv.ParseBool: parsing \"x\": invalid syntax",
        ),
        (
            &["demo", "shop", "--timeout=3"],
            "invalid argument \"3\" for \"--timeout\" flag: time: missing unit in duration \"3\"",
        ),
        (&["demo", "shop", "more", "args"], "expected at most two arguments, unexpected arguments: more, args"),
        (&["demo", "./none"], "path \"./none\" not found"),
        (&["demo", "none/chart"], "repo none not found"),
        (&["demo", "shop", "-g"], "cannot set --generate-name and also specify a name"),
        (
            &["demo", "shop", "-l", "a"],
            "invalid argument \"a\" for \"-l, --labels\" flag: a must be formatted as key=value",
        ),
    ];
    for (args, want) in cases {
        assert_eq!(template(args), format!("exit code 1\n--- stderr\nError: {want}\n"), "{args:?}");
    }
}

#[test]
fn switches_and_values_are_read_as_helms() {
    let plain = run(&["template", "shop", "--seed=1", "--no-hooks"]).stdout;
    assert_eq!(run(&["template", "shop", "--seed=1", "--no-hooks=true"]).stdout, plain);
    assert_ne!(run(&["template", "shop", "--seed=1", "--no-hooks", "--no-hooks=false"]).stdout, plain);
    let dashed = String::from_utf8(run(&["template", "shop", "--set-string", "-x=1,replicaCount=-5"]).stdout).unwrap();
    assert!(dashed.contains("replicas: -5"), "{dashed}");
}

#[test]
fn snippets_are_evaluated_line_by_line() {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut child = Command::new(env!("CARGO_BIN_EXE_chartwright"))
        .arg("eval")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let lines = concat!(
        r#"{"id":"a","template":"{{ .Values.x | quote }}","values":{"x":"y"}}"#,
        "\n\n",
        r#"{"id":"b","templates":{"a":"{{ include \"h\" . }}","_h":"{{ define \"h\" }}{{ .Files.Get \"f\" }}{{ end }}"},"files":{"f":"text"}}"#,
        "\n",
        r#"{"id":"c","template":"{{ (lookup \"v1\" \"Node\" \"\" \"n\").kind }}{{ .Values.a.b }}","valuesYaml":"a: ~","objects":[{"apiVersion":"v1","kind":"Node","metadata":{"name":"n"}}]}"#,
    );
    child.stdin.take().expect("stdin").write_all(lines.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("finished");
    assert_snapshot!(String::from_utf8_lossy(&output.stdout));
}

#[test]
fn help_teaches() {
    let help = |args: &[&str]| String::from_utf8(run(args).stdout).unwrap();
    assert_snapshot!(help(&["--help"]));
    assert_snapshot!(help(&["template", "--help"]));
    for shell in ["bash", "zsh", "fish"] {
        assert!(help(&["completion", shell]).contains("chartwright"));
    }
}
