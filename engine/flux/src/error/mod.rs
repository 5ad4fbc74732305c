//! Why a HelmRelease could not be rendered.

mod post_render;

use std::error::Error;
use std::fmt;

use contract::Hint;
use govalue::Str;
use helm::release::ReleaseError;

use crate::charts::FetchError;
use crate::values::ValuesError;
use crate::version::VersionError;

pub use post_render::PostRenderError;

/// Why a HelmRelease could not be rendered. `Display` has helm-controller's
/// words where it has some.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RenderError {
    /// Its chart could not be fetched.
    Fetch(FetchError),
    /// The values that it refers to cannot be put together.
    Values(Box<ValuesError>),
    /// The files of `valuesFiles` cannot be laid over the chart's values.
    ValuesFiles(String),
    /// The chart's version and the revision of its source do not go together.
    Version(VersionError),
    /// A file of `crds/` cannot be read.
    Crds(String),
    /// Helm could not render the chart.
    Release(Box<ReleaseError>),
    /// The post-renderers failed.
    PostRender(Box<PostRenderError>),
}

impl RenderError {
    /// The template that it happened in, from the chart's name on, where that is known.
    pub fn template(&self) -> Option<&Str> {
        match self {
            RenderError::Release(error) => match &**error {
                ReleaseError::Render(error) => Some(error.file()),
                ReleaseError::Manifest { error, .. } => Some(error.template()),
                _ => None,
            },
            RenderError::PostRender(error) => error.template(),
            _ => None,
        }
    }

    /// The line in the template (or, where the output is wrong, in what it
    /// rendered), counted from 1, where that is known.
    pub fn line(&self) -> Option<usize> {
        match self {
            RenderError::Release(error) => match &**error {
                ReleaseError::Render(error) => Some(error.line()),
                ReleaseError::Manifest { error, .. } => error.line(),
                _ => None,
            },
            RenderError::PostRender(error) => error.line(),
            _ => None,
        }
    }

    /// What may help.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            RenderError::Values(error) => error.hint().map(Hint::Text),
            RenderError::PostRender(error) => error.hint().map(Hint::Text),
            _ => None,
        }
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RenderError::Fetch(error) => error.fmt(f),
            RenderError::Values(error) => error.fmt(f),
            RenderError::ValuesFiles(message) | RenderError::Crds(message) => f.write_str(message),
            RenderError::Version(error) => error.fmt(f),
            RenderError::Release(error) => error.fmt(f),
            RenderError::PostRender(error) => error.fmt(f),
        }
    }
}

impl Error for RenderError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(match self {
            RenderError::Fetch(error) => error,
            RenderError::Values(error) => &**error,
            RenderError::Version(error) => error,
            RenderError::Release(error) => &**error,
            RenderError::PostRender(error) => &**error,
            RenderError::ValuesFiles(_) | RenderError::Crds(_) => return None,
        })
    }
}

impl From<ReleaseError> for RenderError {
    fn from(error: ReleaseError) -> RenderError {
        RenderError::Release(Box::new(error))
    }
}

impl From<VersionError> for RenderError {
    fn from(error: VersionError) -> RenderError {
        RenderError::Version(error)
    }
}

impl From<Box<ValuesError>> for RenderError {
    fn from(error: Box<ValuesError>) -> RenderError {
        RenderError::Values(error)
    }
}

impl From<PostRenderError> for RenderError {
    fn from(error: PostRenderError) -> RenderError {
        RenderError::PostRender(Box::new(error))
    }
}
