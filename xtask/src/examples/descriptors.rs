//! The example descriptors through both levels, beside real Helm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::Context;
use serde_json::Value;

use super::sources::Sources;
use super::{Outcome, Programs, differ, platform};
use crate::{paths, yaml};

/// An example: a folder with a descriptor.
pub(crate) struct Example {
    /// The folder's name.
    pub(crate) name: String,
    /// The descriptor.
    pub(crate) file: PathBuf,
    /// What it says.
    descriptor: Value,
}

impl Example {
    /// All examples, sorted.
    pub(crate) fn all() -> anyhow::Result<Vec<Example>> {
        let mut examples = Vec::new();
        for folder in fs::read_dir(paths::root().join("templates/examples"))? {
            let folder = folder?.path();
            let file = folder.join("descriptor.yaml");
            if !file.is_file() {
                continue;
            }
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let descriptor = yaml::read(&fs::read(&file)?).with_context(|| file.display().to_string())?;
            examples.push(Example { name, file, descriptor });
        }
        examples.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(examples)
    }

    fn text(&self, pointer: &str) -> &str {
        self.descriptor.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// The module's name.
    pub(crate) fn module(&self) -> &str {
        self.text("/metadata/name")
    }

    /// The namespace that the module is deployed to.
    pub(crate) fn namespace(&self) -> &str {
        match self.text("/spec/release/targetNamespace") {
            "" => self.text("/metadata/namespace"),
            target => target,
        }
    }

    /// How many components it has.
    pub(crate) fn components(&self) -> usize {
        self.descriptor.pointer("/spec/components").and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// The operator's values for the module chart.
    pub(crate) fn operator_values(&self) -> Value {
        self.descriptor
            .pointer("/spec/release/values")
            .cloned()
            .unwrap_or_else(|| Value::Object(serde_json::Map::new()))
    }

    /// The names of the sources that it names.
    pub(crate) fn sources(&self) -> Vec<&str> {
        let components = self.descriptor.pointer("/spec/components").and_then(Value::as_array);
        let templates = components.into_iter().flatten().filter_map(|c| c.get("template"));
        let templates = templates.chain(self.descriptor.pointer("/spec/template"));
        templates.filter_map(|t| t.pointer("/sourceRef/name")?.as_str()).collect()
    }

    /// A command of ours on it, with its sources and the platform facts where the command takes them.
    pub(crate) fn command(&self, chartwright: &Path, command: &str, sources: &Sources) -> Command {
        let mut ours = Command::new(chartwright);
        ours.arg(command).arg(&self.file).arg("--offline").arg("--no-lock");
        for flag in &sources.flags {
            ours.arg("--source").arg(flag);
        }
        if command == "render" {
            ours.arg("--platform").arg(platform::file()).arg("--show-secrets");
        }
        ours
    }
}

/// Checks and expands an example, lints the module chart, and compares both levels.
pub(super) fn compare(
    programs: &Programs,
    example: &Example,
    sources: &Sources,
    work: &Path,
) -> anyhow::Result<Outcome> {
    let name = example.name.clone();
    if let Some(missing) = example.sources().into_iter().find(|s| !sources.has(s)) {
        return Ok(Outcome { name, steps: vec![format!("SKIPPED: no {missing}")], problems: Vec::new() });
    }
    let mut problems = Vec::new();
    let check = example.command(&programs.chartwright, "check", sources).output()?;
    let check = differ::succeeded("chartwright check", &check, &mut problems);
    let folder = work.join(&name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let expand = example.command(&programs.chartwright, "expand", sources).arg("-d").arg(&folder).output()?;
    if differ::succeeded("chartwright expand", &expand, &mut problems) != "ok" {
        return Ok(Outcome { name, steps: vec![check.into(), "FAILED".into()], problems });
    }
    let level = Level { programs, example, folder: &folder, objects: platform::objects(work)? };
    let lint = Command::new(&programs.helm).arg("lint").arg(level.chart()).output()?;
    let lint = differ::succeeded("helm lint", &lint, &mut problems);
    let first = level.first(&mut problems)?;
    let second = level.second(sources, &mut problems)?;
    Ok(Outcome { name, steps: vec![check.into(), lint.into(), first.into(), second], problems })
}

/// What both levels are compared with.
struct Level<'a> {
    programs: &'a Programs,
    example: &'a Example,
    folder: &'a Path,
    objects: PathBuf,
}

impl Level<'_> {
    /// The module chart, as it was expanded.
    fn chart(&self) -> PathBuf {
        let named = self.folder.join(self.example.module());
        if named.is_dir() { named } else { self.folder.to_path_buf() }
    }

    fn values(&self, name: &str, values: &Value) -> anyhow::Result<PathBuf> {
        let file = self.folder.with_extension(format!("{name}.values.json"));
        fs::write(&file, serde_json::to_vec_pretty(values)?)?;
        Ok(file)
    }

    fn oracle(&self, release: &str, namespace: &str, values: &Path, chart: &Path) -> anyhow::Result<Output> {
        let mut oracle = Command::new(&self.programs.oracle);
        oracle.args(["render", "-name", release, "-namespace", namespace, "-objects"]).arg(&self.objects);
        Ok(oracle.arg("-values").arg(values).arg(chart).output()?)
    }

    /// The module chart with the operator's values.
    fn first(&self, problems: &mut Vec<String>) -> anyhow::Result<&'static str> {
        let (module, namespace) = (self.example.module(), self.example.namespace());
        let values = self.values("operator", &self.example.operator_values())?;
        let theirs = self.oracle(module, namespace, &values, &self.chart())?;
        let ours = Command::new(&self.programs.chartwright)
            .args(["template", module])
            .arg(self.chart())
            .args(["--namespace", namespace, "--values"])
            .arg(&values)
            .arg("--objects")
            .arg(&self.objects)
            .arg("--show-secrets")
            .output()?;
        Ok(differ::same("level 1", &theirs, &ours, problems))
    }

