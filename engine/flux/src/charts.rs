//! The charts that HelmReleases name: what the engine asks a host for.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use contract::Code;
use helm::chart::{Bytes, Chart};
use helm::engine::Programs;

pub use contract::{ChartSource, ChartWanted};

/// A chart that the host brought.
#[derive(Clone, Default)]
pub struct FetchedChart {
    /// The chart.
    pub chart: Arc<Chart>,
    /// Its parsed templates: kept with the chart, so that it is parsed once.
    pub programs: Arc<Programs>,
    /// The artifact's revision as Flux writes it: `main@sha1:…`, `1.2.0@sha256:…`, `1.2.0`.
    pub revision: Option<String>,
    /// The files of [`ChartWanted::values_files`] that a `GitRepository` or `Bucket` has,
    /// by the path as it was asked for; those of charts in a repository are in the chart.
    pub values_files: Vec<(String, Bytes)>,
}

/// Why a chart could not be fetched.
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
    /// What was fetched is not a chart.
    Invalid(String),
}

impl FetchError {
    /// A stable name of the reason, as problems have it.
    pub fn code(&self) -> Code {
        match self {
            FetchError::Unknown => Code::SourceUnknown,
            FetchError::NotFound(_) => Code::ChartNotFound,
            FetchError::Unreachable(_) => Code::SourceUnreachable,
            FetchError::Tampered(_) => Code::Digest,
            FetchError::Invalid(_) => Code::Chart,
        }
    }
}

/// What brings charts: a table that a host filled, or a host that fetches.
pub trait Charts {
    /// Brings a chart.
    ///
    /// # Errors
    /// Why it could not be fetched.
    fn chart(&self, wanted: &ChartWanted) -> Result<FetchedChart, FetchError>;
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FetchError::Unknown => f.write_str("the place of this source is not given"),
            FetchError::NotFound(m) | FetchError::Unreachable(m) | FetchError::Tampered(m) | FetchError::Invalid(m) => {
                f.write_str(m)
            }
        }
    }
}

impl Error for FetchError {}
