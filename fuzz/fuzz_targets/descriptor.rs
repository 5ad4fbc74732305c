//! Descriptors: checked, expanded and rendered, with `modulebase` for whatever base chart they name.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use chartwright::api::NativeEngine;
use chartwright::{File, LoadedChart};
use chartwright_host::{ChartSource, Host};
use contract::{
    Archive, Budget, ChartGiven, ChartWanted, FailureKind, RenderInput, Severity, Subject, TextFile,
};
use libfuzzer_sys::fuzz_target;

static BASE: LazyLock<LoadedChart> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates/charts/modulebase");
    let mut files = Vec::new();
    add(&folder, "", &mut files);
    LoadedChart::from_folder("modulebase", files).expect("the base chart loads")
});

fn add(folder: &Path, prefix: &str, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).expect("the base chart is there").flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            add(&entry.path(), &format!("{name}/"), files);
        } else {
            let data = std::fs::read(entry.path()).expect("a file of the base chart");
            files.push(File { name: name.as_str().into(), data: data.into() });
        }
    }
}

/// Everything is `modulebase`, which the engine has under this digest.
const DIGEST: &str = "sha256:modulebase";

struct Always;

impl ChartSource for Always {
    fn bring(&self, wanted: &ChartWanted) -> Option<ChartGiven> {
        let archive = Archive { digest: Some(DIGEST.to_owned()), ..Archive::default() };
        let revision = Some("main@sha1:0123456789abcdef".to_owned());
        Some(ChartGiven { wanted: wanted.clone(), archive, revision, ..ChartGiven::default() })
    }
}

fuzz_target!(|text: &[u8]| {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let file = TextFile { name: "descriptor.yaml".to_owned(), text: text.to_owned() };
    // YAML breaks lines at more than line feeds.
    let breaks = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
    let lines = text.matches(breaks).count() as u32 + 1;
    let engine = NativeEngine::default();
    engine.keep(DIGEST, BASE.clone(), 1);
    let host = Host { engine: &engine, charts: &Always, budget: &Budget::default(), progress: &() };
    let found = host.check(vec![file.clone()]).expect("problems are in the output");
    for problem in &found.problems {
        assert!(!problem.message.is_empty(), "{problem:?}");
        assert!(problem.place.file != file.name || problem.place.line <= lines, "{problem:?}");
    }
    let mut input = RenderInput::new(Subject::Descriptor(file));
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
    let errors = output.problems.iter().filter(|p| p.severity == Severity::Error).count();
    assert!(errors > 0 || !output.objects.is_empty(), "neither objects nor an error");
});
