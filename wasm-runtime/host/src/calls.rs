//! Calls of the plugin, with charts from sources: as the engine in this program asks for them, but all at once.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use chartwright::api::{chart_request, failure};
use chartwright::{File, LoadedChart};
use chartwright_sources::Sources;
use contract::{
    API_VERSION, Archive, Base64, ChartGiven, ChartWanted, CheckInput, ExpandInput, ExpandOutput, Failure,
    FetchFailure, FetchKind, FileGiven, PlanInput, Problem, RenderInput, RenderOutput, TextFile,
};
use descriptor::expand::{Expanded, Skeleton};
use descriptor::types::Template;
use flux::FetchError;

use crate::plugin_engine::PluginEngine;
use crate::world::{FilesRead, HostWorld};

/// Renders a descriptor or manifests through all levels: charts are brought until nothing is wanted any more.
pub fn levels(
    plugin: &PluginEngine,
    mut input: RenderInput,
    sources: &Sources,
    world: &HostWorld,
    objects: &[PathBuf],
    seed: Option<u64>,
) -> Result<RenderOutput, Failure> {
    let request = chart_request(&input)?;
    let files = FilesRead::new(world);
    request.merge_values(&files).map_err(|error| failure(&error, None, None))?;
    input.files = files.take();
    world.give(&mut input.world, objects, seed).map_err(|e| Failure::new("objects", e))?;
    let plan = PlanInput { api_version: API_VERSION.to_owned(), subject: input.subject.clone() };
    let mut charts = Charts::new(sources);
    charts.bring(&plugin.plan(plan)?.charts);
    loop {
        let output = plugin.render(RenderInput { charts: charts.given.clone(), ..input.clone() })?;
        if !charts.bring(&output.wanted) {
            return Ok(output);
        }
    }
}

/// Expands a descriptor. `templates` are its base charts; charts that did not come are given to `failed`.
pub fn expand(
    plugin: &PluginEngine,
    descriptor: TextFile,
    templates: &[(Template, ChartWanted)],
    sources: &Sources,
    skeletons: Vec<Skeleton>,
    failed: &mut dyn FnMut(&Template, FetchError),
) -> Result<Expanded, Vec<Problem>> {
    let mut charts = Charts::new(sources);
    for (template, wanted) in templates {
        match sources.bring(wanted).map_err(FetchError::from).err() {
            None | Some(FetchError::Unknown) => {}
            Some(error) => failed(template, error),
        }
        charts.bring(std::slice::from_ref(wanted));
    }
    let skeleton_folder = skeletons.first().and_then(|s| s.file.strip_suffix(&s.path)).map(str::to_owned);
    let input = ExpandInput {
        api_version: API_VERSION.to_owned(),
        descriptor,
        charts: charts.given,
        skeletons: skeletons.into_iter().map(|s| TextFile { name: s.path, text: s.text }).collect(),
        skeleton_folder,
    };
    let output = plugin.expand(input).map_err(|error| vec![problem(&error.into())])?;
    expanded(output)
}

/// A chart from what the plugin made of a descriptor.
fn expanded(output: ExpandOutput) -> Result<Expanded, Vec<Problem>> {
    if output.archive.0.is_empty() {
        return Err(output.problems);
    }
    let broken = |why: String| vec![problem(&Failure::new("output", format!("the plugin's archive is none: {why}")))];
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(output.archive.0.as_slice()));
    let mut files = Vec::new();
    let root = format!("{}/", output.name);
    for entry in archive.entries().map_err(|e| broken(e.to_string()))? {
        let mut entry = entry.map_err(|e| broken(e.to_string()))?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = path.strip_prefix(&root).ok_or_else(|| broken(format!("{path} is not in {root}")))?;
        let mut data = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut data).map_err(|e| broken(e.to_string()))?;
        files.push(File { name: name.into(), data: data.into() });
    }
    let chart = LoadedChart::from_folder(&output.name, files.clone()).map_err(|e| broken(e.to_string()))?;
    let chart = Arc::clone(chart.chart());
    Ok(Expanded { name: output.name, version: output.version, files, chart, warnings: output.problems })
}

/// What is wrong with the descriptors of a file.
pub fn check(plugin: &PluginEngine, file: &TextFile, wanted: &[ChartWanted], sources: &Sources) -> Vec<Problem> {
    let mut charts = Charts::new(sources);
    charts.bring(wanted);
    let input =
        CheckInput { api_version: API_VERSION.to_owned(), descriptors: vec![file.clone()], charts: charts.given };
    match plugin.check(input) {
        Ok(output) => output.problems,
        Err(error) => vec![problem(&error.into())],
    }
}

/// A failure of the plugin among problems.
fn problem(failure: &Failure) -> Problem {
    let place = contract::Place::default();
    Problem::new(contract::Severity::Error, &failure.kind, failure.message.clone(), place)
}

/// Charts that were brought for a call.
struct Charts<'a> {
    sources: &'a Sources,
    given: Vec<ChartGiven>,
    asked: BTreeSet<ChartWanted>,
}

impl Charts<'_> {
    fn new(sources: &Sources) -> Charts<'_> {
        Charts { sources, given: Vec::new(), asked: BTreeSet::new() }
    }

    /// Brings what was not asked for before. Whether there is something new to tell the engine.
    fn bring(&mut self, wanted: &[ChartWanted]) -> bool {
        let before = self.given.len();
        for wanted in wanted {
            if self.asked.insert(wanted.clone()) {
                self.given.extend(self.one(wanted));
            }
        }
        self.given.len() > before
    }

    fn one(&self, wanted: &ChartWanted) -> Option<ChartGiven> {
        let wanted = wanted.clone();
        let brought = match self.sources.bring(&wanted).map_err(FetchError::from) {
            Ok(brought) => brought,
            Err(error) => {
                let (kind, message) = match error {
                    FetchError::Unknown => return None,
                    FetchError::NotFound(message) => (FetchKind::NotFound, message),
                    FetchError::Unreachable(message) => (FetchKind::Unreachable, message),
                    FetchError::Tampered(message) => (FetchKind::Tampered, message),
                    FetchError::Invalid(message) => (FetchKind::Invalid, message),
                };
                return Some(ChartGiven {
                    wanted,
                    failed: Some(FetchFailure { kind, message }),
                    ..ChartGiven::default()
                });
            }
        };
        let archive = Archive { data: Some(Base64(brought.archive())), ..Archive::default() };
        let files = brought.fetched.values_files.iter();
        let values_files =
            files.map(|(path, data)| FileGiven { path: path.clone(), data: Base64(data.to_vec()) }).collect();
        Some(ChartGiven { wanted, archive, failed: None, revision: brought.fetched.revision.clone(), values_files })
    }
}
