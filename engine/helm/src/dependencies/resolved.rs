//! A chart as one render sees it.

use std::sync::Arc;

use govalue::{Frozen, Map, Str, Value};

use super::nodes::Requirement;
use crate::chart::{Chart, File, Metadata};

/// A chart as one render sees it: without the subcharts that are switched off,
/// under its alias, with imported values (Helm's chart after `ProcessDependencies`).
#[derive(Clone, Debug)]
pub struct Resolved {
    pub(super) chart: Arc<Chart>,
    pub(super) name: Str,
    pub(super) path: Str,
    pub(super) is_root: bool,
    pub(super) values: Frozen,
    pub(super) has_nulls: bool,
    pub(super) requirements: Vec<Requirement>,
    pub(super) dependencies: Vec<Resolved>,
}

/// A file of custom resource definitions.
#[derive(Clone, Debug)]
pub struct Crd {
    /// Its path below the root chart: `root/charts/sub/crds/a.yaml`.
    pub filename: String,
    /// The file.
    pub file: File,
}

impl Resolved {
    /// How many charts a render can have; Helm has no such limit.
    pub const MOST: usize = 1 << 16;

    /// The chart as it was loaded.
    pub fn chart(&self) -> &Arc<Chart> {
        &self.chart
    }

    /// Its name in this render: the alias, where it has one.
    pub fn name(&self) -> &Str {
        &self.name
    }

    /// Where it is below the root: `root/charts/sub` (`ChartFullPath`). Below a
    /// chart with an alias, what is not listed keeps the path by the chart's own name.
    pub fn path(&self) -> &Str {
        &self.path
    }

    /// Whether it is the chart that is rendered.
    pub(crate) fn is_root(&self) -> bool {
        self.is_root
    }

    /// The subcharts that are switched on.
    pub fn dependencies(&self) -> &[Resolved] {
        &self.dependencies
    }

    /// Its default values, imported ones included: a fresh map that the caller may change.
    pub fn values(&self) -> Map {
        match self.values.thaw() {
            Value::Map(m) => m,
            _ => Map::new(),
        }
    }

    /// Whether there may be nulls in its values.
    pub(crate) fn has_nulls(&self) -> bool {
        self.has_nulls
    }

    /// The templates.
    pub fn templates(&self) -> &[File] {
        self.chart.templates()
    }

    /// Whether it is a library: its templates define, but render nothing.
    pub fn is_library(&self) -> bool {
        self.chart.metadata.kind.eq_ignore_ascii_case(b"library")
    }

    /// The files in `crds/` of this chart and its subcharts (`CRDObjects`).
    pub fn crds(&self) -> Vec<Crd> {
        let mut crds = Vec::new();
        self.add_crds(&mut crds);
        crds
    }

    fn add_crds(&self, crds: &mut Vec<Crd>) {
        for file in self.chart.files().iter().filter(|f| is_crd(&f.name)) {
            crds.push(Crd { filename: format!("{}/{}", self.path, file.name), file: file.clone() });
        }
        for sub in &self.dependencies {
            sub.add_crds(crds);
        }
    }

    /// `.Chart` as templates see it, without `IsRoot`: a fresh map with the Go
    /// names of the fields (`MetadataAsMap`).
    pub fn metadata_map(&self) -> Map {
        let requirements = self.requirements.iter().map(|r| r.dependency.to_map(r.imports.as_deref()));
        self.chart.metadata.to_map(&self.name, requirements.collect())
    }

    /// The metadata as loaded: the name is the chart's own, dependencies are
    /// those of `Chart.yaml`.
    pub fn metadata(&self) -> &Metadata {
        &self.chart.metadata
    }
}

fn is_crd(name: &[u8]) -> bool {
    let base = name.rsplit(|&b| b == b'/').next().expect("a split has a first part");
    let extension = base.iter().rposition(|&b| b == b'.').map(|dot| &base[dot..]);
    name.starts_with(b"crds/")
        && extension.is_some_and(|e| [".yaml", ".yml", ".json"].iter().any(|x| e.eq_ignore_ascii_case(x.as_bytes())))
}
