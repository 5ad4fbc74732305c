//! The base charts with the values of their folders `ci`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Outcome, Programs, differ};
use crate::paths;

/// The release and namespace that cases are rendered for.
pub(crate) const RELEASE: &str = "demo";
/// See [`RELEASE`].
pub(crate) const NAMESPACE: &str = "shop";

/// A base chart with a values file.
pub(crate) struct Case {
    /// The chart's folder.
    pub(crate) chart: PathBuf,
    /// The values.
    pub(crate) values: PathBuf,
}

impl Case {
    /// All cases of all base charts, sorted.
    pub(crate) fn all() -> anyhow::Result<Vec<Case>> {
        let mut cases = Vec::new();
        for chart in fs::read_dir(paths::root().join("templates/charts"))? {
            let chart = chart?.path();
            let Ok(folder) = fs::read_dir(chart.join("ci")) else { continue };
            for values in folder {
                cases.push(Case { chart: chart.clone(), values: values?.path() });
            }
        }
        cases.sort_by(|a, b| a.values.cmp(&b.values));
        Ok(cases)
    }

    /// `CHART CASE`
    pub(crate) fn name(&self) -> String {
        let last = |p: &Path| p.file_name().unwrap_or_default().to_string_lossy().into_owned();
        format!("{} {}", last(&self.chart), last(&self.values).trim_end_matches("-values.yaml"))
    }

    /// The objects of the platform that cases are rendered on.
    pub(crate) fn platform() -> PathBuf {
        paths::root().join("tests/charts/platform.yaml")
    }

    /// `chartwright template` of it.
    pub(crate) fn template(&self, chartwright: &Path) -> Command {
        let mut command = Command::new(chartwright);
        command.arg("template").arg(RELEASE).arg(&self.chart);
        command.arg("--namespace").arg(NAMESPACE).arg("--values").arg(&self.values);
        command.arg("--objects").arg(Case::platform()).arg("--show-secrets");
        command
    }
}

/// Lints a chart with a case's values, and renders it with both.
pub(super) fn compare(programs: &Programs, case: &Case) -> anyhow::Result<Outcome> {
    let mut problems = Vec::new();
    let lint = Command::new(&programs.helm)
        .args(["lint", "--strict"])
        .arg(&case.chart)
        .arg("--values")
        .arg(&case.values)
        .output()?;
    let lint = differ::succeeded("helm lint", &lint, &mut problems);
    let ours = case.template(&programs.chartwright).output()?;
    let theirs = Command::new(&programs.oracle)
        .args(["render", "-name", RELEASE, "-namespace", NAMESPACE, "-objects"])
        .arg(Case::platform())
        .arg("-values")
        .arg(&case.values)
        .arg(&case.chart)
        .output()?;
    let template = differ::same("helm template", &theirs, &ours, &mut problems);
    Ok(Outcome { name: case.name(), steps: vec![lint.into(), template.into()], problems })
}
