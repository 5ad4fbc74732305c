//! Forms of the charts of the conformance kit.
#![allow(clippy::disallowed_methods, clippy::print_stderr, reason = "a test that reads the conformance kit")]

mod support;

use std::path::{Path as FilePath, PathBuf};

use chartwright_values::{LineState, Model, Value, highlight, parse};
use support::Chart;
use support::check::Tally;

/// The conformance kit.
fn kit() -> PathBuf {
    let given = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let beside = || FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let kit = given("CHARTWRIGHT_CONFORMANCE")
        .unwrap_or_else(|| given("CHARTWRIGHT_SHARED").unwrap_or_else(beside).join("conformance"));
    assert!(kit.join("cases.json").exists(), "the conformance kit is not at {}", kit.display());
    kit
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

#[test]
#[ignore = "needs the kit"]
fn every_form_draws_and_every_field_sets_what_it_says() {
    let mut tally = Tally::default();
    for chart in charts() {
        // Of large forms some, as each edit draws all of it anew.
        tally.check(&chart, |fields| fields.div_ceil(60));
    }
    eprintln!("{tally:?}");
    assert!(tally.charts > 200 && tally.schemas >= 24 && tally.edits > 5000, "{tally:?}");
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
