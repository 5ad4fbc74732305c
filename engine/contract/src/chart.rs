//! Charts: what is wanted, and what is given.

use std::fmt;

use serde::Serialize;

use crate::bytes::Base64;
use crate::input::FileGiven;

/// A Flux source by kind, namespace and name, such as `GitRepository` `ds2/ds2charts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

impl fmt::Display for ChartSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.kind, self.namespace, self.name)
    }
}

/// A chart: the bytes of its archive, the digest of bytes that were given before, or the files of a folder.
///
/// An engine keeps the charts that it has loaded. One call gives the bytes,
/// later calls name their digest; an engine that has them no more answers with
/// a failure of kind `unknown-digest`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// How messages name it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `sha256:` and the digest of the bytes. With bytes it is checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// A gzipped tar, as `helm package` makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Base64>,
    /// In place of an archive: the files of the chart's folder, by their paths in it. What the folder's `.helmignore`
    /// names is left out. They are not kept for later calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<FileGiven>>,
}

/// A chart that a host brings for something that wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChartGiven {
    /// What wants it.
    pub wanted: ChartWanted,
    /// The chart.
    #[serde(default)]
    pub archive: Archive,
    /// Why it is missing, if the host could not bring it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<FetchFailure>,
    /// The artifact's revision as Flux writes it: `main@sha1:…`, `1.2.0@sha256:…`, `1.2.0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The files of [`ChartWanted::values_files`] that are beside the chart, by the path as it was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values_files: Vec<FileGiven>,
}

/// Why a host could not bring a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FetchFailure {
    /// What kind of failure it is.
    pub kind: FetchKind,
    /// What happened.
    pub message: String,
}

/// What kind of failure kept a host from bringing a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FetchKind {
    /// The source has no such chart or version.
    NotFound,
    /// The source did not answer.
    Unreachable,
    /// What came is not what was pinned.
    Tampered,
    /// What was fetched is not a chart.
    Invalid,
}
