//! What an engine keeps of slow work that templates asked for: primes, hashes of passwords.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many outcomes are kept. A chart makes a handful.
const MOST: usize = 256;

/// Larger outcomes are not kept.
const MOST_BYTES: usize = 4096;

/// Outcomes by their keys, which are digests: what the work was about is not kept. The most recently used last.
#[derive(Default)]
pub(super) struct Work(Mutex<Outcomes>);

type Outcomes = VecDeque<([u8; 32], Vec<u8>)>;

impl Work {
    /// A thread that panicked while it had them leaves them whole.
    fn lock(&self) -> MutexGuard<'_, Outcomes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn kept(&self, key: &[u8; 32]) -> Option<Vec<u8>> {
        let mut all = self.lock();
        let at = all.iter().position(|(known, _)| known == key)?;
        let found = all.remove(at)?;
        let outcome = found.1.clone();
        all.push_back(found);
        Some(outcome)
    }

    pub(super) fn keep(&self, key: [u8; 32], outcome: &[u8]) {
        if outcome.len() > MOST_BYTES {
            return;
        }
        let mut all = self.lock();
        all.retain(|(known, _)| *known != key);
        all.push_back((key, outcome.to_vec()));
        if all.len() > MOST {
            all.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays() {
        let work = Work::default();
        let key = |n: usize| [n as u8, (n >> 8) as u8].repeat(16).try_into().expect("32 bytes");
        work.keep(key(0), b"first");
        work.keep(key(9999), &[0; MOST_BYTES + 1]);
        assert_eq!(work.kept(&key(9999)), None);
        for n in 1..2 * MOST {
            work.keep(key(n), b"other");
            assert_eq!(work.kept(&key(0)).as_deref(), Some(&b"first"[..]));
        }
        assert_eq!(work.kept(&key(1)), None);
        assert_eq!(work.lock().len(), MOST);
    }
}
