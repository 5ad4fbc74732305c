//! From a descriptor to the release of its module.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use contract::{ChartWanted, Code, ExpandInput, ExpandOutput, Failure, FileGiven, Problem, Severity};
use descriptor::expand::{self, Expanded};
use descriptor::places::item;
use descriptor::types::{HelmChartDescriptor, Template, Values, ValuesKind};
use descriptor::{Parsed, read};
use flux::{ChartRef, ChartSource, Charts, FetchError, FetchedChart, HelmRelease, ValuesReference};
use govalue::{Map, Value};
use helm::chart::{Chart, tar};
use helm::values::merge_maps;

use super::bases::Bases;
use super::charts::digest;
use super::facts::Watched;
use super::memory::{Expansion, Memory};

/// How often Flux looks at a module if its descriptor does not say.
const INTERVAL: &str = "10m";

/// A descriptor that is expanded, and its own release.
pub(super) struct Module {
    expansion: Rc<Expansion>,
    pub(super) release: HelmRelease,
}

impl Module {
    /// Expands a descriptor; `values` are the operator's, over those of its
    /// release. Problems of all kinds go to `problems`.
    pub(super) fn new(
        file: &str,
        text: &str,
        values: &Map,
        charts: &dyn Charts,
        memory: &Memory,
        problems: &mut Vec<Problem>,
    ) -> Option<Module> {
        let base = |parsed: &Parsed, template: &Template| base_charts(&parsed.descriptor, charts)(template);
        let known = memory.expansion(file, text, &base);
        let expansion = known.or_else(|| Some(memory.keep(expansion(file, text, &base, memory, problems)?)))?;
        problems.extend_from_slice(&expansion.problems);
        match release(&expansion.parsed.descriptor, values) {
            Ok(release) => Some(Module { expansion, release }),
            Err(message) => {
                let at = "spec.release.values";
                problems.push(expansion.parsed.problem(Severity::Error, Code::ReleaseValues, at, message));
                None
            }
        }
    }

    /// The descriptor.
    pub(super) fn parsed(&self) -> &Parsed {
        &self.expansion.parsed
    }

    /// The module's chart.
    pub(super) fn fetched(&self) -> FetchedChart {
        self.expansion.chart.fetched(Some(self.expansion.revision.clone()))
    }

    /// The component that a HelmRelease of the module's chart is for.
    pub(super) fn component(&self, helm_release: &str) -> Option<&str> {
        self.component_at(helm_release).map(|(_, name)| name)
    }

    /// The same, with its path in the descriptor.
    pub(super) fn component_at(&self, helm_release: &str) -> Option<(String, &str)> {
        let end = helm_release.strip_prefix(&self.release.release_name())?.strip_prefix('-')?;
        let (index, found) =
            self.parsed().descriptor.spec.components.iter().enumerate().find(|(_, c)| c.name == end)?;
        Some((item("spec.components", index), &found.name))
    }
}

/// Reads and expands a descriptor; where that cannot be, why goes to `problems`.
fn expansion(
    file: &str,
    text: &str,
    base: &dyn Fn(&Parsed, &Template) -> Option<Arc<Chart>>,
    memory: &Memory,
    problems: &mut Vec<Problem>,
) -> Option<Expansion> {
    let (parsed, mut found) = read::parse(file, text);
    let usable = !found.iter().any(|p| p.severity == Severity::Error);
    let Some(parsed) = parsed.filter(|_| usable) else {
        problems.append(&mut found);
        return None;
    };
    let bases = RefCell::new(Vec::new());
    let asked = |template: &Template| {
        let chart = base(&parsed, template);
        bases.borrow_mut().push((template.clone(), chart.clone()));
        chart
    };
    let options = expand::Options { known: memory.known.clone(), ..expand::Options::default() };
    let Some(expanded) = expanded(&parsed, &asked, &options, &mut found) else {
        problems.append(&mut found);
        return None;
    };
    // Of the files, not of an archive: none is needed here.
    let revision = format!("{}@{}", expanded.version, digest(&tar(&expanded.name, &expanded.files)));
    let chart = memory.module(&revision, expanded.chart);
    Some(Expansion { bases: bases.take(), parsed, chart, revision, problems: found })
}

/// Expands a descriptor with the available base charts.
pub(super) fn expanded(
    parsed: &Parsed,
    base: &dyn Fn(&Template) -> Option<Arc<Chart>>,
    options: &expand::Options,
    problems: &mut Vec<Problem>,
) -> Option<Expanded> {
    match expand::expand(parsed, base, options) {
        Ok(mut expanded) => {
            problems.append(&mut expanded.warnings);
            Some(expanded)
        }
        Err(mut errors) => {
            problems.append(&mut errors);
            None
        }
    }
}

