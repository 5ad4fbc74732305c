//! Where the base charts of previews come from.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use chartwright_api::types::{BaseChart, Id};
use chartwright_api::{Doing, Namespaces, Progress};
use chartwright_catalog::{Catalog, CatalogError, is_relative};
use chartwright_host::ChartSource;
use chartwright_sources::Sources;
use contract::{Archive, Base64, ChartGiven, ChartWanted, FetchFailure, FetchKind};

use crate::fetcher::Fetcher;
use crate::store::Store;
use crate::stored::Clients;

/// The most bytes of an archive.
const MOST_BYTES: u64 = 64 << 20;

/// The base charts of a catalog, read when they are first wanted.
#[derive(Debug, Default)]
pub struct CatalogCharts {
    charts: BTreeMap<ChartWanted, Place>,
    read: Mutex<BTreeMap<ChartWanted, ChartGiven>>,
}

#[derive(Debug)]
struct Place {
    path: PathBuf,
    digest: String,
    size: u64,
    revision: Option<String>,
}

/// Why a catalog has no charts.
#[derive(Debug, thiserror::Error)]
pub enum CatalogChartsError {
    /// It cannot be read.
    #[error("{}: {cause}", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// It is not a catalog.
    #[error("{}: {cause}", path.display())]
    Catalog {
        /// Its path.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        cause: CatalogError,
    },
}

impl CatalogCharts {
    /// The charts of a catalog: a folder with a `catalog.json`, or that file.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn open(path: &Path) -> Result<CatalogCharts, CatalogChartsError> {
        let file = if path.is_dir() { path.join("catalog.json") } else { path.to_path_buf() };
        let failed = |cause| CatalogChartsError::File { path: file.clone(), cause };
        let folder = file.canonicalize().map_err(failed)?.parent().map(Path::to_path_buf).unwrap_or_default();
        let text = fs::read(&file).map_err(failed)?;
        let catalog =
            Catalog::read(&text).map_err(|cause| CatalogChartsError::Catalog { path: file.clone(), cause })?;
        let mut charts = BTreeMap::new();
        for version in catalog.modules.into_iter().flat_map(|module| module.versions) {
            for chart in version.charts.into_iter().filter(|chart| is_relative(&chart.url)) {
                let place = Place {
                    path: folder.join(&chart.url),
                    digest: chart.digest,
                    size: chart.size,
                    revision: chart.revision,
                };
                charts.entry(chart.wanted).or_insert(place);
            }
        }
        Ok(CatalogCharts { charts, read: Mutex::default() })
    }

    /// What they are.
    pub fn list(&self) -> Vec<BaseChart> {
        let one = |(wanted, place): (&ChartWanted, &Place)| BaseChart {
            wanted: wanted.clone(),
            digest: place.digest.clone(),
            size: place.size,
        };
        self.charts.iter().map(one).collect()
    }
}

impl ChartSource for CatalogCharts {
    fn bring(&self, wanted: &ChartWanted) -> Option<ChartGiven> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read.get(wanted) {
            return Some(known.clone());
        }
        let place = self.charts.get(wanted)?;
        let given = match load(place) {
            Ok(archive) => ChartGiven {
                wanted: wanted.clone(),
                archive,
                revision: place.revision.clone(),
                ..ChartGiven::default()
            },
            Err((kind, message)) => {
                let failed = Some(FetchFailure { kind, message });
                return Some(ChartGiven { wanted: wanted.clone(), failed, ..ChartGiven::default() });
            }
        };
        read.insert(wanted.clone(), given.clone());
        Some(given)
    }
}

fn load(place: &Place) -> Result<Archive, (FetchKind, String)> {
    let name = place.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let failed = |error: io::Error| (FetchKind::Unreachable, format!("the catalog's {name}: {error}"));
    if fs::metadata(&place.path).map_err(failed)?.len() > MOST_BYTES {
        return Err((FetchKind::Invalid, format!("the catalog's {name} is larger than {MOST_BYTES} bytes")));
    }
    let data = fs::read(&place.path).map_err(failed)?;
    let digest = chartwright::api::digest(&data);
    if !place.digest.is_empty() && place.digest != digest {
        return Err((FetchKind::Tampered, format!("the catalog's {name} has not the digest that the catalog says")));
    }
    Ok(Archive { name, digest: Some(digest), data: Some(Base64(data)), files: None })
}

/// What sources of charts share.
pub(crate) struct Places {
    /// What the server was given.
    pub(crate) sources: Arc<Sources>,
    /// What is stored, and how it is fetched.
    pub(crate) clients: Clients,
    pub(crate) options: chartwright_sources::Options,
    pub(crate) fetcher: Fetcher,
    pub(crate) catalog: CatalogCharts,
}

/// The charts of a request, those of the server's sources, those of stored sources, those of the catalog; the first that
/// has one wins.
pub(crate) struct Charts<'a> {
    pub(crate) given: Vec<ChartGiven>,
    pub(crate) places: &'a Places,
    pub(crate) store: &'a Store,
    /// The namespaces whose stored sources may be used.
    pub(crate) visible: &'a Namespaces,
    /// Until when sources may take.
    pub(crate) until: Instant,
    pub(crate) progress: &'a Progress,
}

impl Charts<'_> {
    /// A chart of a stored source.
    fn stored(&self, wanted: &ChartWanted) -> Option<ChartGiven> {
        let source = &wanted.source;
        if !self.visible.contains(&source.namespace) {
            return None;
        }
        let id = Id::new(source.namespace.as_str(), source.name.as_str()).ok()?;
        let stored = self.store.stored_source(&id).ok()?.filter(|stored| stored.source.kind.as_str() == source.kind)?;
        self.fetch(&self.places.clients.of(&id, &stored, &self.places.options)?, wanted)
    }

    fn fetch(&self, sources: &Arc<Sources>, wanted: &ChartWanted) -> Option<ChartGiven> {
        self.progress.tell(Doing::Fetching, shown(wanted));
        let given = self.places.fetcher.fetch(sources, wanted, self.until).unwrap_or_else(|seconds| {
            let message = format!("{} has not come within {seconds} s; ask again later", shown(wanted));
            let failed = Some(FetchFailure { kind: FetchKind::Unreachable, message });
            Some(ChartGiven { wanted: wanted.clone(), failed, ..ChartGiven::default() })
        });
        self.progress.tell(Doing::Rendering, "");
        given
    }
}

/// A chart and its source, for people.
fn shown(wanted: &ChartWanted) -> String {
    let name = wanted.chart.trim_start_matches("./");
    let source = &wanted.source;
    format!("{name} of {} {}/{}", source.kind, source.namespace, source.name)
}

impl ChartSource for Charts<'_> {
    fn bring(&self, wanted: &ChartWanted) -> Option<ChartGiven> {
        let given = || self.given.iter().find(|given| given.wanted == *wanted).cloned();
        given()
            .or_else(|| self.fetch(&self.places.sources, wanted))
            .or_else(|| self.stored(wanted))
            .or_else(|| self.places.catalog.bring(wanted))
    }
}