    /// Each HelmRelease's chart with its values, beside what `chartwright render` makes of the descriptor.
    fn second(&self, sources: &Sources, problems: &mut Vec<String>) -> anyhow::Result<String> {
        let mut render = self.example.command(&self.programs.chartwright, "render", sources);
        let rendered = render.args(["--as", "helm", "--output", "json"]).output()?;
        if differ::succeeded("chartwright render", &rendered, problems) != "ok" {
            return Ok("FAILED".into());
        }
        let rendered: Value = serde_json::from_slice(&rendered.stdout)?;
        let list = |key: &str| rendered.get(key).and_then(Value::as_array).into_iter().flatten();
        let (mut equal, mut all) = (0, 0);
        for release in list("releases").filter(|r| r.get("level").and_then(Value::as_u64) == Some(2)) {
            let text = |key: &str| release.get(key).and_then(Value::as_str).unwrap_or_default();
            all += 1;
            let of = |o: &&Value| o.get("level").and_then(Value::as_u64) == Some(1) && is_named(o, text("helmRelease"));
            let Some(object) = list("objects").find(of) else {
                problems.push(format!("  level 1 has no HelmRelease {}", text("helmRelease")));
                continue;
            };
            let object = yaml::read(object.get("text").and_then(Value::as_str).unwrap_or_default().as_bytes())?;
            let spec = |p: &str| object.pointer(p).and_then(Value::as_str).unwrap_or_default();
            let source = spec("/spec/chart/spec/sourceRef/name");
            let Some(chart) = sources.chart(source, spec("/spec/chart/spec/chart")) else {
                problems.push(format!("  {source} has no chart {}", spec("/spec/chart/spec/chart")));
                continue;
            };
            let none = Value::Object(serde_json::Map::new());
            let values = self.values(text("name"), object.pointer("/spec/values").unwrap_or(&none))?;
            let theirs = self.oracle(text("name"), text("namespace"), &values, &chart)?;
            let ours = text_of(&rendered, |o| {
                o.get("helmRelease").and_then(Value::as_str) == Some(text("helmRelease"))
                    && o.get("level").and_then(Value::as_u64) == Some(2)
            });
            let what = format!("level 2, {}", text("name"));
            if differ::succeeded(&what, &theirs, problems) == "ok"
                && differ::equal(&what, &theirs.stdout, ours.as_bytes(), problems) == "equal"
            {
                equal += 1;
            }
        }
        Ok(match all {
            0 => "-".into(),
            all => format!("{equal} of {all}"),
        })
    }
}

/// Some of the objects of `chartwright render -o json`, as `helm template` prints them: manifests without
/// blank lines at their end, then hooks.
pub(super) fn text_of(rendered: &Value, wanted: impl Fn(&Value) -> bool) -> String {
    let text = |o: &Value, key: &str| o.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let of = |is_hook: bool| -> String {
        let objects = rendered.get("objects").and_then(Value::as_array).into_iter().flatten();
        let objects = objects.filter(|o| wanted(o) && (text(o, "role") == "hook") == is_hook);
        objects.map(|o| format!("---\n# Source: {}\n{}\n", text(o, "source"), text(o, "text"))).collect()
    };
    format!("{}\n{}", of(false).trim_end(), of(true))
}

fn is_named(object: &Value, helm_release: &str) -> bool {
    let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
    text("kind") == "HelmRelease" && format!("{}/{}", text("namespace"), text("name")) == helm_release
}
