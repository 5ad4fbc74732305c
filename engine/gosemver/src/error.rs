//! What can be wrong with a version or a constraint, in the library's words.

use std::fmt;

/// Why a version or a constraint does not parse. `Display` is the library's
/// own text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Not of a version's form at all.
    InvalidVersion,
    /// An empty string where a strict version is due.
    Empty,
    /// A segment that is no number (strict versions).
    InvalidCharacters,
    /// A number with a leading zero.
    LeadingZero,
    /// Build metadata with an empty or forbidden part.
    InvalidMetadata,
    /// A pre-release with an empty or forbidden part.
    InvalidPrerelease,
    /// A version of more than 256 bytes.
    VersionTooLong,
    /// A segment beyond 64 bits or without digits, with `strconv`'s text.
    Segment(String),
    /// The same inside a loosely parsed version.
    LooseSegment(String),
    /// A constraint that does not parse; the `||` segment at fault.
    Improper(Vec<u8>),
    /// A constraint whose version does not parse.
    ConstraintVersion,
    /// A constraint of more than 512 bytes.
    ConstraintTooLong,
    /// More than 32 `||` segments.
    TooManyGroups,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Error::InvalidVersion => "invalid semantic version",
            Error::Empty => "version string empty",
            Error::InvalidCharacters => "invalid characters in version",
            Error::LeadingZero => "version segment starts with 0",
            Error::InvalidMetadata => "invalid metadata string",
            Error::InvalidPrerelease => "invalid prerelease string",
            Error::VersionTooLong => "version string is too long (max 256 bytes)",
            Error::Segment(cause) => cause,
            Error::LooseSegment(cause) => return write!(f, "error parsing version segment: {cause}"),
            Error::Improper(segment) => {
                return write!(f, "improper constraint: {}", govalue::strconv::quote(segment));
            }
            Error::ConstraintVersion => "constraint parser error",
            Error::ConstraintTooLong => "constraint string is too long (max 512 bytes)",
            Error::TooManyGroups => "too many constraint groups (max 32)",
        })
    }
}

impl std::error::Error for Error {}
