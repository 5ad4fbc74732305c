//! Which values templates read, over public charts: what is reported as unread must not matter to any render.
#![allow(clippy::disallowed_methods, clippy::print_stderr, reason = "a test that reads the conformance kit")]

use std::path::{Path, PathBuf};
use std::rc::Rc;

use chartwright::{FixedWorld, LoadedChart, Map, Request, Str, Value};
use helm::reads::{Reads, Unread};
use helm::values::{merge_maps, read_values};
use serde_json::Value as Json;

/// The conformance kit.
fn kit() -> PathBuf {
    let given = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let kit = given("CHARTWRIGHT_CONFORMANCE")
        .unwrap_or_else(|| given("CHARTWRIGHT_SHARED").unwrap_or_else(beside).join("conformance"));
    assert!(kit.join("cases.json").exists(), "the conformance kit is not at {}", kit.display());
    kit
}

fn render(chart: &LoadedChart, values: &Map, case: &Json) -> Result<Vec<u8>, String> {
    let mut request = Request::default();
    request.options.release.name = "demo".into();
    request.options.release.namespace = case["namespace"].as_str().unwrap_or("default").into();
    request.options.skip_schema_validation = true;
    let world = Rc::new(FixedWorld::seeded(1));
    let rendered = chart.render_values(values, &request, world).map_err(|e| e.to_string())?;
    let mut text = rendered.text(Default::default());
    text.extend_from_slice(rendered.notes());
    Ok(text)
}

/// The values without those at the paths.
fn without(values: &Map, unread: &[Unread]) -> Map {
    let copy = merge_maps(&Map::new(), values);
    unread.iter().for_each(|u| edit(&copy, &u.path, None));
    copy
}

/// The values with others at the paths.
fn with(values: &Map, unread: &[Unread], other: fn(&Value) -> Value) -> Map {
    let copy = merge_maps(&Map::new(), values);
    unread.iter().for_each(|u| edit(&copy, &u.path, Some(other(&u.value))));
    copy
}

/// The same kind of value, but another one.
fn changed(value: &Value) -> Value {
    let text = || Value::from("changed");
    match value {
        Value::Map(map) => {
            let more = Map::from_iter([("changed", text())]);
            Value::Map(merge_maps(map, &more))
        }
        Value::List(list) => Value::List(list.iter().cloned().chain([text()]).collect()),
        _ => text(),
    }
}

fn edit(values: &Map, path: &[Str], value: Option<Value>) {
    match (path, value) {
        ([], _) => {}
        ([key], Some(value)) => {
            values.insert(key.clone(), value);
        }
        ([key], None) => {
            values.remove(key);
        }
        ([key, rest @ ..], value) => {
            let below = match values.get(key) {
                Some(Value::Map(below)) => merge_maps(&Map::new(), &below),
                None if value.is_some() => Map::new(),
                // Items of lists cannot be taken out one by one.
                _ => return,
            };
            edit(&below, rest, value);
            values.insert(key.clone(), Value::Map(below));
        }
    }
}

fn shown(unread: &[Unread]) -> String {
    let dotted = |u: &Unread| u.path.iter().map(|k| k.to_str_lossy().into_owned()).collect::<Vec<_>>().join(".");
    unread.iter().map(dotted).collect::<Vec<_>>().join(" ")
}

#[test]
#[ignore = "needs the kit"]
fn what_is_reported_as_unread_changes_nothing() {
    let kit = kit();
    let cases: Vec<Json> = serde_json::from_slice(&std::fs::read(kit.join("cases.json")).unwrap()).unwrap();
    let (mut charts, mut looked, mut values_unread, mut defaults_unread) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    for case in &cases {
        let path = kit.join(case["chart"].as_str().unwrap_or_default());
        if case["golden"].is_null() || case["kind"] == "platform" {
            continue;
        }
        let chart = LoadedChart::from_archive(&path.to_string_lossy(), std::fs::read(&path).unwrap()).unwrap();
        let mut values = Map::new();
        for file in case["values"].as_array().into_iter().flatten() {
            let data = std::fs::read(kit.join(file.as_str().unwrap_or_default())).unwrap();
            values = merge_maps(&values, &read_values(&data).unwrap());
        }
        looked += 1;
        let reads = Reads::of(chart.chart(), &values);
        let mut compare = |what: &str, before: &Map, after: &Map, unread: &[Unread]| {
            // A chart that needs more than this test gives it renders in neither way.
            let Ok(before) = render(&chart, before, case) else { return };
            match render(&chart, after, case) {
                Ok(after) if after == before => {}
                Ok(_) => wrong.push(format!("{}: {what} matter: {}", case["id"], shown(unread))),
                Err(error) => wrong.push(format!("{}: {what} matter: {}: {error}", case["id"], shown(unread))),
            }
        };
        let unread = reads.unread(&values);
        values_unread += unread.len();
        if !unread.is_empty() {
            compare("values", &values, &without(&values, &unread), &unread);
        }
        if case["kind"] == "default" {
            charts += 1;
            let unread = reads.unread_defaults();
            defaults_unread += unread.len();
            if !unread.is_empty() {
                // That a user gives values at all changes how Helm treats nulls beside them, so both do.
                let same = with(&values, &unread, Value::clone);
                compare("defaults", &same, &with(&values, &unread, changed), &unread);
            }
        }
    }
    eprintln!(
        "{charts} charts, {looked} sets of values: {values_unread} values and {defaults_unread} defaults are read by \
         nobody; {} of these reports are wrong",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
