//! All sources of a run, or of a controller.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use descriptor::types::Template;
use flux::{ChartSource, ChartWanted, Charts, FetchError, FetchedChart};
use goyaml::json::to_json;
use goyaml::yaml::from_yaml_typed;
use helm::chart::{File, pack};
use helm::manifest::split;

use crate::address::safe_text;
use crate::cache::Cache;
use crate::content::Content;
use crate::error::Error;
use crate::location::Location;
use crate::lockfile::{Key, LockFile, Locking, Pin};
use crate::name::SourceName;
use crate::objects::FluxObjects;
use crate::once::Once;
use crate::options::Options;
use crate::origin::Origin;
use crate::resolve::{Fetcher, Found};
use crate::source_error::SourceError;
use crate::sync::lock;
use crate::tree::Tree;

/// A chart, loaded and as an archive.
#[derive(Clone)]
pub struct Brought {
    /// For the engine in this process.
    pub fetched: FetchedChart,
    content: Arc<Content>,
    /// `sha256:…` of an archive, or of a folder's files with their names.
    pub digest: String,
    /// Where it is from, without secrets.
    pub from: String,
}

impl Brought {
    /// The files of a chart that is a folder; none of one that came as an archive.
    pub fn files(&self) -> Option<&[File]> {
        match &*self.content {
            Content::Archive(_) => None,
            Content::Files(_, files) => Some(files),
        }
    }

    /// The chart as a `.tgz`: as it came, or packed.
    pub fn archive(&self) -> Vec<u8> {
        match &*self.content {
            Content::Archive(data) => data.to_vec(),
            Content::Files(_, files) => pack(&self.fetched.chart.name().to_string(), files),
        }
    }
}

/// Which sources were forgotten, and when: indexes that are older are asked for again.
#[derive(Default)]
struct Forgotten {
    all: Option<Instant>,
    sources: BTreeMap<ChartSource, Instant>,
}

/// All sources that are known, and the charts that came from them.
///
/// A chart is fetched once, however often and by however many threads it is asked for, until [`Options::keep`] says
/// that it is old, or it is forgotten ([`Sources::forget`], [`Sources::refresh`]). Failures are kept for a moment only.
pub struct Sources {
    options: Options,
    cache: Cache,
    named: Mutex<Vec<(SourceName, Location)>>,
    objects: Mutex<FluxObjects>,
    lock: Mutex<Option<LockFile>>,
    brought: Once<ChartWanted, Brought, Error>,
    /// The origin that the options' credentials went to, and sources that were asked for anew.
    shared_with: Mutex<Option<Origin>>,
    forgotten: Mutex<Forgotten>,
    warnings: Mutex<Vec<String>>,
}

impl Sources {
    /// No sources yet.
    ///
    /// # Errors
    /// If the lock file exists and cannot be read.
    pub fn new(options: Options) -> Result<Sources, SourceError> {
        let lock = match &options.lock {
            Some(lock) => Some(LockFile::open(&lock.file, lock.locking, lock.update.clone())?),
            None => None,
        };
        Ok(Sources {
            cache: Cache::open(options.cache.as_deref()),
            options,
            named: Mutex::default(),
            objects: Mutex::default(),
            lock: Mutex::new(lock),
            brought: Once::default(),
            shared_with: Mutex::default(),
            forgotten: Mutex::default(),
            warnings: Mutex::default(),
        })
    }

    /// Adds a source as `--source` has it: `NAME=FOLDER`, `NAME=ARCHIVE`, `NAME=URL`,
    /// where `NAME` is a Flux source's name, `namespace/name` or `Kind/namespace/name`.
    ///
    /// # Errors
    /// If the text has no `=`, the name is not valid, the scheme of the URL is not supported, or the user name and
    /// password of the options would go to a second origin.
    pub fn add(&self, text: &str) -> Result<(), SourceError> {
        let (name, location) = text.split_once('=').ok_or_else(|| SourceError::Syntax(safe_text(text)))?;
        let name = SourceName::parse(name)?;
        let location = Location::parse(location, self.options.base.as_deref(), &self.options.access)?;
        self.share(&location)?;
        lock(&self.named).push((name, location));
        Ok(())
    }

    /// Notes where the options' credentials go. They were given for one server; which of two is not known.
    fn share(&self, location: &Location) -> Result<(), SourceError> {
        let Some((second, grant)) = location.server() else { return Ok(()) };
        if !grant.access().shares_secret(&self.options.access) {
            return Ok(());
        }
        let mut shared_with = lock(&self.shared_with);
        match shared_with.as_ref().filter(|first| **first != second) {
            Some(first) => Err(SourceError::SeveralOrigins { first: first.clone(), second }),
            None => {
                *shared_with = Some(second);
                Ok(())
            }
        }
    }

