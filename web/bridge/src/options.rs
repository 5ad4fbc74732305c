//! What a bridge is told, and what it tells.

use std::time::Duration;

/// Which engine the worker has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kit {
    /// The small one: it renders charts.
    #[default]
    Charts,
    /// The large one: descriptors, HelmReleases and compose files, too.
    Modules,
}

/// Requests of a lane take each other's place while they wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lane(pub u32);

/// How patient a bridge is, and how much it keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long a request may take. The engine is told to stop a little earlier, and then says where it was.
    pub patience: Duration,
    /// How long a chart may take to load, and the engine to start.
    pub loading: Duration,
    /// How many bytes of charts are kept for workers that do not have them.
    pub keep: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { patience: Duration::from_secs(5), loading: Duration::from_secs(60), keep: 128 << 20 }
    }
}

/// What the worker does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// There is none.
    #[default]
    None,
    /// The engine is fetched, compiled and started.
    Starting,
    /// It waits for requests.
    Idle,
    /// It works on a request.
    Busy,
}
