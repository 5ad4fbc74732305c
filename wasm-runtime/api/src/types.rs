//! The bodies that only the API has; all others are the contract's.

use std::collections::BTreeMap;

use contract::{ChartWanted, Problem, RenderOutput};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::openapi;

/// A descriptor by its namespace and name, both DNS-1123 labels.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    namespace: String,
    name: String,
}

impl Id {
    /// Reads both.
    ///
    /// # Errors
    /// Which of them is not a DNS-1123 label.
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Result<Id, &'static str> {
        let (namespace, name) = (namespace.into(), name.into());
        if !is_label(&namespace) {
            return Err("namespace");
        }
        if is_label(&name) { Ok(Id { namespace, name }) } else { Err("name") }
    }

    /// The namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// Whether a text is a DNS-1123 label.
pub fn is_label(text: &str) -> bool {
    let inside = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let bytes = text.as_bytes();
    matches!(bytes.len(), 1..=63)
        && bytes.iter().all(|&c| inside(c) || c == b'-')
        && bytes.first().is_some_and(|&c| inside(c))
        && bytes.last().is_some_and(|&c| inside(c))
}

/// What the server can do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    /// The version of the API.
    pub api_version: String,
    /// The server's version.
    pub version: String,
    /// What deploys descriptors here.
    pub deploys: Deploys,
    /// Whether the caller may change nothing.
    pub read_only: bool,
    /// Whether previews are judged by policies.
    pub policies: bool,
    /// The operations of the OpenAPI document that this server can carry out, and the caller may ask for.
    pub operations: Vec<String>,
    /// The most bytes of a body with a descriptor.
    pub descriptor_bytes: usize,
    /// The most bytes of a body for the engine.
    pub engine_bytes: usize,
}

/// What is known of a descriptor without its text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DescriptorHead {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The module's version.
    pub version: String,
    /// What the module is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Its labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Its version in the store, from 1.
    pub generation: u64,
    /// `sha256:` and the digest of the text.
    pub digest: String,
    /// When it was written: seconds since 1970.
    pub changed: i64,
    /// The bytes of the text.
    pub size: u64,
}

/// A descriptor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Descriptor {
    /// What is known of it.
    pub metadata: DescriptorHead,
    /// The YAML, as it was written.
    pub text: String,
}

/// A descriptor to be stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DescriptorInput {
    /// The YAML. Its `metadata` says the name and the namespace; without one, that is `default`.
    pub text: String,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DescriptorList {
    /// The descriptors, by namespace and name.
    pub items: Vec<DescriptorHead>,
    /// What to send as `continue` for the next page; missing on the last one.
    #[serde(rename = "continue", default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which descriptors are listed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Only those of a namespace.
    pub namespace: Option<String>,
    /// Only those with these labels: `team=shop,tier!=test,owner,!old`.
    pub labels: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 500, default = 100)]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(rename = "continue")]
    #[param(rename = "continue")]
    pub after: Option<String>,
}

/// The versions of a descriptor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct History {
    /// The newest first.
    pub items: Vec<Revision>,
}

/// A version of a descriptor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Revision {
    /// Its number.
    pub generation: u64,
    /// `sha256:` and the digest of the text.
    pub digest: String,
    /// When it was written: seconds since 1970.
    pub changed: i64,
    /// The bytes of the text.
    pub size: u64,
    /// Whether it is the one in use.
    pub current: bool,
}

/// Which version becomes the newest again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RollbackInput {
    /// Its number.
    #[schema(minimum = 1)]
    pub generation: u64,
}

/// What a descriptor would deploy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Preview {
    /// `sha256:` and the digest of what was rendered.
    pub digest: String,
    /// The render.
    #[schema(schema_with = openapi::render_output)]
    pub output: RenderOutput,
    /// What the policies say; missing where the server has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

