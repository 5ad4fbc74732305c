//! The kind `HelmChartDescriptor`, version `chartwright.dev/v1alpha1`.
//!
//! The CRD and the JSON Schema are generated from these types by `cargo xtask
//! schema`, and their doc comments are what `kubectl explain` shows. The
//! attributes `schemars` are for these two alone: what is wrong with a file is
//! found by [`crate::read`] and [`mod@crate::check`], with a place and a hint.

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

mod source;
mod status;

pub use source::{ArtifactKind, ArtifactRef, DescriptorSource, DescriptorSourceSpec, SOURCE_KIND};
pub use status::{Artifact, Condition, Inputs, Inventory, InventoryEntry, Status};

/// `apiVersion` of the kinds here.
pub const API_VERSION: &str = "chartwright.dev/v1alpha1";

/// The group in [`API_VERSION`].
pub const GROUP: &str = "chartwright.dev";

/// `kind` of a descriptor.
pub const KIND: &str = "HelmChartDescriptor";

/// The longest name that Helm allows for a release.
pub const MAX_RELEASE_NAME: usize = 53;

/// Values for a chart, in the order in which they were written.
pub type Values = Map<String, Value>;

/// A module: its components, and values for the base charts that run them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = [{
    "rule": "self.spec.components.all(c, size(self.metadata.name) + 1 + size(c.name) <= 53)",
    "message": "the module's name and a component's, joined by '-', are the name of a release: 53 characters at most",
}])))]
#[serde(rename_all = "camelCase")]
pub struct HelmChartDescriptor {
    /// `chartwright.dev/v1alpha1`
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["chartwright.dev/v1alpha1"])))]
    pub api_version: String,
    /// `HelmChartDescriptor`
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["HelmChartDescriptor"])))]
    pub kind: String,
    /// Standard object metadata; the name is the module's and its chart's.
    pub metadata: Metadata,
    /// The contents of the module.
    pub spec: Spec,
    /// What a controller observed; ignored in files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::types::Status>"))]
    pub status: Option<Value>,
}

/// The part of Kubernetes' object metadata that is read here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub struct Metadata {
    /// The name, a DNS-1123 label; that of a module is the name of its chart too.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"), length(max = 51)))]
    pub name: String,
    /// Where the module is deployed unless `spec.release.targetNamespace` says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Other metadata: labels, annotations and the like.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The contents of a module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = [
    {
        "rule": "has(self.template) || self.components.all(c, has(c.template))",
        "message": "a component without a template uses spec.template, which is missing",
    },
    {
        "rule": "self.components.all(c, !has(c.dependsOn) || c.dependsOn.all(d, self.components.exists(o, o.name == d)))",
        "message": "dependsOn names a component that does not exist",
    },
])))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Spec {
    /// What the module's chart says about itself.
    pub module: Module,
    /// The base chart of every component that names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
    /// How the components are put into the module's chart.
    #[serde(default)]
    pub layout: Layout,
    /// The components, each deployed from a base chart.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
    #[cfg_attr(feature = "schema", schemars(extend(
        "x-kubernetes-list-type" = "map",
        "x-kubernetes-list-map-keys" = ["name"],
    )))]
    pub components: Vec<Component>,
    /// How the module itself is released.
    #[serde(default)]
    pub release: Release,
}

/// What the module's chart says about itself, in `Chart.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Module {
    /// The version of the chart: a semantic version.
    #[cfg_attr(
        feature = "schema",
        schemars(
            regex(pattern = r"^v?(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){0,2}(-[-0-9A-Za-z.]+)?(\+[-0-9A-Za-z.]+)?$"),
            length(max = 128),
        )
    )]
    pub version: String,
    /// The version of the software in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_version: Option<String>,
    /// One sentence about the module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// URL or data URL of an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// URL of the module's home page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<String>,
    /// URLs of the source code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Keywords for searches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Who maintains the module.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub maintainers: Vec<Maintainer>,
    /// The Kubernetes versions that the module runs on: a range such as `>=1.28.0-0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kube_version: Option<String>,
}

/// A maintainer of the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Maintainer {
    /// A person or an organisation.
    pub name: String,
    /// An email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A web page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A base chart and where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Template {
    /// The chart's name; in a `GitRepository` or `Bucket` a path is allowed, and a bare name means `./charts/NAME`.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 2048)))]
    pub chart: String,
    /// A version or a range of versions. Flux ignores it for `GitRepository` and `Bucket`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The Flux source that has the chart.
    pub source_ref: SourceRef,
    /// When Flux upgrades to a changed chart. Default: `Revision` for `GitRepository` and `Bucket`, else `ChartVersion`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconcile_strategy: Option<ReconcileStrategy>,
}

/// When Flux upgrades to a changed chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub enum ReconcileStrategy {
    /// When the version in `Chart.yaml` changes.
    ChartVersion,
    /// When the source's revision changes.
    Revision,
}

/// A Flux source.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SourceRef {
    /// What kind of source.
    pub kind: SourceKind,
    /// Its name.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 253)))]
    pub name: String,
    /// Its namespace; default: the module's namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 63)))]
    pub namespace: Option<String>,
}

