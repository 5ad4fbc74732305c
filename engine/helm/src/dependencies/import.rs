//! Values that a chart imports from its subcharts (`processImportValues`).

use govalue::{Frozen, Map, Str, Value, strconv};

use super::nodes::{Nodes, Requirement};
use crate::chart::ChartError;
use crate::values::{Nulls, Prefix, Work, freeze, go_text, merge, merge_tables, table};

/// Gives charts with dependencies the values of these, imports included, from
/// the innermost charts outwards.
pub(super) fn import(nodes: &mut Nodes, chart: usize, run: &mut Work<'_>) -> Result<(), ChartError> {
    for sub in nodes.node(chart).dependencies.clone() {
        import(nodes, sub, run)?;
    }
    let Some(mut requirements) = nodes.metadata_mut(chart).requirements.take() else { return Ok(()) };
    let values = merge(&nodes.resolved(chart)?, run)?;
    let imported = Map::new();
    for requirement in &mut requirements {
        let name = requirement.dependency.name.clone();
        for (child, parent) in pairs(requirement) {
            match table(&values, &[&name, b".".as_slice(), child].concat()) {
                Ok(found) => {
                    // An empty table is imported as a new one.
                    let found = if found.is_empty() { Map::new() } else { found };
                    merge_tables(&imported, &nest(parent, found)?, &Prefix::Root, Nulls::Keep, run)?;
                }
                Err(key) => run.warnings.note(|| {
                    let key = strconv::quote(key);
                    format!("ImportValues missing table from chart chart={name} error={key} is not a table")
                }),
            }
        }
    }
    nodes.metadata_mut(chart).requirements = Some(requirements);
    let has_nulls = nodes.node(chart).dependencies.iter().any(|sub| nodes.node(*sub).has_nulls);
    let node = nodes.node_mut(chart);
    node.has_nulls |= has_nulls;
    node.values = freeze(&values, run)?;
    if let (false, Value::Map(own)) = (imported.is_empty(), node.values.thaw()) {
        // The chart's own values count for more than what it imports.
        merge_tables(&own, &imported, &Prefix::Root, Nulls::Keep, run)?;
        node.values = freeze(&own, run)?;
    }
    Ok(())
}

/// The imports as pairs of child and parent, which they are from now on. Helm
/// does not see them as imports a second time.
fn pairs(requirement: &mut Requirement) -> &[(Str, Str)] {
    let raw = if requirement.imports.is_some() { None } else { requirement.dependency.import_values.as_ref() };
    let pair = |import: &Frozen| match import {
        Frozen::Map(_) => {
            let Value::Map(import) = import.thaw() else { return None };
            let field = |key| Str::from(go_text(&import.get(key).unwrap_or_default()));
            Some((field("child"), field("parent")))
        }
        Frozen::Str(key) => Some((Str::from([b"exports.", key.as_bytes()].concat()), Str::from("."))),
        _ => None,
    };
    requirement.imports.insert(raw.into_iter().flatten().filter_map(pair).collect())
}

/// How deep a path may lead; Helm has no such limit.
const MAX_DEPTH: usize = 1000;

/// The table under a dotted path; `.` is the top (`pathToMap`).
fn nest(path: &[u8], table: Map) -> Result<Map, ChartError> {
    if path == b"." {
        return Ok(table);
    }
    if path.iter().filter(|b| **b == b'.').count() > MAX_DEPTH {
        return Err(ChartError::new(format!("path of import-values leads deeper than {MAX_DEPTH} levels")));
    }
    let keys = path.rsplit(|&b| b == b'.');
    Ok(keys.fold(table, |inner, key| Map::from_iter([(Str::from(key), Value::Map(inner))])))
}
