//! The manifests of a release, in the order of their installation.

use std::error::Error;
use std::fmt;
use std::ops::Range;

use govalue::Str;
use govalue::sort::sort_by_cached_key;

use super::head::Head;
use super::heads::Heads;
use super::hook::{HOOK, Hook};
use super::order::install_key;
use super::split::split;
use crate::chart::Bytes;
use crate::{Level, Warning, Warnings};

/// A manifest that is not a hook.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The template that it comes from.
    pub source: Str,
    /// Its text.
    pub text: Bytes,
    /// What it is.
    pub head: Head,
}

/// Manifests and hooks, each in the order of their installation.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    /// The manifests.
    pub manifests: Vec<Manifest>,
    /// The hooks.
    pub hooks: Vec<Hook>,
}

/// A rendered document that is not YAML, or has a head of wrong types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    source: Str,
    message: String,
    line: Option<usize>,
}

impl ManifestError {
    /// The template that rendered it.
    pub fn template(&self) -> &Str {
        &self.source
    }

    /// The line in the rendered file, counted from 1, where that is known.
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "YAML parse error on {}: {}", self.source, self.message)
    }
}

impl Error for ManifestError {}

/// Splits rendered files, sorted by name, into manifests and hooks and sorts
/// them (`SortManifests`). Partials (`_*`) and blank files are left out.
///
/// # Errors
/// The first document that cannot be read.
pub fn sort(files: &[(Str, Bytes)], heads: &mut Heads, warnings: &mut Warnings) -> Result<Sorted, ManifestError> {
    sort_split(files, split, heads, warnings)
}

/// What parts a file into documents.
pub type Split = fn(&[u8]) -> Vec<Range<usize>>;

/// As [`sort`], with another way to part files.
///
/// # Errors
/// As [`sort`].
pub fn sort_split(
    files: &[(Str, Bytes)],
    split: Split,
    heads: &mut Heads,
    warnings: &mut Warnings,
) -> Result<Sorted, ManifestError> {
    let mut sorted = Sorted::default();
    heads.begin();
    for (name, content) in files {
        let base = name.rsplit(|&b| b == b'/').next().expect("a split has a first part");
        if base.starts_with(b"_") {
            continue;
        }
        for (index, range) in split(content).into_iter().enumerate() {
            let start = range.start;
            let text = content.slice(range);
            let head = heads.parse(name, index, &text).map_err(|e| ManifestError {
                source: name.clone(),
                message: e.message().to_owned(),
                line: e.line().map(|l| l + content[..start].iter().filter(|&&b| b == b'\n').count()),
            })?;
            match head.annotation(HOOK).cloned() {
                None => sorted.manifests.push(Manifest { source: name.clone(), text, head }),
                Some(events) => match Hook::new(name.clone(), text, head, &events) {
                    Some(hook) => sorted.hooks.push(hook),
                    None => warnings.push(
                        Warning::at(Level::Info, "skipping unknown hooks").with("hookTypes", events.to_str_lossy()),
                    ),
                },
            }
        }
    }
    sort_by_cached_key(&mut sorted.manifests, |m| install_key(&m.head.kind));
    sort_by_cached_key(&mut sorted.hooks, |h| install_key(&h.head.kind));
    Ok(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, content: &str) -> (Str, Bytes) {
        (Str::from(name), Bytes::from(content.as_bytes()))
    }

    #[test]
    fn manifests_are_sorted_by_kind_and_hooks_apart() {
        let files = [
            file("c/a.yaml", "kind: Zebra\n---\nkind: Service\nmetadata: {name: one}\n---\nkind: Ape\n"),
            file("c/b.yaml", "kind: Service\nmetadata: {name: two}\n---\nkind: Namespace\n"),
            file("c/_partial.yaml", "kind: [\n"),
            file("c/h.yaml", "kind: Job\nmetadata: {annotations: {helm.sh/hook: test, helm.sh/hook-weight: 3}}\n"),
            file("c/u.yaml", "kind: Job\nmetadata: {annotations: {helm.sh/hook: never}}\n"),
        ];
        let mut warnings = Warnings::default();
        let sorted = sort(&files, &mut Heads::default(), &mut warnings).unwrap();
        let kinds: Vec<_> = sorted.manifests.iter().map(|m| format!("{}{}", m.head.kind, m.head.name)).collect();
        assert_eq!(kinds, ["Namespace", "Serviceone", "Servicetwo", "Ape", "Zebra"]);
        assert_eq!(sorted.hooks.iter().map(|h| h.weight).collect::<Vec<_>>(), [3]);
        assert_eq!(warnings.len(), 1);
    }

    #[test]
    fn an_error_names_the_template_and_the_line() {
        let files = [file("c/a.yaml", "kind: A\n---\nb: c: d\n")];
        let error = sort(&files, &mut Heads::default(), &mut Warnings::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "YAML parse error on c/a.yaml: error converting YAML to JSON: \
             yaml: mapping values are not allowed in this context"
        );
    }
}
