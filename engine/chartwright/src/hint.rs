//! What may help after a failure.

use contract::{Hint, nearest};
use govalue::{Map, Str, Value};
use helm::Warnings;
use helm::dependencies::resolve;
use helm::engine::{RenderError, RenderErrorKind, function_names};
use helm::values::coalesce;

use crate::chart::LoadedChart;
use crate::diagnostic::limit_kind;

/// What may help after this failure.
pub(crate) fn hints(
    error: &RenderError,
    source_line: Option<&str>,
    chart: &LoadedChart,
    values: Option<&Map>,
) -> Vec<Hint> {
    let reason = error.reason();
    let mut hints = Vec::new();
    if let Some(name) = quoted(reason, "function ", " not defined") {
        hints.extend(did_you_mean(name, function_names()));
    }
    if let Some(name) =
        quoted(reason, "template ", " not defined").or_else(|| quoted(reason, "no template ", " associated"))
    {
        hints.extend(did_you_mean(name, chart.programs().template_names().iter().map(Str::to_str_lossy)));
    }
    if error.kind() == RenderErrorKind::Exec {
        let expression = error.sites().last().map(|s| s.context.as_str()).unwrap_or_default();
        if source_line.is_some_and(|l| l.contains("lookup ")) && reason.contains("nil pointer") {
            hints.push(Hint::Object { object: String::new() });
        } else if let Some(hint) = missing_value(error, expression, chart, values) {
            hints.push(Hint::Text(hint));
        }
    }
    if let RenderErrorKind::Limit(limit) = error.kind() {
        hints.push(Hint::RaiseLimit { limit: limit_kind(limit) });
    }
    hints
}

/// The Go-quoted name between two texts.
fn quoted<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let at = text.find(&format!("{before}\""))? + before.len() + 1;
    let rest = &text[at..];
    rest.find(&format!("\"{after}")).map(|end| &rest[..end])
}

/// Which key of `.Values.a.b.c` is missing, and which there is in its place.
fn missing_value(error: &RenderError, expression: &str, chart: &LoadedChart, values: Option<&Map>) -> Option<String> {
    let at = expression.find(".Values.")? + ".Values.".len();
    let path = &expression[at..];
    let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(path.len());
    let mut table = scope(error.file(), chart, values?)?;
    let mut seen = String::from(".Values");
    for key in path[..end].split('.') {
        match table.get(key) {
            Some(Value::Map(inner)) => {
                table = inner;
                seen = format!("{seen}.{key}");
            }
            Some(Value::Nil) | None => {
                let near = nearest(key, table.keys().iter().map(Str::to_str_lossy));
                let near = near.map_or(String::new(), |k| format!("; did you mean {seen}.{k}?"));
                return Some(format!("{seen}.{key} is not set{near}"));
            }
            Some(_) => return Some(format!("{seen}.{key} is not a map")),
        }
    }
    None
}

/// The values that the templates of a file's chart see.
fn scope(file: &Str, chart: &LoadedChart, values: &Map) -> Option<Map> {
    let mut warnings = Warnings::default();
    let resolved = resolve(chart.chart(), values, &mut warnings).ok()?;
    let mut values = coalesce(&resolved, values, &mut warnings).ok()?;
    let path = file.to_str()?;
    for sub in path.split("/charts/").skip(1) {
        let name = sub.split('/').next()?;
        match values.get(name) {
            Some(Value::Map(inner)) => values = inner,
            _ => return None,
        }
    }
    Some(values)
}

fn did_you_mean<S: AsRef<str>>(name: &str, known: impl IntoIterator<Item = S>) -> Option<Hint> {
    nearest(name, known).map(Hint::DidYouMean)
}
