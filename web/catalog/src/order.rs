//! The order of versions.

use std::cmp::Ordering;

use gosemver::Version as Semver;

use crate::types::{Module, Version};

/// Compares versions by precedence; texts that are no versions come before all others, in their own order.
///
/// ```
/// use chartwright_catalog::compare;
/// let mut versions = ["1.10.0", "latest", "2.0.0-rc.1", "1.9", "2.0.0"];
/// versions.sort_by(|a, b| compare(a, b));
/// assert_eq!(versions, ["latest", "1.9", "1.10.0", "2.0.0-rc.1", "2.0.0"]);
/// ```
pub fn compare(a: &str, b: &str) -> Ordering {
    match (parse(a), parse(b)) {
        (Some(a), Some(b)) => a.compare(&b),
        (Some(_), None) => Ordering::Greater,
        (None, Some(_)) => Ordering::Less,
        (None, None) => a.cmp(b),
    }
}

/// Whether a version comes before a release, such as `2.0.0-rc.1`.
pub fn is_prerelease(version: &str) -> bool {
    parse(version).is_some_and(|version| !version.prerelease().is_empty())
}

fn parse(version: &str) -> Option<Semver> {
    Semver::parse(version.as_bytes()).ok()
}

/// Sorts versions, newest first. Of equal ones, the order stays.
pub(crate) fn sort(versions: &mut [Version]) {
    versions.sort_by_cached_key(|version| std::cmp::Reverse(Key(parse(&version.version), version.version.clone())));
}

/// A version that is parsed once.
struct Key(Option<Semver>, String);

impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => a.compare(b),
            (Some(_), None) => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (None, None) => self.1.cmp(&other.1),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key {}

impl Version {
    /// Whether a page shows it rather than another one of its module: neither pre-releases nor deprecated versions
    /// first, then by age.
    pub fn is_preferred_to(&self, other: &Version) -> bool {
        let key = |version: &Version| (version.is_stable(), Key(parse(&version.version), version.version.clone()));
        key(self) > key(other)
    }

    fn is_stable(&self) -> bool {
        !self.deprecated && !is_prerelease(&self.version)
    }
}

impl Module {
    /// The version that a page shows first: the newest that is neither a pre-release nor deprecated, else the newest.
    /// `None` only where a module has no versions, which [`crate::Catalog::read`] refuses.
    pub fn newest(&self) -> Option<&Version> {
        self.versions.iter().find(|version| version.is_stable()).or_else(|| self.versions.first())
    }

    /// The version of that text; of an empty one, [`Module::newest`].
    pub fn find(&self, version: &str) -> Option<&Version> {
        if version.is_empty() { self.newest() } else { self.versions.iter().find(|v| v.version == version) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(versions: &[&str]) -> Module {
        let version = |text: &&str| {
            let (text, deprecated) = text.strip_suffix('!').map_or((*text, false), |text| (text, true));
            Version { version: text.to_owned(), deprecated, ..Version::default() }
        };
        let mut module = Module { versions: versions.iter().map(version).collect(), ..Module::default() };
        sort(&mut module.versions);
        module
    }

    #[test]
    fn the_newest_is_stable() {
        for (versions, sorted, newest) in [
            (&["1.9.0", "1.10.0"][..], "1.10.0 1.9.0", "1.10.0"),
            (&["1.0.0", "2.0.0-rc.1"], "2.0.0-rc.1 1.0.0", "1.0.0"),
            (&["1.0.0", "2.0.0!"], "2.0.0 1.0.0", "1.0.0"),
            (&["v1.0.0!", "junk"], "v1.0.0 junk", "junk"),
            (&["1.0.0-a!", "1.0.0-b!"], "1.0.0-b 1.0.0-a", "1.0.0-b"),
        ] {
            let module = module(versions);
            let texts: Vec<&str> = module.versions.iter().map(|v| v.version.as_str()).collect();
            assert_eq!(texts.join(" "), sorted);
            assert_eq!(module.find("").map(|v| v.version.as_str()), Some(newest), "{versions:?}");
        }
    }

    #[test]
    fn a_version_is_found_by_its_text() {
        let module = module(&["1.0.0", "v1.1.0"]);
        assert!(module.find("v1.1.0").is_some());
        assert!(module.find("1.1.0").is_none());
        assert!(Module::default().find("").is_none());
    }
}
