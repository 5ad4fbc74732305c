//! Charts out of artifacts, kept while they are used.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chartwright_sources::{Options, SourceError, Sources};
use contract::{Archive, Base64, ChartGiven, ChartWanted, FetchFailure, FetchKind, FileGiven};

use super::fetch::{Fetch, FetchError};
use super::ready::Artifact;

/// How many bytes of artifacts and charts are kept.
const MOST_BYTES: usize = 64 << 20;
/// How long something is kept that nobody asks for.
const IDLE: Duration = Duration::from_mins(2);

/// Artifacts by digest, and the charts that were found in them. Each is fetched and unpacked once, however many
/// descriptors ask for it at the same time.
pub struct ChartStore {
    fetch: Fetch,
    sources: Sources,
    artifacts: Kept<String, Vec<u8>>,
    charts: Kept<(String, ChartWanted), ChartGiven>,
}

impl std::fmt::Debug for ChartStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChartStore").field("fetch", &self.fetch).finish_non_exhaustive()
    }
}

impl ChartStore {
    /// Nothing was fetched yet.
    ///
    /// # Errors
    /// If the means to fetch subcharts cannot be set up.
    pub fn new(fetch: Fetch) -> Result<ChartStore, SourceError> {
        let sources = Sources::new(Options::default())?;
        Ok(ChartStore { fetch, sources, artifacts: Kept::default(), charts: Kept::default() })
    }

    /// The bytes of an artifact. It blocks.
    ///
    /// # Errors
    /// Why they cannot be had.
    pub fn artifact(&self, artifact: &Artifact) -> Result<Arc<Vec<u8>>, FetchError> {
        self.artifacts.get(artifact.digest.clone(), Vec::len, || self.fetch.get(artifact))
    }

    /// A chart out of an artifact. It blocks. What is wrong with the chart is in [`ChartGiven::failed`], for the engine
    /// to say.
    ///
    /// # Errors
    /// Why the artifact cannot be had.
    pub fn chart(&self, artifact: &Artifact, wanted: &ChartWanted) -> Result<Arc<ChartGiven>, FetchError> {
        let size = |given: &ChartGiven| given.archive.data.as_ref().map_or(0, |data| data.0.len());
        let key = (format!("{} {}", artifact.revision, artifact.digest), wanted.clone());
        self.charts.get(key, size, || {
            let bytes = self.artifact(artifact)?;
            let shown = format!("{} ({})", wanted.source, artifact.revision);
            Ok(match self.sources.in_artifact(&shown, bytes.to_vec(), wanted) {
                Ok(brought) => ChartGiven {
                    wanted: wanted.clone(),
                    archive: Archive { name: shown, data: Some(Base64(brought.archive())), ..Archive::default() },
                    failed: None,
                    revision: Some(artifact.revision.clone()),
                    values_files: brought
                        .fetched
                        .values_files
                        .iter()
                        .map(|(path, data)| FileGiven { path: path.clone(), data: Base64(data.to_vec()), failed: None })
                        .collect(),
                },
                Err(error) => {
                    let kind = match error.reason() {
                        chartwright_sources::Reason::Unreachable => FetchKind::Unreachable,
                        chartwright_sources::Reason::Tampered => FetchKind::Tampered,
                        chartwright_sources::Reason::Invalid => FetchKind::Invalid,
                        _ => FetchKind::NotFound,
                    };
                    let failed = Some(FetchFailure { kind, message: error.to_string() });
                    ChartGiven { wanted: wanted.clone(), failed, ..ChartGiven::default() }
                }
            })
        })
    }

    /// Forgets what nobody has asked for lately.
    pub fn tidy(&self) {
        self.artifacts.tidy(Instant::now());
        self.charts.tidy(Instant::now());
    }
}

/// Values by key, each made once.
struct Kept<K, V>(Mutex<BTreeMap<K, Entry<V>>>);

struct Entry<V> {
    /// Whoever makes the value holds the lock, and others wait for it.
    value: Arc<Mutex<Option<Arc<V>>>>,
    size: usize,
    used: Instant,
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Kept(Mutex::default())
    }
}

impl<K: Ord + Clone, V> Kept<K, V> {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<K, Entry<V>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get<E>(&self, key: K, size: impl Fn(&V) -> usize, make: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        let place = {
            let mut all = self.lock();
            let new = || Entry { value: Arc::default(), size: 0, used: Instant::now() };
            let entry = all.entry(key.clone()).or_insert_with(new);
            entry.used = Instant::now();
            Arc::clone(&entry.value)
        };
        let mut value = place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*value {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(make()?);
        *value = Some(Arc::clone(&made));
        drop(value);
        let mut all = self.lock();
        if let Some(entry) = all.get_mut(&key) {
            entry.size = size(&made);
        }
        while all.len() > 1 && all.values().map(|entry| entry.size).sum::<usize>() > MOST_BYTES {
            let oldest = all.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| key.clone());
            oldest.and_then(|key| all.remove(&key));
        }
        Ok(made)
    }

    fn tidy(&self, now: Instant) {
        self.lock().retain(|_, entry| now.saturating_duration_since(entry.used) < IDLE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_made_once_and_forgotten_when_idle() {
        let kept: Kept<u8, u8> = Kept::default();
        let make = |value| move || Ok::<u8, ()>(value);
        assert_eq!(kept.get(1, |_| 1, make(7)).as_deref(), Ok(&7));
        assert_eq!(kept.get(1, |_| 1, make(8)).as_deref(), Ok(&7));
        assert!(kept.get(2, |_| 1, || Err::<u8, ()>(())).is_err());
        assert_eq!(kept.get(2, |_| 1, make(9)).as_deref(), Ok(&9), "a failure is not kept");
        kept.tidy(Instant::now());
        assert_eq!(kept.lock().len(), 2);
        kept.tidy(Instant::now() + IDLE);
        assert_eq!(kept.lock().len(), 0);
    }

    #[test]
    fn the_least_recently_used_make_room() {
        let kept: Kept<u8, u8> = Kept::default();
        for key in 0..3 {
            kept.get(key, |_| MOST_BYTES / 2, || Ok::<u8, ()>(key)).expect("made");
        }
        assert_eq!(kept.lock().keys().copied().collect::<Vec<_>>(), [1, 2]);
    }
}
