//! How long we wait, and how often we ask.

use std::time::Duration;

/// How patient we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How often a request is tried.
    pub attempts: u32,
    /// The pause after the first failure; it doubles with each.
    pub pause: Duration,
    /// The most time for a connection or until a server says more.
    pub idle: Duration,
    /// The most time for a whole answer.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            attempts: 4,
            pause: Duration::from_millis(300),
            idle: Duration::from_secs(30),
            total: Duration::from_secs(300),
        }
    }
}
