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
//! let sources = Sources::new(Options::default());
//! sources.add("ds2charts=../ds2charts")?;
//! let source = ChartSource { kind: "GitRepository".into(), namespace: "ds2".into(), name: "ds2charts".into() };
//! let wanted = ChartWanted { source, chart: "./charts/ds2modulebase5".into(), ..ChartWanted::default() };
//! println!("{}", sources.chart(&wanted)?.chart.name());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
mod args;
pub mod folder;
mod location;
mod name;
mod resolve;
mod tree;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use descriptor::types::Template;
use flux::{ChartSource, ChartWanted, Charts, FetchError, FetchedChart};

pub use args::SourceArgs;
use location::Location;
use name::SourceName;

/// How charts are fetched.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folder that relative paths start from; the working folder if none is given.
    pub base: Option<PathBuf>,
    /// Whether the network is never used.
    pub offline: bool,
}

/// A source that cannot be understood: a mistake on the command line.
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

/// The exit code of a command that stops because of this error: 3 where a source
/// could not be reached, else 1.
pub fn exit_code(error: &FetchError) -> u8 {
    match error {
        FetchError::Unreachable(_) => 3,
        _ => 1,
    }
}

/// All sources that are known, and the charts that came from them.
///
/// A chart is fetched once, however often and by however many threads it is
/// asked for.
pub struct Sources {
    options: Options,
    named: Mutex<Vec<(SourceName, Location)>>,
    fetched: Mutex<BTreeMap<ChartWanted, Result<FetchedChart, FetchError>>>,
}

impl Sources {
    /// No sources yet.
    pub fn new(options: Options) -> Sources {
        Sources { options, named: Mutex::default(), fetched: Mutex::default() }
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
        let location = Location::parse(location, self.options.base.as_deref())?;
        lock(&self.named).push((name, location));
        Ok(())
    }

    /// The base chart that a descriptor's template names; `namespace` is the module's.
    ///
    /// # Errors
    /// Why it did not come.
    pub fn base_chart(&self, template: &Template, namespace: &str) -> Result<FetchedChart, FetchError> {
        self.chart(&wanted(template, namespace))
    }

    /// Where a source is: the most exact name that fits, the last one of equal names.
    fn location(&self, source: &ChartSource) -> Option<Location> {
        let named = lock(&self.named);
        let fits = named.iter().filter(|(name, _)| name.fits(source));
        fits.max_by_key(|(name, _)| name.exactness()).map(|(_, location)| location.clone())
    }

    fn fetch(&self, wanted: &ChartWanted) -> Result<FetchedChart, FetchError> {
        let location = self.location(&wanted.source).ok_or(FetchError::Unknown)?;
        let found = resolve::resolve(&location, wanted)?;
        let chart = found.load()?;
        Ok(FetchedChart { chart, revision: found.revision, ..FetchedChart::default() })
    }
}

impl Charts for Sources {
    fn chart(&self, wanted: &ChartWanted) -> Result<FetchedChart, FetchError> {
        if let Some(known) = lock(&self.fetched).get(wanted) {
            return known.clone();
        }
        let fetched = self.fetch(wanted);
        lock(&self.fetched).entry(wanted.clone()).or_insert(fetched).clone()
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources").field("options", &self.options).field("named", &self.named).finish_non_exhaustive()
    }
}

/// What a descriptor's template asks of its source; `namespace` is the module's.
/// A bare name in a `GitRepository` or `Bucket` means `./charts/NAME`.
pub fn wanted(template: &Template, namespace: &str) -> ChartWanted {
    use descriptor::types::SourceKind;
    let from = &template.source_ref;
    let kind = match from.kind {
        SourceKind::GitRepository => "GitRepository",
        SourceKind::HelmRepository => "HelmRepository",
        SourceKind::OCIRepository => "OCIRepository",
        SourceKind::Bucket => "Bucket",
        SourceKind::ExternalArtifact => "ExternalArtifact",
    };
    let in_folders = matches!(from.kind, SourceKind::GitRepository | SourceKind::Bucket);
    let chart = if in_folders && !template.chart.contains('/') {
        format!("./charts/{}", template.chart)
    } else {
        template.chart.clone()
    };
    ChartWanted {
        source: ChartSource {
            kind: kind.to_owned(),
            namespace: from.namespace.clone().unwrap_or_else(|| namespace.to_owned()),
            name: from.name.clone(),
        },
        chart,
        version: template.version.clone().unwrap_or_default(),
        values_files: Vec::new(),
    }
}

/// Locks a mutex; what a panicking thread left is still whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
