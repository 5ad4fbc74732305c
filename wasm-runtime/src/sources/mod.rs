//! Where charts come from: folders, archives, chart repositories, registries, Git.
//!
//! A descriptor or HelmRelease names a Flux source (`GitRepository ds2/ds2charts`);
//! people say with `--source ds2charts=…` where that is, or give the Flux objects
//! themselves. [`Sources`] resolves, fetches, caches, checks and locks.
//!
//! ```no_run
//! use chartwright_host::sources::{Sources, Options};
//! use flux::{ChartSource, ChartWanted, Charts};
//!
//! let sources = Sources::new(Options::default())?;
//! sources.add("ds2charts=../ds2charts")?;
//! let source = ChartSource { kind: "GitRepository".into(), namespace: "ds2".into(), name: "ds2charts".into() };
//! let wanted = ChartWanted { source, chart: "./charts/ds2modulebase5".into(), ..ChartWanted::default() };
//! println!("{}", sources.chart(&wanted)?.chart.name());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod access;
mod archive;
mod args;
mod cache;
mod credentials;
mod dependencies;
pub mod folder;
mod git;
pub mod helm_home;
pub mod helm_locate;
mod http;
mod ignore;
mod index;
mod links;
mod location;
mod lockfile;
mod name;
mod objects;
mod oci;
pub mod provenance;
mod repository;
mod resolve;
mod tree;
mod versions;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use descriptor::types::Template;
use flux::{ChartSource, ChartWanted, Charts, FetchError, FetchedChart};
use goyaml::json::to_json;
use goyaml::yaml::from_yaml_typed;
use helm::chart::pack;
use helm::manifest::split;
use url::Url;

pub use access::Access;
pub use args::{AccessArgs, SourceArgs, default_keyring};
pub use http::{Patience, file_at};
pub use lockfile::Locking;

use cache::Cache;
use location::Location;
use lockfile::{Key, LockFile, Pin};
use name::SourceName;
use objects::FluxObjects;
use resolve::{Content, Fetcher, Found};

/// How charts are fetched.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folder that relative paths start from; the working folder if none is given.
    pub base: Option<PathBuf>,
    /// Whether the network is never used.
    pub offline: bool,
    /// Where fetched charts are kept; `$CHARTWRIGHT_CACHE` or the user's cache folder if none is given.
    pub cache: Option<PathBuf>,
    /// Who we are to the servers that [`Sources::add`] names.
    pub access: Access,
    /// Timeouts and retries.
    pub patience: Patience,
    /// The keys that charts must be signed with.
    pub keyring: Option<PathBuf>,
    /// The lock file.
    pub lock: Option<LockOptions>,
}

/// What happens with a lock file.
#[derive(Clone, Debug, Default)]
pub struct LockOptions {
    /// Where it is.
    pub file: PathBuf,
    /// Whether it may change.
    pub locking: Locking,
    /// The sources whose charts are looked for anew; empty: all.
    pub update: Option<Vec<String>>,
    /// Whether charts in folders are locked, too: they change under their owner's hands.
    pub folders: bool,
}

/// A source that cannot be understood: a mistake on the command line or in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError(String);

