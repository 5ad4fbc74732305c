//! Questions of the conformance kit.

use std::fs;
use std::path::Path;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Helm, Question};
use crate::package::{Entry, tgz};
use crate::paths;

/// `apiVersion` of calls.
pub(super) const API_VERSION: &str = "chartwright.dev/engine/v1alpha1";
/// The time in all calls: 2026-01-02T15:04:05Z.
pub(super) const NOW: i64 = 1_767_366_245;

/// A chart with values and options.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    id: String,
    chart: String,
    values: Vec<String>,
    release: String,
    namespace: String,
    kube_version: Option<String>,
    #[serde(default)]
    api_versions: Vec<String>,
    #[serde(default, rename = "includeCRDs")]
    include_crds: bool,
    #[serde(default)]
    is_upgrade: bool,
    #[serde(default)]
    no_hooks: bool,
    objects: Option<String>,
    golden: Option<String>,
    error: Option<String>,
}

/// The kit; `None`, said loudly, where there is none.
fn kit(what: &str) -> Option<std::path::PathBuf> {
    let kit = paths::conformance();
    if kit.is_none() {
        println!("SKIPPED: {what}: there is no conformance kit (../shared/conformance or $CHARTWRIGHT_CONFORMANCE)");
    }
    kit
}

/// The public charts.
pub(super) fn cases() -> anyhow::Result<Vec<Question>> {
    let Some(kit) = kit("public charts") else { return Ok(Vec::new()) };
    let cases: Vec<Case> = serde_json::from_slice(&fs::read(kit.join("cases.json"))?)?;
    cases.into_iter().map(|case| question(&kit, case)).collect()
}

fn question(kit: &Path, case: Case) -> anyhow::Result<Question> {
    let mut files = Vec::new();
    for path in &case.values {
        files.push(json!({"path": path, "data": STANDARD.encode(fs::read(kit.join(path))?)}));
    }
    let mut objects = Vec::new();
    if let Some(path) = &case.objects {
        objects.push(json!({"name": path, "text": fs::read_to_string(kit.join(path))?}));
    }
    let mut input = json!({
        "apiVersion": API_VERSION,
        "subject": {"chart": {"name": case.chart, "data": STANDARD.encode(fs::read(kit.join(&case.chart))?)}},
        "values": {"files": case.values},
        "files": files,
        "release": {"name": case.release, "namespace": case.namespace, "upgrade": case.is_upgrade},
        "capabilities": {"apiVersions": case.api_versions},
        "world": {"objects": objects, "now": NOW, "seed": 1},
        "showSecrets": true,
        "want": {"crds": case.include_crds, "hooks": !case.no_hooks},
    });
    if let (Some(version), Some(capabilities)) = (case.kube_version, input.pointer_mut("/capabilities")) {
        capabilities["kubeVersion"] = version.into();
    }
    let helm = match (case.golden, case.error) {
        (Some(golden), _) => Helm::Text(fs::read(kit.join(golden))?),
        (None, Some(error)) => Helm::Error(error),
        (None, None) => anyhow::bail!("{} has neither golden nor error", case.id),
    };
    Ok(Question { id: case.id, call: "render", input, helm: Some(helm) })
}

/// The snippets: each is the notes of a chart, because notes may be any text.
pub(super) fn snippets() -> anyhow::Result<Vec<Question>> {
    let Some(kit) = kit("snippets") else { return Ok(Vec::new()) };
    let mut questions = Vec::new();
    for file in ["language.jsonl", "functions.jsonl"] {
        let mut shared = Value::Null;
        for line in fs::read_to_string(kit.join(file))?.lines() {
            let case: Value = serde_json::from_str(line)?;
            let id = case.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            if id == "values" {
                shared = case.get("values").cloned().unwrap_or_default();
                continue;
            }
            questions.push(snippet(id, &case, case.get("values").unwrap_or(&shared))?);
        }
    }
    Ok(questions)
}

fn snippet(id: String, case: &Value, values: &Value) -> anyhow::Result<Question> {
    let template = case.get("template").and_then(Value::as_str).context("a snippet has a template")?;
    let mut entries = vec![
        entry("Chart.yaml", "apiVersion: v2\nname: demo\nversion: 1.2.3\nappVersion: 4.5.6\n"),
        entry("templates/NOTES.txt", template),
    ];
    let files = case.get("files").and_then(Value::as_object).into_iter().flatten();
    entries.extend(files.filter_map(|(name, text)| Some(entry(name, text.as_str()?))));
    let input = json!({
        "apiVersion": API_VERSION,
        "subject": {"chart": {"name": "demo.tgz", "data": STANDARD.encode(tgz(&entries)?)}},
        "values": {"yaml": [values.to_string()]},
        "release": {"name": "demo", "namespace": "shop"},
        "world": {"now": NOW, "seed": 1},
        "strict": case.get("strict").and_then(Value::as_bool).unwrap_or_default(),
    });
    Ok(Question { id, call: "render", input, helm: None })
}

fn entry(name: &str, text: &str) -> Entry {
    Entry { name: format!("demo/{name}"), data: text.into(), executable: false }
}
