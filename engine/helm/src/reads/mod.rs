//! Which values the templates of a chart read, found without running them.
//!
//! Every expression is followed in the abstract: which values may it be? A field of `.Values` goes one level down; what
//! is printed, compared or handed to a function that is not known here is read as a whole, with all below. Where the
//! templates do more than can be followed, all counts as read: a value that is reported here is read by nobody.

mod abs;
mod functions;
mod tree;
mod walk;

use std::sync::Arc;

use govalue::sort::sort_by;
use govalue::{Index, Map, Str, Value};

use crate::chart::{Chart, File};
use crate::engine::find;
use crate::values::merge_maps;

use abs::{Abs, Path};
use tree::{Cursor, Tree};
use walk::Walk;

/// Subcharts nest no deeper than this.
const MAX_DEPTH: usize = 20;

/// The largest file that `tpl` is thought to be given.
const MAX_TEXT: usize = 1 << 20;

/// The values that the templates of a chart and its subcharts read.
#[derive(Clone, Debug)]
pub struct Reads {
    tree: Tree,
    defaults: Map,
}

/// A value that nobody reads.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The keys that lead to it; items of lists by their number.
    pub path: Vec<Str>,
    /// The keys beside it that are read or have a default.
    pub known: Vec<Str>,
    /// The value.
    pub value: Value,
}

impl Reads {
    /// Finds out what the templates of a chart read. `values` are those of the user: `tpl` may be given texts of theirs.
    pub fn of(chart: &Arc<Chart>, values: &Map) -> Reads {
        let mut tree = Tree::default();
        let defaults = defaults(chart, 0);
        let mut walk = Walk::new(&mut tree);
        add_chart(chart, &Path::new(), 0, &mut walk);
        if walk.run().is_none() {
            tree.read_all(&[]);
            return Reads { tree, defaults };
        }
        let contexts = walk.take_contexts();
        if !contexts.is_empty() {
            add_texts(chart, &[&defaults, values], &contexts, &mut walk);
            if walk.run().is_none() {
                tree.read_all(&[]);
            }
        }
        Reads { tree, defaults }
    }

    /// The values that nobody reads and that have no default, the outermost of each, in the order of their keys.
    pub fn unread(&self, values: &Map) -> Vec<Unread> {
        let mut found = Vec::new();
        let defaults = Some(Value::Map(self.defaults.clone()));
        unread_map(values, &self.tree.cursor(), defaults.as_ref(), &mut Vec::new(), &mut found);
        found
    }

    /// The default values that no template reads, the outermost of each.
    pub fn unread_defaults(&self) -> Vec<Unread> {
        let mut found = Vec::new();
        unread_map(&self.defaults, &self.tree.cursor(), None, &mut Vec::new(), &mut found);
        found
    }
}

/// Adds the templates of a chart whose values are at a path of those of the top chart, and of its subcharts.
fn add_chart(chart: &Arc<Chart>, at: &Path, depth: usize, walk: &mut Walk<'_>) {
    if depth > MAX_DEPTH {
        return walk.give_up();
    }
    for file in chart.templates() {
        walk.add_file(&file.name, &file.data, Some(at));
    }
    let declared = chart.metadata().dependencies.as_deref().unwrap_or_default();
    let below = |key: &Str| at.iter().chain([key]).cloned().collect::<Path>();
    for dependency in declared {
        let alias = if dependency.alias.is_empty() { &dependency.name } else { &dependency.alias };
        for condition in dependency.condition.split(|b| *b == b',') {
            let keys = condition.trim_ascii().split(|b| *b == b'.').map(Str::from);
            walk.touch(&at.iter().cloned().chain(keys).collect::<Path>());
        }
        for tag in dependency.tags.iter().flatten() {
            walk.touch(&[Str::from("tags"), tag.clone()]);
        }
        let there = chart.dependencies().iter().any(|c| *c.name() == dependency.name);
        if !there || dependency.import_values.is_some() {
            walk.read_all(&below(alias));
        }
    }
    for sub in chart.dependencies() {
        let named = declared.iter().filter(|d| d.name == *sub.name());
        let mut aliases: Vec<&Str> = named.map(|d| if d.alias.is_empty() { &d.name } else { &d.alias }).collect();
        if aliases.is_empty() {
            aliases.push(sub.name());
        }
        sort_by(&mut aliases, Ord::cmp);
        aliases.dedup();
        for alias in aliases {
            // Helm itself looks whether it is a table.
            walk.touch(&below(alias));
            add_chart(sub, &below(alias), depth + 1, walk);
        }
    }
}

