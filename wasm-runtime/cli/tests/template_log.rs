//! What `chartwright template` writes to stderr beside errors, and the links in charts that it follows: both as Helm.
#![allow(clippy::disallowed_methods, reason = "a test writes charts")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder that is gone when the test is.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("chartwright-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        Folder(path.canonicalize().expect("it is there"))
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Stdout and stderr of a render in it, with the folder's path as `DIR`.
    fn template(&self, args: &[&str]) -> (String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_chartwright"))
            .args(["template", "demo"])
            .args(args)
            .current_dir(&self.0)
            .env_remove("HELM_NAMESPACE")
            .output()
            .expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&*self.0.to_string_lossy(), "DIR");
        (text(&output.stdout), text(&output.stderr))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn link(target: &str, at: &Path) {
    fs::create_dir_all(at.parent().expect("a parent")).expect("a folder");
    #[cfg(unix)]
    std::os::unix::fs::symlink(target, at).expect("a link");
}

/// Source: each output was printed by Helm 4.2.4 for the same files.
#[test]
fn debug_shows_what_helm_shows() {
    let folder = Folder::new("debug");
    folder.write("c/Chart.yaml", "{apiVersion: v2, name: c, version: 1.0.0, deprecated: true}");
    folder.write("c/values.yaml", "a: 1");
    folder.write("c/values.schema.json", "{\"type\": \"object\"}");
    folder.write("c/charts/sub/Chart.yaml", "{apiVersion: v2, name: sub, version: 1.0.0}");
    folder.write("c/templates/a.yaml", "{{ if .Values.bad }}a: b: c{{ else }}{{ fail \"no\" }}{{ end }}");
    // The system follows the path that is typed, so `x` must be there.
    fs::create_dir_all(folder.0.join("x")).expect("a folder");
    let start = "level=DEBUG msg=\"Original chart version\" version=\"\"\nlevel=DEBUG msg=\"Chart path\" path=DIR/c\n\
                 level=WARN msg=\"this chart is deprecated\"\n";
    let schema = "level=DEBUG msg=\"chart name\" chart-name=c\n\
                  level=DEBUG msg=\"unmarshalled JSON schema\" schema=\"{\\\"type\\\": \\\"object\\\"}\"\n\
                  level=DEBUG msg=\"number of dependencies in the chart\" chart=c dependencies=1\n\
                  level=DEBUG msg=\"number of dependencies in the chart\" chart=sub dependencies=0\n";
    let failed = "Error: execution error at (c/templates/a.yaml:1:40): no\n";
    let broken = "Error: YAML parse error on c/templates/a.yaml: error converting YAML to JSON: yaml: mapping values are \
                  not allowed in this context\n";
    let text = "---\n# Source: c/templates/a.yaml\na: b: c\n";
    for (args, stdout, stderr) in [
        (&["./c/../c", "--debug"][..], "\n", format!("{start}{schema}{failed}")),
        (&["c", "--debug", "--set", "bad=1"], text, format!("{start}{schema}{broken}")),
        (&["c", "--debug", "--set", "bad=1", "--skip-schema-validation"], text, format!("{start}{broken}")),
        (&["c", "--debug", "-s", "templates/a.yaml"], "", format!("{start}{schema}{failed}")),
        (&["c"], "", format!("level=WARN msg=\"this chart is deprecated\"\n{failed}")),
    ] {
        assert_eq!(folder.template(args), (stdout.to_owned(), stderr), "{args:?}");
    }
}

#[test]
fn deprecated_flags_are_told_in_their_order() {
    let folder = Folder::new("deprecated");
    folder.write("c/Chart.yaml", "{apiVersion: v2, name: c, version: 1.0.0}");
    let (_, stderr) =
        folder.template(&["--hide-notes", "c", "--force=false", "--atomic", "--hide-notes=false", "--dry-run=t"]);
    let lines: Vec<_> = stderr.lines().map(|line| line.split(" has been").next().unwrap_or_default()).collect();
    assert_eq!(
        lines,
        [
            "Flag --hide-notes",
            "Flag --force",
            "Flag --atomic",
            "Flag --hide-notes",
            "level=WARN msg=\"boolean '--dry-run=t' flag is deprecated and must be replaced with '--dry-run=client'\""
        ]
    );
}

