//! Why a chart could not be rendered as a release.

use std::error::Error;
use std::fmt;

use govalue::Str;

use super::name::NameError;
use crate::chart::{Bytes, ChartError};
use crate::engine::RenderError;
use crate::manifest::{ManifestError, is_blank, trim_space};
use crate::schema::SchemaError;

use super::text::append_source;

/// Why a chart could not be rendered as a release. `Display` is Helm's text.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ReleaseError {
    /// The release has no valid name.
    Name(String, NameError),
    /// The chart is a library.
    NotInstallable(Str),
    /// Dependencies that `Chart.yaml` names are not there.
    MissingDependencies(ChartError),
    /// Values and subcharts do not go together.
    Dependencies(ChartError),
    /// The chart's values cannot be put together.
    Values(ChartError),
    /// The values break a schema.
    Schema(SchemaError),
    /// The chart is not for this version of Kubernetes.
    KubeVersion {
        /// The range that it is for.
        wanted: Str,
        /// The version there is.
        found: String,
    },
    /// A template failed.
    Render(RenderError),
    /// A rendered document is not YAML.
    Manifest {
        /// What is wrong with it.
        error: ManifestError,
        /// All rendered files.
        files: Vec<(Str, Bytes)>,
    },
}

impl ReleaseError {
    /// All rendered files as Helm prints them with `--debug`, where they could
    /// be rendered, but are not YAML.
    pub fn rendered_text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        if let ReleaseError::Manifest { files, .. } = self {
            for (name, content) in files.iter().filter(|(_, content)| !is_blank(content)) {
                append_source(&mut text, name, content);
            }
            text.truncate(trim_space(&text).len());
            text.push(b'\n');
        }
        text
    }
}

impl fmt::Display for ReleaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReleaseError::Name(name, error) => {
                let name = govalue::strconv::quote(name.as_bytes());
                write!(f, "release name check failed: release name {name}: {error}")
            }
            ReleaseError::NotInstallable(kind) => write!(f, "{kind} charts are not installable"),
            ReleaseError::Dependencies(error) => write!(f, "chart dependencies processing failed: {error}"),
            ReleaseError::MissingDependencies(error) | ReleaseError::Values(error) => error.fmt(f),
            ReleaseError::Schema(error) => error.fmt(f),
            ReleaseError::KubeVersion { wanted, found } => {
                write!(f, "chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {found}")
            }
            ReleaseError::Render(error) => error.fmt(f),
            ReleaseError::Manifest { error, .. } => error.fmt(f),
        }
    }
}

impl Error for ReleaseError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(match self {
            ReleaseError::Name(_, error) => error,
            ReleaseError::MissingDependencies(error) => error,
            ReleaseError::Dependencies(error) | ReleaseError::Values(error) => error,
            ReleaseError::Schema(error) => error,
            ReleaseError::Render(error) => error,
            ReleaseError::Manifest { error, .. } => error,
            ReleaseError::NotInstallable(_) | ReleaseError::KubeVersion { .. } => return None,
        })
    }
}