/// What policies say of a render.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Verdict {
    /// Whether nothing breaks a rule.
    pub allowed: bool,
    /// What breaks a rule, or is refused by Kubernetes.
    #[schema(schema_with = openapi::problems)]
    pub problems: Vec<Problem>,
}

/// Two renders beside each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Difference {
    /// The digest of what is stored.
    pub from: String,
    /// The digest of what was given.
    pub to: String,
    /// Objects that the given one adds.
    pub added: Vec<ObjectName>,
    /// Objects that it takes away.
    pub removed: Vec<ObjectName>,
    /// Objects that it changes.
    pub changed: Vec<ObjectChange>,
    /// How many objects stay as they are.
    pub same: usize,
    /// What is wrong with the stored one: its objects may be incomplete.
    #[serde(rename = "fromProblems", default, skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = openapi::problems)]
    pub from_problems: Vec<Problem>,
    /// What is wrong with the given one.
    #[serde(rename = "toProblems", default, skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = openapi::problems)]
    pub to_problems: Vec<Problem>,
}

/// An object by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObjectName {
    /// `apiVersion`
    pub api_version: String,
    /// `kind`
    pub kind: String,
    /// `metadata.namespace`, or that of its release.
    pub namespace: String,
    /// `metadata.name`
    pub name: String,
}

/// An object that two renders have, with different texts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ObjectChange {
    /// Which one.
    pub object: ObjectName,
    /// The lines that differ, as a unified diff.
    pub diff: String,
}

/// The base charts that previews find.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BaseCharts {
    /// By source and name.
    pub items: Vec<BaseChart>,
    /// The places of sources that were given to the server, as `KIND/NAMESPACE/NAME`, `NAMESPACE/NAME` or `NAME`: their
    /// charts are fetched when a descriptor names them.
    pub sources: Vec<String>,
}

/// A base chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BaseChart {
    /// How a descriptor names it.
    #[schema(schema_with = openapi::chart_wanted)]
    pub wanted: ChartWanted,
    /// `sha256:` and the digest of its archive.
    pub digest: String,
    /// The bytes of its archive.
    pub size: u64,
}

/// A place that base charts come from, as a Flux source in a namespace: previews of descriptors find it by its name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Source {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// Its kind.
    pub kind: StoredSourceKind,
    /// Its URL.
    pub url: String,
    /// What of a repository is meant.
    #[serde(default, skip_serializing_if = "StoredSourceReference::is_empty")]
    pub reference: StoredSourceReference,
    /// Which credentials are stored, by their names; never what they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credentials: Vec<String>,
    /// Its version in the store, from 1.
    pub generation: u64,
    /// When it was written: seconds since 1970.
    pub changed: i64,
    /// `sha256:` and the digest of everything but the credentials.
    pub digest: String,
}

/// The kinds of Flux sources that a URL is enough for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum StoredSourceKind {
    /// A Git repository with charts in folders: `https`, `ssh`.
    #[default]
    GitRepository,
    /// A Helm repository: `https`, `oci`.
    HelmRepository,
    /// A chart in a registry: `oci`.
    OCIRepository,
}

impl StoredSourceKind {
    /// Its name in Flux.
    pub fn as_str(self) -> &'static str {
        match self {
            StoredSourceKind::GitRepository => "GitRepository",
            StoredSourceKind::HelmRepository => "HelmRepository",
            StoredSourceKind::OCIRepository => "OCIRepository",
        }
    }
}

/// What of a repository is meant, as in `spec.ref` of Flux; the first that is given counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StoredSourceReference {
    /// A commit of Git.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// A range of versions, over tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub semver: Option<String>,
    /// A tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// A branch of Git.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
}

impl StoredSourceReference {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == StoredSourceReference::default()
    }
}

