//! The suffix that a chart's version gets from the revision of its source.

use std::error::Error;
use std::fmt;

use gosemver::Version;
use govalue::Str;

/// A revision and a chart's version that do not go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionError {
    /// The chart's version is not a semantic version.
    Chart(String),
    /// The revision has another version than the chart.
    Mismatch {
        /// What is before the `@` of the revision.
        tag: String,
        /// The chart's version.
        version: String,
    },
    /// The revision has no digest of an algorithm, a colon and twelve or more digits.
    Revision(String),
    /// The digest cannot be part of a version.
    Metadata(String),
}

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VersionError::Chart(version) => write!(f, "invalid chart version {version}"),
            VersionError::Mismatch { tag, version } => {
                write!(f, "artifact revision {tag} does not match chart version {version}")
            }
            VersionError::Revision(revision) => write!(f, "invalid artifact revision {revision}"),
            VersionError::Metadata(message) => f.write_str(message),
        }
    }
}

impl Error for VersionError {}

/// Which rule makes a chart's version out of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// helm-controller, for an `OCIRepository`: there always is a digest.
    Oci,
    /// helm-controller, for an `ExternalArtifact`: where the revision has a digest.
    Artifact,
    /// source-controller, for a chart in a `GitRepository` or `Bucket` with the
    /// strategy `Revision`.
    Revision,
    /// The version stays as it is.
    Keep,
}

/// The version of the chart as it is installed (helm-controller's
/// `mutateChartWithSourceRevision`, source-controller's `buildFromTarballArtifact`).
/// `generation` is that of the HelmChart object, where it has files of values.
pub(crate) fn suffixed(
    version: &Str,
    revision: &str,
    rule: Rule,
    generation: Option<&str>,
) -> Result<Option<Str>, VersionError> {
    let tracked = match rule {
        Rule::Keep | Rule::Revision => false,
        Rule::Oci => true,
        Rule::Artifact => revision.contains(':'),
    };
    let commit = if rule == Rule::Revision { digits(revision).get(..12).or(Some(digits(revision))) } else { None };
    let parts: Vec<&str> = commit.into_iter().chain(generation).filter(|p| !p.is_empty()).collect();
    if !tracked && parts.is_empty() {
        return Ok(None);
    }
    let parsed = Version::parse(version).map_err(|_| VersionError::Chart(version.to_string()))?;
    let metadata = if tracked { tracked_digest(revision, version, &parsed)? } else { parts.join(".") };
    let version =
        parsed.with_metadata(metadata.as_bytes()).map_err(|e| VersionError::Metadata(e.to_string()))?.to_string();
    Ok(Some(Str::from(version)))
}

/// The first twelve digits of the digest in a revision whose tag, if it is a
/// version, is the chart's.
fn tracked_digest(revision: &str, version: &Str, parsed: &Version) -> Result<String, VersionError> {
    let tag = match revision.split_once('@') {
        Some((tag, _)) => tag.replace('_', "+"),
        None => revision.to_owned(),
    };
    let digest = match Version::parse(tag.as_bytes()) {
        Ok(tagged) => {
            let mut parts = revision.split('@');
            let (first, digest) = (parts.next().expect("a split has a first part"), parts.next());
            match digest {
                Some(digest) if parts.next().is_none() && tagged.compare(parsed).is_eq() => digest,
                _ => {
                    return Err(VersionError::Mismatch { tag: first.to_owned(), version: version.to_string() });
                }
            }
        }
        Err(_) => revision,
    };
    let invalid = || VersionError::Revision(digest.to_owned());
    let mut pair = digest.split(':');
    match (pair.next(), pair.next(), pair.next()) {
        (Some(_), Some(sha), None) => sha.get(..12).map(str::to_owned).ok_or_else(invalid),
        _ => Err(invalid()),
    }
}

/// The digits of a revision: `branch@sha1:…`, `sha1:…`, `sha256:…`, or itself.
fn digits(revision: &str) -> &str {
    let digest = revision.rsplit('@').next().expect("a split has a first part");
    digest.split_once(':').map_or(digest, |(_, digits)| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// Source: what helm-controller 1.6.2 installed a chart 0.1.0 as.
    #[test]
    fn versions_get_the_digest_of_their_artifact() {
        let long = "0.1.0+0123456789ab";
        let cases = [
            ("0.1.0@sha256:HEX", Ok(Some(long))),
            ("v0.1.0@sha256:HEX", Ok(Some(long))),
            ("0.1.0+abc@sha256:HEX", Ok(Some(long))),
            ("0.1.0_abc@sha256:HEX", Ok(Some(long))),
            ("latest@sha256:HEX", Ok(Some(long))),
            ("sha256:HEX", Ok(Some(long))),
            ("main@sha1:HEX", Ok(Some(long))),
            ("0.1.0", Ok(None)),
            ("anything", Ok(None)),
            ("0.2.0@sha256:HEX", Err("artifact revision 0.2.0 does not match chart version 0.1.0")),
            ("0.1.0@sha256:abc", Err("invalid artifact revision sha256:abc")),
            ("a:b:c", Err("invalid artifact revision a:b:c")),
        ];
        for (revision, want) in cases {
            let got = suffixed(&Str::from("0.1.0"), &revision.replace("HEX", HEX), Rule::Artifact, None);
            let got = got.map(|v| v.map(|v| v.to_string())).map_err(|e| e.to_string());
            assert_eq!(got, want.map(|v| v.map(str::to_owned)).map_err(str::to_owned), "{revision}");
        }
        let error = suffixed(&Str::from("one"), "sha256:0123456789abc", Rule::Oci, None).unwrap_err();
        assert_eq!(error.to_string(), "invalid chart version one");
        assert_eq!(
            suffixed(&Str::from("0.1.0"), "0.1.0", Rule::Oci, None).unwrap_err().to_string(),
            "artifact revision 0.1.0 does not match chart version 0.1.0"
        );
    }

    #[test]
    fn versions_get_the_commit_of_their_repository() {
        let cases = [
            ("main@sha1:HEX", Rule::Revision, None, Some("1.2.0+0123456789ab")),
            ("main@sha1:HEX", Rule::Revision, Some("1"), Some("1.2.0+0123456789ab.1")),
            ("sha256:HEX", Rule::Revision, None, Some("1.2.0+0123456789ab")),
            ("main@sha1:HEX", Rule::Keep, Some("3"), Some("1.2.0+3")),
            ("main@sha1:HEX", Rule::Keep, None, None),
            ("", Rule::Revision, None, None),
        ];
        for (revision, rule, generation, want) in cases {
            let got = suffixed(&Str::from("1.2.0"), &revision.replace("HEX", HEX), rule, generation).unwrap();
            assert_eq!(got.map(|v| v.to_string()).as_deref(), want, "{revision} {rule:?} {generation:?}");
        }
    }
}
