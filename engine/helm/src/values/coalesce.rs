//! A chart's values under those of its parent (`CoalesceValues`).

use std::collections::BTreeSet;

use govalue::{Frozen, Map, Str, Value};

use super::tables::{Nulls, Prefix, freeze, merge_tables, remove_nulls};
use super::work::Work;
use crate::Warnings;
use crate::chart::ChartError;
use crate::dependencies::Resolved;

const GLOBAL: &str = "global";

/// The values that a render has: those of the user over those of the charts
/// (`CoalesceValues`). The result is new, apart from what globals share between
/// charts, as in Helm; `values` stay as they are.
///
/// # Errors
/// If the value for a subchart is no table: `type mismatch on …`.
pub fn coalesce(chart: &Resolved, values: &Map, warnings: &mut Warnings) -> Result<Map, ChartError> {
    let run = &mut Work::new(warnings);
    let values = freeze(values, run)?;
    coalesce_frozen(chart, &values, run)
}

/// [`coalesce`] for a part of a longer run.
pub(crate) fn coalesce_frozen(chart: &Resolved, values: &Frozen, run: &mut Work<'_>) -> Result<Map, ChartError> {
    let values = match values.thaw() {
        Value::Map(copy) => copy,
        _ => Map::new(),
    };
    run.visit(values.len())?;
    coalesce_chart(chart, &values, &Prefix::Root, Nulls::Remove, run)?;
    Ok(values)
}

/// The values of the charts alone, nulls included (`MergeValues`).
pub(crate) fn merge(chart: &Resolved, run: &mut Work<'_>) -> Result<Map, ChartError> {
    let values = Map::new();
    coalesce_chart(chart, &values, &Prefix::Root, Nulls::Keep, run)?;
    Ok(values)
}

/// Fills `values` in from the chart and its subcharts.
fn coalesce_chart(
    chart: &Resolved,
    values: &Map,
    prefix: &Prefix<'_>,
    nulls: Nulls,
    run: &mut Work<'_>,
) -> Result<(), ChartError> {
    let prefix = Prefix::At(prefix, chart.name());
    coalesce_defaults(chart, values, &prefix, nulls, run)?;
    for sub in chart.dependencies() {
        let sub_values = match values.get(sub.name()) {
            None => {
                let fresh = Map::new();
                values.insert(sub.name().clone(), Value::Map(fresh.clone()));
                fresh
            }
            Some(Value::Map(table)) => table,
            Some(other) => return Err(mismatch(sub.name(), other)),
        };
        coalesce_globals(&sub_values, values, &prefix, run)?;
        coalesce_chart(sub, &sub_values, &prefix, nulls, run)?;
    }
    Ok(())
}

fn mismatch(name: &Str, value: Value) -> ChartError {
    let text = govalue::fmt::sprintf(b"type mismatch on %s: %t", &[Value::Str(name.clone()), value]);
    match text {
        Ok(text) => ChartError::new(String::from_utf8_lossy(&text)),
        Err(e) => ChartError::new(e.to_string()),
    }
}

/// Lays the values over the chart's own (`coalesceValues`).
fn coalesce_defaults(
    chart: &Resolved,
    values: &Map,
    prefix: &Prefix<'_>,
    nulls: Nulls,
    run: &mut Work<'_>,
) -> Result<(), ChartError> {
    let defaults = chart.values();
    run.visit(defaults.len())?;
    let clean = |table: &Map| {
        if nulls == Nulls::Remove && chart.has_nulls() {
            remove_nulls(table);
        }
    };
    let mut subcharts = BTreeSet::new();
    subcharts.extend(chart.dependencies().iter().map(|sub| sub.name().as_bytes()));
    for (key, default) in defaults.entries() {
        match (values.get(&key), default) {
            (None, Value::Nil) if nulls == Nulls::Remove => {}
            (None, default) => {
                if let Value::Map(table) = &default {
                    clean(table);
                }
                values.insert(key, default);
            }
            (Some(Value::Nil), _) if nulls == Nulls::Remove => {
                values.remove(&key);
            }
            (Some(Value::Map(table)), Value::Map(default)) => {
                // A subchart's nulls are for its own coalescing to see.
                let nulls = if subcharts.contains(key.as_bytes()) { Nulls::Keep } else { nulls };
                if nulls == Nulls::Remove {
                    clean(&default);
                }
                merge_tables(&table, &default, &Prefix::At(prefix, &key), nulls, run)?;
            }
            (Some(Value::Map(_)), default) if !matches!(default, Value::Nil) => {
                run.warnings.print(|| format!("warning: skipped value for {}: Not a table.", prefix.join(&[], &key)));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Hands the globals of `values` on to a subchart (`coalesceGlobals`). Tables
/// are copied at their top only: what is nested in them is shared by all charts.
fn coalesce_globals(sub_values: &Map, values: &Map, prefix: &Prefix<'_>, run: &mut Work<'_>) -> Result<(), ChartError> {
    let below = match sub_values.get(GLOBAL) {
        None => Map::new(),
        Some(Value::Map(table)) => table,
        Some(_) => {
            run.warnings.print(|| "warning: skipping globals because destination global is not a table.");
            return Ok(());
        }
    };
    let above = match values.get(GLOBAL) {
        None => Map::new(),
        Some(Value::Map(table)) => table,
        Some(_) => {
            run.warnings.print(|| "warning: skipping globals because source global is not a table.");
            return Ok(());
        }
    };
    run.visit(above.len())?;
    for (key, value) in above.entries() {
        if let Value::Map(table) = &value {
            run.visit(table.len())?;
        }
        match (value, below.get(&key)) {
            (Value::Map(table), None) => {
                below.insert(key, Value::Map(table.shallow_copy()));
            }
            (Value::Map(table), Some(Value::Map(own))) => {
                let copy = table.shallow_copy();
                merge_tables(&copy, &own, &Prefix::At(prefix, &key), Nulls::Keep, run)?;
                below.insert(key, Value::Map(copy));
            }
            (Value::Map(_), Some(_)) => run.warnings.print(|| {
                format!("Conflict: cannot merge map onto non-map for {}. Skipping.", govalue::strconv::quote(&key))
            }),
            (_, Some(Value::Map(_))) => run.warnings.print(|| format!("key {key} is table. Skipping")),
            (value, _) => {
                below.insert(key, value);
            }
        }
    }
    sub_values.insert(GLOBAL, Value::Map(below));
    Ok(())
}
