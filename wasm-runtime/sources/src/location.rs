//! Where a source is.

use std::path::{Path, PathBuf};

use url::Url;

use crate::SourceError;
use crate::access::Access;
use crate::git::GitRef;
use crate::http::shown;
use crate::oci::Reference;

/// Where a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// A folder or archive on this machine.
    Path(PathBuf),
    /// A chart repository.
    Repository(Url, Access),
    /// An archive: of a chart, or of a repository of charts.
    Archive(Url, Access),
    /// A registry: a chart's repository, or the place of several charts.
    Registry(Oci),
    /// A Git repository.
    Git(Url, GitRef, Access),
    /// A kind of source that is not read from here, and why.
    Elsewhere(String),
}

/// Charts in a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Oci {
    pub(crate) reference: Reference,
    /// A range over the tags.
    pub(crate) semver: Option<String>,
    /// Whether the reference is where charts are, and no chart itself.
    pub(crate) several: Option<bool>,
    pub(crate) access: Access,
}

impl Location {
    /// Reads what stands behind the `=` of `--source`; relative paths start from `base`.
    ///
    /// # Errors
    /// Where it is empty, or a URL that cannot be read.
    pub(crate) fn parse(text: &str, base: Option<&Path>, access: &Access) -> Result<Location, SourceError> {
        if text.is_empty() {
            return Err(SourceError::NoPlace);
        }
        let Some((scheme, _)) = text.split_once("://") else {
            let path = Path::new(text);
            return Ok(Location::Path(base.map_or_else(|| path.to_path_buf(), |base| base.join(path))));
        };
        let mut access = access.clone();
        let mut url = |text: &str| {
            let mut url =
                Url::parse(text).map_err(|e| SourceError::Url { text: text.to_owned(), why: e.to_string() })?;
            access.take_from(&mut url);
            Ok(url)
        };
        match scheme {
            "http" | "https" => {
                let url = url(text)?;
                let archive = [".tgz", ".tar.gz", ".tar"].iter().any(|end| url.path().ends_with(end));
                Ok(if archive { Location::Archive(url, access) } else { Location::Repository(url, access) })
            }
            "oci" => {
                let reference =
                    Reference::parse(text).map_err(|e| SourceError::Reference { text: text.to_owned(), why: e })?;
                Ok(Location::Registry(Oci { reference, semver: None, several: None, access }))
            }
            "git+https" | "git+http" | "git+ssh" | "git+file" | "ssh" => {
                let url = url(text.strip_prefix("git+").unwrap_or(text))?;
                let (mut url, wanted) = git_ref(url)?;
                // SSH knows the user by the URL, and has keys for the rest.
                if let ("ssh", Some(user), None) = (url.scheme(), &access.username, &access.password) {
                    let _ = url.set_username(user);
                }
                Ok(Location::Git(url, wanted, access))
            }
            _ => Err(SourceError::Scheme { scheme: scheme.to_owned(), text: text.to_owned() }),
        }
    }

    /// The place as the lock file and messages have it: without secrets.
    pub(crate) fn shown(&self) -> String {
        match self {
            Location::Path(path) => path.display().to_string(),
            Location::Repository(url, _) | Location::Archive(url, _) => shown(url),
            Location::Registry(oci) => {
                let tag = oci.reference.tag.as_ref().map_or(String::new(), |t| format!(":{t}"));
                let digest = oci.reference.digest.as_ref().map_or(String::new(), |d| format!("@{d}"));
                format!("oci://{}{tag}{digest}", oci.reference.name())
            }
            Location::Git(url, wanted, _) => {
                let named = [
                    ("commit", &wanted.commit),
                    ("name", &wanted.name),
                    ("semver", &wanted.semver),
                    ("tag", &wanted.tag),
                    ("branch", &wanted.branch),
                    ("ref", &wanted.any),
                ];
                let named = named.iter().find_map(|(key, value)| Some(format!("?{key}={}", value.as_ref()?)));
                format!("git+{}{}", shown(url), named.unwrap_or_default())
            }
            Location::Elsewhere(what) => what.clone(),
        }
    }
}

/// Takes `?ref=`, `?branch=`, `?tag=`, `?semver=` and `?commit=` out of a Git URL.
fn git_ref(mut url: Url) -> Result<(Url, GitRef), SourceError> {
    let mut wanted = GitRef::default();
    for (key, value) in url.query_pairs() {
        let value = Some(value.into_owned());
        match &*key {
            "ref" => wanted.any = value,
            "branch" => wanted.branch = value,
            "tag" => wanted.tag = value,
            "semver" => wanted.semver = value,
            "commit" => wanted.commit = value,
            "name" => wanted.name = value,
            other => {
                return Err(SourceError::GitQuery(other.to_owned()));
            }
        }
    }
    url.set_query(None);
    Ok((url, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_apart() {
        for (text, want) in [
            ("../charts", "../charts"),
            ("web-1.0.0.tgz", "web-1.0.0.tgz"),
            ("https://me:secret@example.org/charts?token=1", "https://example.org/charts"),
            ("https://example.org/web-1.0.0.tgz", "https://example.org/web-1.0.0.tgz"),
            ("oci://example.org/charts/web:1.0.0", "oci://example.org/charts/web:1.0.0"),
            ("git+https://me:secret@example.org/r.git?tag=v1", "git+https://example.org/r.git?tag=v1"),
            ("git+file:///r", "git+file:///r"),
        ] {
            let got = Location::parse(text, None, &Access::default()).map(|l| l.shown());
            assert_eq!(got.as_deref(), Ok(want), "{text}");
        }
        for (bad, why) in [
            ("", "a source has no place"),
            ("ftp://example.org", "ftp addresses are not supported"),
            ("https://", "is not a URL"),
            ("git+https://example.org/r?path=x", "means nothing in a Git address"),
            ("oci://example.org", "missing registry or repository"),
            ("ext::sh -c x://y", "are not supported"),
        ] {
            let got = Location::parse(bad, None, &Access::default()).map_err(|e| e.to_string());
            assert!(got.as_ref().is_err_and(|e| e.contains(why)), "{bad}: {got:?}");
        }
    }
}
