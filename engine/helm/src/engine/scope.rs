//! What templates see: the dot of each chart.

use govalue::{Index, Map, Str, Value};

use super::values_type::{as_values, table};
use super::{files, paths};
use crate::chart::Bytes;
use crate::dependencies::Resolved;

/// What the templates of all charts of a render share.
pub struct Top {
    /// The coalesced values of the chart.
    pub values: Map,
    /// `.Release`
    pub release: Map,
    /// `.Capabilities`
    pub capabilities: Value,
}

/// A template and what it sees.
pub(super) struct Renderable {
    pub(super) source: Bytes,
    /// The dot, shared by all templates of the chart.
    pub(super) scope: Map,
    /// `.Template.BasePath`
    pub(super) base_path: Str,
}

/// The templates of a chart and its subcharts by name (`allTemplates`).
pub(super) fn renderables(chart: &Resolved, top: &Top) -> Index<Renderable> {
    let mut templates = Index::default();
    collect(chart, top, None, &mut templates);
    templates
}

fn collect(chart: &Resolved, top: &Top, parent: Option<&Map>, templates: &mut Index<Renderable>) -> Map {
    let values = match parent {
        None => as_values(&top.values),
        Some(scope) => {
            table(scope, &[b"Values.", chart.name().as_bytes()].concat()).unwrap_or_else(|_| as_values(&Map::new()))
        }
    };
    let about = chart.metadata_map();
    about.insert("IsRoot", Value::Bool(chart.is_root()));
    let subcharts = Map::new();
    let scope: Map = [
        ("Capabilities", top.capabilities.clone()),
        ("Chart", Value::Map(about)),
        ("Files", Value::Map(files::files(chart.chart()))),
        ("Release", Value::Map(top.release.clone())),
        ("Subcharts", Value::Map(subcharts.clone())),
        ("Values", Value::Map(values)),
    ]
    .into_iter()
    .collect();
    for sub in chart.dependencies() {
        subcharts.insert(sub.name().clone(), Value::Map(collect(sub, top, Some(&scope), templates)));
    }
    let path = chart.path();
    let base_path = paths::join(path, b"templates");
    for file in chart.templates() {
        if chart.is_library() && !paths::base(&file.name).starts_with(b"_") {
            continue;
        }
        let template = Renderable { source: file.data.clone(), scope: scope.clone(), base_path: base_path.clone() };
        templates.insert(paths::join(path, &file.name), template);
    }
    scope
}
