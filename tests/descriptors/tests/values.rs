//! The operator's values on top of the developer's, through both levels.

use anyhow::Context;
use chartwright_descriptors::real::{Folder, helm};
use chartwright_descriptors::trees::{Dice, merged, same};
use chartwright_descriptors::{base, expanded, loaded, release_values, render, shown_values};
use serde_json::{Map, Value, json};

const CASES: u64 = 400;
/// How many of them real Helm renders as well.
const REAL: u64 = 12;

struct Case {
    descriptor: String,
    developer: Value,
    config: Map<String, Value>,
    operator: Value,
}

fn case(seed: u64, layout: &str) -> Case {
    let mut dice = Dice::new(seed);
    let developer = dice.map(4, true);
    let mut config: Map<String, Value> = if seed.is_multiple_of(3) { Map::new() } else { dice.map(0, false) };
    // Settings are scalars.
    config.retain(|_, value| !value.is_object() && !value.is_array());
    let operator = dice.map(4, true);
    let descriptor = json!({
        "apiVersion": "chartwright.dev/v1alpha1", "kind": "HelmChartDescriptor", "metadata": {"name": "module"},
        "spec": {
            "module": {"version": "1.0.0"},
            "layout": layout,
            "template": {"chart": "base", "sourceRef": {"kind": "GitRepository", "name": "charts"}},
            "components": [{"name": "web-1", "values": developer, "config": config}],
        },
    });
    // Every other one in block style, as people write it.
    let descriptor = match seed % 2 {
        0 => ascii(&descriptor),
        _ => block(&descriptor),
    };
    Case { descriptor, developer: Value::Object(developer), config, operator: Value::Object(operator) }
}

/// A value as JSON that is also YAML.
fn ascii(value: &Value) -> String {
    let odd = |c: char| matches!(c, '\u{7f}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    let escaped = |c: char| if odd(c) { format!("\\u{:04x}", c as u32) } else { c.to_string() };
    value.to_string().chars().map(escaped).collect()
}

/// A value as Helm writes it.
fn block(value: &Value) -> String {
    let go = goyaml::yaml::from_yaml_typed(ascii(value).as_bytes()).unwrap();
    String::from_utf8(goyaml::yaml::to_yaml(&go).unwrap()).unwrap()
}

/// What the component's HelmRelease must have: the developer's values with the component's name; on top of them, the
/// settings and the operator's values as Helm puts these two together.
fn wanted(case: &Case) -> Value {
    let mut developer = case.developer.clone();
    match &mut developer["app"] {
        Value::Object(app) => drop(app.entry("name").or_insert(json!("web-1"))),
        Value::Null if case.developer.get("app").is_none() => developer["app"] = json!({"name": "web-1"}),
        _ => {}
    }
    // An empty `config` counts as none.
    let mut operator = case.operator.clone();
    if !case.config.is_empty() {
        match operator.get("config") {
            None => operator["config"] = Value::Object(case.config.clone()),
            Some(Value::Object(given)) => {
                let mut config = case.config.clone();
                for (key, value) in given {
                    // Helm removes nulls.
                    match (config.get(key), value) {
                        (Some(_), Value::Null) => drop(config.remove(key)),
                        (Some(there), value) => drop(config.insert(key.clone(), merged(there, value))),
                        (None, value) => drop(config.insert(key.clone(), value.clone())),
                    }
                }
                operator["config"] = Value::Object(config);
            }
            Some(Value::Null) => drop(operator.as_object_mut().unwrap().remove("config")),
            Some(_) => {}
        }
    }
    merged(&developer, &operator)
}

#[test]
fn the_operator_has_the_last_word() {
    let mut rendered = 0;
    for seed in 0..CASES {
        let case = case(seed, "releases");
        let chart = expanded(&case.descriptor).with_context(|| case.descriptor.clone()).unwrap();
        let values = ascii(&json!({"web-1": case.operator}));
        // The schema refuses other types where the developer has a map.
        let Ok(text) = render(&loaded(&chart).unwrap(), &values) else { continue };
        rendered += 1;
        let got = release_values(&text, "web-1").unwrap();
        let want = wanted(&case);
        assert!(
            same(&got, &want),
            "seed {seed}\n{}\noperator {}\ngot  {got}\nwant {want}",
            case.descriptor,
            case.operator
        );
        // At level 2, both give the base chart the same values.
        let base = base("1.0.0").unwrap();
        let show = |values: &Value| render(&base, &ascii(values)).map_err(|e| e.to_string());
        match (show(&got), show(&want)) {
            (Ok(a), Ok(b)) => assert!(same(&shown_values(&a).unwrap(), &shown_values(&b).unwrap()), "seed {seed}"),
            (a, b) => assert_eq!(a, b, "seed {seed}"),
        }
    }
    assert!(rendered > CASES / 2, "only {rendered} of {CASES} were rendered");
}

#[test]
#[ignore = "needs Helm"]
fn needs_helm_real_helm_prints_the_same() {
    let helm = &helm().unwrap();
    for (seed, layout) in (0..REAL).flat_map(|s| [(s, "releases"), (s, "umbrella")]) {
        let case = case(seed, layout);
        let chart = expanded(&case.descriptor).with_context(|| case.descriptor.clone()).unwrap();
        let folder = Folder::new(&chart, &format!("values-{layout}-{seed}")).unwrap();
        let values = ascii(&json!({"web-1": case.operator}));
        let theirs = folder.template(helm, &values);
        let ours = render(&loaded(&chart).unwrap(), &values);
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => assert_eq!(ours, theirs, "seed {seed} {layout}"),
            (Err(ours), Err(theirs)) => {
                // Helm names the place of the schema's file, and logs on stderr.
                let (ours, theirs) = (ours.to_string(), theirs.to_string());
                let last = |text: &str| text.lines().last().unwrap_or_default().to_owned();
                assert_eq!(last(ours.trim()), last(theirs.trim()), "seed {seed} {layout}");
            }
            (ours, theirs) => panic!("seed {seed} {layout}: ours {ours:?}\ntheirs {theirs:?}"),
        }
    }
}

#[test]
fn what_helm_cannot_write_is_an_error() {
    // Helm's `toYaml` would return nothing, and the component would be installed without values.
    let text = include_str!("descriptors/one.yaml");
    let chart = expanded(text).unwrap();
    let error = render(&loaded(&chart).unwrap(), "web: {a: \"x\\x7f\"}").unwrap_err().to_string();
    assert!(error.contains("control characters are not allowed"), "{error}");
    let error = expanded(&text.replace("port: 80", "port: \"\\x7f\"")).unwrap_err().to_string();
    assert!(error.contains("error: Helm cannot write the character U+007F"), "{error}");
}
