//! The calls of the contract, as a host makes them: JSON in, JSON out.

use chartwright::api::{Engine, digest};
use contract::{
    API_VERSION, Answer, Archive, Base64, ChartGiven, ChartSource, ChartWanted, Code, Failure, FailureKind, Platform,
    RenderInput, RenderOutput, Severity, Subject, TextFile,
};
use helm::chart::{File, pack};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn archive(name: &str, files: &[(&str, &str)]) -> Archive {
    let mut all = vec![File {
        name: "Chart.yaml".into(),
        data: format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n").into_bytes().into(),
    }];
    all.extend(files.iter().map(|(n, text)| File { name: (*n).into(), data: text.as_bytes().to_vec().into() }));
    let data = pack(name, &all);
    Archive { name: format!("{name}-1.0.0.tgz"), digest: Some(digest(&data)), data: Some(Base64(data)), files: None }
}

fn call<I: Serialize, O: DeserializeOwned>(engine: &mut Engine, export: &str, input: &I) -> Result<O, Failure> {
    let answer = engine.call(export, &serde_json::to_vec(input).unwrap());
    serde_json::from_slice::<Answer<O>>(&answer).unwrap().into_result()
}

fn render(subject: Subject) -> RenderInput {
    RenderInput::new(subject)
}

/// A base chart that reads the platform as DS2's do.
fn base() -> Archive {
    archive(
        "base",
        &[
            ("values.yaml", "app: {name: base}\n"),
            (
                "templates/a.yaml",
                "kind: ConfigMap\nmetadata: {name: {{ .Values.app.name }}}\ndata:\n  host: {{ .Values.app.name }}.{{ (lookup \"v1\" \"ConfigMap\" \"icekube\" \"idtconfigmap\").data.domain }}\n",
            ),
            (
                "templates/b.yaml",
                "kind: Secret\nmetadata: {name: {{ .Values.app.name }}}\ndata:\n  auth: {{ (lookup \"v1\" \"Secret\" \"icekube\" \"idtsecret\").data.token | b64dec | printf \"u:%s\" | b64enc }}\n",
            ),
        ],
    )
}

fn given(archive: Archive) -> ChartGiven {
    let source = ChartSource { kind: "GitRepository".into(), namespace: "shop".into(), name: "bases".into() };
    let wanted = ChartWanted { source, chart: "./charts/base".into(), ..ChartWanted::default() };
    ChartGiven { wanted, archive, ..ChartGiven::default() }
}

const RELEASES: &str = "\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: good, namespace: shop}
spec:
  interval: 10m
  chart: {spec: {chart: ./charts/base, sourceRef: {kind: GitRepository, name: bases}}}
  values: {app: {name: web}}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: lost, namespace: shop}
spec:
  interval: 10m
  chart: {spec: {chart: ./charts/other, sourceRef: {kind: GitRepository, name: bases}}}
";

fn releases() -> RenderInput {
    render(Subject::Manifests(vec![TextFile { name: "releases.yaml".into(), text: RELEASES.into() }]))
}

fn platform() -> Platform {
    Platform { domain: Some("example.org".into()), token: Some("t0p-s3cret".into()), ..Platform::default() }
}

#[test]
fn a_chart_is_rendered_and_kept_by_its_digest() {
    let mut engine = Engine::default();
    let whole = archive("shop", &[("templates/a.yaml", "kind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n")]);
    let mut input = render(Subject::Chart(whole.clone()));
    input.release.name = Some("demo".into());
    let first: RenderOutput = call(&mut engine, "render", &input).unwrap();
    assert_eq!(
        first.text.to_str_lossy(),
        "---\n# Source: shop/templates/a.yaml\nkind: ConfigMap\nmetadata: {name: demo}\n"
    );
    assert_eq!(first.objects[0].source, "shop/templates/a.yaml");
    let named = Archive { data: None, ..whole };
    input.subject = Subject::Chart(named);
    assert_eq!(call::<_, RenderOutput>(&mut engine, "render", &input).unwrap(), first);
    let failure = call::<_, RenderOutput>(&mut Engine::default(), "render", &input).unwrap_err();
    assert_eq!(failure.kind, FailureKind::UnknownDigest);
}

#[test]
fn archives_that_are_not_what_they_should_be_are_refused() {
    let mut engine = Engine::default();
    let wrong = Archive { digest: Some(digest(b"other")), ..base() };
    let cases = [
        (wrong, FailureKind::Digest),
        (
            Archive { name: "x".into(), data: Some(Base64(b"no archive".to_vec())), ..Archive::default() },
            FailureKind::Chart,
        ),
        (Archive::default(), FailureKind::Input),
    ];
    for (archive, kind) in cases {
        let failure = call::<_, RenderOutput>(&mut engine, "render", &render(Subject::Chart(archive))).unwrap_err();
        assert_eq!(failure.kind, kind, "{failure:?}");
    }
}

