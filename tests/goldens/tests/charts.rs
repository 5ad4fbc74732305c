//! Charts of our own, rendered to the bytes that Helm prints.
#![allow(clippy::disallowed_methods, reason = "goldens are files of the repository")]

use std::fs;
use std::path::PathBuf;
use std::rc::Rc;

use chartwright::{
    Capabilities, Error, File, FixedWorld, FuncError, KubeVersion, LoadedChart, LookupQuery, Objects, Request,
    TextOptions, Value, World,
};
use chartwright_goldens::{Answer, Case, Chart, diff, names};

#[test]
fn charts_render_to_the_bytes_of_helm() {
    let mut failures = Vec::new();
    let mut compared = 0;
    for chart in Chart::all().unwrap() {
        for case in &chart.cases {
            let wanted = chart.answer(case).unwrap();
            let got = render(&chart, case).unwrap();
            compared += 1;
            if wanted != got {
                failures.push(format!("{} {}: {}", chart.name, case.name, difference(&wanted, &got)));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {compared} differ from Helm\n\n{}", failures.len(), failures.join("\n"));
    assert!(compared >= 60, "only {compared} cases were compared");
}

#[test]
fn every_answer_belongs_to_a_case() {
    let charts = Chart::all().unwrap();
    assert!(charts.len() >= 20, "there are {} charts", charts.len());
    for chart in &charts {
        let mut wanted: Vec<String> = Vec::new();
        for case in &chart.cases {
            let answer = chart.answer(case).unwrap();
            wanted.extend(Chart::answer_files(case, &answer).into_iter().map(|(name, _)| name));
        }
        wanted.sort();
        assert_eq!(names(&chart.expected()).unwrap(), wanted, "{}", chart.name);
    }
}

/// How two answers differ.
fn difference(wanted: &Answer, got: &Answer) -> String {
    match (wanted, got) {
        (Answer::Failed(wanted), Answer::Failed(got)) => {
            format!("the error differs: {}", diff(wanted.as_bytes(), got.as_bytes()).unwrap_or_default())
        }
        (Answer::Rendered { text: wanted, notes: a }, Answer::Rendered { text: got, notes: b }) => diff(wanted, got)
            .or_else(|| {
                let text = diff(a.as_deref().unwrap_or_default(), b.as_deref().unwrap_or_default())?;
                Some(format!("the notes differ: {text}"))
            })
            .unwrap_or_default(),
        (Answer::Failed(wanted), _) => format!("Helm fails, we do not\n  - {wanted}\n"),
        (_, Answer::Failed(got)) => format!("Helm does not fail, we do\n  + {got}\n"),
    }
}

/// What we make of a case. An `Err` is a file of the goldens that cannot be read.
fn render(chart: &Chart, case: &Case) -> Result<Answer, String> {
    let mut objects = Objects::default();
    if let Some(file) = &case.objects {
        let yaml = fs::read(chart.folder.join(file)).map_err(|e| format!("{file}: {e}"))?;
        objects.add_yaml(&yaml).map_err(|e| format!("{file}: {e}"))?;
    }
    let world =
        Rc::new(Folder { folder: chart.folder.clone(), fixed: FixedWorld { objects, ..FixedWorld::seeded(1) } });
    let files = chart.files().map_err(|e| format!("{e:#}"))?;
    let files = files.into_iter().map(|(name, data)| File { name: name.as_str().into(), data: data.into() }).collect();
    let request = request(case)?;
    let parts = TextOptions { crds: case.include_crds, hooks: !case.no_hooks, tests: !case.skip_tests };
    let rendered = || -> Result<_, Error> {
        let values = request.merge_values(&*world)?;
        LoadedChart::from_folder("chart", files)?.render_values(&values, &request, world.clone())
    };
    let rendered = match rendered() {
        Ok(rendered) => rendered,
        Err(error) => return Ok(Answer::Failed(error.to_string())),
    };
    let notes = case.notes.then(|| rendered.notes().to_vec());
    if case.show_only.is_empty() {
        return Ok(Answer::Rendered { text: rendered.text(parts), notes });
    }
    Ok(match rendered.show_only(parts, &case.show_only) {
        Ok(text) => Answer::Rendered { text, notes },
        Err(error) => Answer::Failed(error.to_string()),
    })
}

fn request(case: &Case) -> Result<Request, String> {
    let list = |items: &[String]| items.iter().map(|item| item.as_str().into()).collect();
    let mut request = Request::default();
    request.values.files = list(&case.values);
    request.values.values = list(&case.set);
    request.values.strings = list(&case.set_string);
    request.values.json = list(&case.set_json);
    request.values.file_values = list(&case.set_file);
    request.values.literals = list(&case.set_literal);
    request.options.release.name.clone_from(&case.release);
    request.options.release.namespace.clone_from(&case.namespace);
    request.options.release.upgrade = case.is_upgrade;
    request.options.skip_schema_validation = case.skip_schema_validation;
    request.options.subchart_notes = case.subchart_notes;
    let mut capabilities = Capabilities::default();
    if let Some(version) = &case.kube_version {
        capabilities.kube_version = KubeVersion::parse(version).map_err(|e| format!("{version}: {e}"))?;
    }
    capabilities.api_versions.extend(case.api_versions.iter().cloned());
    request.options.capabilities = capabilities;
    Ok(request)
}

/// A world whose files are those beside the cases.
struct Folder {
    folder: PathBuf,
    fixed: FixedWorld,
}

impl World for Folder {
    fn lookup(&self, query: &LookupQuery) -> Result<Value, FuncError> {
        self.fixed.lookup(query)
    }

    fn file(&self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(self.folder.join(path)).map_err(|e| format!("open {path}: {e}"))
    }

    fn now(&self) -> (i64, u32) {
        (1_700_000_000, 0)
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), FuncError> {
        self.fixed.random(buffer)
    }
}
