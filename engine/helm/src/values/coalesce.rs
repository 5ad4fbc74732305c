//! A chart's values under those of its parent (`CoalesceValues`).

use std::collections::BTreeSet;

use govalue::{Map, Str, Value};

use super::tables::{Nulls, Prefix, merge_tables, remove_nulls};
use crate::Warnings;
use crate::chart::ChartError;
use crate::dependencies::Resolved;

const GLOBAL: &str = "global";

/// The values that a render has: those of the user over those of the charts
/// (`CoalesceValues`). The result is new, apart from what globals share between
/// charts, as in Helm; `values` stay as they are.
///
/// # Errors
/// Where the value for a subchart is no table: `type mismatch on …`.
pub fn coalesce(chart: &Resolved, values: &Map, warnings: &mut Warnings) -> Result<Map, ChartError> {
    let values = match Value::Map(values.clone()).freeze().thaw() {
        Value::Map(copy) => copy,
        _ => Map::new(),
    };
    coalesce_chart(chart, &values, &Prefix::Root, Nulls::Remove, warnings)?;
    Ok(values)
}

/// The values of the charts alone, nulls included (`MergeValues`).
pub(crate) fn merge(chart: &Resolved, warnings: &mut Warnings) -> Result<Map, ChartError> {
    let values = Map::new();
    coalesce_chart(chart, &values, &Prefix::Root, Nulls::Keep, warnings)?;
    Ok(values)
}

/// Fills `values` in from the chart and its subcharts.
fn coalesce_chart(
    chart: &Resolved,
    values: &Map,
    prefix: &Prefix<'_>,
    nulls: Nulls,
    warnings: &mut Warnings,
) -> Result<(), ChartError> {
    let prefix = Prefix::At(prefix, chart.name());
    coalesce_defaults(chart, values, &prefix, nulls, warnings);
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
        coalesce_globals(&sub_values, values, &prefix, warnings);
        coalesce_chart(sub, &sub_values, &prefix, nulls, warnings)?;
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
fn coalesce_defaults(chart: &Resolved, values: &Map, prefix: &Prefix<'_>, nulls: Nulls, warnings: &mut Warnings) {
    let defaults = chart.values();
    let clean = |table: &Map| {
        if nulls == Nulls::Remove && chart.has_nulls() {
            remove_nulls(table);
        }
    };
    let subcharts: BTreeSet<&[u8]> = chart.dependencies().iter().map(|sub| sub.name().as_bytes()).collect();
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
                merge_tables(&table, &default, &Prefix::At(prefix, &key), nulls, warnings);
            }
            (Some(Value::Map(_)), default) if !matches!(default, Value::Nil) => {
                warnings.note(|| format!("warning: skipped value for {}: Not a table.", prefix.join(&[], &key)));
            }
            _ => {}
        }
    }
}

/// Hands the globals of `values` on to a subchart (`coalesceGlobals`). Tables
/// are copied at their top only: what is nested in them is shared by all charts.
fn coalesce_globals(sub_values: &Map, values: &Map, prefix: &Prefix<'_>, warnings: &mut Warnings) {
    let below = match sub_values.get(GLOBAL) {
        None => Map::new(),
        Some(Value::Map(table)) => table,
        Some(_) => {
            warnings.note(|| "warning: skipping globals because destination global is not a table.");
            return;
        }
    };
    let above = match values.get(GLOBAL) {
        None => Map::new(),
        Some(Value::Map(table)) => table,
        Some(_) => {
            warnings.note(|| "warning: skipping globals because source global is not a table.");
            return;
        }
    };
    for (key, value) in above.entries() {
        match (value, below.get(&key)) {
            (Value::Map(table), None) => {
                below.insert(key, Value::Map(table.shallow_copy()));
            }
            (Value::Map(table), Some(Value::Map(own))) => {
                let copy = table.shallow_copy();
                merge_tables(&copy, &own, &Prefix::At(prefix, &key), Nulls::Keep, warnings);
                below.insert(key, Value::Map(copy));
            }
            (Value::Map(_), Some(_)) => warnings.note(|| {
                format!("Conflict: cannot merge map onto non-map for {}. Skipping.", govalue::strconv::quote(&key))
            }),
            (_, Some(Value::Map(_))) => warnings.note(|| format!("key {key} is table. Skipping")),
            (value, _) => {
                below.insert(key, value);
            }
        }
    }
    sub_values.insert(GLOBAL, Value::Map(below));
}
