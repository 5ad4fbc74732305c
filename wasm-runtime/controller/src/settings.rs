//! How a controller works: what the program's flags say, for programs that are built on the library too.

use std::time::Duration;

/// How a controller works.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether descriptors may use sources of other namespaces than their own.
    pub cross_namespace: bool,
    /// The service account that releases are installed with if their descriptor names none.
    pub default_service_account: Option<String>,
    /// By how many hundredths intervals vary.
    pub interval_jitter: u8,
    /// How soon to look again for a source that is not ready.
    pub requeue_dependency: Duration,
    /// How many objects are reconciled at a time.
    pub concurrent: u16,
    /// How long each call of the engine may take.
    pub engine_time: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            cross_namespace: true,
            default_service_account: None,
            interval_jitter: 5,
            requeue_dependency: Duration::from_secs(30),
            concurrent: 4,
            engine_time: Duration::from_mins(1),
        }
    }
}
