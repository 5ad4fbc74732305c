//! Forms of the charts of the conformance kit.
#![allow(clippy::disallowed_methods, clippy::print_stderr, reason = "a test that reads the conformance kit")]

use std::path::{Path as FilePath, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use chartwright_values::{
    Field, Form, FormSource, FormState, Kind, LineState, Model, Path, Questions, Refused, Schema, Step, Value,
    highlight, parse,
};

/// The conformance kit.
fn kit() -> PathBuf {
    let given = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let beside = || FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let kit = given("CHARTWRIGHT_CONFORMANCE")
        .unwrap_or_else(|| given("CHARTWRIGHT_SHARED").unwrap_or_else(beside).join("conformance"));
    assert!(kit.join("cases.json").exists(), "the conformance kit is not at {}", kit.display());
    kit
}

/// A chart's files that forms are drawn from.
#[derive(Default)]
struct Chart {
    name: String,
    values: String,
    schema: Option<String>,
    questions: Option<String>,
}

/// The charts of the kit, and the charts in them that have a schema or questions; each once.
fn charts() -> Vec<Chart> {
    let dir = kit().join("charts");
    let mut files: Vec<_> = std::fs::read_dir(dir).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let mut out: Vec<Chart> = Vec::new();
    for file in &files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        for (i, chart) in charts_in(&name, &std::fs::read(file).unwrap()).into_iter().enumerate() {
            let has_more = chart.schema.is_some() || chart.questions.is_some();
            let is_known = || out.iter().any(|c| (&c.values, &c.schema) == (&chart.values, &chart.schema));
            if i == 0 || (has_more && !is_known()) {
                out.push(chart);
            }
        }
    }
    out
}

/// The charts of an archive, the outermost first.
fn charts_in(archive_name: &str, data: &[u8]) -> Vec<Chart> {
    let mut charts: Vec<Chart> = Vec::new();
    let archive = gunzip(data);
    let mut at = 0;
    // Each file of a tar archive has a head of 512 bytes: its name first, its size in octal digits at 124.
    while let Some(head) = archive.get(at..at + 512).filter(|head| head[0] != 0) {
        let text =
            |from: usize, to: usize| String::from_utf8_lossy(&head[from..to]).trim_end_matches('\0').trim().to_owned();
        let size = usize::from_str_radix(&text(124, 135), 8).unwrap();
        let path = text(0, 100);
        let content = String::from_utf8_lossy(&archive[at + 512..at + 512 + size]);
        at += 512 + size.div_ceil(512) * 512;
        let Some((dir, name)) = path.rsplit_once('/') else { continue };
        // A chart is in a folder of `charts`, or the outermost.
        if dir.contains('/') && dir.rsplit('/').nth(1) != Some("charts") {
            continue;
        }
        let name_of_chart = format!("{archive_name} {dir}");
        let at = charts.iter().position(|c| c.name == name_of_chart).unwrap_or_else(|| {
            charts.push(Chart { name: name_of_chart, ..Chart::default() });
            charts.len() - 1
        });
        match name {
            "values.yaml" => charts[at].values = content.into_owned(),
            "values.schema.json" => charts[at].schema = Some(content.into_owned()),
            "questions.yaml" | "questions.yml" => charts[at].questions = Some(content.into_owned()),
            _ => {}
        }
    }
    charts.sort_by_key(|chart| chart.name.len());
    charts
}

fn gunzip(data: &[u8]) -> Vec<u8> {
    let flags = data[3];
    let mut at = 10;
    if flags & 4 != 0 {
        at += 2 + usize::from(u16::from_le_bytes([data[at], data[at + 1]]));
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            at += data[at..].iter().position(|b| *b == 0).unwrap() + 1;
        }
    }
    miniz_oxide::inflate::decompress_to_vec(&data[at..]).unwrap()
}

fn source(chart: &Chart) -> FormSource {
    FormSource {
        schema: chart.schema.as_ref().map(|text| Rc::new(Schema::read(text).unwrap())),
        questions: chart.questions.as_ref().map(|text| Rc::new(Questions::read(text).unwrap())),
    }
}

