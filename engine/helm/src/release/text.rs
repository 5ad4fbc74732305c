//! What `helm template` prints.

use std::error::Error;
use std::fmt;

use super::run::Release;
use crate::chart::Bytes;
use crate::manifest::{split, trim_space};
use goglob::path_match;

/// Writes a document under its `# Source:` line.
pub fn append_source(out: &mut Vec<u8>, source: &[u8], text: &[u8]) {
    out.extend_from_slice(b"---\n# Source: ");
    out.extend_from_slice(source);
    out.push(b'\n');
    out.extend_from_slice(text);
    out.push(b'\n');
}

/// The manifests of a release as one text: CRDs first if wanted, hooks last,
/// tests left out if wanted.
///
/// ```
/// use helm::release::{Release, manifests_text};
/// assert_eq!(manifests_text(&Release::default(), false, true, false), b"\n");
/// ```
pub fn manifests_text(release: &Release, crds: bool, hooks: bool, skip_tests: bool) -> Vec<u8> {
    let crds = if crds { release.crds.as_slice() } else { &[] };
    let hooks = if hooks { release.sorted.hooks.as_slice() } else { &[] };
    let hooks = hooks.iter().filter(|h| !(skip_tests && h.is_test()));
    let documents = || {
        let crds = crds.iter().map(|c| (c.filename.as_bytes(), &c.file.data));
        crds.chain(release.sorted.manifests.iter().map(|m| (m.source.as_bytes(), &m.text)))
    };
    let size = |(source, text): (&[u8], &Bytes)| source.len() + text.len() + 16;
    let total: usize = documents().map(size).chain(hooks.clone().map(|h| size((&h.source, &h.text)))).sum();
    let mut out = Vec::with_capacity(total + 1);
    for (source, text) in documents() {
        append_source(&mut out, source, text);
    }
    let end = trim_space(&out).len();
    out.truncate(end);
    out.push(b'\n');
    for hook in hooks {
        append_source(&mut out, &hook.source, &hook.text);
    }
    out
}

/// A template that `--show-only` names and that rendered nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowError(String);

impl fmt::Display for ShowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not find template {} in chart", self.0)
    }
}

impl Error for ShowError {}

/// The documents of a manifest text that come from the templates that the
/// patterns match, in the order of the patterns (`--show-only`).
///
/// # Errors
/// If a pattern matches nothing; the documents before it are lost, as with Helm.
pub fn show_only(manifests: &[u8], patterns: &[String]) -> Result<Vec<u8>, ShowError> {
    let documents: Vec<(&[u8], &[u8])> = split(manifests)
        .into_iter()
        .filter_map(|range| {
            let document = &manifests[range];
            Some((template_of(document)?, document))
        })
        .collect();
    let mut out = Vec::new();
    for pattern in patterns {
        let before = out.len();
        for (_, document) in documents.iter().filter(|(name, _)| path_match(pattern.as_bytes(), name) == Ok(true)) {
            out.extend_from_slice(b"---\n");
            out.extend_from_slice(document);
            out.push(b'\n');
        }
        if out.len() == before {
            return Err(ShowError(pattern.clone()));
        }
    }
    Ok(out)
}

/// What the regular expression `# Source: [^/]+/(.+)` finds.
fn template_of(document: &[u8]) -> Option<&[u8]> {
    const MARK: &[u8] = b"# Source: ";
    let mut rest = document;
    loop {
        let at = crate::engine::find(rest, MARK)?;
        rest = &rest[at + MARK.len()..];
        let slash = rest.iter().position(|&b| b == b'/');
        if let Some(slash) = slash.filter(|&s| s > 0) {
            let name = &rest[slash + 1..];
            let end = name.iter().position(|&b| b == b'\n').unwrap_or(name.len());
            if end > 0 {
                return Some(&name[..end]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_asked_for_is_shown() {
        let text = b"---\n# Source: c/templates/a.yaml\na: 1\n---\n# Source: c/templates/b.yaml\nb: 2\n";
        let show = |p: &str| show_only(text, &[p.to_owned()]);
        assert_eq!(show("templates/b.yaml").unwrap(), b"---\n# Source: c/templates/b.yaml\nb: 2\n\n");
        assert_eq!(show("b.yaml").unwrap_err().to_string(), "could not find template b.yaml in chart");
    }
}
