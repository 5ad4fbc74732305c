//! `helm chartwright` without Helm around it: arguments and standard input in, standard output and error out.

use chartwright::api::NativeEngine;
use chartwright_helm_plugin::{Outcome, run};
use insta::assert_snapshot;

const WELCOME: &str = include_str!("../../../../templates/examples/welcome/descriptor.yaml");
const PLATFORM: &str = include_str!("../../../../templates/examples/platform.yaml");

fn call(args: &[&str], input: &str) -> Outcome {
    let args: Vec<String> = args.iter().map(|a| (*a).to_owned()).collect();
    run(&args, &mut || Ok(input.as_bytes().to_vec()), 0, &NativeEngine::default())
}

/// What a person sees of a call.
fn shown(args: &[&str], input: &str) -> String {
    let outcome = call(args, input);
    let mut text = String::from_utf8_lossy(&outcome.stdout).into_owned();
    if !outcome.stderr.is_empty() {
        text.push_str(&format!("--- stderr\n{}", outcome.stderr));
    }
    if let Some(failure) = outcome.failure {
        text.push_str(&format!("--- failure\n{failure}\n"));
    }
    text
}

#[test]
fn help_teaches() {
    assert_snapshot!(shown(&["--help"], ""));
    assert_snapshot!(shown(&["render", "--help"], ""));
}

#[test]
fn a_descriptor_is_rendered_with_the_charts_of_the_plugin() {
    let input = format!("{WELCOME}\n---\n{PLATFORM}");
    let text = shown(&["render", "--level", "2"], &input);
    assert!(text.contains("kind: Deployment"), "{text}");
    assert!(text.contains("registry.example.org/marketplace/nginxmessage:1.0.0"), "{text}");
    // The token is in a Secret, and not to be seen.
    assert!(text.contains("kind: Secret") && !text.contains("bm90LWEtcmVhbC10b2tlbg"), "{text}");
    // The same facts as objects of a cluster.
    let objects = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: idtconfigmap, namespace: icekube}
data: {registryUrl: registry.example.org, registryRepository: marketplace, domain: demo.example.org}
---
apiVersion: v1
kind: Secret
metadata: {name: idtsecret, namespace: icekube}
data: {username: ZGVtbw==, token: bm90LWEtcmVhbC10b2tlbg==}
";
    assert_eq!(shown(&["render", "--level", "2"], &format!("{objects}---\n{WELCOME}")), text);
}

#[test]
fn values_come_from_flags() {
    let set = |args: &[&str]| shown(&[&["render", "--level=1"], args].concat(), WELCOME);
    let flags = ["--values-text", "welcome: {config: {A: text}}", "--set", "welcome.config.B=1"];
    let text = set(&[&flags[..], &["--set-json", r#"welcome.config.C="x""#]].concat());
    assert!(text.contains("A: text\n") && text.contains("B: 1\n") && text.contains("C: x\n"), "{text}");
}

#[test]
fn an_archive_is_the_same_every_time() {
    let archive = call(&["expand"], WELCOME);
    assert_eq!(archive, call(&["expand"], WELCOME));
    assert_eq!(archive.stdout.get(..2), Some(&[0x1f, 0x8b][..]));
    assert_eq!(archive.failure, None);
    let values = shown(&["expand", "--file", "values.yaml"], WELCOME);
    assert!(values.contains("WELCOME_MESSAGE: Hello from Chartwright"), "{values}");
    assert!(shown(&["expand", "--file", "x"], WELCOME).contains("the chart has no file x; it has Chart.yaml, "));
    let json: serde_json::Value = serde_json::from_slice(&call(&["expand", "-o", "json"], WELCOME).stdout).unwrap();
    assert_eq!(json["name"], "welcome");
}

#[test]
fn charts_are_brought_in_configmaps() {
    let expanded: serde_json::Value = serde_json::from_slice(&call(&["expand", "-o", "json"], WELCOME).stdout).unwrap();
    let archive = expanded["archive"].as_str().unwrap();
    let release = "\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: greeter, namespace: demo}
spec:
  interval: 10m
  chart: {spec: {chart: welcome, version: '>= 1.0', sourceRef: {kind: HelmRepository, name: modules}}}
";
    let charts =
        format!("kind: ConfigMap\napiVersion: v1\nmetadata: {{name: charts}}\nbinaryData: {{w.tgz: {archive}}}\n");
    assert_snapshot!(shown(&["plan"], &format!("{charts}---\n{release}---\n{WELCOME}")), @r"
    --- stderr
    error[stdin]: standard input has both a HelmChartDescriptor and HelmReleases: give only one of them
    --- failure
    no output was produced
    ");
    assert_snapshot!(shown(&["plan"], &format!("{charts}---\n{release}")), @"available  welcome (>= 1.0) of HelmRepository/demo/modules");
    assert_snapshot!(shown(&["plan"], &format!("{charts}---\n{}", release.replace(">= 1.0", ">= 2.0"))), @"missing    welcome (>= 2.0) of HelmRepository/demo/modules");
    // The module's chart has a HelmRelease in it, whose chart is one of the plugin's.
    let text = shown(&["render"], &format!("{charts}---\n{release}---\n{PLATFORM}"));
    assert!(text.contains("kind: HelmRelease\n") && text.contains("kind: Deployment\n"), "{text}");
    assert_snapshot!(shown(&["render"], release));
    assert_snapshot!(shown(&["render"], "kind: ConfigMap\nbinaryData: {a.tgz: '!'}\n"), @r"
    --- stderr
    error[stdin]: the chart a.tgz: not base64: Invalid symbol 33, offset 0.
      --> stdin:1
      |
    1 | kind: ConfigMap
    --- failure
    1 error
    ");
}

#[test]
fn mistakes_are_said_with_their_lines() {
    let wrong = format!("kind: ConfigMap\nmetadata: {{name: a}}\n---\n{}", WELCOME.replace("values:", "vlaues:"));
    assert_snapshot!(shown(&["check"], &wrong));
    assert_snapshot!(shown(&["render"], "registry: ghcr.io\ndomian: example.org\n"), @r#"
    --- stderr
    error[stdin]: a document without `kind` has the platform's facts: unknown field `domian`, expected one of `registry`, `repository`, `domain`, `username`, `token`, `namespace`
      --> stdin:1
      |
    1 | registry: ghcr.io
      hint: did you mean domain?
    --- failure
    1 error
    "#);
    assert_snapshot!(shown(&["render", "--values", "v.yaml"], WELCOME));
    assert_snapshot!(shown(&["check"], "kind: ConfigMap\n"), @r"
    --- stderr
    error[stdin]: standard input has no HelmChartDescriptor
      hint: helm chartwright --help describes the input
    --- failure
    no output was produced
    ");
    // A descriptor that is no YAML is checked all the same.
    let text = shown(&["check"], &WELCOME.replace("metadata:", "metadata: ["));
    assert!(text.contains("stdin:"), "{text}");
}