    /// Takes a Flux source (`GitRepository`, `HelmRepository`, …), a `HelmChart`, or a
    /// Secret that one of them names. Whether it was one. What [`Sources::add`] says counts more.
    pub fn add_object(&self, object: &serde_json::Value) -> bool {
        lock(&self.objects).add(object)
    }

    /// Takes the Flux sources, `HelmChart`s and Secrets among YAML documents, as
    /// [`Sources::add_object`] does; how many there were.
    ///
    /// # Errors
    /// If a document is not YAML.
    pub fn add_objects(&self, text: &[u8]) -> Result<usize, SourceError> {
        let mut count = 0;
        for document in split(text) {
            let document = text.get(document).unwrap_or_default();
            let value = from_yaml_typed(document).map_err(|e| SourceError::Document(e.to_string()))?;
            let json = to_json(&value, false).map_err(|e| SourceError::Document(e.to_string()))?;
            let object = serde_json::from_slice(&json).map_err(|e| SourceError::Document(e.to_string()))?;
            count += usize::from(self.add_object(&object));
        }
        Ok(count)
    }

    /// The base chart that a descriptor's template names; `namespace` is the module's.
    ///
    /// # Errors
    /// Why it could not be fetched.
    pub fn base_chart(&self, template: &Template, namespace: &str) -> Result<FetchedChart, FetchError> {
        self.chart(&template.wanted(namespace))
    }

    /// Brings a chart.
    ///
    /// # Errors
    /// Why it could not be fetched.
    pub fn bring(&self, wanted: &ChartWanted) -> Result<Brought, Error> {
        self.brought.get(wanted, self.options.keep, || self.fetch(wanted))
    }

    /// Forgets what came from a source, and what did not: the next question goes to its server, for a repository's
    /// index as well. What has been downloaded stays in the cache, by its digest.
    pub fn forget(&self, source: &ChartSource) {
        lock(&self.forgotten).sources.insert(source.clone(), Instant::now());
        let objects = lock(&self.objects);
        self.brought.forget(|wanted| {
            wanted.source == *source || objects.of_chart(wanted).is_some_and(|inner| inner.source == *source)
        });
    }

    /// Forgets what came from all sources, as [`Sources::forget`] does from one.
    pub fn refresh(&self) {
        *lock(&self.forgotten) = Forgotten { all: Some(Instant::now()), sources: BTreeMap::new() };
        self.brought.forget(|_| true);
    }

    /// How old an index of a source may be: not older than the last time that the source was forgotten.
    fn fresh(&self, source: &ChartSource) -> Duration {
        let forgotten = lock(&self.forgotten);
        let since = [forgotten.all, forgotten.sources.get(source).copied()].into_iter().flatten().max();
        since.map_or(self.options.keep.indexes, |since| self.options.keep.indexes.min(since.elapsed()))
    }