/// A source to be stored.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceInput {
    /// Its kind.
    pub kind: StoredSourceKind,
    /// Its URL, without a user name or a password.
    #[schema(pattern = "^(https|http|ssh|oci)://[^/]+")]
    pub url: String,
    /// What of a repository is meant.
    #[serde(default)]
    pub reference: StoredSourceReference,
    /// Credentials by their names in a Secret of Flux: `username`, `password`, `bearerToken`, `ca.crt`, `tls.crt`,
    /// `tls.key`, `identity`, `known_hosts`. They are never answered. Without this field, those that are stored stay if
    /// the server in the URL is the same; `{}` takes them away.
    #[serde(default)]
    pub credentials: Option<BTreeMap<String, String>>,
}

impl std::fmt::Debug for SourceInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceInput").field("kind", &self.kind).field("url", &self.url).finish_non_exhaustive()
    }
}

/// The sources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SourceList {
    /// By namespace and name.
    pub items: Vec<Source>,
}

/// Which sources are listed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SourceQuery {
    /// Only those of a namespace.
    pub namespace: Option<String>,
}

/// What happened in the store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// What happened.
    pub action: Action,
    /// The namespace of the descriptor.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its version in the store.
    pub generation: u64,
}

/// What happened to a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is new.
    Created,
    /// It has another text.
    Replaced,
    /// It is gone.
    Deleted,
}

/// What deploys descriptors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Deploys {
    /// Nothing: the routes of releases answer 501.
    #[default]
    Nothing,
    /// A Git repository that Flux reads.
    Git,
    /// A cluster.
    Cluster,
}

/// A descriptor that is deployed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Release {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The version that is deployed.
    pub version: String,
    /// Whether a person stopped it.
    pub suspended: bool,
    /// Whether it is deployed at all: after `uninstall`, it is not.
    pub installed: bool,
    /// Whether it runs as it should; missing where only a cluster would know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<bool>,
    /// The last commit that changed it, in a Git repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Commit>,
    /// What is worth knowing: why it does not run, what was not written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A commit in a Git repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Commit {
    /// Its hash.
    pub id: String,
    /// When it was made: seconds since 1970.
    pub time: i64,
    /// The first line of its message.
    pub message: String,
}

/// The releases.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseList {
    /// By namespace and name.
    pub items: Vec<Release>,
}

/// What a release was before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseHistory {
    /// The newest first: the last 50.
    pub items: Vec<ReleaseRevision>,
}

/// A release at a commit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReleaseRevision {
    /// The commit.
    pub commit: Commit,
    /// The version that was deployed; missing where the commit took the release away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// What a release becomes again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRollbackInput {
    /// A commit of its history, at least seven characters of its hash, or a version: the newest commit that has it.
    #[schema(min_length = 1, max_length = 256)]
    pub revision: String,
}

/// What differs between what is deployed and what the stored descriptor deploys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Drift {
    /// Whether the descriptor is deployed at all.
    pub installed: bool,
    /// Whether nothing differs.
    pub same: bool,
    /// The files that differ.
    pub files: Vec<FileDrift>,
}

/// A file that differs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FileDrift {
    /// Its path in the repository.
    pub path: String,
    /// The lines that differ, from what is deployed to what is stored, as a unified diff.
    pub diff: String,
}

/// What a person may do to a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// Deploy the stored descriptor.
    Install,
    /// Take it away.
    Uninstall,
    /// Stop reconciling it.
    Suspend,
    /// Go on reconciling it.
    Resume,
    /// Reconcile it now.
    Reconcile,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_labels() {
        let long = "a".repeat(63);
        for good in ["a", "a-b", "0", "shop2", long.as_str()] {
            assert!(is_label(good), "{good}");
        }
        let longer = "a".repeat(64);
        for bad in ["", "-a", "a-", "A", "a.b", "a/b", "..", ".history", "a b", "ä", "a\0", "a\n", longer.as_str()] {
            assert!(!is_label(bad), "{bad:?}");
        }
        assert_eq!(Id::new("..", "a"), Err("namespace"));
        assert_eq!(Id::new("a", "../b"), Err("name"));
    }
}
