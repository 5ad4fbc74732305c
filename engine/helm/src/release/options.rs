//! How a chart is rendered as a release.

use govalue::{Map, Value};

use crate::capabilities::Capabilities;
use crate::engine;

/// What templates see of the release, `.Release`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseOptions {
    /// `.Release.Name`
    pub name: String,
    /// `.Release.Namespace`
    pub namespace: String,
    /// `.Release.Revision`
    pub revision: i64,
    /// `.Release.IsUpgrade`, and not `.Release.IsInstall`
    pub upgrade: bool,
}

impl Default for ReleaseOptions {
    fn default() -> ReleaseOptions {
        ReleaseOptions { name: "release-name".into(), namespace: "default".into(), revision: 1, upgrade: false }
    }
}

impl ReleaseOptions {
    /// `.Release`
    pub fn to_map(&self) -> Map {
        [
            ("IsInstall", Value::Bool(!self.upgrade)),
            ("IsUpgrade", Value::Bool(self.upgrade)),
            ("Name", Value::from(self.name.as_str())),
            ("Namespace", Value::from(self.namespace.as_str())),
            ("Revision", Value::Int(self.revision)),
            ("Service", Value::from("Helm")),
        ]
        .into_iter()
        .collect()
    }
}

/// How a chart is rendered as a release.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What templates see of the release.
    pub release: ReleaseOptions,
    /// What templates see of the cluster.
    pub capabilities: Capabilities,
    /// Whether values may break the charts' schemas.
    pub skip_schema_validation: bool,
    /// Whether the notes of subcharts are rendered with those of the chart.
    pub subchart_notes: bool,
    /// How the templates are rendered.
    pub engine: engine::Options,
}
