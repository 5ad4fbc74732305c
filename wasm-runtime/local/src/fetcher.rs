//! Fetches charts on threads of their own: a server that answers slowly holds no thread that renders.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Instant;

use chartwright_host::ChartSource;
use chartwright_sources::Sources;
use contract::{ChartGiven, ChartWanted};

use crate::pool::Pool;

/// How many charts are fetched at a time.
const THREADS: usize = 8;
/// How many wait for that.
const QUEUE: usize = 64;

/// Sources, and threads that fetch from them.
#[derive(Debug)]
pub(crate) struct Fetcher {
    sources: Arc<Sources>,
    pool: Pool,
}

impl Fetcher {
    /// Starts the threads.
    pub(crate) fn new(sources: Sources) -> std::io::Result<Fetcher> {
        Ok(Fetcher { sources: Arc::new(sources), pool: Pool::new(THREADS, QUEUE)? })
    }

    /// A chart, or `None` where its source is not known. What comes too late is kept by the sources for those who ask
    /// again.
    ///
    /// # Errors
    /// For how many seconds it did not come.
    pub(crate) fn fetch(&self, wanted: &ChartWanted, until: Instant) -> Result<Option<ChartGiven>, u64> {
        let started = Instant::now();
        let (done, result) = sync_channel(1);
        let (sources, for_thread) = (Arc::clone(&self.sources), wanted.clone());
        let job = move || {
            // Whoever waited may be gone.
            let _ = done.send(ChartSource::bring(&*sources, &for_thread));
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