#[test]
fn a_limit_ends_a_call_with_its_name() {
    let loops = archive("loop", &[("templates/a.yaml", "{{ range until 100000 }}x: {{ . }}\n{{ end }}")]);
    let mut input = render(Subject::Chart(loops));
    input.limits.steps = Some(1000);
    let failure = call::<_, RenderOutput>(&mut Engine::default(), "render", &input).unwrap_err();
    assert_eq!(failure.kind, FailureKind::LimitSteps);
    assert_eq!(failure.file.as_deref(), Some("loop/templates/a.yaml"));
}

#[test]
fn a_release_that_fails_stops_no_other_and_says_what_is_missing() {
    let mut engine = Engine::default();
    let mut input = releases();
    let output: RenderOutput = call(&mut engine, "render", &input).unwrap();
    let wanted: Vec<&str> = output.wanted.iter().map(|w| w.chart.as_str()).collect();
    assert_eq!(wanted, ["./charts/base", "./charts/other"], "what to fetch");

    input.charts = vec![given(base())];
    let output: RenderOutput = call(&mut engine, "render", &input).unwrap();
    let hint = output.problems.iter().find(|p| p.code == Code::Render).and_then(|p| p.hint.clone()).unwrap();
    let (field, key, object) = ("token".into(), "token".into(), "Secret icekube/idtsecret".into());
    assert_eq!(hint, contract::Hint::PlatformFact { field, key, object });

    input.world.platform = Some(platform());
    let output: RenderOutput = call(&mut engine, "render", &input).unwrap();
    let names: Vec<(&str, &str)> = output.objects.iter().map(|o| (o.kind.as_str(), o.name.as_str())).collect();
    assert_eq!(names, [("Secret", "web"), ("ConfigMap", "web")]);
    assert!(output.text.to_str_lossy().contains("host: web.example.org"));
    let errors: Vec<_> = output.problems.iter().filter(|p| p.severity == Severity::Error).collect();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].helm_release.as_deref(), Some("shop/lost"));
}

#[test]
fn credentials_are_seen_only_where_that_is_asked_for() {
    let mut engine = Engine::default();
    let mut input = releases();
    input.charts = vec![given(base())];
    input.world.platform = Some(platform());
    let encoded = "dTp0MHAtczNjcmV0"; // u:t0p-s3cret
    let answer = String::from_utf8(engine.call("render", &serde_json::to_vec(&input).unwrap())).unwrap();
    assert!(!answer.contains("t0p-s3cret") && !answer.contains(encoded), "{answer}");
    input.show_secrets = true;
    let answer = String::from_utf8(engine.call("render", &serde_json::to_vec(&input).unwrap())).unwrap();
    assert!(answer.contains(encoded));
    assert!(!format!("{:?}", platform()).contains("t0p-s3cret"));
}

#[test]
fn plan_names_what_a_subject_needs() {
    let mut engine = Engine::default();
    let input = contract::PlanInput { api_version: API_VERSION.into(), subject: releases().subject };
    let output: contract::PlanOutput = call(&mut engine, "plan", &input).unwrap();
    let charts: Vec<&str> = output.charts.iter().map(|w| w.chart.as_str()).collect();
    assert_eq!(charts, ["./charts/base", "./charts/other"]);
}

#[test]
fn calls_that_nobody_knows_are_answered() {
    let answer = Engine::default().call("frobnicate", b"");
    let failure = serde_json::from_slice::<Answer<()>>(&answer).unwrap().into_result().unwrap_err();
    assert_eq!(failure.kind, FailureKind::Input);
    for export in ["plan", "expand", "render", "check"] {
        let answer = Engine::default().call(export, b"{\"apiVersion\": \"chartwright.dev/engine/v0\"}");
        let failure = serde_json::from_slice::<Answer<serde_json::Value>>(&answer).unwrap().into_result().unwrap_err();
        assert_eq!(failure.kind, FailureKind::Version, "{export}");
    }
}

#[test]
fn comments_are_printed_and_are_no_objects() {
    let files = [
        ("crds/a.yaml", "# where it comes from\n---\nkind: CustomResourceDefinition\nmetadata: {name: as}\n"),
        ("templates/a.yaml", "# only a comment\n---\n# and one\nkind: ConfigMap\nmetadata: {name: a}\n"),
    ];
    let mut input = render(Subject::Chart(archive("web", &files)));
    (input.want.objects, input.want.crds) = (true, true);
    let output = Engine::default().render(&input).unwrap();
    let names: Vec<(&str, &str)> = output.objects.iter().map(|o| (o.kind.as_str(), o.name.as_str())).collect();
    assert_eq!(names, [("CustomResourceDefinition", "as"), ("ConfigMap", "a")]);
    for comment in ["# where it comes from", "# only a comment", "# and one"] {
        assert!(output.text.to_str_lossy().contains(comment), "{comment}");
    }
}
