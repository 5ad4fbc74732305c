//! `chartwright check` on the command line.
#![allow(clippy::disallowed_methods, reason = "a test that runs a program")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Our own base charts.
const BASE: &str = "--source=basecharts=../../../templates";

fn check(args: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_chartwright"))
        .arg("check")
        .args(args)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input may have ended already.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn every_problem_is_shown_with_its_line() {
    let output = check(&["descriptors/mistakes.yaml", BASE], "");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stdout(&output));
    assert_eq!(stdout(&output).matches("-->").count(), 10);
    assert!(!stdout(&output).contains("geheim"));
}

#[test]
fn a_good_descriptor_is_fine() {
    let output = check(&["descriptors/good.yaml", BASE], "");
    assert_eq!(stdout(&output), "no problems found (1 descriptor in 1 file)\n");
    assert_eq!(output.status.code(), Some(0));
    let output = check(&["descriptors/good.yaml"], "");
    assert_eq!(
        stdout(&output),
        "note: values for ./charts/modulebase are not checked: give its source with --source basecharts=…\n\
         no problems found (1 descriptor in 1 file)\n"
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn programs_get_json() {
    let output = check(&["-o", "json", "-"], "kind: HelmChartDescriptor\n");
    assert_eq!(output.status.code(), Some(1));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let first = &answer["problems"][0];
    assert_eq!((first["code"].as_str(), first["severity"].as_str()), (Some("missing-field"), Some("error")));
    assert_eq!((first["place"]["file"].as_str(), first["place"]["line"].as_u64()), (Some("stdin"), Some(1)));
}

#[test]
fn folders_are_searched_for_descriptors() {
    let output = check(&["descriptors", BASE], "");
    assert!(stdout(&output).ends_with("(2 descriptors in 2 files)\n"), "{}", stdout(&output));
    let output = check(&["charts"], "");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: charts contains no descriptors\n");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn exit_codes() {
    let warning = "\
apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata: {name: shop}
spec:
  module: {version: 1.0.0}
  components:
    - {name: web, template: {chart: web, sourceRef: {kind: HelmRepository, name: charts}}}
";
    for (args, stdin, want) in [
        (&["-"][..], warning, 0),
        (&["-", "--strict"], warning, 1),
        (&["missing.yaml"], "", 1),
        (&[], "", 2),
        (&["-", "--source", "nothing"], warning, 2),
        (&["-", "-o", "xml"], warning, 2),
    ] {
        assert_eq!(check(args, stdin).status.code(), Some(want), "{args:?}");
    }
}

#[test]
fn charts_that_do_not_come_are_problems_and_the_rest_is_locked() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let file = |name: &str, text: &str| helm::chart::File { name: name.into(), data: text.as_bytes().into() };
    let about = "apiVersion: v2\nname: web\nversion: 1.2.0\n";
    let archive = helm::chart::pack("web", &[file("Chart.yaml", about), file("values.yaml", "port: 1\n")]);
    std::fs::write(path("web.tgz"), archive).unwrap();
    let descriptor = "\
apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata: {name: shop}
spec:
  module: {version: 1.0.0}
  components:
    - {name: web, template: {chart: web, version: 1.x, sourceRef: {kind: HelmRepository, name: here}}}
    - {name: db, template: {chart: db, version: 1.x, sourceRef: {kind: HelmRepository, name: there}}}
";
    std::fs::write(path("shop.yaml"), descriptor).unwrap();
    let here = format!("--source=here={}", path("web.tgz"));
    let run = |more: &[&str]| check(&[&[path("shop.yaml").as_str(), &here][..], more].concat(), "");
    let output = run(&["--source=there=http://127.0.0.1:1", "--offline"]);
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
    assert!(stdout(&output).contains("error[source-unreachable]: the base chart db of"));
    let locked = std::fs::read_to_string(path("chartwright.lock")).unwrap();
    assert!(locked.contains("chart: web") && !locked.contains("chart: db"), "{locked}");
    let output = run(&[&format!("--source=there={}", folder.path().display())]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stdout(&output).contains("error[chart-not-found]: the base chart db of"));
}

/// Policies, with the base charts and a platform.
#[cfg(feature = "policies")]
fn judged(args: &[&str]) -> Output {
    let platform = "--platform=../../../templates/examples/platform.yaml";
    check(&[&["descriptors/good.yaml", "--policy=policies/house.yaml", platform], args].concat(), "")
}

#[test]
#[cfg(feature = "policies")]
fn what_breaks_a_policy_is_named_with_template_and_rule() {
    let output = judged(&[BASE]);
    insta::assert_snapshot!(stdout(&output));
    assert_eq!(output.status.code(), Some(1));
    let json = judged(&[BASE, "-o", "json"]);
    let answer: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let of_image = answer["problems"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["path"].as_str().is_some_and(|p| p.ends_with(".image")));
    let of_image = of_image.expect("the image is refused");
    assert_eq!((of_image["code"].as_str(), of_image["component"].as_str()), (Some("policy"), Some("shopbackend")));
    assert!(of_image["place"]["line"].as_u64() > Some(0), "{of_image}");
}

#[test]
#[cfg(feature = "policies")]
fn what_cannot_be_judged_is_an_error() {
    // Without the base charts nothing of what they deploy is known.
    let output = judged(&[]);
    assert!(stdout(&output).contains("error[source-unknown]"), "{}", stdout(&output));
    assert_eq!(output.status.code(), Some(1));
    // A policy that is not understood forbids nothing: that is no way to go on.
    let output = check(&["descriptors/good.yaml", "--policy=descriptors/good.yaml"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not a Policy"), "{output:?}");
}
