//! Questions of the conformance kit.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Call, Helm, What};
use crate::kit::Case;
use crate::package::{Entry, tgz};
use crate::paths;

/// `apiVersion` of calls.
pub(super) const API_VERSION: &str = "chartwright.dev/engine/v1alpha1";
/// The time in all calls: 2026-01-02T15:04:05Z.
pub(super) const NOW: i64 = 1_767_366_245;

/// The kit. If it is missing, prints that and returns `None`.
fn kit(what: &str) -> Option<PathBuf> {
    let kit = paths::conformance();
    if kit.is_none() {
        println!("SKIPPED: {what}: there is no conformance kit (../shared/conformance or $CHARTWRIGHT_CONFORMANCE)");
    }
    kit
}

/// The public charts.
pub(super) fn cases() -> anyhow::Result<Vec<(String, What)>> {
    let Some(kit) = kit("public charts") else { return Ok(Vec::new()) };
    Ok(Case::all(&kit)?.into_iter().map(|case| (case.id.clone(), What::Case(Box::new(case)))).collect())
}

/// A public chart as a call.
pub(super) fn case(case: &Case) -> anyhow::Result<Call> {
    let kit = paths::conformance().context("the kit is gone")?;
    let read = |path: &str| fs::read(kit.join(path)).with_context(|| path.to_owned());
    let mut files = Vec::new();
    for path in &case.values {
        files.push(json!({"path": path, "data": STANDARD.encode(read(path)?)}));
    }
    let mut objects = Vec::new();
    if let Some(path) = &case.objects {
        objects.push(json!({"name": path, "text": String::from_utf8(read(path)?)?}));
    }
    let mut input = json!({
        "apiVersion": API_VERSION,
        "subject": {"chart": {"name": case.chart, "data": STANDARD.encode(read(&case.chart)?)}},
        "values": {"files": case.values},
        "files": files,
        "release": {"name": case.release, "namespace": case.namespace, "upgrade": case.is_upgrade},
        "capabilities": {"apiVersions": case.api_versions},
        "world": {"objects": objects, "now": NOW, "seed": 1},
        "showSecrets": true,
        "want": {"crds": case.include_crds, "hooks": !case.no_hooks},
    });
    if let (Some(version), Some(capabilities)) = (&case.kube_version, input.pointer_mut("/capabilities")) {
        capabilities["kubeVersion"] = version.as_str().into();
    }
    let helm = match (&case.golden, &case.error) {
        (Some(golden), _) => Helm::Text(read(golden)?),
        (None, Some(error)) => Helm::Error(error.clone()),
        (None, None) => bail!("it has neither golden nor error"),
    };
    Ok(Call { call: "render", input: input.to_string(), helm: Some(helm) })
}

/// A snippet of the language: the notes of a chart, because notes may be any text.
pub(super) struct Snippet {
    /// The line of the kit.
    case: Value,
    /// Its values.
    values: String,
}

/// The snippets.
pub(super) fn snippets() -> anyhow::Result<Vec<(String, What)>> {
    let Some(kit) = kit("snippets") else { return Ok(Vec::new()) };
    let mut questions = Vec::new();
    for file in ["language.jsonl", "functions.jsonl"] {
        let mut shared = "null".to_owned();
        for line in fs::read_to_string(kit.join(file))?.lines() {
            let case: Value = serde_json::from_str(line)?;
            let id = case.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            let values = case.get("values").map(Value::to_string);
            if id == "values" {
                shared = values.unwrap_or_default();
                continue;
            }
            let values = values.unwrap_or_else(|| shared.clone());
            questions.push((id, What::Snippet(Box::new(Snippet { case, values }))));
        }
    }
    Ok(questions)
}

impl Snippet {
    /// The snippet as a call.
    pub(super) fn call(&self) -> anyhow::Result<Call> {
        let template = self.case.get("template").and_then(Value::as_str).context("a snippet has a template")?;
        let mut entries = vec![
            entry("Chart.yaml", "apiVersion: v2\nname: demo\nversion: 1.2.3\nappVersion: 4.5.6\n"),
            entry("templates/NOTES.txt", template),
        ];
        let files = self.case.get("files").and_then(Value::as_object).into_iter().flatten();
        entries.extend(files.filter_map(|(name, text)| Some(entry(name, text.as_str()?))));
        let input = json!({
            "apiVersion": API_VERSION,
            "subject": {"chart": {"name": "demo.tgz", "data": STANDARD.encode(tgz(&entries)?)}},
            "values": {"yaml": [self.values]},
            "release": {"name": "demo", "namespace": "shop"},
            "world": {"now": NOW, "seed": 1},
            "strict": self.case.get("strict").and_then(Value::as_bool).unwrap_or_default(),
        });
        Ok(Call { call: "render", input: input.to_string(), helm: None })
    }
}

fn entry(name: &str, text: &str) -> Entry {
    Entry { name: format!("demo/{name}"), data: text.into(), executable: false }
}
