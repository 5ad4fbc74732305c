//! Which subcharts are switched on (`processDependencyEnabled`).

use std::collections::{BTreeMap, BTreeSet};

use gosemver::{Constraints, Version};
use govalue::{Map, Str, Value};

use super::resolved::{Requirement, Resolved};
use crate::Warnings;
use crate::chart::ChartError;
use crate::values::{coalesce, path_value, table};

/// Keeps the subcharts that are switched on, under their aliases, at all levels.
///
/// `values` are those of the parent, not only the chart's own part of them:
/// `path` leads there. So Helm coalesces subcharts' defaults at the top, too.
pub(super) fn enable(
    chart: &mut Resolved,
    values: &Map,
    path: &[u8],
    count: &mut usize,
    warnings: &mut Warnings,
) -> Result<(), ChartError> {
    let Some(mut requirements) = chart.requirements.take() else { return Ok(()) };
    chart.dependencies = select(std::mem::take(&mut chart.dependencies), &mut requirements, count)?;
    let values = coalesce(chart, values, warnings)?;
    by_tags(&mut requirements, &values, warnings);
    by_conditions(&mut requirements, &values, path, warnings);
    let off: BTreeSet<Str> =
        requirements.iter().filter(|r| !r.dependency.enabled).map(|r| r.dependency.name.clone()).collect();
    chart.dependencies.retain(|sub| !off.contains(&sub.name));
    requirements.retain(|r| !off.contains(&r.dependency.name));
    for sub in &mut chart.dependencies {
        let path = [path, &sub.name, b"."].concat();
        enable(sub, &values, &path, count, warnings)?;
    }
    chart.requirements = Some(requirements).filter(|r| !r.is_empty());
    Ok(())
}

/// The subcharts that the requirements ask for, once for each, and those that
/// nobody asks for. Requirements take the name of their alias and are on.
fn select(
    existing: Vec<Resolved>,
    requirements: &mut [Requirement],
    count: &mut usize,
) -> Result<Vec<Resolved>, ChartError> {
    let mut by_name: BTreeMap<Str, Vec<usize>> = BTreeMap::new();
    for (i, sub) in existing.iter().enumerate() {
        by_name.entry(sub.name.clone()).or_default().push(i);
    }
    let versions: Vec<Option<Version>> =
        existing.iter().map(|sub| Version::parse(&sub.chart.metadata.version).ok()).collect();
    let mut asked_for = vec![false; existing.len()];
    let mut found = Vec::new();
    for requirement in requirements.iter_mut() {
        let dependency = &mut requirement.dependency;
        dependency.enabled = true;
        let candidates = by_name.get(&dependency.name).map(Vec::as_slice).unwrap_or_default();
        if let (false, Ok(range)) = (candidates.is_empty(), Constraints::parse(&dependency.version)) {
            let mut first = None;
            for &i in candidates {
                if versions[i].as_ref().is_some_and(|v| range.check(v)) {
                    asked_for[i] = true;
                    first = first.or(Some(i));
                }
            }
            found.extend(first.map(|i| (i, dependency.alias.clone())));
        }
        if !dependency.alias.is_empty() {
            dependency.name = dependency.alias.clone();
        }
    }
    let mut selected: Vec<Resolved> =
        existing.iter().zip(&asked_for).filter(|(_, asked)| !**asked).map(|(sub, _)| sub.clone()).collect();
    for (i, alias) in found {
        let mut sub = Resolved::new(&existing[i].chart, count)?;
        if !alias.is_empty() {
            sub.name = alias;
        }
        selected.push(sub);
    }
    Ok(selected)
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
                    warnings.note(|| format!("returned non-bool value tag={tag} chart={}", dependency.name));
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
                    warnings.note(|| format!("returned non-bool value path={condition} chart={}", dependency.name));
                }
                None => {}
            }
        }
    }
}
