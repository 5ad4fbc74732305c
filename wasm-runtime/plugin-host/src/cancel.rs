//! When calls end: at their deadline, or because somebody cancels them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
#[cfg(feature = "run")]
use std::time::{Duration, Instant};

#[cfg(feature = "run")]
use crate::error::PluginError;

/// Cancels calls that it was given to, from any thread.
///
/// ```
/// let token = chartwright_plugin_host::CancelToken::default();
/// token.cancel();
/// assert!(token.is_cancelled());
/// ```
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl From<Arc<AtomicBool>> for CancelToken {
    /// A token that is cancelled by setting the flag.
    fn from(flag: Arc<AtomicBool>) -> CancelToken {
        CancelToken(flag)
    }
}

impl CancelToken {
    /// Ends the calls that run with this token, and those that will.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// When a call must have ended.
#[cfg(feature = "run")]
#[derive(Clone, Debug)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    pub(crate) limit: Duration,
    pub(crate) cancel: CancelToken,
}

#[cfg(feature = "run")]
impl Deadline {
    pub(crate) fn new(limit: Duration, cancel: &CancelToken) -> Deadline {
        let now = Instant::now();
        // A limit beyond the end of time is not one.
        let at = now.checked_add(limit).unwrap_or(now + Duration::from_secs(1 << 32));
        Deadline { at, limit, cancel: cancel.clone() }
    }

    /// # Errors
    /// If it has passed, or the call was cancelled.
    pub(crate) fn check(&self) -> Result<(), PluginError> {
        if self.cancel.is_cancelled() {
            return Err(PluginError::Cancelled);
        }
        if Instant::now() >= self.at { Err(PluginError::Timeout(self.limit)) } else { Ok(()) }
    }
}
