//! `index.yaml`: what a chart repository has.

use std::collections::BTreeMap;

use goyaml::yaml::{Document, NodeKind, NodeRef, YamlError};
use serde::Deserialize;

/// Why an index cannot be read, with Helm's message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// There is nothing in it.
    #[error("empty index.yaml file")]
    Empty,
    /// It does not say that it is an index.
    #[error("no API version specified")]
    NoVersion,
    /// It is not YAML.
    #[error(transparent)]
    Yaml(#[from] YamlError),
}

/// A version of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) version: String,
    pub(crate) urls: Vec<String>,
    /// `sha256:…`, if the index has it.
    pub(crate) digest: Option<String>,
}

/// The versions of a chart in a repository's index; `None` where it has no such chart.
/// Only that part of the index is decoded: some are dozens of megabytes.
///
/// # Errors
/// If it is not an index, with Helm's message.
pub(crate) fn entries(text: &[u8], chart: &str) -> Result<Option<Vec<Entry>>, IndexError> {
    if text.is_empty() {
        return Err(IndexError::Empty);
    }
    if let Some(index) = json(text) {
        return match index.api_version.as_str() {
            "" => Err(IndexError::NoVersion),
            _ => Ok(index.entries.get(chart).map(|list| list.iter().flatten().map(JsonEntry::entry).collect())),
        };
    }
    let document = Document::parse(text)?;
    let root = document.root().filter(|r| r.kind() == NodeKind::Mapping);
    let Some(root) = root else { return Err(IndexError::NoVersion) };
    let version = field(root, "apiVersion");
    if version.is_none_or(|v| v.text().is_empty()) {
        return Err(IndexError::NoVersion);
    }
    let Some(list) = field(root, "entries").and_then(|entries| field(entries, chart)) else { return Ok(None) };
    let entry = |node: NodeRef<'_>| {
        let node = node.target();
        let version = text_of(field(node, "version")?)?;
        let urls = field(node, "urls").into_iter().flat_map(NodeRef::children).filter_map(text_of).collect();
        let digest = field(node, "digest").and_then(text_of).and_then(digest_of);
        Some(Entry { version, urls, digest })
    };
    Ok(Some(list.children().filter_map(entry).collect()))
}

/// An index in JSON, which Helm reads as such: YAML has other escapes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonIndex {
    #[serde(default)]
    api_version: String,
    #[serde(default)]
    entries: BTreeMap<String, Vec<Option<JsonEntry>>>,
}

#[derive(Deserialize)]
struct JsonEntry {
    #[serde(default)]
    version: String,
    #[serde(default)]
    urls: Vec<String>,
    #[serde(default)]
    digest: String,
}

impl JsonEntry {
    fn entry(&self) -> Entry {
        Entry { version: self.version.clone(), urls: self.urls.clone(), digest: digest_of(self.digest.clone()) }
    }
}

fn json(text: &[u8]) -> Option<JsonIndex> {
    let start = text.iter().find(|b| !b.is_ascii_whitespace())?;
    if *start == b'{' { serde_json::from_slice(text).ok() } else { None }
}

/// A digest with its algorithm, if there is one.
fn digest_of(text: String) -> Option<String> {
    let with = |text: String| if text.contains(':') { text } else { format!("sha256:{text}") };
    (!text.is_empty()).then(|| with(text))
}

/// All URLs of an index.
pub(crate) fn urls(text: &[u8]) -> Vec<String> {
    if let Some(index) = json(text) {
        return index.entries.into_values().flatten().flatten().flat_map(|e| e.urls).collect();
    }
    let Ok(document) = Document::parse(text) else { return Vec::new() };
    let entries = document.root().and_then(|root| field(root, "entries"));
    let charts = entries.into_iter().flat_map(|e| e.entries().map(|(_, list)| list.target()).collect::<Vec<_>>());
    let versions = charts.flat_map(|list| list.children().map(NodeRef::target).collect::<Vec<_>>());
    let urls = versions.filter_map(|version| field(version, "urls"));
    urls.flat_map(|urls| urls.children().filter_map(text_of).collect::<Vec<_>>()).collect()
}

/// The value at a key; the last one of equal keys.
fn field<'d>(node: NodeRef<'d>, key: &str) -> Option<NodeRef<'d>> {
    let found = node.entries().filter(|(k, _)| k.target().text() == key.as_bytes()).last()?;
    Some(found.1.target())
}

fn text_of(node: NodeRef<'_>) -> Option<String> {
    let node = node.target();
    (node.kind() == NodeKind::Scalar).then(|| String::from_utf8_lossy(node.text()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &[u8] = b"apiVersion: v1
entries:
  web:
  - &a {version: 1.0.0, urls: [web-1.0.0.tgz], digest: abc}
  - version: \"2.0\"
    urls:
    - https://example.org/web-2.0.tgz
  - null
  db: []
";

    #[test]
    fn only_the_wanted_chart_is_read() {
        let web = entries(INDEX, "web").expect("an index").expect("a chart");
        let versions: Vec<_> =
            web.iter().map(|e| (e.version.as_str(), e.urls.join(" "), e.digest.as_deref())).collect();
        assert_eq!(
            versions,
            [
                ("1.0.0", "web-1.0.0.tgz".to_owned(), Some("sha256:abc")),
                ("2.0", "https://example.org/web-2.0.tgz".to_owned(), None)
            ]
        );
        assert_eq!(entries(INDEX, "db"), Ok(Some(Vec::new())));
        assert_eq!(entries(INDEX, "cache"), Ok(None));
        assert_eq!(urls(INDEX), ["web-1.0.0.tgz", "https://example.org/web-2.0.tgz"]);
    }

    #[test]
    fn an_index_in_json_is_read_too() {
        let json = br#"{"apiVersion":"v1","entries":{"web":[{"version":"1.0.0","urls":["a\/b.tgz"]}]}}"#;
        let web = entries(json, "web").expect("an index").expect("a chart");
        assert_eq!(web[0].urls, ["a/b.tgz"]);
    }

    #[test]
    fn what_is_no_index_is_refused_in_helms_words() {
        for (text, want) in [
            (&b""[..], "empty index.yaml file"),
            (b"<html>", "no API version specified"),
            (b"entries: {}", "no API version specified"),
            (b"a: [", "error converting YAML to JSON: yaml: line 1: did not find expected node content"),
        ] {
            assert_eq!(entries(text, "web").map_err(|e| e.to_string()), Err(want.to_owned()));
        }
    }
}
