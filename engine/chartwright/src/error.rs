//! Why something failed, whatever it was.

use std::fmt;

use helm::chart::ChartError;
use helm::release::ReleaseError;
use helm::values::ValuesError;

/// Why a chart could not be loaded or rendered. `Display` is Helm's text,
/// without the `Error: ` that its command line puts before it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// The user's values cannot be read.
    Values(ValuesError),
    /// The chart cannot be loaded.
    Chart(ChartError),
    /// The chart cannot be rendered.
    Release(ReleaseError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Values(error) => error.fmt(f),
            Error::Chart(error) => error.fmt(f),
            Error::Release(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(match self {
            Error::Values(error) => error,
            Error::Chart(error) => error,
            Error::Release(error) => error,
        })
    }
}

impl From<ValuesError> for Error {
    fn from(error: ValuesError) -> Error {
        Error::Values(error)
    }
}

impl From<ChartError> for Error {
    fn from(error: ChartError) -> Error {
        Error::Chart(error)
    }
}

impl From<ReleaseError> for Error {
    fn from(error: ReleaseError) -> Error {
        Error::Release(error)
    }
}
