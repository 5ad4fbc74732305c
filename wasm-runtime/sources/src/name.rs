//! The names that people give to Flux sources on the command line.

use flux::ChartSource;

use crate::source_error::SourceError;

/// `name`, `namespace/name` or `Kind/namespace/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourceName {
    kind: Option<String>,
    namespace: Option<String>,
    name: String,
}

/// Kinds of Flux sources, as they are written.
const KINDS: [&str; 6] =
    ["GitRepository", "HelmRepository", "OCIRepository", "Bucket", "ExternalArtifact", "HelmChart"];

impl SourceName {
    pub(crate) fn parse(text: &str) -> Result<SourceName, SourceError> {
        let parts: Vec<&str> = text.split('/').collect();
        let (kind, namespace, name) = match parts.as_slice() {
            [name] => (None, None, *name),
            [namespace, name] => (None, Some(*namespace), *name),
            [kind, namespace, name] => (Some(*kind), Some(*namespace), *name),
            _ => (None, None, ""),
        };
        if name.is_empty() || namespace == Some("") {
            return Err(SourceError::Name(text.to_owned()));
        }
        if let Some(kind) = kind.filter(|k| !KINDS.contains(k)) {
            return Err(SourceError::Kind { kind: kind.to_owned(), known: KINDS.join(", ") });
        }
        Ok(SourceName { kind: kind.map(Into::into), namespace: namespace.map(Into::into), name: name.into() })
    }

    /// Whether a source goes by this name.
    pub(crate) fn fits(&self, source: &ChartSource) -> bool {
        self.name == source.name
            && self.namespace.as_ref().is_none_or(|n| *n == source.namespace)
            && self.kind.as_ref().is_none_or(|k| *k == source.kind)
    }

    /// How much of the source it says.
    pub(crate) fn exactness(&self) -> u8 {
        u8::from(self.kind.is_some()) + u8::from(self.namespace.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_as_far_as_they_say() {
        let source = ChartSource { kind: "GitRepository".into(), namespace: "ds2".into(), name: "charts".into() };
        for (name, fits) in [
            ("charts", true),
            ("ds2/charts", true),
            ("GitRepository/ds2/charts", true),
            ("Bucket/ds2/charts", false),
            ("other/charts", false),
            ("chart", false),
        ] {
            assert_eq!(SourceName::parse(name).map(|n| n.fits(&source)), Ok(fits), "{name}");
        }
        for bad in ["", "/x", "x/", "a/b/c", "a/b/c/d"] {
            assert!(SourceName::parse(bad).is_err(), "{bad}");
        }
    }
}
