//! Which subcharts a render has, under which names and with which defaults.

mod enable;
mod import;
mod nodes;
mod resolved;

use std::collections::BTreeSet;
use std::sync::Arc;

use govalue::Map;

use crate::Warnings;
use crate::chart::{Chart, ChartError};
use crate::values::{Work, freeze};

use nodes::Nodes;
pub use resolved::{Crd, Resolved};

/// Resolves the dependencies of a chart for these values (`ProcessDependencies`):
/// leaves out what conditions and tags switch off, gives aliases their names,
/// and imports values from subcharts. The chart itself stays as it is.
///
/// # Errors
/// If values and subcharts do not go together (`type mismatch on …`), without
/// the `chart dependencies processing failed: ` before it, and where aliases
/// multiply the subcharts beyond [`Resolved::MOST`].
pub fn resolve(chart: &Arc<Chart>, values: &Map, warnings: &mut Warnings) -> Result<Resolved, ChartError> {
    let mut nodes = Nodes::default();
    let root = nodes.add(chart)?;
    let run = &mut Work::new(warnings);
    let values = freeze(values, run)?;
    enable::enable(&mut nodes, root, &values, b"", run)?;
    import::import(&mut nodes, root, run)?;
    nodes.resolved(root)
}

/// The chart and all its subcharts as they were loaded, nothing switched off.
///
/// # Errors
/// If there are more than [`Resolved::MOST`].
pub fn unresolved(chart: &Arc<Chart>) -> Result<Resolved, ChartError> {
    let mut nodes = Nodes::default();
    let root = nodes.add(chart)?;
    nodes.resolved(root)
}

/// Checks that all dependencies that `Chart.yaml` names are there (`CheckDependencies`).
///
/// # Errors
/// With Helm's whole text, which names those that are missing.
pub fn check(chart: &Chart) -> Result<(), ChartError> {
    let mut present = BTreeSet::new();
    present.extend(chart.dependencies().iter().map(|c| c.name().as_bytes()));
    let missing: Vec<_> = (chart.metadata().dependencies.iter().flatten())
        .filter(|d| !present.contains(d.name.as_bytes()))
        .map(|d| d.name.to_str_lossy())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(unchecked(&format!("found in Chart.yaml, but missing in charts/ directory: {}", missing.join(", "))))
}

/// The error of a check for dependencies.
pub(crate) fn unchecked(why: &str) -> ChartError {
    ChartError::new(format!(
        "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch \
         missing dependencies: {why}"
    ))
}

#[cfg(test)]
mod tests;