/// The base charts of a descriptor, as checks and expansion ask for them.
pub(super) fn base_charts<'a>(
    descriptor: &'a HelmChartDescriptor,
    charts: &'a dyn Charts,
) -> impl Fn(&Template) -> Option<Arc<Chart>> + 'a {
    move |template| Some(charts.chart(&template.wanted(descriptor.target_namespace())).ok()?.chart)
}

/// The HelmRelease that deploys the module's chart.
fn release(descriptor: &HelmChartDescriptor, values: &Map) -> Result<HelmRelease, String> {
    let namespace = descriptor.namespace().to_owned();
    let name = descriptor.metadata.name.clone();
    let from = &descriptor.spec.release;
    let own = to_map(&from.values)?;
    let values_from = from.values_from.iter().map(|reference| ValuesReference {
        kind: match reference.kind {
            ValuesKind::ConfigMap => "ConfigMap",
            ValuesKind::Secret => "Secret",
        }
        .to_owned(),
        name: reference.name.clone(),
        values_key: reference.values_key.clone().unwrap_or_default(),
        target_path: reference.target_path.clone().unwrap_or_default(),
        optional: reference.optional,
        ..ValuesReference::default()
    });
    let source = ChartSource { kind: "ExternalArtifact".into(), namespace: namespace.clone(), name: name.clone() };
    Ok(HelmRelease {
        release_name: Some(name.clone()),
        target_namespace: from.target_namespace.clone(),
        name,
        namespace,
        chart: ChartRef::Reference(source),
        values: Value::Map(merge_maps(&own, values)).freeze(),
        values_from: values_from.collect(),
        service_account_name: from.service_account_name.clone(),
        interval: Some(from.interval.clone().unwrap_or_else(|| INTERVAL.to_owned())),
        ..HelmRelease::default()
    })
}

/// Values as charts get them: through JSON, as in Flux.
fn to_map(values: &Values) -> Result<Map, String> {
    let json = serde_json::to_vec(values).map_err(|e| e.to_string())?;
    match goyaml::json::from_json(&json) {
        Ok(Value::Map(map)) => Ok(map),
        Ok(_) => Ok(Map::new()),
        Err(error) => Err(error.to_string()),
    }
}

/// The module's own chart, and the charts that a host brings.
pub(super) struct WithModule<'a> {
    pub(super) module: FetchedChart,
    pub(super) wanted: ChartWanted,
    pub(super) others: &'a Watched<'a>,
}

impl Charts for WithModule<'_> {
    fn chart(&self, wanted: &ChartWanted) -> Result<FetchedChart, FetchError> {
        if *wanted != self.wanted {
            return self.others.chart(wanted);
        }
        self.others.renders(wanted);
        Ok(self.module.clone())
    }
}

impl super::Engine {
    /// Expands a descriptor into the module's chart.
    ///
    /// # Errors
    /// Kind `chart` if a given chart is not one. What is wrong with the
    /// descriptor is in [`ExpandOutput::problems`]; the archive is empty then.
    pub fn expand(&mut self, input: &ExpandInput) -> Result<ExpandOutput, Failure> {
        let charts = self.given(&input.charts)?;
        let folder = input.skeleton_folder.as_deref().map(|folder| folder.trim_end_matches('/'));
        let skeletons = input.skeletons.iter().map(|file| expand::Skeleton {
            path: file.name.clone(),
            text: file.text.clone(),
            file: folder.map_or_else(|| file.name.clone(), |folder| format!("{folder}/{}", file.name)),
        });
        let options = expand::Options { skeletons: skeletons.collect(), known: self.memory.known.clone() };
        let (parsed, mut problems) = read::parse(&input.descriptor.name, &input.descriptor.text);
        let usable = !problems.iter().any(|p| p.severity == Severity::Error);
        let expanded = parsed.filter(|_| usable).and_then(|parsed| {
            let mut failed = Bases::of(&parsed, &charts).problems;
            if !failed.is_empty() {
                problems.append(&mut failed);
                return None;
            }
            self::expanded(&parsed, &base_charts(&parsed.descriptor, &charts), &options, &mut problems)
        });
        let Some(expanded) = expanded else { return Ok(ExpandOutput { problems, ..ExpandOutput::default() }) };
        let archive = if input.want.archive { expanded.archive() } else { Vec::new() };
        let chart_files = expanded.files.iter().filter(|_| input.want.files);
        Ok(ExpandOutput {
            digest: if input.want.archive { digest(&archive) } else { String::new() },
            archive: contract::Base64(archive),
            chart_files: chart_files
                .map(|f| FileGiven { path: f.name.to_string(), data: contract::Base64(f.data.to_vec()), failed: None })
                .collect(),
            files: expanded.files.iter().map(|f| f.name.to_string()).collect(),
            name: expanded.name,
            version: expanded.version,
            problems,
        })
    }
}
