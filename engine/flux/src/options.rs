//! How HelmReleases are rendered.

use helm::capabilities::Capabilities;
use helm::engine::Limits;

use crate::helm_version::HelmVersion;
use crate::memo::{Memo, Settings};

/// How HelmReleases are rendered.
#[derive(Clone, Debug)]
pub struct Options {
    /// What templates see of the cluster.
    pub capabilities: Capabilities,
    /// How far one render may go.
    pub limits: Limits,
    /// Whether it is an upgrade: `.Release.IsUpgrade`, and `spec.upgrade` counts.
    pub upgrade: bool,
    /// `.Release.Revision`
    pub revision: i64,
    /// Plain Helm: no post-renderers, no labels of origin, the chart's own version.
    pub as_helm: bool,
    /// Which Helm helm-controller has.
    pub helm: HelmVersion,
    /// How deep HelmReleases may render HelmReleases.
    pub max_levels: u32,
    /// How many HelmReleases there may be.
    pub max_releases: usize,
    /// What is kept from tree to tree.
    pub memo: Memo,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            capabilities: Capabilities::default(),
            limits: Limits::default(),
            upgrade: false,
            revision: 1,
            as_helm: false,
            helm: HelmVersion::default(),
            max_levels: 8,
            max_releases: 1000,
            memo: Memo::default(),
        }
    }
}

impl Options {
    /// What decides what one release deploys.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            capabilities: self.capabilities.clone(),
            limits: self.limits,
            upgrade: self.upgrade,
            revision: self.revision,
            as_helm: self.as_helm,
            helm: self.helm,
        }
    }
}
