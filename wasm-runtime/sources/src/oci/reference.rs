//! Names of charts in registries.

use url::ParseError;

use crate::address::Address;

/// Why a text does not name a repository in a registry, in the words of Helm's library.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// It has no slash.
    #[error("invalid reference: missing registry or repository")]
    Missing,
    /// A part has characters that it cannot have.
    #[error("invalid reference: invalid {what} {text:?}")]
    Part {
        /// Which part.
        what: &'static str,
        /// Its text.
        text: String,
    },
    /// A digest is not valid.
    #[error("invalid reference: invalid digest {0:?}: invalid checksum digest length")]
    Digest(String),
    /// A user name or password is before the host. They are given in other ways, and never quoted.
    #[error("invalid reference: credentials do not belong into the address of a registry")]
    Credentials,
    /// The registry is not a host.
    #[error("oci://{name}: {cause}")]
    Url {
        /// The registry and the repository.
        name: String,
        /// What is wrong with it.
        #[source]
        cause: ParseError,
    },
}

/// A repository in a registry, with a tag or digest where the reference has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Host and port.
    pub(crate) registry: String,
    pub(crate) repository: String,
    pub(crate) tag: Option<String>,
    pub(crate) digest: Option<String>,
}

impl Reference {
    /// Reads `oci://host/path[:tag][@digest]`. A `+` in a tag means `_`.
    ///
    /// # Errors
    /// If it is not such a reference, with the message of Helm's library.
    pub(crate) fn parse(text: &str) -> Result<Reference, ReferenceError> {
        let rest = text.strip_prefix("oci://").unwrap_or(text);
        // A digest has no slash: this one has a user name and a password before its host.
        if rest.rsplit_once('@').is_some_and(|(_, after)| after.contains('/')) || rest.matches('@').count() > 1 {
            return Err(ReferenceError::Credentials);
        }
        let (rest, digest) = rest.split_once('@').map_or((rest, None), |(r, d)| (r, Some(d.to_owned())));
        let (registry, path) = rest.split_once('/').ok_or(ReferenceError::Missing)?;
        let (repository, tag) = match path.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')) {
            Some((repository, tag)) => (repository, Some(tag.replace('+', "_"))),
            None => (path, None),
        };
        let repository = repository.trim_end_matches('/');
        let fail = |what: &'static str, text: &str| Err(ReferenceError::Part { what, text: text.to_owned() });
        if registry.is_empty() || !registry.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b)) {
            return fail("registry", registry);
        }
        let part = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphanumeric())
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
        };
        if !repository.split('/').all(part) {
            return fail("repository", repository);
        }
        if let Some(tag) = tag.as_deref().filter(|t| !is_tag(t)) {
            return fail("tag", tag);
        }
        if let Some(digest) = digest.as_deref().filter(|d| !is_digest(d)) {
            return Err(ReferenceError::Digest(digest.to_owned()));
        }
        Ok(Reference { registry: registry.to_owned(), repository: repository.to_owned(), tag, digest })
    }

    /// The repository of a chart below this one.
    pub(crate) fn below(&self, chart: &str) -> Result<Reference, ReferenceError> {
        Reference::parse(&format!("{}/{}/{chart}", self.registry, self.repository))
    }

    /// Where the registry is spoken to. `what` is a path below the repository's own.
    pub(crate) fn address(&self, plain_http: bool, what: &str) -> Result<Address, ReferenceError> {
        let scheme = if plain_http { "http" } else { "https" };
        // Docker's registry answers at another name.
        let host = if self.registry == "docker.io" { "registry-1.docker.io" } else { &self.registry };
        Address::parse(&format!("{scheme}://{host}/v2/{}/{what}", self.repository))
            .map_err(|cause| ReferenceError::Url { name: self.name(), cause })
    }

    /// Whether another repository is this one or lies below it, in the same registry.
    pub(crate) fn has_below(&self, other: &Reference) -> bool {
        self.registry.eq_ignore_ascii_case(&other.registry)
            && other
                .repository
                .strip_prefix(self.repository.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// `host/path`
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }
}

fn is_tag(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && !text.starts_with(['.', '-'])
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

pub(super) fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_helm_reads_them() {
        let reference = |repository: &str, tag: Option<&str>, digest: Option<&str>| Reference {
            registry: "example.org:5000".into(),
            repository: repository.into(),
            tag: tag.map(Into::into),
            digest: digest.map(Into::into),
        };
        let digest = format!("sha256:{}", "0a".repeat(32));
        for (text, want) in [
            ("oci://example.org:5000/charts/web", Ok(reference("charts/web", None, None))),
            ("example.org:5000/web:1.0.0+b.1", Ok(reference("web", Some("1.0.0_b.1"), None))),
            (&format!("oci://example.org:5000/web:1@{digest}"), Ok(reference("web", Some("1"), Some(&digest)))),
            ("oci://example.org", Err("invalid reference: missing registry or repository".to_owned())),
            ("oci://example.org/../x", Err("invalid reference: invalid repository \"../x\"".to_owned())),
            ("oci://example.org/Web", Err("invalid reference: invalid repository \"Web\"".to_owned())),
            (
                "oci://me:s3/cret@example.org/web",
                Err("invalid reference: credentials do not belong into the address of a registry".to_owned()),
            ),
            (
                "oci://example.org/web@sha256:1",
                Err("invalid reference: invalid digest \"sha256:1\": invalid checksum digest length".to_owned()),
            ),
        ] {
            assert_eq!(Reference::parse(text).map_err(|e| e.to_string()), want, "{text}");
        }
    }

    #[test]
    fn repositories_below_are_told_by_whole_parts() {
        let reference = |text| Reference::parse(text).expect("a reference");
        for (base, other, want) in [
            ("h:5000/charts", "h:5000/charts", true),
            ("h:5000/charts", "H:5000/charts/web", true),
            ("h:5000/charts", "h:5000/charts-of-others/web", false),
            ("h:5000/charts", "h/charts", false),
            ("127.0.0.10:5000/charts", "127.0.0.1/charts", false),
        ] {
            assert_eq!(reference(base).has_below(&reference(other)), want, "{base} {other}");
        }
    }
}
