//! Opens a module: fetches what it needs, and loads it into the engine.

use std::rc::Rc;

use chartwright_catalog::{BaseChart, Catalog, Kind, Module, Version};
use chartwright_protocol::{ChartInfo, ObjectHead, Reply, Request};
use contract::{
    API_VERSION, Answer as Answered, Call, ChartGiven, ChartWanted, ExpandInput, ExpandOutput, ExpandWant, PlanInput,
    PlanOutput, Problem, Subject, TextFile,
};
use yew::Callback;

use super::layers::Below;
use super::state::Event;
use crate::digest;
use crate::load::Trouble;
use crate::opened::{KEPT, refused, unbundle};
use crate::route::{Route, View};
use crate::services::Services;

/// What a module is rendered from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// The chart itself.
    Chart,
    /// A descriptor, through its HelmReleases.
    Descriptor {
        /// Its text.
        text: Rc<str>,
        /// Its base charts, by digest, and the revisions that Flux would say.
        charts: Vec<(ChartWanted, String, Option<String>)>,
    },
}

/// A module that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// What people call it.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The file that it is from, as messages name it.
    pub file: String,
    /// Where it stands in the catalog.
    pub module: Option<Rc<Module>>,
    /// The chart; of a descriptor, the module chart that it expands to. Its values are those that a person changes.
    pub chart: Rc<ChartInfo>,
    /// What others set below the operator's values, beside the chart's own.
    pub below: Below,
    /// The base charts of a descriptor, as far as the page has them.
    pub bases: Vec<Rc<ChartInfo>>,
    /// What is rendered.
    pub source: Source,
    /// What is not as it should be with the descriptor.
    pub problems: Vec<Problem>,
    /// The bytes of the chart's archive, for downloads; empty for a folder.
    pub archive: Rc<Vec<u8>>,
    /// Under which name a person's values are kept.
    pub draft: String,
    /// Whether it was made on this page, in the developer's view.
    pub is_made: bool,
}

impl Opened {
    /// The file of the template that an object comes from: the chart among [`Opened::charts`], and the path in it.
    pub fn template(&self, head: &ObjectHead) -> Option<(usize, &str)> {
        let (name, path) = head.source.split_once('/')?;
        // Two versions of a base chart have the same name.
        let is_of = |chart: &ChartInfo| head.chart.as_ref().is_none_or(|of| names(chart, of));
        let found = self.charts().enumerate().filter(|(_, chart)| chart.name == name);
        let with = found.filter_map(|(at, chart)| {
            let file = chart.files.iter().find(|file| file.path == path)?;
            Some((at, chart, file.path.as_str()))
        });
        let mut with = with.collect::<Vec<_>>();
        with.sort_by_key(|(_, chart, _)| !is_of(chart));
        with.first().map(|(at, _, path)| (*at, *path))
    }

    /// The chart, and after it the base charts.
    pub fn charts(&self) -> impl Iterator<Item = &Rc<ChartInfo>> {
        std::iter::once(&self.chart).chain(&self.bases)
    }
}

/// Whether this is the chart of a name and a version.
fn names(chart: &ChartInfo, of: &str) -> bool {
    of.strip_prefix(chart.name.as_str()).is_some_and(|version| version.get(1..) == Some(&chart.version))
}

/// Opens what an address names.
pub(super) async fn open(route: &Route, services: &Services, send: &Callback<Event>) -> Result<Opened, Trouble> {
    match &route.view {
        View::Module { id, version } => {
            let catalog = services.api.catalog().await?;
            let module = catalog.module(id).cloned().map(Rc::new).ok_or_else(|| {
                Trouble::new(format!("the catalog has no module {id}")).hint("open the catalog and search for it")
            })?;
            let version = module.find(version).cloned().ok_or_else(|| {
                let newest = module.newest().map(|version| version.version.clone()).unwrap_or_default();
                Trouble::new(format!("{} has no version {version}", module.title))
                    .hint(format!("the newest is {newest}"))
            });
            // What is known of the module is there even if this version cannot be had.
            send.emit(Event::Module(module.clone()));
            let version = version?;
            from_catalog(module, &version, services, send).await
        }
        View::Opened { digest } => from_file(digest, route.get("file"), services, send).await,
        _ => Err(Trouble::new("this address is not one of a module")),
    }
}

/// Opens a version of a module of the catalog.
pub(super) async fn from_catalog(
    module: Rc<Module>,
    version: &Version,
    services: &Services,
    send: &Callback<Event>,
) -> Result<Opened, Trouble> {
    send.emit(Event::Progress(format!("Fetching {} {}", module.title, version.version)));
    let bytes = services.api.file(&version.url, &version.digest).await?;
    let file = file_name(&module.id, version);
    let mut opened = match version.kind {
        Kind::Chart => {
            let opened = chart(file, bytes, services).await?;
            digest::compare(&opened.chart.digest, &version.digest)?;
            opened
        }
        Kind::Descriptor => descriptor(file, text(bytes)?, &version.charts, services, send).await?,
        #[allow(unreachable_patterns, reason = "later catalogs may have more kinds")]
        _ => {
            return Err(
                Trouble::new("this page does not know what this module is").hint("reload the page for a newer one")
            );
        }
    };
    opened.title = module.title.clone();
    opened.version = version.version.clone();
    opened.draft = draft(&module.id, &version.version);
    opened.module = Some(module);
    Ok(opened)
}

