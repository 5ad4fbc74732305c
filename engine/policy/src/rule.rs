//! The kind `Policy`, as it is written.

use std::collections::BTreeMap;

use contract::Severity;
use serde::Deserialize;

/// A document of a file of policies.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) metadata: Metadata,
    pub(crate) spec: Spec,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Spec {
    pub(crate) rules: Vec<Written>,
}

/// A rule as it is written: one field of several says what it asks.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Written {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) severity: Option<Severity>,
    #[serde(default)]
    pub(crate) message: Option<String>,
    #[serde(default, rename = "match")]
    pub(crate) of: Match,
    #[serde(default)]
    pub(crate) images: Option<Images>,
    #[serde(default)]
    pub(crate) cluster_scoped: Option<Scope>,
    #[serde(default)]
    pub(crate) pods: Option<Pods>,
    #[serde(default)]
    pub(crate) quota: Option<Quota>,
    #[serde(default)]
    pub(crate) cel: Option<String>,
}

/// What a rule asks of pods.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Pods {
    pub(crate) forbid: Vec<Forbidden>,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name, with that of its policy: `house/our-registry`.
    pub name: String,
    /// Whether what breaks it is refused, or only told.
    pub severity: Severity,
    /// What to say in place of the rule's own words.
    pub message: Option<String>,
    /// The objects that it is about.
    pub of: Match,
    /// What it asks.
    pub check: Check,
}

/// What a rule asks.
#[derive(Debug, Clone)]
pub enum Check {
    /// Where images come from.
    Images(Images),
    /// Which objects may belong to the whole cluster.
    ClusterScoped(Scope),
    /// What pods must not do.
    Pods(Vec<Forbidden>),
    /// How much the module may ask for, all objects together.
    Quota(Quota),
    /// An expression that is true for each object.
    Cel(crate::expression::Expression),
}

/// The objects that a rule is about; an empty list means all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Match {
    /// Kinds.
    pub kinds: Vec<String>,
    /// Namespaces.
    pub namespaces: Vec<String>,
    /// Components of the descriptor.
    pub components: Vec<String>,
}

/// Where images come from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Images {
    /// Registries, or repositories in them (`registry.example.org/shop`); empty: any.
    pub registries: Vec<String>,
    /// Each image has a tag that is not `latest`, or a digest.
    pub pinned: bool,
    /// Each image has a digest.
    pub digest: bool,
}

/// Which objects may belong to the whole cluster.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Scope {
    /// Kinds that may.
    pub allow: Vec<String>,
}

/// What a pod must not do. The names and what they cover follow Kubernetes' Pod Security Standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Forbidden {
    /// `privileged: true`
    Privileged,
    /// The node's network, processes or IPC.
    HostNamespaces,
    /// Folders of the node.
    HostPath,
    /// Ports of the node.
    HostPorts,
    /// Capabilities beyond those of the standard `baseline`.
    Capabilities,
    /// Becoming more than it started as: `allowPrivilegeEscalation` is not `false`.
    PrivilegeEscalation,
    /// Running as root: `runAsNonRoot` is not `true`, or `runAsUser` is 0.
    Root,
    /// Without a limit of memory.
    UnlimitedMemory,
}

/// How much a module may ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Quota {
    /// What pods request, by resource: `cpu`, `memory`.
    pub requests: BTreeMap<String, Amount>,
    /// What pods may use, by resource: `cpu`, `memory`.
    pub limits: BTreeMap<String, Amount>,
    /// All claimed volumes.
    pub storage: Option<Amount>,
    /// Pods, without those of DaemonSets.
    pub pods: Option<u64>,
    /// Objects.
    pub objects: Option<u64>,
}

/// A quantity, written as text or as a number.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum Amount {
    /// `500m`, `8Gi`
    Text(String),
    /// `4`
    Number(f64),
}