/// The kinds of Flux sources that have charts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub enum SourceKind {
    /// A Git repository with charts in folders.
    #[default]
    GitRepository,
    /// A Helm repository, over HTTP or OCI.
    HelmRepository,
    /// A chart in an OCI registry.
    OCIRepository,
    /// Object storage with charts in folders.
    Bucket,
    /// An artifact that some controller made.
    ExternalArtifact,
}

/// How the components are put into the module's chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// A HelmRelease for each component; Flux installs each from its base chart.
    #[default]
    Releases,
    /// One chart that has the base charts as subcharts, under the components' names.
    Umbrella,
}

/// A component: a base chart with values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-validations" = [
    {
        "rule": "!has(self.dependsOn) || !(self.name in self.dependsOn)",
        "message": "a component cannot depend on itself",
        "fieldPath": ".dependsOn",
    },
    {
        "rule": "self.name != 'global'",
        "message": "Helm reserves the name global for values that all charts see",
        "fieldPath": ".name",
    },
])))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Component {
    /// The component's name: the key of its values, its host name, the end of its release's name.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"), length(max = 51)))]
    pub name: String,
    /// Its base chart, where it is not `spec.template`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
    /// The developer's values for the base chart. The operator's come on top of them.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub values: Values,
    /// The settings that the operator is expected to change, as text: they become `values.yaml` of the module's chart.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, Setting>"))]
    pub config: Values,
    /// Components that must be ready before this one is installed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 64), inner(length(max = 51))))]
    #[cfg_attr(feature = "schema", schemars(extend("x-kubernetes-list-type" = "set")))]
    pub depends_on: Vec<String>,
}

/// How the module itself is released.
#[derive(Clone, Debug, Default, PartialEq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Release {
    /// How often Flux reconciles the module: a duration such as `10m`, the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$")))]
    pub interval: Option<String>,
    /// The namespace to deploy to; default: the namespace of the descriptor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 63)))]
    pub target_namespace: Option<String>,
    /// The service account that Flux impersonates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 253)))]
    pub service_account_name: Option<String>,
    /// The operator's values for the module's chart, a key a component.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub values: Values,
    /// ConfigMaps and Secrets with further values, below `values`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values_from: Vec<ValuesReference>,
    /// Whether Flux stops reconciling the module.
    #[serde(default)]
    pub suspend: bool,
}

/// A ConfigMap or Secret with values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValuesReference {
    /// `ConfigMap` or `Secret`
    pub kind: ValuesKind,
    /// Its name, in the namespace of the release.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 253)))]
    pub name: String,
    /// The key in its data; default: `values.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^[-._a-zA-Z0-9]+$"), length(max = 253)))]
    pub values_key: Option<String>,
    /// Where the value goes, as a path of `--set`; the root by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(regex(pattern = r"^([a-zA-Z0-9_\-.\\/]|\[[0-9]{1,5}\])+$"), length(max = 250),)
    )]
    pub target_path: Option<String>,
    /// Whether it may be missing.
    #[serde(default)]
    pub optional: bool,
}

/// The kinds of objects that have values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
pub enum ValuesKind {
    /// Plain text.
    #[default]
    ConfigMap,
    /// Sensitive text.
    Secret,
}

/// A setting: a value of a component's `config`.
#[cfg(feature = "schema")]
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it stands for its schema")]
enum Setting {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// A boolean.
    Boolean(bool),
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::read::{DESCRIPTOR_SCHEMA, SOURCE_SCHEMA};

    /// A value with every field of the schema.
    fn full(schema: &Value) -> Value {
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            return words.last().cloned().unwrap_or_default();
        }
        let ty = schema.get("type");
        match ty.and_then(Value::as_str).or_else(|| ty?.get(0)?.as_str()) {
            Some("object") => match schema.get("properties").and_then(Value::as_object) {
                Some(fields) => fields.iter().map(|(name, schema)| (name.clone(), full(schema))).collect(),
                None => serde_json::json!({"some": "value"}),
            },
            Some("array") => vec![full(&schema["items"])].into(),
            // What is not the default.
            Some("boolean") => (schema["default"] != true).into(),
            Some("integer") => 7.into(),
            Some("string") => "text".into(),
            _ => panic!("{schema}"),
        }
    }

    #[test]
    fn every_field_of_the_schemas_is_read_as_it_is_written() {
        let value = full(&serde_json::from_str(DESCRIPTOR_SCHEMA).unwrap());
        let descriptor = HelmChartDescriptor::deserialize(&value).unwrap();
        assert!(descriptor.spec.release.suspend && descriptor.spec.components[0].template.is_some(), "{value}");
        assert_eq!(serde_json::to_value(&descriptor).unwrap(), value);
        let value = full(&serde_json::from_str(SOURCE_SCHEMA).unwrap());
        let source = DescriptorSource::deserialize(&value).unwrap();
        assert!(!source.spec.prune && source.spec.suspend, "{value}");
        assert_eq!(serde_json::to_value(&source).unwrap(), value);
    }
}
