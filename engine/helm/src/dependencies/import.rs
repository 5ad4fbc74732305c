//! Values that a chart imports from its subcharts (`processImportValues`).

use govalue::{Frozen, Map, Str, Value, strconv};

use super::resolved::Resolved;
use crate::Warnings;
use crate::chart::ChartError;
use crate::values::{Nulls, Prefix, go_text, merge, merge_tables, table};

/// Gives charts with dependencies the values of these, imports included, from
/// the innermost charts outwards.
pub(super) fn import(chart: &mut Resolved, warnings: &mut Warnings) -> Result<(), ChartError> {
    for sub in &mut chart.dependencies {
        import(sub, warnings)?;
    }
    let Some(mut requirements) = chart.requirements.take() else { return Ok(()) };
    let values = merge(chart, warnings)?;
    let imported = Map::new();
    for requirement in &mut requirements {
        let name = &requirement.dependency.name;
        let mut pairs = Vec::new();
        for import in requirement.dependency.import_values.iter().flatten() {
            let (child, parent) = match import {
                Frozen::Map(_) => {
                    let Value::Map(import) = import.thaw() else { continue };
                    (field(&import, "child"), field(&import, "parent"))
                }
                Frozen::Str(key) => (Str::from([b"exports.", key.as_bytes()].concat()), Str::from(".")),
                _ => continue,
            };
            pairs.push((child.clone(), parent.clone()));
            match table(&values, &[name, b".".as_slice(), &child].concat()) {
                Ok(found) => {
                    // An empty table is imported as a new one.
                    let found = if found.is_empty() { Map::new() } else { found };
                    let found = nest(&parent, found);
                    merge_tables(&imported, &found, &Prefix::Root, Nulls::Keep, warnings);
                }
                Err(key) => warnings.note(|| {
                    let key = strconv::quote(key);
                    format!("ImportValues missing table from chart chart={name} error={key} is not a table")
                }),
            }
        }
        requirement.imports = Some(pairs);
    }
    chart.requirements = Some(requirements);
    // The chart's own values count for more than what it imports.
    chart.values = Value::Map(values).freeze();
    if !imported.is_empty() {
        let values = chart.values();
        merge_tables(&values, &imported, &Prefix::Root, Nulls::Keep, warnings);
        chart.values = Value::Map(values).freeze();
    }
    chart.has_nulls = true;
    Ok(())
}

fn field(import: &Map, key: &str) -> Str {
    Str::from(go_text(&import.get(key).unwrap_or_default()))
}

/// The table under a dotted path; `.` is the top (`pathToMap`).
fn nest(path: &[u8], table: Map) -> Map {
    if path == b"." {
        return table;
    }
    path.rsplit(|&b| b == b'.').fold(table, |inner, key| Map::from_iter([(Str::from(key), Value::Map(inner))]))
}
