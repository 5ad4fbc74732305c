//! The cases of the conformance kit that need the platform facts, as HelmReleases with `--platform`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::{Outcome, Programs, descriptors, differ};
use crate::conformance::mask;
use crate::kit::Case;
use crate::{paths, yaml};

/// The cases; none where there is no kit.
pub(super) fn cases() -> anyhow::Result<Vec<Case>> {
    let Some(kit) = paths::conformance() else { return Ok(Vec::new()) };
    Ok(Case::all(&kit)?.into_iter().filter(|c| c.kind == "platform").collect())
}

/// Compares all of them; the table has one line for each that differs, and one for all.
pub(super) fn compare(programs: &Programs, cases: &[&Case], work: &Path) -> anyhow::Result<Outcome> {
    let kit = paths::conformance().context("no kit")?;
    let folder = work.join("facts");
    fs::create_dir_all(&folder)?;
    let platform = folder.join("platform.yaml");
    fs::write(&platform, facts(&fs::read_to_string(kit.join("platform/icekube.yaml"))?)?)?;
    let mut problems = Vec::new();
    let mut equal = 0;
    for case in cases {
        let before = problems.len();
        one(programs, case, &kit, &folder, &platform, &mut problems).with_context(|| case.id.clone())?;
        if problems.len() == before {
            equal += 1;
        } else {
            problems.insert(before, format!(" {}", case.id));
        }
    }
    Ok(Outcome { name: "cases with --platform".into(), steps: vec![format!("{equal} of {}", cases.len())], problems })
}

fn one(
    programs: &Programs,
    case: &Case,
    kit: &Path,
    folder: &Path,
    platform: &Path,
    problems: &mut Vec<String>,
) -> anyhow::Result<()> {
    let archive = kit.join(&case.chart);
    let mut tar = tar::Archive::new(GzDecoder::new(fs::File::open(&archive)?));
    let first = tar.entries()?.next().context("an empty archive")??.path()?.into_owned();
    let chart = first.iter().next().unwrap_or_default().to_string_lossy().into_owned();
    let mut values = json!({});
    for file in &case.values {
        values = yaml::read(&fs::read(kit.join(file))?)?;
    }
    let release = json!({
        "apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease",
        "metadata": {"name": case.release, "namespace": case.namespace},
        "spec": {
            "interval": "10m", "releaseName": case.release, "values": values,
            "chart": {"spec": {"chart": chart, "version": "*", "sourceRef": {"kind": "HelmRepository", "name": "kit"}}},
        },
    });
    let file = folder.join("release.yaml");
    fs::write(&file, release.to_string())?;
    let mut render = Command::new(&programs.chartwright);
    render.arg("render").arg(&file).arg("--source").arg(format!("kit={}", archive.display()));
    render.args([
        "--offline",
        "--no-lock",
        "--as",
        "helm",
        "--show-secrets",
        "--error-format",
        "json",
        "-o",
        "json",
        "--platform",
    ]);
    render.arg(platform);
    if let Some(version) = &case.kube_version {
        render.args(["--kube-version", version]);
    }
    if !case.api_versions.is_empty() {
        render.args(["--api-versions", &case.api_versions.join(",")]);
    }
    if case.is_upgrade {
        render.arg("--is-upgrade");
    }
    let output = render.output()?;
    match (&case.golden, &case.error) {
        (Some(golden), _) => {
            if differ::succeeded("chartwright render", &output, problems) == "ok" {
                let rendered: Value = serde_json::from_slice(&output.stdout)?;
                let ours = descriptors::text_of(&rendered, |o| o.get("kind") != Some(&json!("Namespace")));
                let golden = fs::read(kit.join(golden))?;
                if !mask::matches(&golden, ours.as_bytes()) {
                    differ::equal("the golden", &golden, ours.as_bytes(), problems);
                }
            }
        }
        (None, Some(error)) => {
            let rendered: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
            let said = rendered.get("problems").map(ToString::to_string).unwrap_or_default();
            let said = format!("{said}{}", String::from_utf8_lossy(&output.stderr));
            let last = error.lines().last().unwrap_or_default().trim_start_matches("Error: ").trim();
            let quoted = serde_json::to_string(last)?;
            if output.status.success() || !said.contains(quoted.trim_matches('"')) {
                problems.push(format!("  Helm says\n    {error}\n  we say\n    {said}"));
            }
        }
        (None, None) => anyhow::bail!("the case has neither golden nor error"),
    }
    Ok(())
}

/// The kit's objects as `--platform` takes their facts.
fn facts(objects: &str) -> anyhow::Result<String> {
    let mut facts = serde_json::Map::new();
    for document in objects.split("\n---\n") {
        let object = yaml::read(document.as_bytes())?;
        let text = |key: &str| object.pointer(&format!("/data/{key}")).and_then(Value::as_str);
        for (key, name) in [("registryUrl", "registry"), ("registryRepository", "repository"), ("domain", "domain")] {
            facts.extend(text(key).map(|t| (name.to_owned(), Value::from(t))));
        }
        for key in ["username", "token"] {
            if let Some(encoded) = text(key) {
                let decoded = STANDARD.decode(encoded)?;
                facts.insert(key.to_owned(), Value::from(String::from_utf8(decoded)?));
            }
        }
    }
    Ok(Value::Object(facts).to_string())
}
