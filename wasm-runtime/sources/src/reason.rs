//! The kinds of failure.

/// The kinds of failure, as the engine tells them apart ([`flux::FetchError`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody said where the source is.
    Unknown,
    /// The source is there, the chart or version is not.
    NotFound,
    /// The source could not be reached. It may be there later.
    Unreachable,
    /// What came is not what was pinned or signed.
    Tampered,
    /// What came is not a chart, or the request cannot be made.
    Invalid,
}