impl UsageError {
    fn new(message: impl Into<String>) -> UsageError {
        UsageError(message.into())
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

/// A folder of its own in the user's cache; `None` where there is no such place.
pub(crate) fn cache_folder(name: &str) -> Option<PathBuf> {
    Cache::open(None).folder(name)
}

/// The exit code of a command that stops because of this error: 3 where a source
/// could not be reached, else 1.
pub fn exit_code(error: &FetchError) -> u8 {
    match error {
        FetchError::Unreachable(_) => 3,
        _ => 1,
    }
}

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
    /// The chart as a `.tgz`: as it came, or packed.
    pub fn archive(&self) -> Vec<u8> {
        match &*self.content {
            Content::Archive(data) => data.to_vec(),
            Content::Files(_, files) => pack(&self.fetched.chart.name().to_string(), files),
        }
    }
}

/// All sources that are known, and the charts that came from them.
///
/// A chart is fetched once, however often it is asked for.
pub struct Sources {
    options: Options,
    cache: Cache,
    named: Mutex<Vec<(SourceName, Location)>>,
    objects: Mutex<FluxObjects>,
    lock: Mutex<Option<LockFile>>,
    brought: Mutex<BTreeMap<ChartWanted, Result<Brought, FetchError>>>,
    warnings: Mutex<Vec<String>>,
}

impl Sources {
    /// No sources yet.
    ///
    /// # Errors
    /// Where the lock file is there and cannot be read.
    pub fn new(options: Options) -> Result<Sources, UsageError> {
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
            brought: Mutex::default(),
            warnings: Mutex::default(),
        })
    }

    /// Adds a source as `--source` has it: `NAME=FOLDER`, `NAME=ARCHIVE`, `NAME=URL`,
    /// where `NAME` is a Flux source's name, `namespace/name` or `Kind/namespace/name`.
    ///
    /// # Errors
    /// Where the text has no `=`, the name is none, or the URL has a scheme that nobody reads.
    pub fn add(&self, text: &str) -> Result<(), UsageError> {
        let (name, location) = text.split_once('=').ok_or_else(|| {
            UsageError::new(format!("{text:?} is no source: write NAME=FOLDER, NAME=ARCHIVE or NAME=URL"))
        })?;
        let name = SourceName::parse(name)?;
        let location = Location::parse(location, self.options.base.as_deref(), &self.options.access)?;
        lock(&self.named).push((name, location));
        Ok(())
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
    /// Where a document is no YAML.
    pub fn add_objects(&self, text: &[u8]) -> Result<usize, UsageError> {
        let mut count = 0;
        for document in split(text) {
            let document = text.get(document).unwrap_or_default();
            let value = from_yaml_typed(document).map_err(|e| UsageError::new(e.to_string()))?;
            let json = to_json(&value, false).map_err(|e| UsageError::new(e.to_string()))?;
            let object = serde_json::from_slice(&json).map_err(|e| UsageError::new(e.to_string()))?;
            count += usize::from(self.add_object(&object));
        }
        Ok(count)
    }

    /// The base chart that a descriptor's template names; `namespace` is the module's.
    ///
    /// # Errors
    /// Why it did not come.
    pub fn base_chart(&self, template: &Template, namespace: &str) -> Result<FetchedChart, FetchError> {
        self.chart(&template.wanted(namespace))
    }

    /// Brings a chart.
    ///
    /// # Errors
    /// Why it did not come.
    pub fn bring(&self, wanted: &ChartWanted) -> Result<Brought, FetchError> {
        if let Some(known) = lock(&self.brought).get(wanted) {
            return known.clone();
        }
        let brought = self.fetch(wanted);
        lock(&self.brought).entry(wanted.clone()).or_insert(brought).clone()
    }

    /// Writes the lock file, if there is one and something has changed. Whether it was written.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn save_lock(&self) -> Result<bool, UsageError> {
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

    fn fetch(&self, wanted: &ChartWanted) -> Result<Brought, FetchError> {
        let named = lock(&self.named).iter().any(|(name, _)| name.fits(&wanted.source));
        let inner = if named { None } else { lock(&self.objects).of_chart(wanted) };
        let wanted = inner.as_ref().unwrap_or(wanted);
        let location = self.location(&wanted.source).ok_or(FetchError::Unknown)?;
        let (key, from) = (Key::of(wanted), location.shown());
        let pin = self.pin(&key, &from, &location)?;
        let access = |url: &str| self.access_to(url);
        let fetcher = Fetcher {
            cache: &self.cache,
            offline: self.options.offline,
            patience: &self.options.patience,
            keyring: self.options.keyring.as_deref(),
            access: &access,
        };
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

    /// What the lock file has for a chart. With `--locked` it must have something.
    fn pin(&self, key: &Key, from: &str, location: &Location) -> Result<Option<Pin>, FetchError> {
        let guard = lock(&self.lock);
        let Some(file) = guard.as_ref() else { return Ok(None) };
        let pin = file.pin(key).filter(|pin| pin.from == from).cloned();
        let folders = self.options.lock.as_ref().is_some_and(|l| l.folders);
        let loose = matches!(location, Location::Path(path) if path.is_dir()) && !folders;
        if pin.is_none() && file.locking == Locking::Locked && !loose {
            return Err(FetchError::NotFound(format!(
                "{} does not have {} of {} at {from}, and --locked keeps from adding it",
                file.shown(),
                if key.chart.is_empty() { "the chart".to_owned() } else { format!("the chart {:?}", key.chart) },
                key.source
            )));
        }
        Ok(pin)
    }

    /// Refuses a chart that is not what was pinned.
    fn note(&self, key: Key, from: &str, digest: &str, pin: Option<&Pin>, found: &Found) -> Result<(), FetchError> {
        let Some(pin) = pin.filter(|pin| pin.digest != digest) else { return Ok(()) };
        let guard = lock(&self.lock);
        let Some(file) = guard.as_ref() else { return Ok(()) };
        if found.is_loose && file.locking == Locking::Add {
            // People work on their folders: the file follows.
            return Ok(());
        }
        let chart = if key.chart.is_empty() { key.source } else { format!("{} of {}", key.chart, key.source) };
        Err(FetchError::Tampered(format!(
            "{chart} at {from} is not what {} has: its digest is {digest}, it should be {} \
             (--update={} takes it as it is)",
            file.shown(),
            pin.digest,
            key_name(&chart),
        )))
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

    /// Who we are to a repository that a chart's dependency names: as to a source
    /// that is there, else nobody.
    fn access_to(&self, url: &str) -> Access {
        let Ok(url) = Url::parse(url) else { return Access::default() };
        let named = lock(&self.named);
        let same = |location: &Location| match location {
            Location::Repository(at, access) if http::same_server(at, &url) => Some(access.clone()),
            Location::Registry(oci) if url.host_str().is_some_and(|h| oci.reference.registry.starts_with(h)) => {
                Some(oci.access.clone())
            }
            _ => None,
        };
        let found = named.iter().find_map(|(_, location)| same(location));
        found.or_else(|| lock(&self.objects).repositories().iter().find_map(same)).unwrap_or_default()
    }
}

/// The name of a source in `CHART of KIND/NAMESPACE/NAME`.
fn key_name(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

impl Charts for Sources {
    fn chart(&self, wanted: &ChartWanted) -> Result<FetchedChart, FetchError> {
        self.bring(wanted).map(|brought| brought.fetched)
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources").field("options", &self.options).finish_non_exhaustive()
    }
}

/// Locks a mutex; what a panicking thread left is still whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