/// What a person might type into a field.
fn typed(field: &Field) -> Option<Value> {
    Some(match &field.kind {
        Kind::Text { .. } => Value::from("changed: yes"),
        Kind::Multiline => Value::from("one\ntwo: [\n"),
        Kind::Password => Value::from("0123"),
        Kind::Number { .. } => parse("7").unwrap(),
        Kind::Boolean { is_text: false } => Value::Bool(field.value != Some(Value::Bool(true))),
        Kind::Boolean { is_text: true } => Value::from("true"),
        Kind::Choice { options } => options.last()?.value.clone(),
        Kind::Quantity { .. } => Value::from("250m"),
        Kind::List { items, new, .. } if items.is_empty() => Value::from(vec![new.clone()]),
        Kind::Map { entries, new } if entries.is_empty() => Value::map_of("some.key/of-mine", new.clone()),
        Kind::Yaml => parse("{a: [1, {b: c}]}").unwrap(),
        Kind::List { .. } | Kind::Map { .. } | Kind::Variants { .. } => return None,
    })
}

#[test]
#[ignore = "needs the kit"]
fn every_form_draws_and_every_field_sets_what_it_says() {
    let (mut forms, mut schemas, mut fields, mut edits, mut slowest) = (0, 0, 0, 0, (0, String::new(), 0));
    let mut kinds = std::collections::BTreeMap::new();
    for chart in charts() {
        let model = Model::new(&chart.values).unwrap_or_else(|e| panic!("{}: {e}", chart.name));
        let source = source(&chart);
        let form = Form::draw(&model, &source, &FormState::default());
        // The best of a few, as other work goes on beside.
        let took = (0..5).map(|_| {
            let start = Instant::now();
            assert_eq!(Form::draw(&model, &source, &FormState::default()), form, "{}", chart.name);
            start.elapsed().as_micros()
        });
        let took = took.min().unwrap_or_default();
        assert!(form.hidden.is_empty() && form.unknown.is_empty(), "{}: {:?}", chart.name, form.unknown);
        forms += 1;
        schemas += usize::from(chart.schema.is_some());
        let all = form.fields();
        fields += all.len();
        if took > slowest.0 {
            slowest = (took, chart.name.clone(), all.len());
        }
        let mut keys: Vec<_> = all.iter().map(|f| &f.key).collect();
        keys.sort();
        let count = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), count, "{}: keys are there once", chart.name);
        if !model.defaults().is_empty_collection() {
            assert!(!form.items.is_empty(), "{}", chart.name);
        }
        // Of large charts, a part of the fields is enough.
        let every = all.len() / 40 + 1;
        for (i, field) in all.iter().enumerate() {
            let kind = format!("{:?}", field.kind);
            *kinds.entry(kind.split([' ', '{']).next().unwrap_or_default().to_owned()).or_insert(0) += 1;
            if let Some(value) = typed(field).filter(|_| i % every == 0) {
                edits += 1;
                check_edit(&chart, &model, &source, field, &value);
            }
        }
    }
    eprintln!("{forms} charts, {schemas} schemas, {fields} fields, {edits} edits, {kinds:?}; slowest: {slowest:?} µs");
    assert!(forms > 200 && schemas > 25);
}

