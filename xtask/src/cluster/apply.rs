//! Whether the API server accepts what we render: a server-side dry run with strict validation.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, ExitStatus, Output};

use super::{Outcome, Trial, kinds, shown};
use crate::examples::{Case, Example, platform, sources};
use crate::paths;

/// The base charts with the values of their folders `ci`.
pub(super) fn charts(trial: &Trial<'_>) -> anyhow::Result<Vec<Outcome>> {
    println!("\n{:<44}{:>24}", "base chart, case", "accepted");
    let mut outcomes = Vec::new();
    for case in Case::all()?.iter().filter(|c| trial.wants(&c.name())) {
        let rendered = case.template(&trial.chartwright).output()?;
        outcomes.push(shown(dry_run(trial, case.name(), &rendered)?));
    }
    Ok(outcomes)
}

/// The example descriptors, both levels.
pub(super) fn examples(trial: &Trial<'_>) -> anyhow::Result<Vec<Outcome>> {
    println!("\n{:<44}{:>24}", "descriptor", "accepted");
    let sources = sources::prepare(&paths::target().join("examples"))?;
    let mut outcomes = Vec::new();
    for example in Example::all()?.iter().filter(|e| trial.wants(&e.name)) {
        if let Some(missing) = example.sources().into_iter().find(|s| !sources.has(s)) {
            println!("{:<44}{:>24}", example.name, format!("SKIPPED: no {missing}"));
            continue;
        }
        let rendered = example.command(&trial.chartwright, "render", &sources).output()?;
        outcomes.push(shown(dry_run(trial, example.name.clone(), &rendered)?));
    }
    Ok(outcomes)
}

/// The Compose files that the importer is tested with, imported and rendered.
pub(super) fn compose(trial: &Trial<'_>) -> anyhow::Result<Vec<Outcome>> {
    println!("\n{:<44}{:>24}", "compose file", "accepted");
    let work = paths::target().join("examples/compose");
    fs::create_dir_all(&work)?;
    let tests = paths::root().join("engine/compose/tests");
    let mut files = Vec::new();
    for file in fs::read_dir(tests.join("compose"))? {
        let path = file?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // the others are included by these
        let is_whole = tests.join(format!("snapshots/import__{name}.snap")).is_file();
        files.extend((is_whole && path.extension().is_some_and(|e| e == "yml")).then_some(path));
    }
    files.sort();
    let mut outcomes = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if !trial.wants(&name) {
            continue;
        }
        let descriptor = work.join(format!("{name}.yaml"));
        let imported = Command::new(&trial.chartwright)
            .args(["import", "compose"])
            .arg(&file)
            .args(["--name", &name, "--profile", "*", "--force", "-o"])
            .arg(&descriptor)
            .output()?;
        let rendered = match imported.status.success() {
            true => Command::new(&trial.chartwright)
                .arg("render")
                .arg(&descriptor)
                .args(["--offline", "--no-lock", "--show-secrets", "--source"])
                .arg(format!("basecharts={}", paths::root().join("templates").display()))
                .arg("--platform")
                .arg(platform::file())
                .output()?,
            false => imported,
        };
        outcomes.push(shown(dry_run(trial, name, &rendered)?));
    }
    Ok(outcomes)
}

/// The plain manifests, and the sample fleet repository: what a platform team applies.
pub(super) fn installation(trial: &Trial<'_>) -> anyhow::Result<Vec<Outcome>> {
    println!("\n{:<44}{:>24}", "installation", "accepted");
    kinds::define(trial.cluster)?;
    let mut outcomes = Vec::new();
    for name in ["deploy", "templates/fleet/platform"].into_iter().filter(|name| trial.wants(name)) {
        let folder = paths::root().join(name);
        let built = trial.cluster.kubectl(&["kustomize", &folder.to_string_lossy()]).output()?;
        outcomes.push(shown(dry_run(trial, name.to_owned(), &built)?));
    }
    let plain = ["templates/fleet/clusters/demo", "templates/fleet/chartwright", "templates/fleet/sources"];
    for name in plain.into_iter().filter(|name| trial.wants(name)) {
        let mut text = Vec::new();
        for entry in fs::read_dir(paths::root().join(name))? {
            let file = entry?.path();
            if file.extension().is_some_and(|ending| ending == "yaml") {
                text.extend_from_slice(b"---\n");
                text.extend(fs::read(&file)?);
            }
        }
        let read = Output { status: ExitStatus::default(), stdout: text, stderr: Vec::new() };
        outcomes.push(shown(dry_run(trial, name.to_owned(), &read)?));
    }
    Ok(outcomes)
}

/// Applies the output of a command as a dry run.
fn dry_run(trial: &Trial<'_>, name: String, rendered: &Output) -> anyhow::Result<Outcome> {
    if !rendered.status.success() || rendered.stdout.is_empty() {
        let said = String::from_utf8_lossy(&rendered.stderr);
        let problems = vec![format!("  {}", said.trim().replace('\n', "\n  "))];
        return Ok(Outcome { name, result: "FAILED".into(), problems });
    }
    for namespace in namespaces(&rendered.stdout) {
        trial.cluster.namespace(&namespace)?;
    }
    let apply = ["apply", "--dry-run=server", "--validate=strict", "-f", "-"];
    let output = trial.cluster.output_on(&apply, &rendered.stdout)?;
    let accepted = String::from_utf8_lossy(&output.stdout);
    let accepted = accepted.lines().filter(|l| l.ends_with("(server dry run)")).count();
    let said = String::from_utf8_lossy(&output.stderr);
    let warnings = said.lines().filter(|l| l.contains("would violate PodSecurity")).count();
    let errors: Vec<String> = said.lines().filter(|l| !l.starts_with("Warning: ")).map(|l| format!("  {l}")).collect();
    let result = match (errors.is_empty() && output.status.success(), warnings) {
        (false, _) => "REFUSED".into(),
        (true, 0) => format!("{accepted}"),
        (true, warnings) => format!("{accepted} ({warnings} not restricted)"),
    };
    let mut problems = errors;
    if !output.status.success() && problems.is_empty() {
        problems.push(format!("  kubectl: {}", output.status));
    }
    if problems.is_empty() && accepted == 0 {
        problems.push("  nothing was applied".into());
    }
    Ok(Outcome { name, result, problems })
}

/// The namespaces of the objects in a rendered text: those of their metadata.
fn namespaces(text: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(text);
    let names = text.lines().filter_map(|l| l.strip_prefix("  namespace: ")).map(|n| n.trim().trim_matches('"'));
    names.filter(|n| !n.is_empty()).map(str::to_owned).collect()
}
