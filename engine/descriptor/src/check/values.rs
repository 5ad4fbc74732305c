//! Values against their base chart: those that its schema refuses, and those that none of its templates reads.

use contract::{Code, Hint, nearest};
use govalue::{Index, Map as GoMap, Str, Value as GoValue};
use helm::chart::Chart;
use helm::dependencies::resolve;
use helm::engine::Programs;
use helm::reads::Reads;
use helm::values::coalesce;
use helm::{Warnings, schema};
use serde_json::{Map, Value};

use crate::places::{field, item};

use super::{Check, Part};

/// Deeper values are left out.
const MAX_DEPTH: usize = 100;

pub(super) fn check(check: &mut Check<'_>, part: &Part<'_>) {
    settings(check, part);
    let Some(chart) = &part.chart else { return };
    let given = Given::new(check, part);
    let name = chart.name().to_str_lossy();
    let values = given.merged();
    let mut refused = Index::default();
    match violations(chart, &values) {
        Ok(violations) => {
            for violation in violations {
                for Refusal { pointer, message, hint, at_key } in parts_of(&violation, chart) {
                    let keys: Vec<&str> = pointer.iter().map(String::as_str).collect();
                    let path = given.locate(&keys);
                    let message = format!("the base chart {name} refuses this value: {message}");
                    check.error(Code::RefusedValue, &path, message, hint);
                    if at_key {
                        check.at_key();
                    }
                    if let Some(problem) = check.found.last_mut() {
                        problem.chart = Some(name.to_string());
                    }
                    refused.insert(path, ());
                }
            }
        }
        Err(message) => {
            let path = field(&part.path, "values");
            check.error(
                Code::RefusedValue,
                &path,
                format!("the base chart {name} does not accept these values: {message}"),
                None,
            );
        }
    }
    for unread in Reads::of(chart, &values).unread(&values) {
        let keys: Vec<String> = unread.path.iter().map(|k| k.to_str_lossy().into_owned()).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let path = given.locate(&keys);
        if refused.contains(path.as_bytes()) {
            continue;
        }
        let last = keys.last().copied().expect("what is not read is a value below the root");
        let known = unread.known.iter().map(|k| k.to_str_lossy().into_owned());
        let hint = nearest(last, known).map(Hint::DidYouMean);
        let message = format!("no template of the base chart {name} reads {}", keys.join("."));
        check.warning(Code::UnreadValue, &path, message, hint);
        check.at_key();
        check.found.last_mut().expect("it was reported just now").chart = Some(name.to_string());
    }
}

/// Settings become environment variables: text.
fn settings(check: &mut Check<'_>, part: &Part<'_>) {
    for (key, value) in &part.component.config {
        let path = field(&field(&part.path, "config"), key);
        let (Value::Bool(_) | Value::Number(_)) = value else { continue };
        let span = check.parsed.places.find(&path).unwrap_or_default();
        let text = check.parsed.text.get(span.start..span.end).unwrap_or_default();
        let text = if text.is_empty() { crate::yaml_text::json(value) } else { text.to_owned() };
        let what = if value.is_boolean() { "a boolean" } else { "a number" };
        let message = format!("{key} is {what}: settings must be text, because a ConfigMap accepts nothing else");
        check.warning(Code::SettingNotText, &path, message, Hint::text(format!("put it in quotes: \"{text}\"")));
    }
}

/// The values that a component's base chart is given, by where they come from.
struct Given<'a> {
    /// The path in the descriptor, what goes before the keys of the base chart's values, and the values; those that
    /// win come first.
    layers: Vec<(String, Option<&'static str>, &'a Map<String, Value>)>,
    part: &'a Part<'a>,
}

