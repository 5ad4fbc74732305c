//! Manifests with HelmReleases: rendered through all levels, with a chart that renders whatever its values say.
#![no_main]

use std::rc::Rc;
use std::sync::LazyLock;

use chartwright::api::render_levels;
use chartwright::{File, FixedWorld, LoadedChart};
use contract::{ChartWanted, RenderInput, Subject, TextFile};
use flux::{Charts, FetchError, FetchedChart};
use libfuzzer_sys::fuzz_target;

static CHART: LazyLock<LoadedChart> = LazyLock::new(|| {
    let file = |name: &str, text: &str| File { name: name.into(), data: text.as_bytes().to_vec().into() };
    let files = vec![
        file("Chart.yaml", "{apiVersion: v2, name: any, version: 1.0.0}"),
        file("templates/any.yaml", "{{ range .Values.objects }}---\n{{ toYaml . }}\n{{ end }}{{ .Values.text }}"),
    ];
    LoadedChart::from_folder("any", files).expect("the chart loads")
});

struct Always;

impl Charts for Always {
    fn chart(&self, _: &ChartWanted) -> Result<FetchedChart, FetchError> {
        Ok(CHART.fetched(Some("1.0.0@sha256:0123456789abcdef".to_owned())))
    }
}

fuzz_target!(|text: &[u8]| {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let file = TextFile { name: "releases.yaml".to_owned(), text: text.to_owned() };
    let mut input = RenderInput::new(Subject::Manifests(vec![file]));
    input.limits.steps = Some(500_000);
    input.limits.output = Some(1 << 20);
    let output = render_levels(&input, &Always, Rc::new(FixedWorld::seeded(1))).expect("problems are in the output");
    for object in &output.objects {
        assert!(output.releases.iter().any(|r| Some(&r.helm_release) == object.helm_release.as_ref()), "{object:?}");
    }
});