/// The name under which the override of a version of a module is kept.
pub(super) fn draft(module: &str, version: &str) -> String {
    format!("draft:{module}@{version}")
}

/// What the file of a version is called: as its server calls it, unless that is a digest.
fn file_name(id: &str, version: &Version) -> String {
    let name = version.url.rsplit('/').next().unwrap_or(&version.url);
    match name.strip_prefix("sha256-").and_then(|name| name.rsplit_once('.')) {
        Some((_, ending)) => format!("{id}-{}.{ending}", version.version),
        None => name.to_owned(),
    }
}

/// Opens a file that is kept under its digest; a link may say what it is called.
async fn from_file(
    digest: &str,
    name: Option<&str>,
    services: &Services,
    send: &Callback<Event>,
) -> Result<Opened, Trouble> {
    let gone = || {
        let file = name.map(|name| format!("the file {name}")).unwrap_or_else(|| "this file".to_owned());
        Trouble::new(format!("{file} is not on this machine"))
            .hint("drop it on the page: it then opens with what the link has")
    };
    let record = services.store.text(&format!("{KEPT}{digest}")).ok_or_else(gone)?;
    let bytes = services.store.kept(digest).await.ok_or_else(gone)?;
    let (kind, name) = record.split_once(' ').unwrap_or((&record, ""));
    let opened = match kind {
        "folder" => match unbundle(&bytes).ok_or_else(gone) {
            Ok(files) => {
                let (files, parts) = files.into_iter().map(|file| (file.path, file.bytes)).unzip();
                load(name, files, parts, services).await.map(|info| from_chart(name.to_owned(), info, Vec::new()))
            }
            Err(trouble) => Err(trouble),
        },
        "descriptor" | "made" => match text(bytes) {
            Ok(text) => {
                let charts = known_charts(services).await;
                descriptor(name.to_owned(), text, &charts, services, send).await
            }
            Err(trouble) => Err(trouble),
        },
        _ => chart(name.to_owned(), bytes, services).await,
    };
    let opened = opened.map_err(|trouble| if trouble.place.is_empty() { trouble.at(name) } else { trouble })?;
    Ok(Opened { draft: format!("draft:{digest}"), is_made: kind == "made", ..opened })
}

/// The base charts of the whole catalog: one of them may be what a descriptor from a file names.
pub(crate) async fn known_charts(services: &Services) -> Vec<BaseChart> {
    let catalog: Rc<Catalog> = services.api.catalog().await.unwrap_or_default();
    let versions = catalog.modules.iter().flat_map(|module| &module.versions);
    versions.flat_map(|version| version.charts.iter().cloned()).collect()
}

/// The archive of a base chart, by its digest.
pub(super) async fn base_archive(digest: &str, services: &Services) -> Result<Vec<u8>, Trouble> {
    if let Some(bytes) = services.store.kept(digest).await {
        return Ok(bytes);
    }
    let known = known_charts(services).await;
    let base = known.iter().find(|base| base.digest == digest);
    let base = base.ok_or_else(|| Trouble::new("it is not on this machine any more"))?;
    services.api.file(&base.url, digest).await
}

async fn chart(file: String, bytes: Vec<u8>, services: &Services) -> Result<Opened, Trouble> {
    let info = load(&file, Vec::new(), vec![bytes.clone()], services).await?;
    Ok(from_chart(file, info, bytes))
}

fn from_chart(file: String, info: ChartInfo, archive: Vec<u8>) -> Opened {
    Opened {
        title: info.name.clone(),
        version: info.version.clone(),
        file,
        module: None,
        chart: Rc::new(info),
        below: Below::default(),
        bases: Vec::new(),
        source: Source::Chart,
        problems: Vec::new(),
        archive: Rc::new(archive),
        draft: String::new(),
        is_made: false,
    }
}

