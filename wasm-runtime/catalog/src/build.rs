//! Building: from what is found to what is written.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use chartwright_catalog::{API_VERSION, BaseChart, Catalog, Kind, Module, Version};
use chartwright_host::Host;
use chartwright_sources::{RepositoryFiles, Sources, folder};
use contract::{
    API_VERSION as ENGINE_VERSION, Archive, Base64, Budget, ChartGiven, Code, Engine, Failure, Platform, RenderInput,
    RenderOutput, Selection, Severity, Subject, TextFile, WorldGiven,
};
use helm::Warnings;
use helm::chart::{Chart, Limits, load_archive, load_folder, pack};

use crate::about::{self, About};
use crate::error::BuildError;
use crate::find::{self, Found};
use crate::icon::Icon;
use crate::icons::{self, Beside};
use crate::needs;
use crate::record::{facts, sentence};
use crate::recording::{Kept, Recording};
use crate::store::Store;

/// The time that templates see: the start of 2026, so that the same input gives the same catalog.
const NOW: i64 = 1_767_225_600;

/// How a catalog is made.
#[derive(Clone, Debug)]
pub struct Options {
    /// The catalog's name; without one, that of the folder or of the repository's host.
    pub name: Option<String>,
    /// The facts of the platform that modules are rendered with. They are in no file of the catalog.
    pub platform: Platform,
    /// How many versions of each chart of a repository are taken: the newest.
    pub versions: usize,
    /// How many modules are taken at most, by name.
    pub limit: Option<usize>,
    /// The only modules that are taken, by name; empty: all.
    pub only: Vec<String>,
    /// How long a render may take.
    pub time: Duration,
    /// Whether icons that charts name by an `https` address are fetched; else the catalog names the address.
    pub fetch_icons: bool,
}

impl Default for Options {
    fn default() -> Options {
        let fact = |text: &str| Some(text.to_owned());
        Options {
            name: None,
            platform: Platform {
                registry: fact("registry.example.org"),
                repository: fact("modules"),
                domain: fact("example.org"),
                username: fact("example"),
                token: fact("not-a-real-token"),
                namespace: None,
            },
            versions: 5,
            limit: None,
            only: Vec::new(),
            time: Duration::from_secs(20),
            fetch_icons: false,
        }
    }
}

/// Hears how far a build is.
pub trait Progress {
    /// A version is being rendered; `done` of `all` are.
    fn version(&self, _module: &str, _version: &str, _done: usize, _all: usize) {}
}

/// Nobody listens.
impl Progress for () {}

/// What was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Built {
    /// The catalog's name.
    pub name: String,
    /// How many modules it has.
    pub modules: usize,
    /// How many versions they have.
    pub versions: usize,
    /// What people should know.
    pub notices: Vec<Notice>,
    /// Whether a server did not answer, so that something is missing that another build may have.
    pub unreachable: bool,
}

/// What people should know about a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// A file, or a module with its version.
    pub subject: String,
    /// What is the matter, in a sentence without a full stop.
    pub message: String,
    /// Whether it is not in the catalog for that reason.
    pub left_out: bool,
}

/// Makes catalogs.
#[derive(Clone, Copy)]
pub struct Builder<'a> {
    /// What renders.
    pub engine: &'a dyn Engine,
    /// Where the base charts of descriptors come from.
    pub sources: &'a Sources,
    /// How.
    pub options: &'a Options,
    /// Who is told how far it is.
    pub progress: &'a dyn Progress,
}

impl Builder<'_> {
    /// Makes a catalog of what a folder has: descriptors, folders of charts, archives.
    ///
    /// # Errors
    /// If the folder cannot be read or has nothing to list, or the catalog cannot be written. What is wrong with one of
    /// its files is in [`Built::notices`].
    pub fn folder(&self, from: &Path, out: &Path) -> Result<Built, BuildError> {
        let found = find::find(from, out)?;
        let name = from.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        let mut run = Run::new(*self, out)?;
        let all = found.len();
        for (done, found) in found.into_iter().enumerate() {
            run.add(found, &from.display().to_string(), (done, all))?;
        }
        run.finish(&name.unwrap_or_else(|| "Catalog".to_owned()), &from.display().to_string())
    }

    /// Makes a catalog of the newest versions of a Helm repository's charts.
    ///
    /// # Errors
    /// If there is no index, it has no charts, or the catalog cannot be written. What is wrong with one of its charts is
    /// in [`Built::notices`].
    pub fn repository(&self, files: &RepositoryFiles, out: &Path) -> Result<Built, BuildError> {
        let place = files.to_string();
        let host =
            place.split("://").nth(1).and_then(|rest| rest.split(['/', ':']).next()).unwrap_or(&place).to_owned();
        let index = Catalog::from_index(&files.index()?, &host)
            .map_err(|cause| BuildError::Index { place: place.clone(), cause })?;
        let mut run = Run::new(*self, out)?;
        let taken: Vec<(Module, Vec<Version>)> = run.taken(index.modules);
        let all = taken.iter().map(|(_, versions)| versions.len()).sum();
        let mut done = 0;
        for (module, versions) in taken {
            for version in versions {
                run.fetch(files, &module, version, (done, all))?;
                done += 1;
            }
        }
        run.finish(&host, &place)
    }
}

