//! How often a client may ask.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The most clients that are remembered.
const MOST_CLIENTS: usize = 4096;

/// How often a client may ask: a token that is known, or else an address.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Requests a second, over time.
    pub per_second: f64,
    /// Requests at once.
    pub burst: f64,
}

impl Rate {
    /// For a server on loopback: far more than a person needs, and less than a program that runs wild can send.
    pub const LOCAL: Rate = Rate { per_second: 50_000.0, burst: 100_000.0 };
    /// For a server that others reach.
    pub const SHARED: Rate = Rate { per_second: 50.0, burst: 200.0 };
    /// For addresses whose tokens are not known.
    pub(crate) const GUESSES: Rate = Rate { per_second: 0.5, burst: 20.0 };
}

/// A client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Client {
    Token([u8; 32]),
    Address(IpAddr),
}

/// What each client has left.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    rate: Rate,
    left: Mutex<HashMap<K, (f64, Instant)>>,
}

impl<K: Hash + Eq + Copy> Buckets<K> {
    pub(crate) fn new(rate: Rate) -> Buckets<K> {
        Buckets { rate, left: Mutex::default() }
    }

    /// Takes one; else after how many seconds there is one again.
    pub(crate) fn take(&self, client: K) -> Result<(), u64> {
        let now = Instant::now();
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if left.len() >= MOST_CLIENTS && !left.contains_key(&client) {
            // Whoever has a full bucket again need not be remembered; if nobody has, the attack is larger than this.
            let full = Duration::from_secs_f64(self.rate.burst / self.rate.per_second);
            left.retain(|_, (_, since)| now.duration_since(*since) < full);
            if left.len() >= MOST_CLIENTS {
                return Err(self.seconds(0.0));
            }
        }
        let (has, since) = left.get(&client).copied().unwrap_or((self.rate.burst, now));
        let has = (has + now.duration_since(since).as_secs_f64() * self.rate.per_second).min(self.rate.burst);
        let taken = has >= 1.0;
        left.insert(client, (if taken { has - 1.0 } else { has }, now));
        if taken { Ok(()) } else { Err(self.seconds(has)) }
    }

    /// Whether there is one, without taking it.
    pub(crate) fn has(&self, client: K) -> Result<(), u64> {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((has, since)) = left.get(&client).copied() else { return Ok(()) };
        let has = has + since.elapsed().as_secs_f64() * self.rate.per_second;
        if has >= 1.0 { Ok(()) } else { Err(self.seconds(has)) }
    }

    fn seconds(&self, has: f64) -> u64 {
        let seconds = ((1.0 - has) / self.rate.per_second).ceil().clamp(1.0, 3600.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 1 to 3600")]
        let seconds = seconds as u64;
        seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_often_waits() {
        let buckets = Buckets::new(Rate { per_second: 0.1, burst: 2.0 });
        assert_eq!(buckets.has(1), Ok(()));
        assert_eq!((buckets.take(1), buckets.take(1)), (Ok(()), Ok(())));
        assert!(buckets.take(1).is_err_and(|seconds| (9..=10).contains(&seconds)));
        assert!(buckets.has(1).is_err());
        assert_eq!(buckets.take(2), Ok(()), "others do not");
    }

    #[test]
    fn memory_is_bounded() {
        let buckets = Buckets::new(Rate { per_second: 0.001, burst: 1.0 });
        for client in 0..MOST_CLIENTS * 2 {
            let _ = buckets.take(client);
        }
        assert!(buckets.left.lock().unwrap().len() <= MOST_CLIENTS);
    }
}