/// Adds the texts that `tpl` may have been given: those of values and files that look like templates.
fn add_texts(chart: &Arc<Chart>, values: &[&Map], contexts: &[Abs], walk: &mut Walk<'_>) {
    let mut texts: Index<()> = Index::default();
    let mut left: Vec<Value> = values.iter().map(|m| Value::Map((*m).clone())).collect();
    while let Some(value) = left.pop() {
        match value {
            Value::Str(s) if find(&s, b"{{").is_some() => {
                texts.insert(s, ());
            }
            Value::List(l) => left.extend(l.iter().cloned()),
            Value::Map(m) => left.extend(m.borrow().iter().map(|(_, v)| v.clone())),
            _ => {}
        }
    }
    let mut charts = vec![Arc::clone(chart)];
    while let Some(chart) = charts.pop() {
        let small = |f: &&File| f.data.len() <= MAX_TEXT && find(&f.data, b"{{").is_some();
        for file in chart.files().iter().filter(small) {
            texts.insert(file.data.as_bytes(), ());
        }
        charts.extend(chart.dependencies().iter().cloned());
    }
    for text in texts.names() {
        walk.add_text(text, contexts);
    }
}

/// The default values of a chart, with those of its subcharts below its own.
fn defaults(chart: &Arc<Chart>, depth: usize) -> Map {
    let values = chart.values();
    if depth > MAX_DEPTH {
        return values;
    }
    let declared = chart.metadata().dependencies.as_deref().unwrap_or_default();
    for sub in chart.dependencies() {
        let names = declared.iter().filter(|d| d.name == *sub.name() && !d.alias.is_empty()).map(|d| &d.alias);
        for name in names.chain([sub.name()]) {
            let below = defaults(sub, depth + 1);
            let merged = match values.get(name) {
                Some(Value::Map(own)) => merge_maps(&below, &own),
                _ => below,
            };
            values.insert(name.clone(), Value::Map(merged));
        }
    }
    values
}

/// The path's length is the depth.
fn unread_map(
    values: &Map,
    cursor: &Cursor<'_>,
    defaults: Option<&Value>,
    path: &mut Vec<Str>,
    found: &mut Vec<Unread>,
) {
    if cursor.is_all() || path.len() > 100 {
        return;
    }
    for (key, value) in values.borrow().iter() {
        if path.is_empty() && *key == "global" {
            continue;
        }
        let default = match defaults {
            Some(Value::Map(m)) => m.get(key),
            _ => None,
        };
        let below = cursor.child(key);
        path.push(key.clone());
        if !below.is_empty() {
            unread(value, &below, default.as_ref(), path, found);
        } else if default.is_none() {
            let mut known = cursor.keys();
            if let Some(Value::Map(m)) = defaults {
                known.extend(m.keys());
            }
            sort_by(&mut known, Ord::cmp);
            known.dedup();
            found.push(Unread { path: path.clone(), known, value: value.clone() });
        }
        path.pop();
    }
}

fn unread(value: &Value, cursor: &Cursor<'_>, default: Option<&Value>, path: &mut Vec<Str>, found: &mut Vec<Unread>) {
    if cursor.is_all() || path.len() > 100 {
        return;
    }
    match value {
        Value::Map(map) => unread_map(map, cursor, default, path, found),
        Value::List(list) => {
            let below = cursor.child(&Str::from(abs::ANY));
            if below.is_empty() {
                return;
            }
            for (i, item) in list.iter().enumerate() {
                path.push(Str::from(i.to_string()));
                unread(item, &below, None, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