    /// Writes the lock file, if there is one and something has changed. Whether it was written.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save_lock(&self) -> Result<bool, SourceError> {
        lock(&self.lock).as_mut().map_or(Ok(false), LockFile::save)
    }

    /// What people should know, since the last call.
    pub fn take_warnings(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.warnings))
    }

    /// Where a source is: the most exact name that fits, the last one of equal names;
    /// else what its object says.
    fn location(&self, source: &ChartSource) -> Option<Location> {
        let named = lock(&self.named);
        let fits = named.iter().filter(|(name, _)| name.fits(source));
        let found = fits.max_by_key(|(name, _)| name.exactness()).map(|(_, location)| location.clone());
        found.or_else(|| lock(&self.objects).location(source))
    }

    fn fetch(&self, wanted: &ChartWanted) -> Result<Brought, Error> {
        let named = lock(&self.named).iter().any(|(name, _)| name.fits(&wanted.source));
        let inner = if named { None } else { lock(&self.objects).of_chart(wanted) };
        let wanted = inner.as_ref().unwrap_or(wanted);
        let location = self.location(&wanted.source).ok_or(Error::Unknown)?;
        let (key, from) = (Key::of(wanted), location.shown());
        let pin = self.pin(&key, &from, &location)?;
        let granted = |location: Location| self.granted(location);
        let fetcher = self.fetcher(&wanted.source, &granted);
        let found = fetcher.find(&location, wanted, pin.as_ref())?;
        let digest = found.content.digest();
        self.note(key, &from, &digest, pin.as_ref(), &found)?;
        let chart = found.content.load()?;
        self.used(wanted, &from, &digest, &found, &chart.metadata().version.to_string());
        lock(&self.warnings).extend(found.warning);
        let fetched = FetchedChart {
            chart,
            programs: Arc::default(),
            revision: found.revision,
            values_files: found.values_files,
        };
        Ok(Brought { fetched, content: Arc::new(found.content), digest, from })
    }

    /// A chart out of the artifact of a Flux source, as Flux's controllers find it there: the artifact is the chart, or
    /// has it at the path that is wanted. Subcharts that the chart does not have are fetched from the repositories that
    /// it names. Nothing is kept, and the caller has compared the artifact's digest.
    ///
    /// # Errors
    /// If the artifact is not an archive, has no such chart, or a subchart cannot be had.
    pub fn in_artifact(&self, shown: &str, archive: Vec<u8>, wanted: &ChartWanted) -> Result<Brought, Error> {
        let granted = |location: Location| self.granted(location);
        let fetcher = self.fetcher(&wanted.source, &granted);
        let found = fetcher.in_archive(shown, archive, wanted, Tree::Artifact)?;
        let fetched = FetchedChart {
            chart: found.content.load()?,
            programs: Arc::default(),
            revision: None,
            values_files: found.values_files,
        };
        let digest = found.content.digest();
        Ok(Brought { fetched, content: Arc::new(found.content), digest, from: shown.to_owned() })
    }

    fn fetcher<'a>(&'a self, source: &ChartSource, granted: &'a dyn Fn(Location) -> Location) -> Fetcher<'a> {
        Fetcher {
            cache: &self.cache,
            offline: self.options.offline,
            patience: &self.options.patience,
            registry_configs: &self.options.registry_configs,
            ssh_command: self.options.ssh_command.as_deref(),
            keyring: self.options.keyring.as_deref(),
            fresh: self.fresh(source),
            granted,
        }
    }

    /// What the lock file has for a chart. With `--locked` it must have something.
    fn pin(&self, key: &Key, from: &str, location: &Location) -> Result<Option<Pin>, Error> {
        let guard = lock(&self.lock);
        let Some(file) = guard.as_ref() else { return Ok(None) };
        let pin = file.pin(key).filter(|pin| pin.from == from).cloned();
        let folders = self.options.lock.as_ref().is_some_and(|l| l.folders);
        let loose = matches!(location, Location::Path(path) if path.is_dir()) && !folders;
        if pin.is_none() && file.locking == Locking::Locked && !loose {
            return Err(Error::NotLocked {
                file: file.shown(),
                chart: if key.chart.is_empty() { "the chart".to_owned() } else { format!("the chart {:?}", key.chart) },
                source_name: key.source.clone(),
                from: from.to_owned(),
            });
        }
        Ok(pin)
    }

    /// Refuses a chart that is not what was pinned.
    fn note(&self, key: Key, from: &str, digest: &str, pin: Option<&Pin>, found: &Found) -> Result<(), Error> {
        let Some(pin) = pin.filter(|pin| pin.digest != digest) else { return Ok(()) };
        let guard = lock(&self.lock);
        let Some(file) = guard.as_ref() else { return Ok(()) };
        if found.is_loose && file.locking == Locking::Add {
            // People work on their folders: the file follows.
            return Ok(());
        }
        let chart = if key.chart.is_empty() { key.source } else { format!("{} of {}", key.chart, key.source) };
        Err(Error::Locked {
            name: key_name(&chart).to_owned(),
            chart,
            from: from.to_owned(),
            file: file.shown(),
            got: digest.to_owned(),
            want: pin.digest.clone(),
        })
    }

    /// Notes a chart for the lock file.
    fn used(&self, wanted: &ChartWanted, from: &str, digest: &str, found: &Found, version: &str) {
        let folders = self.options.lock.as_ref().is_some_and(|l| l.folders);
        if found.is_loose && !folders {
            return;
        }
        if let Some(file) = lock(&self.lock).as_mut() {
            let revision = found.revision.clone().unwrap_or_default();
            let pin = Pin { from: from.to_owned(), version: version.to_owned(), digest: digest.to_owned(), revision };
            file.note(Key::of(wanted), pin);
        }
    }

    /// The place that a chart's dependency names, with the credentials of that source only.
    fn granted(&self, dependency: Location) -> Location {
        let named = lock(&self.named);
        let repositories = lock(&self.objects).repositories();
        let known = named.iter().map(|(_, location)| location).chain(&repositories);
        match known.into_iter().find(|source| source.has(&dependency)) {
            Some(source) => dependency.with_grant_of(source),
            None => dependency,
        }
    }
}

/// The name of a source in `CHART of KIND/NAMESPACE/NAME`.
fn key_name(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

impl Charts for Sources {
    fn chart(&self, wanted: &ChartWanted) -> Result<FetchedChart, FetchError> {
        Ok(self.bring(wanted)?.fetched)
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources").field("options", &self.options).finish_non_exhaustive()
    }
}
