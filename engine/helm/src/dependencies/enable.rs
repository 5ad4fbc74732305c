//! Which subcharts are switched on (`processDependencyEnabled`).

use gosemver::{Constraints, Version};
use govalue::{Frozen, Index, Map, Value};

use super::nodes::{Nodes, Requirement};
use crate::chart::ChartError;
use crate::values::{Work, coalesce_frozen, freeze, path_value, table};
use crate::{Warning, Warnings};

/// Keeps the subcharts that are switched on, under their aliases, at all levels.
///
/// `values` are those of the root, not only the chart's own part of them: `path`
/// leads there. So Helm coalesces subcharts' defaults at the top, too.
pub(super) fn enable(
    nodes: &mut Nodes,
    chart: usize,
    values: &Frozen,
    path: &[u8],
    run: &mut Work<'_>,
) -> Result<(), ChartError> {
    let Some(mut requirements) = nodes.metadata_mut(chart).requirements.take() else { return Ok(()) };
    let selected = select(nodes, chart, &mut requirements, run)?;
    nodes.set_dependencies(chart, selected);
    let values = coalesce_frozen(&nodes.resolved(chart)?, values, run)?;
    by_tags(&mut requirements, &values, run.warnings);
    by_conditions(&mut requirements, &values, path, run.warnings);
    let mut off = Index::default();
    for Requirement { dependency, .. } in requirements.iter().filter(|r| !r.dependency.enabled) {
        off.insert(dependency.name.clone(), ());
    }
    let mut on = std::mem::take(&mut nodes.node_mut(chart).dependencies);
    on.retain(|sub| !off.contains(&nodes.metadata(*sub).name));
    requirements.retain(|r| !off.contains(&r.dependency.name));
    if on.iter().any(|sub| nodes.metadata(*sub).requirements.is_some()) {
        enable_below(nodes, &on, &values, path, run)?;
    }
    nodes.set_dependencies(chart, on);
    nodes.metadata_mut(chart).requirements = Some(requirements).filter(|r| !r.is_empty());
    Ok(())
}

/// [`enable`] for subcharts.
fn enable_below(
    nodes: &mut Nodes,
    subcharts: &[usize],
    values: &Map,
    path: &[u8],
    run: &mut Work<'_>,
) -> Result<(), ChartError> {
    let values = freeze(values, run)?;
    for sub in subcharts {
        let path = [path, &nodes.metadata(*sub).name, b"."].concat();
        enable(nodes, *sub, &values, &path, run)?;
    }
    Ok(())
}

/// The subcharts that nobody asks for, and those that the requirements ask for,
/// a copy for each. Requirements take the name of their alias and are on.
fn select(
    nodes: &mut Nodes,
    chart: usize,
    requirements: &mut [Requirement],
    run: &mut Work<'_>,
) -> Result<Vec<usize>, ChartError> {
    let existing = std::mem::take(&mut nodes.node_mut(chart).dependencies);
    let mut by_name: Index<Vec<usize>> = Index::default();
    for (i, sub) in existing.iter().enumerate() {
        by_name.or_default(nodes.metadata(*sub).name.clone()).push(i);
    }
    let version = |sub: &usize| Version::parse(&nodes.node(*sub).chart.metadata.version).ok();
    let versions: Vec<Option<Version>> = existing.iter().map(version).collect();
    let mut asked_for = vec![false; existing.len()];
    let mut copies = Vec::new();
    for requirement in requirements.iter_mut() {
        let dependency = &mut requirement.dependency;
        dependency.enabled = true;
        let candidates = by_name.get(&dependency.name).map(Vec::as_slice).unwrap_or_default();
        run.visit(candidates.len())?;
        if let (false, Ok(range)) = (candidates.is_empty(), Constraints::parse(&dependency.version)) {
            let mut first = None;
            for &i in candidates {
                if versions[i].as_ref().is_some_and(|v| range.check(v)) {
                    asked_for[i] = true;
                    first = first.or(Some(i));
                }
            }
            if let Some(i) = first {
                copies.push(nodes.copy(existing[i], &dependency.alias)?);
            }
        }
        if !dependency.alias.is_empty() {
            dependency.name = dependency.alias.clone();
        }
    }
    let undeclared = existing.into_iter().zip(asked_for).filter(|(_, asked)| !asked).map(|(sub, _)| sub);
    Ok(undeclared.chain(copies).collect())
}

/// Switches by `tags` of the values (`processDependencyTags`).
fn by_tags(requirements: &mut [Requirement], values: &Map, warnings: &mut Warnings) {
    let Ok(tags) = table(values, b"tags") else { return };
    for Requirement { dependency, .. } in requirements {
        let (mut on, mut off) = (false, false);
        for tag in dependency.tags.iter().flatten() {
            match tags.get(tag) {
                Some(Value::Bool(true)) => on = true,
                Some(Value::Bool(false)) => off = true,
                Some(_) => {
                    let warning = Warning::new("returned non-bool value").with("tag", tag.to_str_lossy());
                    warnings.push(warning.with("chart", dependency.name.to_str_lossy()));
                }
                None => {}
            }
        }
        dependency.enabled = on || !off;
    }
}

/// Switches by conditions: the first path that leads to a boolean decides
/// (`processDependencyConditions`).
fn by_conditions(requirements: &mut [Requirement], values: &Map, path: &[u8], warnings: &mut Warnings) {
    for Requirement { dependency, .. } in requirements {
        let conditions = dependency.condition.to_str_lossy();
        for condition in conditions.trim().split(',').filter(|c| !c.is_empty()) {
            match path_value(values, &[path, condition.as_bytes()].concat()) {
                Some(Value::Bool(on)) => {
                    dependency.enabled = on;
                    break;
                }
                Some(_) => {
                    let warning = Warning::new("returned non-bool value").with("path", condition);
                    warnings.push(warning.with("chart", dependency.name.to_str_lossy()));
                }
                None => {}
            }
        }
    }
}
