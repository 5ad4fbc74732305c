//! Results that are worked out once, kept for a while, and forgotten.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::sync::lock;

/// How long results are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// A chart that was fetched. Until then a newer one is not looked for.
    pub charts: Duration,
    /// A failure: long enough that a second question in the same run does not wait for the same timeout again,
    /// short enough that a controller sees when a server is back.
    pub errors: Duration,
    /// A repository's index, before the server is asked whether it changed.
    pub indexes: Duration,
}

impl Default for Keep {
    /// An hour, ten seconds, five minutes.
    fn default() -> Keep {
        Keep { charts: Duration::from_secs(3600), errors: Duration::from_secs(10), indexes: Duration::from_secs(300) }
    }
}

/// A result, and until when it counts.
type Kept<V, E> = Option<(Instant, Result<V, E>)>;
/// The place of a result; locked while it is worked out.
type Slot<V, E> = Arc<Mutex<Kept<V, E>>>;

/// Results by key. Threads that ask for the same key wait for the one that works it out.
pub(crate) struct Once<K, V, E> {
    slots: Mutex<BTreeMap<K, Slot<V, E>>>,
}

impl<K, V, E> Default for Once<K, V, E> {
    fn default() -> Once<K, V, E> {
        Once { slots: Mutex::default() }
    }
}

impl<K: Ord + Clone, V: Clone, E: Clone> Once<K, V, E> {
    /// What is known of a key, or what `work` makes of it. `work` asks for no other key.
    pub(crate) fn get(&self, key: &K, keep: Keep, work: impl FnOnce() -> Result<V, E>) -> Result<V, E> {
        let slot = {
            let mut slots = lock(&self.slots);
            // What has expired is dropped when something else is asked for. A slot that is locked is in use.
            slots.retain(|k, slot| {
                k == key || slot.try_lock().is_ok_and(|kept| !expired(&kept)) || Arc::strong_count(slot) > 1
            });
            Arc::clone(slots.entry(key.clone()).or_default())
        };
        let mut kept = lock(&slot);
        if let Some((_, known)) = kept.as_ref().filter(|_| !expired(&kept)) {
            return known.clone();
        }
        let result = work();
        let time = if result.is_ok() { keep.charts } else { keep.errors };
        // Longer than the clock counts is for ever, as good as.
        let until = Instant::now().checked_add(time).unwrap_or_else(|| Instant::now() + Duration::from_secs(1 << 30));
        *kept = Some((until, result.clone()));
        result
    }

    /// Forgets the results of some keys. What is being worked out now is given to those who wait, and not kept.
    pub(crate) fn forget(&self, which: impl Fn(&K) -> bool) {
        lock(&self.slots).retain(|key, _| !which(key));
    }
}

fn expired<V, E>(kept: &Kept<V, E>) -> bool {
    kept.as_ref().is_none_or(|(until, _)| Instant::now() >= *until)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn keep(charts: u64, errors: u64) -> Keep {
        Keep { charts: Duration::from_millis(charts), errors: Duration::from_millis(errors), ..Keep::default() }
    }

    #[test]
    fn threads_that_want_the_same_wait_for_one() {
        let (once, count) = (Once::<u8, u8, ()>::default(), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let got = once.get(&1, Keep::default(), || {
                        std::thread::sleep(Duration::from_millis(50));
                        count.fetch_add(1, Ordering::SeqCst);
                        Ok(7)
                    });
                    assert_eq!(got, Ok(7));
                });
            }
        });
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn results_expire_and_can_be_forgotten() {
        let once = Once::<u8, u8, u8>::default();
        assert_eq!(once.get(&1, keep(10_000, 20), || Err(1)), Err(1));
        assert_eq!(once.get(&1, keep(10_000, 20), || Ok(2)), Err(1), "kept for a moment");
        std::thread::sleep(Duration::from_millis(40));
        assert_eq!(once.get(&1, keep(10_000, 20), || Ok(2)), Ok(2));
        assert_eq!(once.get(&1, keep(10_000, 20), || Ok(3)), Ok(2));
        once.forget(|key| *key == 1);
        assert_eq!(once.get(&1, keep(0, 0), || Ok(3)), Ok(3));
        assert_eq!(once.get(&2, keep(0, 0), || Ok(4)), Ok(4));
        assert_eq!(lock(&once.slots).len(), 1, "what has expired takes no room");
    }

    #[test]
    fn the_longest_time_is_no_overflow() {
        let once = Once::<u8, u8, u8>::default();
        let keep = Keep { charts: Duration::MAX, ..Keep::default() };
        assert_eq!(once.get(&1, keep, || Ok(1)), Ok(1));
        assert_eq!(once.get(&1, keep, || Ok(2)), Ok(1));
    }
}