/// Expands a descriptor with the base charts that are known for it.
async fn descriptor(
    file: String,
    text: Rc<str>,
    known: &[BaseChart],
    services: &Services,
    send: &Callback<Event>,
) -> Result<Opened, Trouble> {
    let given = TextFile { name: file.clone(), text: text.to_string() };
    let plan = PlanInput { api_version: API_VERSION.to_owned(), subject: Subject::Descriptor(given.clone()) };
    let plan: PlanOutput = call(Call::Plan, &plan, services).await?;
    let (mut charts, mut bases) = (Vec::new(), Vec::new());
    for (index, wanted) in plan.charts.iter().enumerate() {
        let Some(base) = known.iter().find(|base| fits(&base.wanted, wanted)) else { continue };
        send.emit(Event::Progress(format!(
            "Fetching base chart {}, {} of {}",
            wanted.chart,
            index + 1,
            plan.charts.len()
        )));
        let bytes = services.api.file(&base.url, &base.digest).await?;
        let info = load(&wanted.chart, Vec::new(), vec![bytes], services).await?;
        digest::compare(&info.digest, &base.digest)?;
        charts.push((wanted.clone(), info.digest.clone(), base.revision.clone()));
        bases.push((wanted.clone(), Rc::new(info)));
    }
    let archives = charts.iter().map(|(wanted, digest, revision)| ChartGiven {
        wanted: wanted.clone(),
        archive: contract::Archive { digest: Some(digest.clone()), ..contract::Archive::default() },
        revision: revision.clone(),
        ..ChartGiven::default()
    });
    let input = ExpandInput {
        api_version: API_VERSION.to_owned(),
        descriptor: given,
        charts: archives.collect(),
        want: ExpandWant { archive: true, files: false },
        ..ExpandInput::default()
    };
    let expanded: ExpandOutput = call(Call::Expand, &input, services).await?;
    let archive = expanded.archive.0;
    let info = load(&expanded.name, Vec::new(), vec![archive.clone()], services).await?;
    Ok(Opened {
        title: info.name.clone(),
        version: info.version.clone(),
        file,
        module: None,
        chart: Rc::new(info),
        below: Below::of_descriptor(&text, &bases),
        bases: bases.into_iter().map(|(_, info)| info).collect(),
        source: Source::Descriptor { text, charts },
        problems: [plan.problems, expanded.problems].concat(),
        archive: Rc::new(archive),
        draft: String::new(),
        is_made: false,
    })
}

/// Whether a known chart is the one that is wanted. Where it comes from may stand in another namespace.
pub(crate) fn fits(known: &ChartWanted, wanted: &ChartWanted) -> bool {
    let source = (&known.source.kind, &known.source.name) == (&wanted.source.kind, &wanted.source.name);
    known == wanted || (source && known.chart == wanted.chart && known.version == wanted.version)
}

async fn load(name: &str, files: Vec<String>, parts: Vec<Vec<u8>>, services: &Services) -> Result<ChartInfo, Trouble> {
    match services.engine.ask(Request::Load { name: name.to_owned(), files }, parts).await.reply {
        Reply::Loaded(info) => Ok(*info),
        other => Err(refused(other)),
    }
}

/// Calls the engine as the contract has it.
pub(crate) async fn call<I, O>(call: Call, input: &I, services: &Services) -> Result<O, Trouble>
where
    I: serde::Serialize,
    O: serde::de::DeserializeOwned,
{
    let input = serde_json::to_vec(input).map_err(|error| Trouble::new(error.to_string()))?;
    let answer = services.engine.ask(Request::Call { call }, vec![input]).await;
    match (answer.reply, answer.parts.first()) {
        (Reply::Answer, Some(json)) => {
            let answered: Answered<O> =
                serde_json::from_slice(json).map_err(|error| Trouble::new(error.to_string()))?;
            answered.into_result().map_err(Trouble::from)
        }
        (reply, _) => Err(refused(reply)),
    }
}

fn text(bytes: Vec<u8>) -> Result<Rc<str>, Trouble> {
    String::from_utf8(bytes).map(Rc::from).map_err(|_| Trouble::new("the descriptor is not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_lead_to_their_templates() {
        let chart = |name: &str, version: &str| {
            let file = chartwright_protocol::ChartFile { path: "templates/a.yaml".into(), ..Default::default() };
            ChartInfo { name: name.into(), version: version.into(), files: vec![file], ..ChartInfo::default() }
        };
        let mut opened = from_chart("shop.tgz".into(), chart("shop", "1.0.0"), Vec::new());
        opened.bases = vec![Rc::new(chart("base", "1.0.0")), Rc::new(chart("base", "2.0.0"))];
        let head = |source: &str, chart: Option<&str>| ObjectHead {
            source: source.into(),
            chart: chart.map(str::to_owned),
            ..ObjectHead::default()
        };
        for (source, of, found) in [
            ("shop/templates/a.yaml", None, Some((0, "templates/a.yaml"))),
            ("base/templates/a.yaml", Some("base 2.0.0"), Some((2, "templates/a.yaml"))),
            ("base/templates/a.yaml", Some("base-1.0.0"), Some((1, "templates/a.yaml"))),
            ("base/templates/b.yaml", None, None),
            ("elsewhere/templates/a.yaml", None, None),
        ] {
            assert_eq!(opened.template(&head(source, of)), found, "{source}");
        }
    }

    #[test]
    fn charts_fit_by_source_and_name() {
        let wanted = |namespace: &str, chart: &str| ChartWanted {
            source: contract::ChartSource {
                kind: "GitRepository".into(),
                namespace: namespace.into(),
                name: "base".into(),
            },
            chart: chart.into(),
            ..ChartWanted::default()
        };
        assert!(fits(&wanted("a", "web"), &wanted("a", "web")));
        assert!(fits(&wanted("a", "web"), &wanted("b", "web")));
        assert!(!fits(&wanted("a", "web"), &wanted("a", "db")));
    }
}
