//! A semantic version.

use std::cmp::Ordering;
use std::fmt;

use crate::error::Error;
use crate::grammar;

/// The longest version that parses.
const MAX_LEN: usize = 256;

/// A semantic version: three numbers, a pre-release, build metadata, and the
/// text it came from.
#[derive(Clone, Debug, Default)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
    pre: String,
    metadata: String,
    original: String,
}

impl Version {
    /// Parses a version as leniently as `semver.NewVersion`: a leading `v`,
    /// missing segments and leading zeros are fine.
    ///
    /// # Errors
    /// If the text is too long or no version, a number exceeds 64 bits, or a
    /// numeric pre-release part has a leading zero.
    pub fn parse(text: &[u8]) -> Result<Version, Error> {
        if text.len() > MAX_LEN {
            return Err(Error::VersionTooLong);
        }
        let text = std::str::from_utf8(text).map_err(|_| Error::InvalidVersion)?;
        let parts = grammar::version(text).ok_or(Error::InvalidVersion)?;
        let number = |digits: &str| match digits {
            "" => Ok(0),
            digits => parse_uint(digits).map_err(Error::LooseSegment),
        };
        let version = Version {
            major: number(parts.major)?,
            minor: number(parts.minor)?,
            patch: number(parts.patch)?,
            pre: parts.pre.into(),
            metadata: parts.metadata.into(),
            original: text.into(),
        };
        if !version.pre.is_empty() {
            validate_prerelease(&version.pre)?;
        }
        Ok(version)
    }

