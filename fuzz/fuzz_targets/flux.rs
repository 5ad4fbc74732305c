//! Manifests with HelmReleases: rendered through all levels, with a chart that renders whatever its values say.
#![no_main]

use std::sync::LazyLock;

use chartwright::api::NativeEngine;
use chartwright::{File, LoadedChart};
use chartwright_host::{ChartSource, Host};
use contract::{Archive, Budget, ChartGiven, ChartWanted, FailureKind, RenderInput, Subject, TextFile};
use libfuzzer_sys::fuzz_target;

static CHART: LazyLock<LoadedChart> = LazyLock::new(|| {
    let file = |name: &str, text: &str| File { name: name.into(), data: text.as_bytes().to_vec().into() };
    let files = vec![
        file("Chart.yaml", "{apiVersion: v2, name: any, version: 1.0.0}"),
        file("templates/any.yaml", "{{ range .Values.objects }}---\n{{ toYaml . }}\n{{ end }}{{ .Values.text }}"),
    ];
    LoadedChart::from_folder("any", files).expect("the chart loads")
});

/// Everything is this chart, which the engine has under this digest.
const DIGEST: &str = "sha256:any";

struct Always;

impl ChartSource for Always {
    fn bring(&self, wanted: &ChartWanted) -> Option<ChartGiven> {
        let archive = Archive { digest: Some(DIGEST.to_owned()), ..Archive::default() };
        let revision = Some("1.0.0@sha256:0123456789abcdef".to_owned());
        Some(ChartGiven { wanted: wanted.clone(), archive, revision, ..ChartGiven::default() })
    }
}

fuzz_target!(|text: &[u8]| {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let file = TextFile { name: "releases.yaml".to_owned(), text: text.to_owned() };
    let engine = NativeEngine::default();
    engine.keep(DIGEST, CHART.clone(), 1);
    let host = Host { engine: &engine, charts: &Always, budget: &Budget::default(), progress: &() };
    let mut input = RenderInput::new(Subject::Manifests(vec![file]));
    input.world.seed = Some(1);
    input.limits.steps = Some(500_000);
    input.limits.output = Some(1 << 20);
    let output = match host.render(input) {
        Ok(output) => output,
        Err(failure) => {
            assert_ne!(failure.kind, FailureKind::Internal, "{failure:?}");
            return;
        }
    };
    for object in &output.objects {
        assert!(output.releases.iter().any(|r| Some(&r.helm_release) == object.helm_release.as_ref()), "{object:?}");
    }
});
