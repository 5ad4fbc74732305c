//! What `catalog.json` holds.

use contract::ChartWanted;
use serde::{Deserialize, Serialize};

/// `apiVersion` of a catalog.
pub const API_VERSION: &str = "chartwright.dev/catalog/v1alpha1";

/// The modules that a page offers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Catalog {
    /// [`API_VERSION`]
    pub api_version: String,
    /// What the page calls it.
    pub name: String,
    /// The modules, sorted by title.
    pub modules: Vec<Module>,
    /// How many modules are left out, because they cannot be shown.
    #[serde(skip)]
    pub left_out: usize,
}

/// A module: what people choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Module {
    /// What addresses name it by: lower-case letters, digits, `-`, `_` and `.`.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// What it is, in a sentence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The one group that it is listed in; empty: none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// Words that it is found by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Its picture: an address relative to `catalog.json`, `https:`, or `data:image/…`; empty: none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub icon: String,
    /// Its home page (`https:` or `http:`); empty: none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub home: String,
    /// It shows how errors look, and is listed under "examples of errors" only.
    #[serde(skip_serializing_if = "is_false")]
    pub example: bool,
    /// Its versions, newest first; never empty.
    pub versions: Vec<Version>,
}

/// A version of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Version {
    /// The version as it is written.
    pub version: String,
    /// The version of what it deploys.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub app_version: String,
    /// When it was published, in RFC 3339; empty: not known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub created: String,
    /// Whether its authors advise against it.
    #[serde(skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// What is at [`Version::url`].
    pub kind: Kind,
    /// Where it is, relative to `catalog.json`.
    pub url: String,
    /// `sha256:` and the digest of the bytes at [`Version::url`]; empty where an index does not say it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// How many bytes are at [`Version::url`]; 0: not known.
    #[serde(skip_serializing_if = "is_zero")]
    pub size: u64,
    /// The platform facts that it asks for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Fact>,
    /// The base charts of a descriptor.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub charts: Vec<BaseChart>,
    /// What it deploys, from a render; `None` where nobody has rendered it yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<Facts>,
}

/// What an address of a version leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A Helm chart's archive.
    #[default]
    Chart,
    /// A `HelmChartDescriptor`: YAML.
    Descriptor,
}

/// A fact of the platform: a field of [`contract::Platform`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Fact {
    /// The registry's host.
    Registry,
    /// The path in the registry.
    Repository,
    /// The domain below which components get their host names.
    Domain,
    /// The account in the registry, and its token.
    Credentials,
}

/// A chart that a descriptor names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BaseChart {
    /// What an engine asks for: [`contract::RenderOutput::wanted`] and [`contract::PlanOutput::charts`] say the same.
    pub wanted: ChartWanted,
    /// Where its archive is, relative to `catalog.json`.
    pub url: String,
    /// `sha256:` and the digest of the archive.
    pub digest: String,
    /// The archive's size in bytes.
    #[serde(skip_serializing_if = "is_zero")]
    pub size: u64,
    /// The artifact's revision as Flux writes it, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}

/// What a render with default values and example facts of a platform deploys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    /// Objects that an installation leaves in the cluster: those of the last level, without hooks.
    pub objects: u32,
    /// Different images, without those that only tests run.
    pub images: u32,
    /// Addresses that can be reached from outside.
    pub urls: u32,
    /// Other ways in from outside: load balancers, ports of nodes, routes without a host of their own.
    #[serde(skip_serializing_if = "is_none")]
    pub exposed: u32,
    /// Bytes of all claimed volumes.
    pub storage: u64,
    /// Components of a descriptor; 1 for a chart.
    pub components: u32,
    /// Custom resource definitions.
    pub crds: u32,
    /// Objects that belong to no namespace, CRDs among them.
    pub cluster_scoped: u32,
    /// How far its accounts' rights reach.
    pub permissions: Reach,
    /// Errors of the render; a module that has some deploys less than it should, or nothing.
    pub problems: u32,
    /// The first error, in a sentence; empty: none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub problem: String,
}

/// How far rights reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reach {
    /// It creates no permissions.
    #[default]
    None,
    /// Within namespaces.
    Namespace,
    /// The whole cluster.
    Cluster,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_none(number: &u32) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference, which is smaller where pointers are")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}
