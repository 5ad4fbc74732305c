//! What the page's repositories have in them: the same bytes as on the command line.
#![cfg(feature = "modules")]
#![allow(clippy::disallowed_methods, reason = "a test reads its files")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use chartwright::api::{Engine, Meter};
use chartwright::{File, LoadedChart};
use chartwright_protocol::{ArgocdFiles, Export, FluxFiles, Reply, Request};
use chartwright_worker::{Clock, Desk};
use contract::{
    API_VERSION, Archive, Base64, ChartGiven, ChartWanted, ExpandInput, ExpandOutput, ExpandWant, PlanInput,
    PlanOutput, Subject, TextFile,
};
use descriptor::expand::Expanded;
use descriptor::export::{ArgoOptions, FluxOptions, SourceUrl, argocd, flux};

struct Still;

impl Meter for Still {}

impl Clock for Still {
    fn begin(&self) {}
}

fn templates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates")
}

/// All files below a folder, by path.
fn files(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{path}/"), found);
        } else {
            found.insert(path, fs::read(entry.path()).unwrap());
        }
    }
}

/// A base chart of this repository, packed.
fn base_chart(wanted: &ChartWanted) -> Option<Vec<u8>> {
    let name = wanted.chart.trim_start_matches("./charts/");
    let folder = templates().join("charts").join(name);
    if name.is_empty() || !folder.is_dir() {
        return None;
    }
    let mut found = BTreeMap::new();
    files(&folder, "", &mut found);
    let files = found.into_iter().map(|(path, data)| File { name: path.as_str().into(), data: data.into() });
    Some(helm::chart::pack(name, &files.collect::<Vec<_>>()))
}

/// All descriptors of the samples and examples.
fn descriptors() -> Vec<TextFile> {
    let mut found = BTreeMap::new();
    files(&templates().join("modules"), "modules/", &mut found);
    files(&templates().join("examples"), "examples/", &mut found);
    let texts =
        found.into_iter().filter_map(|(name, data)| Some(TextFile { name, text: String::from_utf8(data).ok()? }));
    texts.filter(|file| file.text.lines().any(|line| line == "kind: HelmChartDescriptor")).collect()
}

fn input(descriptor: &TextFile) -> ExpandInput {
    let want = ExpandWant { archive: true, files: true };
    ExpandInput { api_version: API_VERSION.to_owned(), descriptor: descriptor.clone(), want, ..ExpandInput::default() }
}

fn wanted(descriptor: &TextFile) -> Vec<ChartWanted> {
    let plan = PlanInput { api_version: API_VERSION.to_owned(), subject: Subject::Descriptor(descriptor.clone()) };
    let plan: PlanOutput = Engine::default().plan(&plan).unwrap();
    plan.charts
}

/// What the command line expands a descriptor into: an engine of its own, and charts by their bytes.
fn expanded(descriptor: &TextFile) -> ExpandOutput {
    let mut input = input(descriptor);
    for wanted in wanted(descriptor) {
        let Some(data) = base_chart(&wanted) else { continue };
        let archive = Archive { data: Some(Base64(data)), ..Archive::default() };
        input.charts.push(ChartGiven { wanted, archive, ..ChartGiven::default() });
    }
    Engine::default().expand(&input).unwrap()
}

/// What the worker answers with: the base charts are given by their digests, as the page gives them.
fn ask(desk: &mut Desk, descriptor: &TextFile, request: &Request) -> (Reply, Vec<Vec<u8>>) {
    let mut input = input(descriptor);
    for wanted in wanted(descriptor) {
        let Some(archive) = base_chart(&wanted) else { continue };
        let load = Request::Load { name: wanted.chart.clone(), files: Vec::new() };
        let head = serde_json::to_string(&load).unwrap();
        let (Reply::Loaded(info), _) = desk.answer(&head, vec![archive], Duration::from_secs(60)) else {
            panic!("{} is a chart", wanted.chart)
        };
        let archive = Archive { digest: Some(info.digest), ..Archive::default() };
        input.charts.push(ChartGiven { wanted, archive, ..ChartGiven::default() });
    }
    let head = serde_json::to_string(request).unwrap();
    desk.answer(&head, vec![serde_json::to_vec(&input).unwrap()], Duration::from_secs(60))
}

