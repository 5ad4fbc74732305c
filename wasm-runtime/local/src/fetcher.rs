//! Fetches charts on threads of their own: a server that answers slowly holds no thread that renders.

use std::collections::BTreeMap;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use chartwright_host::ChartSource;
use chartwright_sources::{Brought, Sources};
use contract::{Archive, Base64, ChartGiven, ChartWanted, FileGiven};

use crate::pool::Pool;

/// How many charts are fetched at a time.
const THREADS: usize = 8;
/// How many wait for that.
const QUEUE: usize = 64;

/// The most bytes of archives that are kept.
const MOST_BYTES: usize = 64 << 20;

/// Threads that fetch from sources, and the archives of what they have fetched.
#[derive(Debug)]
pub(crate) struct Fetcher {
    pool: Pool,
    archives: Arc<Archives>,
}

/// Archives by the digests of what they were made from. An engine knows a chart again by its archive's digest, and a
/// folder has none: it is packed once.
#[derive(Debug, Default)]
struct Archives(Mutex<BTreeMap<String, Archive>>);

impl Archives {
    /// A chart as it is given to an engine.
    fn given(&self, wanted: ChartWanted, brought: &Brought) -> ChartGiven {
        let mut archives = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let archive = archives.get(&brought.digest).cloned().unwrap_or_else(|| {
            let data = brought.archive();
            let digest = Some(chartwright::api::digest(&data));
            let archive = Archive { name: brought.from.clone(), digest, data: Some(Base64(data)), files: None };
            let size = |archive: &Archive| archive.data.as_ref().map_or(0, |data| data.0.len());
            if archives.values().map(size).sum::<usize>() + size(&archive) > MOST_BYTES {
                archives.clear();
            }
            archives.insert(brought.digest.clone(), archive.clone());
            archive
        });
        let file =
            |path: &str, data: &[u8]| FileGiven { path: path.to_owned(), data: Base64(data.to_vec()), failed: None };
        let values_files = brought.fetched.values_files.iter();
        ChartGiven {
            wanted,
            archive,
            failed: None,
            revision: brought.fetched.revision.clone(),
            values_files: values_files.map(|(path, data)| file(path, data)).collect(),
        }
    }
}

impl Fetcher {
    /// Starts the threads.
    pub(crate) fn new() -> std::io::Result<Fetcher> {
        Ok(Fetcher { pool: Pool::new(THREADS, QUEUE)?, archives: Arc::default() })
    }

    /// A chart, or `None` where its source is not known. What comes too late is kept by the sources for those who ask
    /// again.
    ///
    /// # Errors
    /// For how many seconds it did not come.
    pub(crate) fn fetch(
        &self,
        sources: &Arc<Sources>,
        wanted: &ChartWanted,
        until: Instant,
    ) -> Result<Option<ChartGiven>, u64> {
        let started = Instant::now();
        let (done, result) = sync_channel(1);
        let (sources, archives, wanted) = (Arc::clone(sources), Arc::clone(&self.archives), wanted.clone());
        let job = move || {
            let given = match Sources::bring(&sources, &wanted) {
                Ok(brought) => Some(archives.given(wanted, &brought)),
                // The failure is kept for a moment: this puts it into words.
                Err(_) => ChartSource::bring(&*sources, &wanted),
            };
            // Whoever waited may be gone.
            let _ = done.send(given);
        };
        if !self.pool.start(job) {
            return Err(0);
        }
        match result.recv_timeout(until.saturating_duration_since(started)) {
            Ok(given) => Ok(given),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                let half = std::time::Duration::from_millis(500);
                Err((started.elapsed() + half).as_secs())
            }
        }
    }
}