    /// Parses a version that must keep to the specification
    /// (`semver.StrictNewVersion`).
    ///
    /// # Errors
    /// If it does not; the text says what is wrong.
    pub fn parse_strict(text: &[u8]) -> Result<Version, Error> {
        if text.is_empty() {
            return Err(Error::Empty);
        }
        if text.len() > MAX_LEN {
            return Err(Error::VersionTooLong);
        }
        // Bytes that are no UTF-8 stay forbidden characters wherever they are.
        let text = String::from_utf8_lossy(text);
        let mut parts = text.splitn(3, '.');
        let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::InvalidVersion);
        };
        let (rest, metadata) = rest.split_once('+').unwrap_or((rest, ""));
        if text.contains('+') && (major.len() + minor.len() + 2 + rest.len() < text.len()) {
            validate_metadata(metadata)?;
        }
        let (patch, pre) = match rest.split_once('-') {
            Some((patch, pre)) => {
                validate_prerelease(pre)?;
                (patch, pre)
            }
            None => (rest, ""),
        };
        for segment in [major, minor, patch] {
            if !segment.bytes().all(|c| c.is_ascii_digit()) {
                return Err(Error::InvalidCharacters);
            }
            if segment.len() > 1 && segment.starts_with('0') {
                return Err(Error::LeadingZero);
            }
        }
        let number = |digits: &str| parse_uint(digits).map_err(Error::Segment);
        Ok(Version {
            major: number(major)?,
            minor: number(minor)?,
            patch: number(patch)?,
            pre: pre.into(),
            metadata: metadata.into(),
            original: text.clone().into_owned(),
        })
    }

    /// A version of these parts, which are not checked (`semver.New`).
    pub fn new(major: u64, minor: u64, patch: u64, pre: &str, metadata: &str) -> Version {
        let mut v =
            Version { major, minor, patch, pre: pre.into(), metadata: metadata.into(), original: String::new() };
        v.original = v.to_string();
        v
    }

    /// The same version, said to be parsed from that text.
    pub fn with_original(mut self, original: &str) -> Version {
        self.original = original.into();
        self
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.major
    }

    /// The second number.
    pub fn minor(&self) -> u64 {
        self.minor
    }

    /// The third number.
    pub fn patch(&self) -> u64 {
        self.patch
    }

    /// The pre-release, without its `-`; empty if there is none.
    pub fn prerelease(&self) -> &str {
        &self.pre
    }

    /// The build metadata, without its `+`; empty if there is none.
    pub fn metadata(&self) -> &str {
        &self.metadata
    }

    /// The text that was parsed.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// Compares by precedence: build metadata does not count, and a pre-release
    /// comes before its release.
    pub fn compare(&self, other: &Version) -> Ordering {
        (self.major, self.minor, self.patch).cmp(&(other.major, other.minor, other.patch)).then_with(|| {
            match (self.pre.is_empty(), other.pre.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => compare_prerelease(&self.pre, &other.pre),
            }
        })
    }

    /// The next patch version; of a pre-release, its release.
    ///
    /// # Errors
    /// If the number would exceed 64 bits: the library panics with that text.
    pub fn inc_patch(&self) -> Result<Version, &'static str> {
        let patch = if self.pre.is_empty() {
            self.patch.checked_add(1).ok_or("patch version increment would overflow uint64")?
        } else {
            self.patch
        };
        Ok(self.next(self.major, self.minor, patch))
    }

    /// The next minor version.
    ///
    /// # Errors
    /// If the number would exceed 64 bits: the library panics with that text.
    pub fn inc_minor(&self) -> Result<Version, &'static str> {
        let minor = self.minor.checked_add(1).ok_or("minor version increment would overflow uint64")?;
        Ok(self.next(self.major, minor, 0))
    }

    /// The next major version.
    ///
    /// # Errors
    /// If the number would exceed 64 bits: the library panics with that text.
    pub fn inc_major(&self) -> Result<Version, &'static str> {
        let major = self.major.checked_add(1).ok_or("major version increment would overflow uint64")?;
        Ok(self.next(major, 0, 0))
    }

    /// The same version with another pre-release.
    ///
    /// # Errors
    /// If that is not valid.
    pub fn with_prerelease(&self, pre: &[u8]) -> Result<Version, Error> {
        let pre = std::str::from_utf8(pre).map_err(|_| Error::InvalidPrerelease)?;
        if !pre.is_empty() {
            validate_prerelease(pre)?;
        }
        let mut v = Version { pre: pre.into(), ..self.clone() };
        v.set_original(self);
        Ok(v)
    }

    /// The same version with other build metadata.
    ///
    /// # Errors
    /// If that is not valid.
    pub fn with_metadata(&self, metadata: &[u8]) -> Result<Version, Error> {
        let metadata = std::str::from_utf8(metadata).map_err(|_| Error::InvalidMetadata)?;
        if !metadata.is_empty() {
            validate_metadata(metadata)?;
        }
        let mut v = Version { metadata: metadata.into(), ..self.clone() };
        v.set_original(self);
        Ok(v)
    }

    fn next(&self, major: u64, minor: u64, patch: u64) -> Version {
        let mut v = Version { major, minor, patch, ..Version::default() };
        v.set_original(self);
        v
    }

    /// Sets the original text to what the version prints, with the `v` that it
    /// was made from.
    fn set_original(&mut self, from: &Version) {
        let prefix = if from.original.starts_with('v') { "v" } else { "" };
        self.original = format!("{prefix}{self}");
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

/// `strconv.ParseUint` for text of digits only.
fn parse_uint(digits: &str) -> Result<u64, String> {
    let cause = if digits.is_empty() { "invalid syntax" } else { "value out of range" };
    digits.parse().map_err(|_| format!("strconv.ParseUint: parsing \"{digits}\": {cause}"))
}

fn validate_prerelease(pre: &str) -> Result<(), Error> {
    for part in pre.split('.') {
        if part.is_empty() || !part.bytes().all(grammar::is_identifier) {
            return Err(Error::InvalidPrerelease);
        }
        if part.len() > 1 && part.starts_with('0') && part.bytes().all(|c| c.is_ascii_digit()) {
            return Err(Error::LeadingZero);
        }
    }
    Ok(())
}

fn validate_metadata(metadata: &str) -> Result<(), Error> {
    let valid = metadata.split('.').all(|part| !part.is_empty() && part.bytes().all(grammar::is_identifier));
    if valid { Ok(()) } else { Err(Error::InvalidMetadata) }
}

/// Compares pre-releases part by part (`comparePrerelease`); either may be empty.
pub(crate) fn compare_prerelease(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let (left, right) = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (left, right) => (left.unwrap_or(""), right.unwrap_or("")),
        };
        if left != right {
            return compare_part(left, right);
        }
    }
}

/// Compares two parts that differ: nothing before numbers before text.
fn compare_part(a: &str, b: &str) -> Ordering {
    if a.is_empty() || b.is_empty() {
        return a.len().cmp(&b.len());
    }
    match (parse_uint_part(a), parse_uint_part(b)) {
        (Some(a), Some(b)) if a > b => Ordering::Greater,
        (Some(_), Some(_) | None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

/// A part as a number. Unlike Rust's `parse`, Go's takes no sign.
fn parse_uint_part(part: &str) -> Option<u64> {
    part.bytes().all(|c| c.is_ascii_digit()).then(|| part.parse().ok())?
}