/// A build on its way.
struct Run<'a> {
    builder: Builder<'a>,
    store: Store,
    modules: BTreeMap<String, Module>,
    notices: Vec<Notice>,
    unreachable: bool,
}

/// A version that is ready to be listed.
struct Listed {
    about: About,
    version: Version,
    icon: Option<Icon>,
}

impl<'a> Run<'a> {
    fn new(builder: Builder<'a>, out: &Path) -> Result<Run<'a>, BuildError> {
        let store = Store::open(out)?;
        Ok(Run { builder, store, modules: BTreeMap::new(), notices: Vec::new(), unreachable: false })
    }

    fn notice(&mut self, subject: &str, message: &str, left_out: bool) {
        let message = sentence(message).trim_end_matches('.').to_owned();
        self.notices.push(Notice { subject: subject.to_owned(), message, left_out });
    }

    /// Says that something is not in the catalog, which is no reason to stop.
    fn leave_out(&mut self, subject: &str, message: &str) -> Result<(), BuildError> {
        self.notice(subject, message, true);
        Ok(())
    }

    fn is_wanted(&self, name: &str) -> bool {
        let Options { limit, only, .. } = self.builder.options;
        let is_named = only.is_empty() || only.iter().any(|wanted| wanted == name);
        let id = chartwright_catalog::id_of(name);
        is_named && (self.modules.contains_key(&id) || limit.is_none_or(|limit| self.modules.len() < limit))
    }

    /// The charts of an index that are wanted, each with its newest versions.
    fn taken(&self, modules: Vec<Module>) -> Vec<(Module, Vec<Version>)> {
        let Options { limit, only, versions, .. } = self.builder.options;
        let is_named = |module: &Module| only.is_empty() || only.contains(&module.title);
        let newest = |mut module: Module| {
            let mut all = std::mem::take(&mut module.versions);
            all.truncate(*versions);
            (module, all)
        };
        modules.into_iter().filter(is_named).take(limit.unwrap_or(usize::MAX)).map(newest).collect()
    }

    /// Adds something of a folder.
    fn add(&mut self, found: Found, root: &str, progress: (usize, usize)) -> Result<(), BuildError> {
        let (Found::Descriptor { path, .. } | Found::Chart(path) | Found::Archive(path)) = &found;
        let shown = path.strip_prefix(root).unwrap_or(path).display().to_string();
        match found {
            Found::Descriptor { path, text } => self.descriptor(&shown, &path, text, progress),
            Found::Chart(path) => {
                let files = match folder::files(&path) {
                    Ok(files) => files,
                    Err(error) => return self.leave_out(&shown, &error.to_string()),
                };
                match load_folder(&shown, files.clone(), Limits::default(), &mut Warnings::default()) {
                    Ok(chart) => {
                        let archive = pack(&chart.name().to_string(), &files);
                        self.chart(&shown, &chart, &archive, Version::default(), progress)
                    }
                    Err(error) => self.leave_out(&shown, &error.to_string()),
                }
            }
            Found::Archive(path) => {
                let archive = match folder::read(&path, folder::MOST_IN_ALL) {
                    Ok(archive) => archive,
                    Err(cause) => return Err(BuildError::Read { path, cause }),
                };
                self.archive(&shown, archive, Version::default(), progress)
            }
        }
    }

    /// Adds a version of a repository.
    fn fetch(
        &mut self,
        files: &RepositoryFiles,
        module: &Module,
        version: Version,
        progress: (usize, usize),
    ) -> Result<(), BuildError> {
        let subject = format!("{} {}", module.title, version.version);
        let digest = (!version.digest.is_empty()).then_some(version.digest.as_str());
        match files.archive(&version.url, digest) {
            Ok(archive) => self.archive(&subject, archive, version, progress),
            Err(error) => {
                self.unreachable |= error.reason() == chartwright_sources::Reason::Unreachable;
                self.leave_out(&subject, &error.to_string())
            }
        }
    }

    fn archive(
        &mut self,
        shown: &str,
        archive: Vec<u8>,
        known: Version,
        progress: (usize, usize),
    ) -> Result<(), BuildError> {
        match load_archive(archive.clone(), Limits::default(), &mut Warnings::default()) {
            Ok(chart) => self.chart(shown, &chart, &archive, known, progress),
            Err(error) => self.leave_out(shown, &error.to_string()),
        }
    }

    /// Adds a chart; `known` has what an index says of it.
    fn chart(
        &mut self,
        shown: &str,
        chart: &Chart,
        archive: &[u8],
        known: Version,
        (done, all): (usize, usize),
    ) -> Result<(), BuildError> {
        let about = about::of_chart(chart.metadata());
        if !self.is_wanted(&chart.name().to_string()) {
            return Ok(());
        }
        if chart.metadata().kind == "library" {
            return self.leave_out(shown, "a library chart deploys nothing by itself");
        }
        self.builder.progress.version(&about.module.title, &about.version, done, all);
        let stored = self.store.chart(archive)?;
        let given = Archive {
            name: about.module.id.clone(),
            digest: Some(stored.digest.clone()),
            data: Some(Base64(archive.to_vec())),
            ..Archive::default()
        };
        let input = self.input(Subject::Chart(given));
        let result = self.builder.engine.render(&input, &self.budget());
        let version = Version {
            created: known.created,
            deprecated: about.deprecated || known.deprecated,
            kind: Kind::Chart,
            url: stored.url,
            digest: stored.digest,
            size: stored.size,
            needs: self.needs(&input, &[], &result),
            charts: Vec::new(),
            ..self.version(&about, &result, 1)
        };
        let beside = Beside::Files(chart.files());
        let icon = self.icon(shown, &about, &beside);
        self.list(shown, Listed { about, version, icon })
    }

    fn descriptor(
        &mut self,
        shown: &str,
        path: &Path,
        text: String,
        (done, all): (usize, usize),
    ) -> Result<(), BuildError> {
        let (parsed, problems) = descriptor::read::parse(shown, &text);
        let wrong = problems.iter().find(|problem| problem.severity == Severity::Error);
        let Some(parsed) = parsed.filter(|_| wrong.is_none()) else {
            let message = wrong.map_or("there is no descriptor in it".to_owned(), |problem| {
                format!("{} (line {})", problem.message, problem.place.line)
            });
            return self.leave_out(shown, &message);
        };
        let about = about::of_descriptor(&parsed.descriptor);
        if !self.is_wanted(&parsed.descriptor.metadata.name) {
            return Ok(());
        }
        self.builder.progress.version(&about.module.title, &about.version, done, all);
        let file = TextFile { name: format!("{}.yaml", about.module.id), text: text.clone() };
        let input = self.input(Subject::Descriptor(file));
        let recording = Recording::new(self.builder.sources);
        let budget = self.budget();
        let host = Host { engine: self.builder.engine, charts: &recording, budget: &budget, progress: &() };
        let result = host.render(input.clone());
        if let Some((message, unreachable)) = missing(&result) {
            self.unreachable |= unreachable;
            return self.leave_out(shown, &message);
        }
        let kept = recording.into_kept();
        let charts: Vec<ChartGiven> = kept.iter().map(given).collect();
        let stored = self.store.descriptor(&text)?;
        let mut base = Vec::new();
        for kept in kept {
            let stored = self.store.chart(&kept.archive)?;
            let Kept { wanted, revision, .. } = kept;
            base.push(BaseChart { wanted, url: stored.url, digest: stored.digest, size: stored.size, revision });
        }
        let version = Version {
            kind: Kind::Descriptor,
            url: stored.url,
            digest: stored.digest,
            size: stored.size,
            needs: self.needs(&input, &charts, &result),
            charts: base,
            ..self.version(&about, &result, parsed.descriptor.spec.components.len())
        };
        let folder = path.parent().unwrap_or(path);
        let icon = self.icon(shown, &about, &Beside::Folder(folder));
        self.list(shown, Listed { about, version, icon })
    }

    /// What an engine takes, the same for all.
    fn input(&self, subject: Subject) -> RenderInput {
        RenderInput {
            api_version: ENGINE_VERSION.to_owned(),
            world: WorldGiven {
                platform: Some(self.builder.options.platform.clone()),
                now: NOW,
                seed: Some(1),
                ..WorldGiven::default()
            },
            want: Selection { crds: true, text: false, ..Selection::default() },
            ..RenderInput::new(subject)
        }
    }

    fn budget(&self) -> Budget {
        Budget { time: Some(self.builder.options.time), ..Budget::default() }
    }

    fn version(&self, about: &About, result: &Result<RenderOutput, Failure>, components: usize) -> Version {
        Version {
            version: about.version.clone(),
            app_version: about.app_version.clone(),
            facts: Some(facts(result, components)),
            ..Version::default()
        }
    }

    fn needs(
        &self,
        input: &RenderInput,
        charts: &[ChartGiven],
        result: &Result<RenderOutput, Failure>,
    ) -> Vec<chartwright_catalog::Fact> {
        let Ok(output) = result else { return Vec::new() };
        needs::needs(input, charts, output, &|input| self.builder.engine.render(&input, &self.budget()).ok())
    }

    fn icon(&mut self, shown: &str, about: &About, beside: &Beside<'_>) -> Option<Icon> {
        match icons::find(&about.icon, beside, self.builder.options.fetch_icons) {
            Ok(icon) => icon,
            Err(why) => {
                self.notice(shown, &why, false);
                None
            }
        }
    }

    /// Puts a version into its module. What the version says of the module counts that a page shows first.
    fn list(&mut self, shown: &str, listed: Listed) -> Result<(), BuildError> {
        let Listed { about, version, icon } = listed;
        if let Some(facts) = version.facts.as_ref().filter(|facts| facts.problems > 0 && !about.module.example) {
            let message = format!("it renders with errors: {}", facts.problem);
            self.notice(shown, &message, false);
        }
        let id = about.module.id.clone();
        let known = self.modules.get(&id);
        if known.is_some_and(|module| module.versions.iter().any(|v| v.version == version.version)) {
            let message = format!("another file has version {} of {id}", version.version);
            return self.leave_out(shown, &message);
        }
        let is_shown = known.is_none_or(|module| module.versions.iter().all(|other| version.is_preferred_to(other)));
        let icon = match (icon, is_shown) {
            (Some(icon), true) => self.store.icon(&icon.data, icon.suffix)?.url,
            // Others' servers are asked by the page alone, and over https.
            (None, true) if about.icon.starts_with("https://") => about.icon.clone(),
            _ => String::new(),
        };
        let module = self.modules.entry(id).or_default();
        if is_shown {
            let versions = std::mem::take(&mut module.versions);
            *module = Module { icon, versions, ..about.module };
        }
        module.versions.push(version);
        Ok(())
    }

    fn finish(self, name: &str, place: &str) -> Result<Built, BuildError> {
        if self.modules.is_empty() && self.notices.is_empty() {
            return Err(BuildError::Nothing(place.to_owned()));
        }
        let name = self.builder.options.name.clone().unwrap_or_else(|| name.to_owned());
        let modules = self.modules.into_values().collect();
        let catalog = Catalog { api_version: API_VERSION.to_owned(), name: name.clone(), modules, left_out: 0 }.tidy();
        self.store.finish(&catalog)?;
        Ok(Built {
            name,
            modules: catalog.modules.len(),
            versions: catalog.modules.iter().map(|module| module.versions.len()).sum(),
            notices: self.notices,
            unreachable: self.unreachable,
        })
    }
}

/// A chart as an engine takes it.
fn given(kept: &Kept) -> ChartGiven {
    ChartGiven {
        wanted: kept.wanted.clone(),
        archive: Archive { data: Some(Base64(kept.archive.clone())), ..Archive::default() },
        revision: kept.revision.clone(),
        ..ChartGiven::default()
    }
}

/// The base chart that is missing, in a sentence, and whether its server did not answer: a page could not render the
/// module either.
fn missing(result: &Result<RenderOutput, Failure>) -> Option<(String, bool)> {
    let output = result.as_ref().ok()?;
    let is_missing =
        |code: Code| matches!(code, Code::SourceUnknown | Code::SourceUnreachable | Code::ChartNotFound | Code::Digest);
    let problem = output.problems.iter().find(|problem| is_missing(problem.code))?;
    let mut message = problem.message.clone();
    if problem.code == Code::SourceUnknown {
        let names = output.wanted.iter().map(|wanted| wanted.source.to_string());
        let mut names: Vec<String> = names.collect();
        names.dedup();
        message = format!("the place of {} is not given", names.join(", "));
    }
    Some((message, problem.code == Code::SourceUnreachable))
}
