//! Values that a chart imports from its subcharts (`processImportValues`).

use govalue::{Frozen, Map, Str, Value, strconv};

use super::nodes::{Nodes, Requirement};
use crate::Warning;
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
        for Import { child, parent, named } in imports(requirement) {
            match table(&values, &[&name, b".".as_slice(), &child].concat()) {
                Ok(found) => {
                    // An empty table is imported as a new one.
                    let found = if found.is_empty() { Map::new() } else { found };
                    merge_tables(&imported, &nest(&parent, found)?, &Prefix::Root, Nulls::Keep, run)?;
                }
                Err(key) => run.warnings.note(|| {
                    let error = format!("{} is not a table", strconv::quote(key));
                    match named {
                        true => Warning::new("ImportValues missing table").with("error", error),
                        false => Warning::new("ImportValues missing table from chart")
                            .with("chart", name.to_str_lossy())
                            .with("error", error),
                    }
                }),
            }
        }
    }
    nodes.metadata_mut(chart).requirements = Some(requirements);
    // Its values have those of all charts below it from now on.
    let has_nulls = nodes.has_nulls(chart);
    let node = nodes.node_mut(chart);
    node.has_nulls = has_nulls;
    node.values = freeze(&values, run)?;
    if let (false, Value::Map(own)) = (imported.is_empty(), node.values.thaw()) {
        // The chart's own values count for more than what it imports.
        merge_tables(&own, &imported, &Prefix::Root, Nulls::Keep, run)?;
        node.values = freeze(&own, run)?;
    }
    Ok(())
}

/// An item of `import-values`.
struct Import {
    child: Str,
    parent: Str,
    /// Whether it is only a name: what the child has under `exports`.
    named: bool,
}

/// The imports, which are pairs of child and parent from now on. Helm does not
/// see them as imports a second time.
fn imports(requirement: &mut Requirement) -> Vec<Import> {
    let raw = if requirement.imports.is_some() { None } else { requirement.dependency.import_values.as_ref() };
    let import = |import: &Frozen| match (import, import.thaw()) {
        (_, Value::Map(import)) => {
            // What is missing is `<nil>`, as Go prints it.
            let field = |key| Str::from(go_text(&import.get(key).unwrap_or(Value::Nil)));
            Some(Import { child: field("child"), parent: field("parent"), named: false })
        }
        (Frozen::Str(key), _) => {
            let child = Str::from([b"exports.", key.as_bytes()].concat());
            Some(Import { child, parent: Str::from("."), named: true })
        }
        _ => None,
    };
    let imports: Vec<Import> = raw.into_iter().flatten().filter_map(import).collect();
    requirement.imports = Some(imports.iter().map(|i| (i.child.clone(), i.parent.clone())).collect());
    imports
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
