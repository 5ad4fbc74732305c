//! Where a source is.

use std::path::{Path, PathBuf};

use crate::access::{Access, Grant};
use crate::address::{Address, safe_text};
use crate::git::GitRef;
use crate::oci::{Reference, ReferenceError};
use crate::origin::Origin;
use crate::source_error::SourceError;

/// Where a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// A folder or archive on this machine.
    Path(PathBuf),
    /// A chart repository.
    Repository(Address, Grant),
    /// An archive: of a chart, or of a repository of charts.
    Archive(Address, Grant),
    /// A registry: a chart's repository, or the place of several charts.
    Registry(Oci),
    /// A Git repository.
    Git(Address, GitRef, Grant),
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
    pub(crate) grant: Grant,
}

impl Oci {
    /// Charts in a registry, with credentials for it.
    pub(crate) fn new(reference: Reference, access: Access) -> Result<Oci, ReferenceError> {
        let address = reference.address(access.plain_http, "")?;
        Ok(Oci { reference, semver: None, several: None, grant: access.granted_to(&address) })
    }
}

impl Location {
    /// Reads what follows the `=` of `--source`; relative paths start from `base`.
    ///
    /// # Errors
    /// If it is empty, or a URL that cannot be read.
    pub(crate) fn parse(text: &str, base: Option<&Path>, access: &Access) -> Result<Location, SourceError> {
        if text.is_empty() {
            return Err(SourceError::NoPlace);
        }
        let Some((scheme, _)) = text.split_once("://") else {
            let path = Path::new(text);
            return Ok(Location::Path(base.map_or_else(|| path.to_path_buf(), |base| base.join(path))));
        };
        let mut access = access.clone();
        let address =
            |text: &str| Address::parse(text).map_err(|cause| SourceError::Url { text: safe_text(text), cause });
        match scheme {
            "http" | "https" => {
                let mut address = address(text)?;
                access.prefer_from(&mut address);
                let archive = [".tgz", ".tar.gz", ".tar"].iter().any(|end| address.path().ends_with(end));
                let grant = access.granted_to(&address);
                Ok(if archive { Location::Archive(address, grant) } else { Location::Repository(address, grant) })
            }
            "oci" => {
                let failed = |cause| SourceError::Reference { text: safe_text(text), cause };
                Ok(Location::Registry(Oci::new(Reference::parse(text).map_err(failed)?, access).map_err(failed)?))
            }
            "git+https" | "git+http" | "git+ssh" | "git+file" | "ssh" => {
                let mut address = address(text.strip_prefix("git+").unwrap_or(text))?;
                let wanted = git_ref(&mut address)?;
                if address.scheme() == "ssh" {
                    // SSH knows the user by the address, and has keys for the rest.
                    address.drop_password();
                    if let (Some(user), None) = (&access.username, &access.password) {
                        address.name_user(user);
                    }
                } else {
                    access.prefer_from(&mut address);
                }
                let grant = access.granted_to(&address);
                Ok(Location::Git(address, wanted, grant))
            }
            _ => Err(SourceError::Scheme { scheme: scheme.to_owned(), text: safe_text(text) }),
        }
    }

    /// Where the source's server is, and what it was given; `None` for what is on this machine, and for SSH, which
    /// is given no password.
    pub(crate) fn server(&self) -> Option<(Origin, &Grant)> {
        match self {
            Location::Repository(address, grant)
            | Location::Archive(address, grant)
            | Location::Git(address, _, grant) => address.is_web().then(|| (address.origin(), grant)),
            Location::Registry(oci) => {
                let address = oci.reference.address(oci.grant.access().plain_http, "").ok()?;
                Some((address.origin(), &oci.grant))
            }
            Location::Path(_) | Location::Elsewhere(_) => None,
        }
    }

    /// Whether the repository that a chart's dependency names is this source, or a part of it: the same origin, and
    /// a path that is equal or below. Flux's source-controller finds credentials for dependencies by the address of
    /// a HelmRepository, too.
    pub(crate) fn has(&self, dependency: &Location) -> bool {
        match (self, dependency) {
            (Location::Repository(own, _), Location::Repository(other, _)) => {
                own.origin() == other.origin() && own.has_below(other)
            }
            (Location::Registry(own), Location::Registry(other)) => own.reference.has_below(&other.reference),
            _ => false,
        }
    }