fn check_edit(chart: &Chart, model: &Model, source: &FormSource, field: &Field, value: &Value) {
    let name = format!("{}: {} = {}", chart.name, field.path, value.shown());
    let mut edited = model.clone();
    match edited.set(&field.path, value.clone()) {
        Ok(()) => {}
        Err(Refused::Entangled(_)) => panic!("{name}: refused"),
        Err(e) => panic!("{name}: {e}"),
    }
    let values = parse(edited.text()).unwrap_or_else(|e| panic!("{name}: {e}\n{}", edited.text()));
    assert_eq!(values.get(&field.path), Some(value), "{name}\n{}", edited.text());
    assert_eq!(edited.values_with_all().get(&field.path), Some(value), "{name}");
    // Only that: lists are taken over as a whole.
    let list = field.path.steps().iter().position(|s| matches!(s, Step::Index(_)));
    let place = field.path.prefix(list.unwrap_or(field.path.len()));
    let mut leaves = values.leaves(true);
    leaves.retain(|leaf| !place.contains(leaf));
    assert_eq!(leaves, Vec::<Path>::new(), "{name}\n{}", edited.text());
    let place_of = edited.place_of(&field.path).unwrap_or_else(|| panic!("{name}: no place"));
    assert!(field.path.contains(&edited.path_at(place_of.value)), "{name}");
    // The form shows it, and a reset takes all of it back.
    let form = Form::draw(&edited, source, &FormState::default());
    let shown = form.field_of(&field.path).filter(|f| f.path == field.path);
    if let Some(shown) = shown {
        assert_eq!(shown.value.as_ref(), Some(value), "{name}");
        assert!(shown.is_changed || field.value.as_ref() == Some(value), "{name}");
    } else {
        assert!(
            matches!(field.kind, Kind::Map { .. } | Kind::List { .. } | Kind::Yaml | Kind::Variants { .. }),
            "{name}: not shown"
        );
    }
    edited.unset(&place).unwrap();
    assert_eq!(edited.text(), "", "{name}");
}

#[test]
#[ignore = "needs the kit"]
fn values_are_what_the_engine_reads() {
    for chart in charts() {
        let ours = parse(&chart.values).unwrap_or_else(|e| panic!("{}: {e}", chart.name));
        let engine = goyaml::yaml::from_yaml(chart.values.as_bytes()).unwrap();
        same(&ours, &engine, &chart.name);
        // Written and read again, they are the same; so are the merged values, line by line.
        assert_eq!(parse(&chartwright_values::to_text(&ours)).unwrap(), ours, "{}", chart.name);
        let model = Model::new(&chart.values).unwrap();
        let lines: Vec<_> = model.merged_lines().into_iter().map(|l| l.text + "\n").collect();
        assert_eq!(parse(&lines.concat()).unwrap(), parse(&model.merged_text()).unwrap(), "{}", chart.name);
        // Each value is found where it stands, and what stands there is it.
        for path in ours.leaves(false) {
            if let Some(place) = model.default_place_of(&path) {
                let mut as_override = Model::new("").unwrap();
                as_override.set_text(&chart.values);
                if as_override.place_of(&path).is_some() && place.start != place.end {
                    assert_eq!(as_override.path_at(place.start), path, "{}", chart.name);
                }
                break;
            }
        }
        // Colours cover the text but for spaces.
        let mut state = LineState::default();
        for line in chart.values.lines() {
            let (spans, next) = highlight(line, state);
            let covered: usize = spans.iter().map(|s| s.end - s.start).sum();
            let text: usize = spans.iter().map(|s| line[s.start..s.end].len()).sum();
            assert!(covered == text && (line.trim().is_empty() || !spans.is_empty()), "{}: {line}", chart.name);
            state = next;
        }
    }
}

fn same(ours: &Value, engine: &govalue::Value, name: &str) {
    match (ours, engine) {
        (Value::Null, govalue::Value::Nil) => {}
        (Value::Bool(a), govalue::Value::Bool(b)) => assert_eq!(a, b, "{name}"),
        (Value::Number(a), govalue::Value::Float(b)) => assert_eq!(a.value(), *b, "{name}"),
        (Value::Text(a), govalue::Value::Str(b)) => assert_eq!(a.as_bytes(), b.as_bytes(), "{name}"),
        (Value::List(a), govalue::Value::List(b)) => {
            assert_eq!(a.len(), b.len(), "{name}");
            a.iter().zip(b.iter()).for_each(|(a, b)| same(a, b, name));
        }
        (Value::Map(a), govalue::Value::Map(b)) => {
            assert_eq!(a.len(), b.len(), "{name}");
            a.iter().for_each(|(k, v)| same(v, &b.get(k.as_bytes()).unwrap(), name));
        }
        (a, b) => panic!("{name}: {a:?} and {b:?}"),
    }
}
