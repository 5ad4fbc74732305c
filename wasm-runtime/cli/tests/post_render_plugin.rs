//! `--post-render`: manifests changed by plugins.
#![allow(clippy::print_stderr, reason = "a test says what it skips")]
#![allow(clippy::disallowed_methods, reason = "a test runs programs and writes files")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use insta::assert_snapshot;

fn template(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chartwright"))
        .args([&["template", "demo"], args].concat())
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/charts"))
        .env("CHARTWRIGHT_CACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugin-cache"))
        .output()
        .expect("the program runs")
}

/// Writes a plugin that is Wasm text.
fn plugin(folder: &Path, name: &str, wat: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, wat::parse_str(wat).expect("WAT")).expect("written");
    path.display().to_string()
}

/// Builds the example of the documentation.
fn example() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_chartwright"));
    let target = program.ancestors().nth(2).expect("the program lies in a profile's folder");
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--package", "chartwright-example-post-render"])
        .args(["--target", "wasm32-unknown-unknown", "--profile", "wasm", "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    target.join("wasm32-unknown-unknown/wasm/chartwright_example_post_render.wasm")
}

#[test]
#[ignore = "needs a compiler for Wasm"]
fn the_example_lets_images_come_from_a_mirror() {
    let example = example().display().to_string();
    let chart = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(chart.path().join("templates")).expect("made");
    std::fs::write(chart.path().join("Chart.yaml"), "{apiVersion: v2, name: c, version: 1.0.0}").expect("written");
    let pods = "kind: Pod\nspec:\n  containers:\n    - image: \"docker.io/nginx:1\"\n      name: docker.io/\n    - name: b\n      image: quay.io/b:2\n";
    std::fs::write(chart.path().join("templates/pod.yaml"), pods).expect("written");
    let path = chart.path().display().to_string();
    let output = template(&[&path, "--post-render", &example]);
    assert_snapshot!(String::from_utf8_lossy(&output.stdout), @r#"
    ---
    # Source: c/templates/pod.yaml
    kind: Pod
    spec:
      containers:
        - image: "mirror.example.org/docker/nginx:1"
          name: docker.io/
        - name: b
          image: quay.io/b:2
    "#);
    let shown = template(&[&path, "--post-render", &example, "-s", "templates/pod.yaml"]);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("mirror.example.org"));
}

#[test]
fn plugins_end_within_their_limits() {
    let folder = tempfile::tempdir().expect("a folder");
    let stderr = |output: Output| {
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]));
        String::from_utf8_lossy(&output.stderr).replace(&folder.path().display().to_string(), "…")
    };
    let endless = plugin(folder.path(), "endless.wasm", r#"(module (func (export "post_render") (loop (br 0))))"#);
    assert_snapshot!(stderr(template(&["shop", "--post-render", &endless, "--timeout", "200ms"])), @"Error: error while running post render …/endless.wasm: the plugin took longer than 200ms");
    let empty = plugin(folder.path(), "empty.wasm", "(module)");
    assert_snapshot!(stderr(template(&["shop", "--post-render", &empty])), @r#"Error: error while running post render …/empty.wasm: the plugin has no function "post_render""#);
    std::fs::write(folder.path().join("empty.wasm.sha256"), "0".repeat(64)).expect("written");
    let refused = stderr(template(&["shop", "--post-render", &empty]));
    assert!(refused.contains("not the pinned one"), "{refused}");
    for other in [&["-o", "json"][..], &["--output-dir", "x"]] {
        let text = stderr(template(&[&["shop", "--post-render", &empty], other].concat()));
        assert!(text.contains("cannot go with"), "{text}");
    }
    assert!(stderr(template(&["shop", "--post-render", "missing.wasm"])).contains("missing.wasm: No such file"));
}
