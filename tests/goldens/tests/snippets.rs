//! Snippets of our own, answered as Helm's engine answers them.

use std::collections::BTreeSet;
use std::rc::Rc;

use chartwright::{FixedWorld, Objects};
use chartwright_goldens::{Group, Snippet, diff};
use serde_json::value::RawValue;

/// What `text/template` has of its own.
const BUILT_IN: [&str; 19] = [
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf",
    "println", "slice", "urlquery",
];

#[test]
fn snippets_are_answered_as_helm_answers_them() {
    let common = Snippet::common_values().unwrap();
    let mut failures = Vec::new();
    let mut compared = 0;
    for group in Group::all().unwrap() {
        for snippet in &group.snippets {
            let wanted = snippet.answer().unwrap();
            let got = render(&snippet.question(&common)).answer().unwrap();
            compared += 1;
            if let Some(text) = diff(wanted.as_bytes(), got.as_bytes()) {
                failures.push(format!("{}: {}\n{text}", snippet.id, snippet.template));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {compared} differ from Helm\n\n{}", failures.len(), failures.join("\n"));
    assert!(compared >= 400, "only {compared} snippets were compared");
}

#[test]
fn ids_are_unique() {
    let mut seen = BTreeSet::new();
    for group in Group::all().unwrap() {
        for snippet in group.snippets {
            assert!(seen.insert(snippet.id.clone()), "{} stands twice", snippet.id);
        }
    }
}

#[test]
fn every_function_has_a_snippet() {
    let mut used = BTreeSet::new();
    for group in Group::all().unwrap() {
        for snippet in group.snippets {
            let templates = snippet.templates.values().chain([&snippet.template]);
            used.extend(templates.flat_map(|text| words(text)).map(str::to_owned));
        }
    }
    let missing: Vec<&str> =
        helm::engine::function_names().into_iter().chain(BUILT_IN).filter(|name| !used.contains(*name)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "no snippet calls these");
}

/// The words of the actions of a template.
fn words(template: &str) -> impl Iterator<Item = &str> {
    let actions = template.split("{{").skip(1).map(|rest| rest.split("}}").next().unwrap_or(rest));
    actions.flat_map(|action| action.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.'))
}

/// The snippet with our answer.
fn render(snippet: &Snippet) -> Snippet {
    let mut objects = Objects::default();
    for object in &snippet.objects {
        objects.add_yaml(object.get().as_bytes()).unwrap_or_else(|e| panic!("{}: {e}", snippet.id));
    }
    let world = FixedWorld { objects, now: (1_700_000_000, 0), ..FixedWorld::seeded(1) };
    let pairs = |map: &std::collections::BTreeMap<String, String>| -> Vec<(String, String)> {
        map.iter().map(|(name, text)| (name.clone(), text.clone())).collect()
    };
    let (templates, files) = (pairs(&snippet.templates), pairs(&snippet.files));
    let question = if templates.is_empty() {
        chartwright::Snippet::new([("t.yaml", snippet.template.as_str())])
    } else {
        chartwright::Snippet::new(templates.iter().map(|(name, text)| (name.as_str(), text.as_str())))
    };
    let values = match snippet.values_yaml.as_str() {
        "" => snippet.values.as_deref().map_or("", RawValue::get),
        yaml => yaml,
    };
    let rendered = question
        .files(files.iter().map(|(name, text)| (name.as_str(), text.as_str())))
        .strict(snippet.strict)
        .render(values.as_bytes(), Rc::new(world));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut answer = Snippet { output: None, outputs: None, error: None, ..snippet.clone() };
    match rendered {
        Ok(rendered) if templates.is_empty() => {
            answer.output = Some(rendered.file("t.yaml").map(text).unwrap_or_default());
        }
        Ok(rendered) => {
            answer.outputs = Some(rendered.files.iter().map(|(name, data)| (text(name), text(data))).collect());
        }
        Err(error) => answer.error = Some(error),
    }
    answer
}