#[test]
fn repositories_have_the_bytes_of_the_command_line() {
    let descriptors = descriptors();
    assert!(descriptors.len() > 8, "{}", descriptors.len());
    let desk = &mut Desk::new(Rc::new(Still));
    let mut compared = 0;
    for descriptor in &descriptors {
        let output = expanded(descriptor);
        let (parsed, _) = descriptor::read::parse(&descriptor.name, &descriptor.text);
        let parsed = parsed.unwrap();
        let list =
            output.chart_files.iter().map(|f| File { name: f.path.as_str().into(), data: f.data.0.clone().into() });
        let list: Vec<File> = list.collect();
        let chart = LoadedChart::from_folder(&output.name, list.clone()).unwrap();
        let chart = Expanded {
            name: output.name.clone(),
            version: output.version.clone(),
            files: list,
            chart: Arc::clone(chart.chart()),
            warnings: Vec::new(),
        };
        let url = "https://git.example.org/basecharts.git".to_owned();
        let sources = [("basecharts".to_owned(), url.clone())];
        let urls = vec![SourceUrl { name: "basecharts".into(), url, branch: "next".into() }];
        let on_command_line = [
            flux(&parsed, &chart, &FluxOptions { urls, ..FluxOptions::default() }),
            argocd(
                &parsed,
                &chart,
                &ArgoOptions { repo_url: "https://git.example.org/gitops.git".into(), ..ArgoOptions::default() },
            ),
        ];
        let requests = [
            Export::Flux(FluxFiles { urls: sources.into(), branch: "next".into(), ..FluxFiles::default() }),
            Export::Argocd(ArgocdFiles {
                repo_url: "https://git.example.org/gitops.git".into(),
                ..ArgocdFiles::default()
            }),
        ];
        for (want, to) in on_command_line.into_iter().zip(requests) {
            let (reply, parts) = ask(desk, descriptor, &Request::Export { to });
            let Reply::Exported { problems, files } = reply else { panic!("{}: {reply:?}", descriptor.name) };
            let want_problems = [output.problems.clone(), want.warnings].concat();
            assert_eq!(problems, want_problems, "{}", descriptor.name);
            let found: Vec<_> = files.into_iter().zip(parts).collect();
            let want: Vec<_> = want.files.iter().map(|f| (f.name.to_string(), f.data.to_vec())).collect();
            assert!(want.len() > 4, "{}", descriptor.name);
            assert!(found == want, "{}", descriptor.name);
            compared += want.len();
        }
        let (Reply::Answer, parts) = ask(desk, descriptor, &Request::Call { call: contract::Call::Expand }) else {
            panic!("it is known")
        };
        let own: contract::Answer<ExpandOutput> = serde_json::from_slice(&parts[0]).unwrap();
        assert!(own.into_result().unwrap().archive == output.archive, "{}", descriptor.name);
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn what_is_missing_is_said() {
    let desk = &mut Desk::new(Rc::new(Still));
    let descriptor = descriptors().remove(0);
    let failed = |reply: Reply| match reply {
        Reply::Failed(failure) => failure.message,
        other => panic!("{other:?}"),
    };
    let flux = Export::Flux(FluxFiles { repository: "fleet".into(), ..FluxFiles::default() });
    let (reply, _) = ask(desk, &descriptor, &Request::Export { to: flux });
    assert_eq!(failed(reply), "\"fleet\" does not name a GitRepository: write NAMESPACE/NAME");
    let (reply, _) = ask(desk, &descriptor, &Request::Export { to: Export::Argocd(ArgocdFiles::default()) });
    assert_eq!(failed(reply), "Argo CD needs the URL of the repository that the files go into");
    // Errors of the descriptor come back as such, and there is nothing to deploy.
    let broken = TextFile { text: descriptor.text.replace("version:", "vershun:"), ..descriptor };
    let to = Export::Flux(FluxFiles::default());
    let (reply, parts) = ask(desk, &broken, &Request::Export { to });
    let Reply::Exported { problems, files } = reply else { panic!("{reply:?}") };
    assert!(!problems.is_empty() && files.is_empty() && parts.is_empty());
}
