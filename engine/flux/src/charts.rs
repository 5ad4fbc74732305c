//! The charts that HelmReleases name: what the engine asks a host for.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use helm::chart::Chart;
use helm::engine::Programs;
use serde::{Deserialize, Serialize};

/// A Flux source by kind, namespace and name, such as `GitRepository` `ds2/ds2charts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartSource {
    /// `GitRepository`, `HelmRepository`, `OCIRepository`, `Bucket`, `ExternalArtifact`, `HelmChart`.
    pub kind: String,
    /// Its namespace: that of the HelmRelease where this names none.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// A chart that a HelmRelease or a descriptor names.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChartWanted {
    /// Where it is.
    pub source: ChartSource,
    /// Its name, or its path in a `GitRepository` or `Bucket`; empty with a `chartRef`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub chart: String,
    /// A version or range; empty: the newest.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// Files of the source that replace the chart's `values.yaml`, in order of precedence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values_files: Vec<String>,
}

/// A chart that the host brought.
#[derive(Clone)]
pub struct FetchedChart {
    /// The chart.
    pub chart: Arc<Chart>,
    /// Its parsed templates: kept with the chart, so that it is parsed once.
    pub programs: Arc<Programs>,
    /// The artifact's revision as Flux writes it: `main@sha1:…`, `1.2.0@sha256:…`, `1.2.0`.
    pub revision: Option<String>,
}

/// Why a chart did not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// Nobody said where this source is, or the host has not fetched it yet.
    Unknown,
    /// The source is there, the chart or version is not.
    NotFound(String),
    /// The source could not be reached.
    Unreachable(String),
    /// What came is not what was pinned.
    Tampered(String),
    /// What came is no chart.
    Invalid(String),
}

/// What brings charts: a table that a host filled, or a host that fetches.
pub trait Charts {
    /// Brings a chart.
    ///
    /// # Errors
    /// Why it did not come.
    fn chart(&self, wanted: &ChartWanted) -> Result<FetchedChart, FetchError>;
}

impl fmt::Display for ChartSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.kind, self.namespace, self.name)
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FetchError::Unknown => f.write_str("nothing says where this source is"),
            FetchError::NotFound(m)
            | FetchError::Unreachable(m)
            | FetchError::Tampered(m)
            | FetchError::Invalid(m) => f.write_str(m),
        }
    }
}

impl Error for FetchError {}
