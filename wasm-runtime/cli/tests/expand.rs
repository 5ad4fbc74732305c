//! `chartwright expand` and `chartwright export` on the command line.
#![allow(clippy::disallowed_methods, reason = "tests run the program on files")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DESCRIPTOR: &str = "\
apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata: {name: shop, namespace: shops}
spec:
  module: {version: 1.0.0}
  template:
    chart: web
    sourceRef: {kind: GitRepository, name: basecharts, namespace: marketplace}
  components:
    - name: frontend
      values: {port: 80}
      config: {WELCOME: Hello}
";

/// A temporary folder with a descriptor and a base chart.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let root = std::env::temp_dir().join(format!("chartwright-expand-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        let chart = root.join("basecharts/charts/web");
        fs::create_dir_all(&chart).unwrap();
        fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: web\nversion: 0.1.0\n").unwrap();
        fs::write(chart.join("values.yaml"), "app: {name: web}\nport: 8080\n").unwrap();
        fs::write(root.join("shop.yaml"), DESCRIPTOR).unwrap();
        Folder(root)
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_chartwright")).args(args).current_dir(&self.0).output().unwrap()
    }

    /// Runs a command that must end with this code; its stdout and stderr.
    fn ends(&self, code: i32, args: &[&str]) -> (String, String) {
        let output = self.run(args);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{args:?}\n{out}\n{err}");
        (out.into_owned(), err.into_owned())
    }

    fn files(&self, below: &str) -> Vec<String> {
        fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => walk(root, &path, found),
                    false => found.push(path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/")),
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.0.join(below), &self.0.join(below), &mut found);
        found.sort();
        found
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const SOURCE: [&str; 2] = ["--source", "basecharts=basecharts"];

#[test]
fn a_folder_is_written_once_and_replaced_by_force() {
    let folder = Folder::new("folder");
    let args = [&["expand", "shop.yaml", "-d", "out"][..], &SOURCE].concat();
    folder.ends(0, &args);
    let want = [
        ".helmignore",
        "Chart.yaml",
        "README.md",
        "templates/NOTES.txt",
        "templates/_helpers.tpl",
        "templates/frontend.yaml",
        "values.schema.json",
        "values.yaml",
    ];
    assert_eq!(folder.files("out/shop"), want);
    let (_, err) = folder.ends(1, &args);
    assert!(err.contains("exists already: --force replaces it"), "{err}");
    // Files that the chart no longer has are removed.
    fs::create_dir_all(folder.0.join("out/shop/templates/old")).unwrap();
    fs::write(folder.0.join("out/shop/templates/old/a.yaml"), "").unwrap();
    folder.ends(0, &[&args[..], &["--force"]].concat());
    assert_eq!(folder.files("out/shop"), want);
    // A folder that is not a chart stays.
    fs::remove_file(folder.0.join("out/shop/Chart.yaml")).unwrap();
    let (_, err) = folder.ends(1, &[&args[..], &["--force"]].concat());
    assert!(err.contains("is not a chart, so it is not replaced"), "{err}");
}

#[test]
fn archives_are_the_same_each_time_and_render() {
    let folder = Folder::new("archive");
    let stdout = folder.run(&[&["expand", "shop.yaml", "--archive", "-"][..], &SOURCE].concat()).stdout;
    let (out, _) =
        folder.ends(0, &[&["expand", "shop.yaml", "--archive", "shop.tgz", "-o", "json"][..], &SOURCE].concat());
    assert_eq!(fs::read(folder.0.join("shop.tgz")).unwrap(), stdout);
    let about: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((about["name"].as_str(), about["path"].as_str()), (Some("shop"), Some("shop.tgz")));
    assert!(about["digest"].as_str().is_some_and(|d| d.starts_with("sha256:") && d.len() == 71));
    let (out, _) = folder.ends(0, &["template", "demo", "shop.tgz", "--set", "frontend.port=81"]);
    assert!(
        out.contains("  values:\n    app:\n      name: frontend\n    config:\n      WELCOME: Hello\n    port: 81\n"),
        "{out}"
    );
}

#[test]
fn problems_have_places_and_codes() {
    let folder = Folder::new("problems");
    let (_, err) = folder.ends(0, &["expand", "shop.yaml"]);
    assert!(err.contains("warning: the base chart web of GitRepository basecharts is missing"), "{err}");
    assert!(err.contains("--> shop.yaml:7:5"), "{err}");
    fs::write(folder.0.join("bad.yaml"), DESCRIPTOR.replace("name: frontend", "name: Front End")).unwrap();
    let (_, err) = folder.ends(1, &["expand", "bad.yaml", "--error-format", "json"]);
    let problem: serde_json::Value = err
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .find(|p: &serde_json::Value| p["severity"] == "error")
        .unwrap();
    assert_eq!(problem["place"]["line"], 10);
    folder.ends(2, &["expand"]);
    folder.ends(2, &["expand", "shop.yaml", "--source", "nothing"]);
    folder.ends(1, &["expand", "missing.yaml"]);
    let (_, err) = folder.ends(3, &["expand", "shop.yaml", "-d", "x", "--source", "basecharts=nowhere"]);
    assert!(err.contains("shop.yaml:7:5"), "{err}");
}

#[test]
fn repositories_are_laid_out() {
    let folder = Folder::new("export");
    let flux = ["export", "flux", "shop.yaml", "-d", "fleet", "--url", "basecharts=https://git.example.org/base.git"];
    let (out, _) = folder.ends(0, &[&flux[..], &SOURCE].concat());
    assert!(out.contains("releases/shop/helmrelease-shop.yaml\n"), "{out}");
    let release = fs::read_to_string(folder.0.join("fleet/releases/shop/helmrelease-shop.yaml")).unwrap();
    assert!(release.contains("chart: ./charts/shop\n"), "{release}");
    assert!(folder.0.join("fleet/sources/marketplace/gitrepository-basecharts.yaml").is_file());
    // A second run changes nothing.
    folder.ends(0, &[&flux[..], &SOURCE].concat());
    let argocd = ["export", "argocd", "shop.yaml", "-d", "gitops", "--repo-url", "https://git.example.org/gitops.git"];
    folder.ends(0, &[&argocd[..], &SOURCE].concat());
    folder.ends(0, &["template", "shop", "gitops/shop"]);
    folder.ends(2, &["export", "argocd", "shop.yaml"]);
}
