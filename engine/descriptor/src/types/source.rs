//! The kind `DescriptorSource`: where descriptors come from in GitOps mode.

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::Metadata;

/// `kind` of a [`DescriptorSource`].
pub const SOURCE_KIND: &str = "DescriptorSource";

/// Descriptors in a Flux source: those that are found there are applied, and removed with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DescriptorSource {
    /// `chartwright.dev/v1alpha1`
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["chartwright.dev/v1alpha1"])))]
    pub api_version: String,
    /// `DescriptorSource`
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["DescriptorSource"])))]
    pub kind: String,
    /// Standard object metadata.
    pub metadata: Metadata,
    /// Where the descriptors are, and what is done with them.
    pub spec: DescriptorSourceSpec,
    /// What a controller observed; ignored in files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::types::Status>"))]
    pub status: Option<Value>,
}

/// Where descriptors are, and what is done with them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DescriptorSourceSpec {
    /// The Flux source whose artifact has the descriptors.
    pub source_ref: ArtifactRef,
    /// The folder in it; the root by default. Folders below are searched too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 1024)))]
    pub path: Option<String>,
    /// How often the descriptors are reconciled: a duration such as `10m`, the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$")))]
    pub interval: Option<String>,
    /// Whether descriptors that are no longer in the source are removed, with everything that they deployed.
    #[serde(default = "yes")]
    pub prune: bool,
    /// Whether reconciliation is suspended.
    #[serde(default)]
    pub suspend: bool,
    /// The namespace of descriptors that name none; default: the namespace of this object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 63)))]
    pub target_namespace: Option<String>,
    /// The service account that is impersonated to apply the descriptors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 253)))]
    pub service_account_name: Option<String>,
}

/// A Flux source whose artifact is a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ArtifactRef {
    /// What kind of source.
    pub kind: ArtifactKind,
    /// Its name.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 253)))]
    pub name: String,
    /// Its namespace; default: the namespace of this object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 63)))]
    pub namespace: Option<String>,
}

/// The kinds of Flux sources whose artifact is a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub enum ArtifactKind {
    /// A Git repository.
    #[default]
    GitRepository,
    /// An artifact in an OCI registry.
    OCIRepository,
    /// Object storage.
    Bucket,
    /// An artifact that some controller made.
    ExternalArtifact,
}

fn yes() -> bool {
    true
}