impl<'a> Given<'a> {
    fn new(check: &Check<'a>, part: &'a Part<'a>) -> Given<'a> {
        let mut layers = Vec::new();
        let spec = &check.parsed.descriptor.spec;
        if let Some(Value::Object(values)) = spec.release.values.get(&part.component.name) {
            layers.push((field("spec.release.values", &part.component.name), None, values));
        }
        if !part.component.config.is_empty() {
            layers.push((field(&part.path, "config"), Some("config"), &part.component.config));
        }
        layers.push((field(&part.path, "values"), None, &part.component.values));
        Given { layers, part }
    }

    /// All layers together, as the base chart gets them.
    fn merged(&self) -> GoMap {
        let mut merged = Map::new();
        for (_, key, values) in self.layers.iter().rev() {
            match key {
                Some(key) => {
                    let below = Map::from_iter([((*key).to_owned(), Value::Object((*values).clone()))]);
                    merge(&mut merged, &below, 0);
                }
                None => merge(&mut merged, values, 0),
            }
        }
        to_go_map(&merged)
    }

    /// The path in the descriptor of a value of the base chart, or of the nearest value around it.
    fn locate(&self, keys: &[&str]) -> String {
        let mut best = (0, field(&self.part.path, "values"));
        for (path, key, values) in &self.layers {
            let keys = match (key, keys) {
                (None, keys) => keys,
                (Some(key), [first, rest @ ..]) if first == key => rest,
                _ => continue,
            };
            let (depth, found) = descend(path, values, keys);
            let depth = depth + usize::from(key.is_some());
            if depth > best.0 {
                best = (depth, found);
            }
        }
        best.1
    }
}

/// How many of the keys are there, and the path of the last one that is.
fn descend(path: &str, values: &Map<String, Value>, keys: &[&str]) -> (usize, String) {
    let mut path = path.to_owned();
    let mut depth = 0;
    let mut at: Option<&Value> = None;
    for key in keys {
        let (next, below) = match at {
            None => (values.get(*key), field(&path, key)),
            Some(Value::Object(map)) => (map.get(*key), field(&path, key)),
            Some(Value::Array(items)) => match key.parse::<usize>() {
                Ok(i) => (items.get(i), item(&path, i)),
                Err(_) => break,
            },
            Some(_) => break,
        };
        if next.is_none() {
            break;
        }
        (at, path, depth) = (next, below, depth + 1);
    }
    (depth, path)
}

/// What the schemas of a chart and its subcharts refuse.
fn violations(chart: &std::sync::Arc<Chart>, values: &GoMap) -> Result<Vec<schema::Violation>, String> {
    let mut warnings = Warnings::default();
    let resolved = resolve(chart, values, &mut warnings).map_err(|e| e.to_string())?;
    let values = coalesce(&resolved, values, &mut warnings).map_err(|e| e.to_string())?;
    Ok(schema::violations(&resolved, &values, &Programs::default()))
}

/// A value that a schema refuses.
struct Refusal {
    /// The keys that lead to it.
    pointer: Vec<String>,
    message: String,
    hint: Option<Hint>,
    /// Whether it is the key that is wrong.
    at_key: bool,
}

/// What a violation is about: of fields that a schema does not know, each.
fn parts_of(violation: &schema::Violation, chart: &Chart) -> Vec<Refusal> {
    let pointer: Vec<String> =
        violation.at.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")).collect();
    let names = violation.message.strip_prefix("additional properties ").and_then(|m| m.strip_suffix(" not allowed"));
    let Some(names) = names else {
        return vec![Refusal { pointer, message: violation.message.clone(), hint: None, at_key: false }];
    };
    let names: Vec<String> = names.split(", ").map(|n| n.trim_matches('\'').to_owned()).collect();
    let defaults = default_values(chart);
    let around = pointer.iter().try_fold(&defaults, |value, key| value.get(key));
    let known: Vec<&String> = around.and_then(Value::as_object).into_iter().flat_map(Map::keys).collect();
    let one = |name: String| Refusal {
        hint: nearest(&name, &known).map(Hint::DidYouMean),
        message: format!("it has no {name}"),
        pointer: pointer.iter().cloned().chain([name]).collect(),
        at_key: true,
    };
    names.into_iter().map(one).collect()
}

/// The default values of a chart.
pub(super) fn default_values(chart: &Chart) -> Value {
    from_go(&GoValue::Map(chart.values()), 0)
}

/// Merges deep; a null of `over` stays, and takes a default away.
fn merge(base: &mut Map<String, Value>, over: &Map<String, Value>, depth: usize) {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (Some(Value::Object(below)), Value::Object(over)) if depth < MAX_DEPTH => merge(below, over, depth + 1),
            _ => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}

/// As Helm reads values: all numbers are `float64`.
fn to_go_map(map: &Map<String, Value>) -> GoMap {
    map.iter().map(|(key, value)| (Str::from(key.as_str()), to_go(value))).collect()
}

/// Documents are read with a bound on their depth.
fn to_go(value: &Value) -> GoValue {
    match value {
        Value::Null => GoValue::Nil,
        Value::Bool(b) => GoValue::Bool(*b),
        Value::Number(n) => GoValue::Float(n.as_f64().expect("without arbitrary precision, every number is a float")),
        Value::String(s) => GoValue::Str(Str::from(s.as_str())),
        Value::Array(items) => GoValue::List(items.iter().map(to_go).collect()),
        Value::Object(map) => GoValue::Map(to_go_map(map)),
    }
}

fn from_go(value: &GoValue, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    match value {
        GoValue::Bool(b) => Value::Bool(*b),
        GoValue::Int(n) => Value::from(*n),
        GoValue::Float(f) => Value::from(*f),
        GoValue::Str(s) => Value::String(s.to_str_lossy().into_owned()),
        GoValue::List(items) => Value::Array(items.iter().map(|v| from_go(v, depth + 1)).collect()),
        GoValue::Map(map) => {
            let entry = |(key, value): (&Str, &GoValue)| (key.to_str_lossy().into_owned(), from_go(value, depth + 1));
            let map = map.borrow();
            Value::Object(map.iter().map(|(k, v)| entry((k, v))).collect())
        }
        _ => Value::Null,
    }
}