#[test]
fn lines_of_the_log_have_levels_and_attributes() {
    let folder = Folder::new("levels");
    folder.write(
        "c/Chart.yaml",
        "{apiVersion: v2, name: c, version: 1.0.0, dependencies: [{name: sub, version: '1', condition: sub.use, tags: [x y], \
         import-values: [none, {child: gone, parent: a}]}]}",
    );
    folder.write("c/charts/sub/Chart.yaml", "{apiVersion: v2, name: sub, version: 1.0.0}");
    folder.write("c/values.yaml", "{sub: {use: text}, tags: {x y: 1}, t: {a: 1}}");
    folder.write("c/templates/a.yaml", "kind: Job\nmetadata: {annotations: {helm.sh/hook: 'a, b'}}");
    let (_, stderr) = folder.template(&["c", "--set", "t=5"]);
    assert_eq!(
        stderr,
        "level=WARN msg=\"returned non-bool value\" tag=\"x y\" chart=sub\n\
         level=WARN msg=\"returned non-bool value\" path=sub.use chart=sub\n\
         level=WARN msg=\"ImportValues missing table\" error=\"\\\"exports\\\" is not a table\"\n\
         level=WARN msg=\"ImportValues missing table from chart\" chart=sub error=\"\\\"gone\\\" is not a table\"\n\
         level=INFO msg=\"skipping unknown hooks\" hookTypes=\"a, b\"\n"
    );
    let (_, stderr) = folder.template(&["c", "--name-template", "X_"]);
    assert!(stderr.starts_with("Error: cannot set --name-template"), "{stderr}");
}

/// Source: `internal/sympath` and `pkg/ignore` of Helm 4.2.4.
#[cfg(unix)]
#[test]
fn links_are_followed() {
    let folder = Folder::new("links");
    folder.write("c/Chart.yaml", "{apiVersion: v2, name: c, version: 1.0.0}");
    folder.write("c/.helmignore", "skip.*\ntwin/\n");
    folder.write("c/files/own/b.txt", "b");
    folder.write("out/a.txt", "a");
    folder
        .write("out/cm.yaml", "f: {{ range $k, $v := .Files.Glob \"files/**\" }}{{ $k }}={{ toString $v }};{{ end }}");
    folder.write("out/sub/Chart.yaml", "{apiVersion: v2, name: sub, version: 1.0.0}");
    folder.write("out/sub/templates/s.yaml", "at: {{ .Template.Name }}");
    for (target, at) in [
        ("../../out/a.txt", "c/files/a.txt"),
        ("../../out/a.txt", "c/files/skip.me"),
        ("own", "c/files/twin"),
        ("../../out/cm.yaml", "c/templates/cm.yaml"),
        ("../../out/sub", "c/charts/sub"),
    ] {
        link(target, &folder.0.join(at));
    }
    let (stdout, stderr) = folder.template(&["c"]);
    assert_eq!(
        stdout,
        "---\n# Source: c/charts/sub/templates/s.yaml\nat: c/charts/sub/templates/s.yaml\n\
         ---\n# Source: c/templates/cm.yaml\nf: files/a.txt=a;files/own/b.txt=b;\n"
    );
    assert_eq!(stderr.lines().count(), 5, "{stderr}");
    let first = "level=INFO msg=\"found symbolic link in path. Contents of linked file included and used\" \
                 path=DIR/c/charts/sub resolved=DIR/out/sub\n";
    assert!(stderr.starts_with(first), "{stderr}");

    link("nowhere.yaml", &folder.0.join("c/templates/skip.gone"));
    let (_, stderr) = folder.template(&["c"]);
    let error = "Error: error evaluating symlink DIR/c/templates/skip.gone: lstat DIR/c/templates/nowhere.yaml: no such \
                 file or directory\n";
    assert!(stderr.ends_with(error), "{stderr}");
}