    /// The same place, with what another source was given.
    pub(crate) fn with_grant_of(self, source: &Location) -> Location {
        match (self, source) {
            (Location::Repository(address, _), Location::Repository(_, grant)) => {
                Location::Repository(address, grant.clone())
            }
            (Location::Registry(oci), Location::Registry(source)) => {
                Location::Registry(Oci { grant: source.grant.clone(), ..oci })
            }
            (location, _) => location,
        }
    }

    /// The place as the lock file and messages have it: without secrets.
    pub(crate) fn shown(&self) -> String {
        match self {
            Location::Path(path) => path.display().to_string(),
            Location::Repository(address, _) | Location::Archive(address, _) => address.to_string(),
            Location::Registry(oci) => {
                let tag = oci.reference.tag.as_ref().map_or(String::new(), |t| format!(":{t}"));
                let digest = oci.reference.digest.as_ref().map_or(String::new(), |d| format!("@{d}"));
                format!("oci://{}{tag}{digest}", oci.reference.name())
            }
            Location::Git(address, wanted, _) => {
                let named = [
                    ("commit", &wanted.commit),
                    ("name", &wanted.name),
                    ("semver", &wanted.semver),
                    ("tag", &wanted.tag),
                    ("branch", &wanted.branch),
                    ("ref", &wanted.any),
                ];
                let named = named.iter().find_map(|(key, value)| Some(format!("?{key}={}", value.as_ref()?)));
                format!("git+{address}{}", named.unwrap_or_default())
            }
            Location::Elsewhere(what) => what.clone(),
        }
    }
}

/// Takes `?ref=`, `?branch=`, `?tag=`, `?semver=` and `?commit=` out of a Git URL.
fn git_ref(address: &mut Address) -> Result<GitRef, SourceError> {
    let mut wanted = GitRef::default();
    for (key, value) in address.take_query() {
        let value = Some(value);
        match &*key {
            "ref" => wanted.any = value,
            "branch" => wanted.branch = value,
            "tag" => wanted.tag = value,
            "semver" => wanted.semver = value,
            "commit" => wanted.commit = value,
            "name" => wanted.name = value,
            _ => return Err(SourceError::GitQuery(key)),
        }
    }
    Ok(wanted)
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
            ("git+https://example.org/r?path=x", "is not known in a Git URL"),
            ("oci://example.org", "missing registry or repository"),
            ("ext::sh -c x://y", "are not supported"),
            ("oci://me:s3cret@example.org/charts", "credentials do not belong"),
        ] {
            let got = Location::parse(bad, None, &Access::default()).map_err(|e| e.to_string());
            assert!(got.as_ref().is_err_and(|e| e.contains(why)), "{bad}: {got:?}");
        }
    }

    #[test]
    fn no_error_quotes_a_secret() {
        for bad in [
            "https://me:s3cret@h:port/x",
            "https://me:s3/cret@h/x",
            "ftp://me:s3cret@h/x?token=s3cret",
            "git+https://me:s3cret@h:port/x",
            "oci://me:s3cret@h/x",
            "oci://me:s3/cret@h/x",
        ] {
            let error = Location::parse(bad, None, &Access::default()).expect_err(bad).to_string();
            assert!(!error.contains("s3") && !error.contains("cret"), "{error}");
        }
    }

    #[test]
    fn dependencies_are_parts_of_a_source_by_whole_parts() {
        let location = |text| Location::parse(text, None, &Access::default()).expect("a place");
        for (source, dependency, want) in [
            ("https://h/charts", "https://h/charts/", true),
            ("https://h:443/charts", "https://H/charts/team", true),
            ("https://h/charts", "https://h/other", false),
            ("https://h/charts", "http://h/charts", false),
            ("https://h/charts", "https://h:8443/charts", false),
            ("https://h/charts", "oci://h/charts", false),
            ("oci://127.0.0.10:5000/charts", "oci://127.0.0.1/charts", false),
            ("oci://h:5000/charts", "oci://h:5000/charts", true),
            ("oci://h:5000/charts", "oci://h:5001/charts", false),
            ("git+https://h/charts", "https://h/charts", false),
            ("https://h/charts.tgz", "https://h/charts.tgz", false),
        ] {
            assert_eq!(location(source).has(&location(dependency)), want, "{source} {dependency}");
        }
    }
}
