//! Merging of tables, as Helm calls maps of values.

use std::sync::Arc;

use govalue::{Frozen, Map, Str, Value};

use super::work::{Work, check_depth};
use crate::chart::ChartError;

/// What happens to null values when tables are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// A null removes the other table's value, and itself (`CoalesceTables`).
    Remove,
    /// Nulls stay, for a later coalescing to see (`MergeTables`).
    Keep,
}

/// Lays `over` onto `base`: tables merge, all else is replaced
/// (`loader.MergeMaps`). Neither argument changes; what only one has is shared.
pub fn merge_maps(base: &Map, over: &Map) -> Map {
    if base.is_empty() {
        return over.shallow_copy();
    }
    let out = base.shallow_copy();
    let mut work = vec![(out.clone(), over.clone())];
    while let Some((out, over)) = work.pop() {
        for (key, value) in over.entries() {
            if let (Value::Map(above), Some(Value::Map(below))) = (&value, out.get(&key)) {
                let merged = below.shallow_copy();
                out.insert(key, Value::Map(merged.clone()));
                work.push((merged, above.clone()));
            } else {
                out.insert(key, value);
            }
        }
    }
    out
}

/// Merges `src` into `dst`, where `dst` counts for more
/// (`coalesceTablesFullKey`). Both change, as in Helm: nulls of `dst` appear in
/// `src`, and nested tables of `src` become part of `dst`.
///
/// # Errors
/// If tables nest without end.
pub(crate) fn merge_tables(
    dst: &Map,
    src: &Map,
    prefix: &Prefix<'_>,
    nulls: Nulls,
    run: &mut Work<'_>,
) -> Result<(), ChartError> {
    let mut path: Vec<Str> = Vec::new();
    let mut work = vec![(dst.clone(), src.clone(), 0, None::<Str>)];
    while let Some((dst, src, depth, key)) = work.pop() {
        path.truncate(depth);
        path.extend(key);
        check_depth(path.len())?;
        run.visit(src.len())?;
        // Parents' values have much of their subcharts' values already.
        if same(&dst, &src) {
            continue;
        }
        // A nested table must not be borrowed while it is written to: it can be
        // both `dst` and `src`.
        let before = src.entries();
        let only_null: Vec<Str> = dst
            .borrow()
            .iter()
            .filter(|(k, v)| matches!(v, Value::Nil) && before.binary_search_by(|(b, _)| b.cmp(k)).is_err())
            .map(|(k, _)| k.clone())
            .collect();
        let mut nested = Vec::new();
        for (key, value) in before {
            let old = dst.get(&key);
            let was_null = matches!(value, Value::Nil);
            // A null of `dst` counts as `src`'s value, too.
            let value = if matches!(old, Some(Value::Nil)) {
                src.insert(key.clone(), Value::Nil);
                Value::Nil
            } else {
                value
            };
            match (old, value) {
                (Some(Value::Nil), _) if nulls == Nulls::Remove && !was_null => {
                    dst.remove(&key);
                }
                (None, value) => {
                    dst.insert(key, value);
                }
                (Some(Value::Map(d)), Value::Map(s)) => nested.push((d, s, path.len(), Some(key))),
                (Some(_), value @ Value::Map(_)) => run.warnings.print(|| {
                    let full = prefix.join(&path, &key);
                    format!("warning: cannot overwrite table with non table for {full} ({})", go_text(&value))
                }),
                (Some(Value::Map(_)), value) if !matches!(value, Value::Nil) => run.warnings.print(|| {
                    let full = prefix.join(&path, &key);
                    format!(
                        "warning: destination for {full} is a table. Ignoring non-table value ({})",
                        go_text(&value)
                    )
                }),
                _ => {}
            }
        }
        for key in only_null {
            src.insert(key, Value::Nil);
        }
        nested.reverse();
        work.append(&mut nested);
    }
    Ok(())
}

/// The table as an immutable tree.
///
/// # Errors
/// If it nests without end or the tree would be huge.
pub(crate) fn freeze(table: &Map, run: &mut Work<'_>) -> Result<Frozen, ChartError> {
    let table = Value::Map(table.clone());
    let mut work = vec![(table.clone(), 0)];
    while let Some((value, depth)) = work.pop() {
        check_depth(depth)?;
        let mut nested = |value: &Value| {
            if matches!(value, Value::Map(_) | Value::List(_)) {
                work.push((value.clone(), depth + 1));
            }
        };
        match &value {
            Value::Map(table) if table.frozen().is_none() => {
                run.visit(table.len())?;
                table.borrow().iter().for_each(|(_, value)| nested(value));
            }
            Value::List(list) => {
                run.visit(list.len())?;
                list.iter().for_each(nested);
            }
            _ => {}
        }
    }
    Ok(table.freeze())
}

/// Whether both are the same table, or unchanged copies of the same.
fn same(a: &Map, b: &Map) -> bool {
    match (a.frozen(), b.frozen()) {
        (Some(Frozen::Map(a)), Some(Frozen::Map(b))) => Arc::ptr_eq(&a, &b),
        _ => a.ptr_eq(b),
    }
}

/// Whether a table or a table in it has a null.
pub(crate) fn has_nulls(table: &[(Str, Frozen)]) -> bool {
    table.iter().any(|(_, value)| match value {
        Frozen::Nil => true,
        Frozen::Map(table) => has_nulls(table),
        _ => false,
    })
}

/// Removes the nulls of a table and of all tables in it (`cleanNilValues`).
pub(crate) fn remove_nulls(table: &Map) {
    let mut work = vec![table.clone()];
    while let Some(table) = work.pop() {
        // What has no nulls need not be thawed.
        if matches!(table.frozen(), Some(Frozen::Map(table)) if !has_nulls(&table)) {
            continue;
        }
        let mut null = Vec::new();
        for (key, value) in table.borrow().iter() {
            match value {
                Value::Nil => null.push(key.clone()),
                Value::Map(m) => work.push(m.clone()),
                _ => {}
            }
        }
        for key in null {
            table.remove(key);
        }
    }
}

/// Where a table is, for warnings: put together only when one is given.
#[derive(Clone, Copy)]
pub(crate) enum Prefix<'a> {
    /// At the top.
    Root,
    /// At a key of another place.
    At(&'a Prefix<'a>, &'a Str),
}

impl Prefix<'_> {
    fn write(&self, out: &mut String) {
        if let Prefix::At(parent, key) = self {
            parent.write(out);
            append(out, key);
        }
    }

    /// The path to a key below, with dots.
    pub(crate) fn join(&self, path: &[Str], key: &Str) -> String {
        let mut out = String::new();
        self.write(&mut out);
        for part in path.iter().chain([key]) {
            append(&mut out, part);
        }
        out
    }
}

fn append(out: &mut String, part: &Str) {
    if !out.is_empty() {
        out.push('.');
    }
    out.push_str(&part.to_str_lossy());
}

/// The value as `%v` prints it.
pub(crate) fn go_text(value: &Value) -> String {
    let mut out = Vec::new();
    match govalue::fmt::append_value(&mut out, value) {
        Ok(()) => String::from_utf8_lossy(&out).into_owned(),
        Err(e) => e.to_string(),
    }
}
