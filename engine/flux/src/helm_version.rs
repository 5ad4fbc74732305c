//! The Helm that helm-controller has.

use helm::manifest::{Split, split, split_4_2_2};

/// The Helm that helm-controller is built with, where that makes a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HelmVersion {
    /// Helm 4.2.2 in helm-controller 1.6.2: where a template has several
    /// documents, each but the last loses the line breaks at its end.
    #[default]
    V4_2_2,
    /// Helm 4.2.4, and what helm-controller has from 1.6.3 on: they stay.
    V4_2_4,
}

impl HelmVersion {
    /// How it parts files into documents.
    pub(crate) fn split(self) -> Split {
        match self {
            HelmVersion::V4_2_2 => split_4_2_2,
            HelmVersion::V4_2_4 => split,
        }
    }
}
