//! The sample fleet repository: what is in it is sound, and renders to what its guide names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use serde_json::Value;

use super::{Outcome, differ};
use crate::{paths, yaml};

/// What must be among the objects of the controller.
const CONTROLLER: [&str; 6] =
    ["CustomResourceDefinition", "ClusterRole", "Deployment", "NetworkPolicy", "Service", "ValidatingAdmissionPolicy"];

/// What must be among the objects of a module.
const MODULE: [&str; 4] = ["Namespace", "HelmRelease", "Deployment", "Service"];

/// Checks the repository, and renders the controller and each module in it.
pub(super) fn check(chartwright: &Path) -> anyhow::Result<Outcome> {
    let fleet = paths::root().join("templates/fleet");
    let mut problems = references(&fleet)?;
    let mut check = ours(chartwright, "check");
    let output = check.arg("--strict").arg(&fleet).output()?;
    let check = differ::succeeded("chartwright check", &output, &mut problems);
    let controller = rendered(chartwright, &fleet, &fleet.join("chartwright"), &CONTROLLER, &mut problems)?;
    let mut modules = 0;
    for module in files(&fleet.join("modules"))? {
        if rendered(chartwright, &fleet, &module, &MODULE, &mut problems)? == "ok" {
            modules += 1;
        }
    }
    if modules == 0 {
        problems.push("  no module renders".into());
    }
    Ok(Outcome { name: "fleet".into(), steps: vec![check.into(), controller.into(), modules.to_string()], problems })
}

/// A command of ours with the sources that the repository names.
fn ours(chartwright: &Path, command: &str) -> Command {
    let root = paths::root();
    let mut ours = Command::new(chartwright);
    ours.arg(command).args(["--offline", "--no-lock"]);
    ours.arg("--source").arg(format!("chartwright={}", root.display()));
    ours.arg("--source").arg(format!("basecharts={}", root.join("templates").display()));
    ours
}

/// Renders something with the repository's platform facts: `ok` where all these kinds are among the objects.
fn rendered(
    chartwright: &Path,
    fleet: &Path,
    subject: &Path,
    kinds: &[&str],
    problems: &mut Vec<String>,
) -> anyhow::Result<&'static str> {
    let what = format!("chartwright render {}", subject.display());
    let mut render = ours(chartwright, "render");
    render.arg(subject).arg("--objects").arg(fleet.join("platform/idtconfigmap.yaml")).args(["--output", "json"]);
    let output = render.output()?;
    if differ::succeeded(&what, &output, problems) != "ok" {
        return Ok("FAILED");
    }
    let answer: Value = serde_json::from_slice(&output.stdout)?;
    let objects = answer.get("objects").and_then(Value::as_array);
    let found: Vec<&str> =
        objects.into_iter().flatten().filter_map(|object| object.get("kind").and_then(Value::as_str)).collect();
    let missing: Vec<&str> = kinds.iter().filter(|kind| !found.contains(*kind)).copied().collect();
    if missing.is_empty() {
        return Ok("ok");
    }
    problems.push(format!("  {what} has no {}", missing.join(", ")));
    Ok("FAILED")
}

/// What is wrong with paths in Flux's objects and in the DescriptorSource: each is a folder of the repository.
fn references(fleet: &Path) -> anyhow::Result<Vec<String>> {
    let mut problems = Vec::new();
    let mut named = 0;
    for file in [files(&fleet.join("clusters/demo"))?, files(&fleet.join("sources"))?].concat() {
        let object = yaml::read(&fs::read(&file)?).with_context(|| file.display().to_string())?;
        if let Some(path) = object.pointer("/spec/path").and_then(Value::as_str) {
            named += 1;
            if !fleet.join(path).is_dir() {
                problems.push(format!("  {}: there is no folder {path}", file.display()));
            }
        }
    }
    if named == 0 {
        problems.push("  no object names a folder".into());
    }
    Ok(problems)
}

/// The YAML files in a folder, sorted.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let file = entry?.path();
        if file.extension().is_some_and(|ending| ending == "yaml") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}
