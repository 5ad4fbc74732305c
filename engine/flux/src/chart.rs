//! The chart as Flux installs it: values from other files, a version with a suffix.

use std::sync::Arc;

use govalue::Map;
use helm::chart::{Bytes, Chart};
use helm::values::merge_maps;

use crate::charts::FetchedChart;
use crate::error::RenderError;
use crate::helmrelease::{ChartRef, ChartTemplate, HelmRelease, ReconcileStrategy};
use crate::version::{Rule, suffixed};

/// The generation of a HelmChart object that was just made.
const GENERATION: &str = "1";

/// The chart as helm-controller gets it from its source.
pub(crate) fn prepared(release: &HelmRelease, fetched: &FetchedChart) -> Result<Arc<Chart>, RenderError> {
    let mut chart = Arc::clone(&fetched.chart);
    let (rule, files) = match &release.chart {
        ChartRef::Reference(source) => {
            let rule = match source.kind.as_str() {
                "OCIRepository" if fetched.revision.is_some() => Rule::Oci,
                "ExternalArtifact" => Rule::Artifact,
                _ => Rule::Keep,
            };
            (rule, None)
        }
        ChartRef::Template(template) => {
            let folder = matches!(template.source.kind.as_str(), "GitRepository" | "Bucket");
            let strategy = template.reconcile_strategy == ReconcileStrategy::Revision;
            let rule = if strategy && folder { Rule::Revision } else { Rule::Keep };
            (rule, Some(template).filter(|t| replaces_values(t)))
        }
    };
    if let Some(template) = files {
        chart = Arc::new(chart.with_values(&values_of_files(template, fetched)?));
    }
    let generation = files.map(|_| GENERATION);
    let revision = fetched.revision.as_deref().unwrap_or_default();
    match suffixed(&chart.metadata().version, revision, rule, generation)? {
        Some(version) => Ok(Arc::new(chart.with_version(version))),
        None => Ok(chart),
    }
}

/// Whether there are files that replace the chart's `values.yaml` (`GetValuesFiles`).
fn replaces_values(template: &ChartTemplate) -> bool {
    match template.values_files.as_slice() {
        [] => false,
        [one] => clean(one) != "values.yaml",
        _ => true,
    }
}

/// What the files of `valuesFiles` say together: for a chart in a folder those
/// that the host brought from its source, else those in the chart
/// (`mergeFileValues`, `mergeChartValues`).
fn values_of_files(template: &ChartTemplate, fetched: &FetchedChart) -> Result<Map, RenderError> {
    let folder = matches!(template.source.kind.as_str(), "GitRepository" | "Bucket");
    let mut merged = Map::new();
    for path in &template.values_files {
        let name = clean(path);
        if !folder && name == "values.yaml" {
            merged = merge_maps(&merged, &fetched.chart.values());
            continue;
        }
        let data: Option<Bytes> = if folder {
            fetched.values_files.iter().find(|(p, _)| clean(p) == name).map(|(_, data)| data.clone())
        } else {
            fetched.chart.files().iter().find(|f| f.name == name.as_str()).map(|f| f.data.clone())
        };
        let Some(data) = data else {
            if template.ignore_missing_values_files {
                continue;
            }
            return Err(RenderError::ValuesFiles(format!("no values file found at path '{path}'")));
        };
        let values = goyaml::yaml::from_yaml_map(&data)
            .map_err(|e| RenderError::ValuesFiles(format!("unmarshaling values from '{path}' failed: {e}")))?;
        merged = merge_maps(&merged, &values);
    }
    Ok(merged)
}

/// A relative path without `.`, `..` and doubled slashes (`filepath.Clean`).
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
