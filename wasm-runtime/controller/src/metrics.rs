//! What is counted and measured.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// An object.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Object {
    kind: String,
    name: String,
    namespace: String,
}

/// A kind of object, and how its reconciliation ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    kind: String,
    result: &'static str,
}

/// How a build ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Result {
    result: &'static str,
}

/// The metrics of a controller.
pub struct Metrics {
    registry: Registry,
    reconciled: Family<Object, Histogram>,
    ended: Family<Ended, Counter>,
    builds: Family<Result, Counter>,
    build_time: Histogram,
    published: Counter,
    leader: Gauge,
    memory: Gauge<f64, AtomicU64>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Metrics {
        let mut registry = Registry::default();
        // The buckets of controller-runtime's and Flux's own metrics.
        let histogram = || Histogram::new(exponential_buckets(0.01, 2.0, 14));
        let reconciled = Family::new_with_constructor(histogram as fn() -> Histogram);
        registry.register_with_unit(
            "gotk_reconcile_duration",
            "The duration of reconciliations",
            Unit::Seconds,
            reconciled.clone(),
        );
        let ended = Family::default();
        registry.register("chartwright_reconcile", "Reconciliations by how they ended", ended.clone());
        let builds = Family::default();
        registry.register("chartwright_build", "Charts that were built, by how that ended", builds.clone());
        let build_time = histogram();
        registry.register_with_unit(
            "chartwright_build_duration",
            "How long it took to build a chart and to render what it deploys",
            Unit::Seconds,
            build_time.clone(),
        );
        let published = Counter::default();
        registry.register("chartwright_published", "New archives that were published", published.clone());
        let leader = Gauge::default();
        registry.register("chartwright_leader", "Whether this instance is the leader", leader.clone());
        let memory = Gauge::default();
        registry.register_with_unit("process_resident_memory", "Resident memory", Unit::Bytes, memory.clone());
        Metrics {
            registry,
            reconciled: Family::clone(&reconciled),
            ended,
            builds,
            build_time,
            published,
            leader,
            memory,
        }
    }
}

impl Metrics {
    /// An object was reconciled.
    pub fn reconciled(&self, kind: &str, namespace: &str, name: &str, took: Duration, result: &'static str) {
        let object = Object { kind: kind.to_owned(), name: name.to_owned(), namespace: namespace.to_owned() };
        self.reconciled.get_or_create(&object).observe(took.as_secs_f64());
        self.ended.get_or_create(&Ended { kind: kind.to_owned(), result }).inc();
    }

    /// An object is gone, and so are its metrics.
    pub fn forget(&self, kind: &str, namespace: &str, name: &str) {
        let object = Object { kind: kind.to_owned(), name: name.to_owned(), namespace: namespace.to_owned() };
        self.reconciled.remove(&object);
    }

    /// A chart was built, or not.
    pub fn built(&self, took: Duration, result: &'static str) {
        self.build_time.observe(took.as_secs_f64());
        self.builds.get_or_create(&Result { result }).inc();
    }

    /// A new archive was published.
    pub fn published(&self) {
        self.published.inc();
    }

    /// Whether this instance leads.
    pub fn leads(&self, leads: bool) {
        self.leader.set(leads.into());
    }

    /// The text that Prometheus reads.
    pub fn text(&self) -> String {
        if let Some(bytes) = resident() {
            self.memory.set(bytes);
        }
        let mut text = String::new();
        match encode(&mut text, &self.registry) {
            Ok(()) => text,
            Err(_) => String::new(),
        }
    }
}

/// Resident memory of this process, where the system tells.
fn resident() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_written_and_forgotten() {
        let metrics = Metrics::default();
        metrics.reconciled("HelmChartDescriptor", "shop", "web", Duration::from_millis(30), "ready");
        metrics.built(Duration::from_millis(20), "built");
        metrics.published();
        let text = metrics.text();
        for line in [
            r#"gotk_reconcile_duration_seconds_count{kind="HelmChartDescriptor",name="web",namespace="shop"} 1"#,
            r#"chartwright_reconcile_total{kind="HelmChartDescriptor",result="ready"} 1"#,
            r#"chartwright_build_total{result="built"} 1"#,
            "chartwright_published_total 1",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        metrics.forget("HelmChartDescriptor", "shop", "web");
        assert!(!metrics.text().contains("gotk_reconcile_duration_seconds_count"));
    }
}
