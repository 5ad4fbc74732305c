//! Threads that render.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use chartwright_api::ApiError;
use tokio::sync::oneshot;

/// The stack of a thread. Values can be nested deeply, and functions that walk them recurse up to Go's limits; the
/// system provides only the pages that are used.
const STACK: usize = 256 << 20;

/// After how many seconds to try again when all places are taken.
const RETRY: u64 = 1;

type Job = Box<dyn FnOnce() + Send>;

/// A few threads, and a queue of a few jobs before them: what comes beyond is refused at once, so that nobody waits for
/// long, and memory stays bounded.
#[derive(Clone, Debug)]
pub struct Pool(SyncSender<Job>);

impl Pool {
    /// Starts the threads; they end with the last pool.
    ///
    /// # Errors
    /// If the system has no threads.
    pub fn new(threads: usize, queue: usize) -> std::io::Result<Pool> {
        let (sender, jobs) = sync_channel::<Job>(queue);
        let jobs = Arc::new(Mutex::new(jobs));
        for at in 0..threads.max(1) {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new().name(format!("worker-{at}")).stack_size(STACK).spawn(move || work(&jobs))?;
        }
        Ok(Pool(sender))
    }

    /// Runs a job on one of the threads.
    ///
    /// # Errors
    /// All places are taken, or the job panicked.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
        let (done, result) = oneshot::channel();
        let taken = self.start(move || {
            // Whoever asked may be gone; then nobody needs it.
            if !done.is_closed() {
                let _ = done.send(job());
            }
        });
        if !taken {
            return Err(ApiError::Busy(RETRY));
        }
        result.await.map_err(|_| ApiError::Internal("the render broke off: this is a bug".to_owned()))
    }
}

impl Pool {
    /// Starts a job on one of the threads, if there is a place.
    pub(crate) fn start(&self, job: impl FnOnce() + Send + 'static) -> bool {
        match self.0.try_send(Box::new(job)) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
        }
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // The one who waits hears of it, since its sender is dropped.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_too_much_is_refused() {
        let pool = Pool::new(1, 1).expect("threads");
        assert_eq!(pool.run(|| 1).await, Ok(1));
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let (started, has_started) = oneshot::channel();
        let runs = pool.clone();
        let first = tokio::spawn(async move {
            runs.run(move || {
                let _ = started.send(());
                let _ = wait.recv();
            })
            .await
        });
        let other = pool.clone();
        has_started.await.expect("it runs");
        let second = tokio::spawn(async move { other.run(|| 2).await });
        while pool.0.try_send(Box::new(|| ())).is_ok() {}
        assert_eq!(pool.run(|| 3).await, Err(ApiError::Busy(RETRY)));
        drop(go);
        assert_eq!(first.await.expect("joined"), Ok(()));
        assert!(matches!(second.await.expect("joined"), Ok(2) | Err(ApiError::Busy(_))));
        let broken = pool.run(|| panic!("on purpose")).await;
        assert!(matches!(broken, Err::<(), _>(ApiError::Internal(_) | ApiError::Busy(_))));
    }
}
