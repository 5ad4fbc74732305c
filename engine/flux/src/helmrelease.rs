//! The HelmRelease: what a chart is released with.

use govalue::{Frozen, Str};

use crate::charts::{ChartSource, ChartWanted};

/// The API group of HelmReleases.
pub const GROUP: &str = "helm.toolkit.fluxcd.io";

/// A HelmRelease (`helm.toolkit.fluxcd.io/v2`), the fields that decide what it deploys.
///
/// [`HelmRelease::read`] makes one from an object; what depends on several
/// fields, such as the release's name, is a method with Flux's rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HelmRelease {
    /// `metadata.name`
    pub name: String,
    /// `metadata.namespace`, or where the object is applied.
    pub namespace: String,
    /// `spec.chart` or `spec.chartRef`
    pub chart: ChartRef,
    /// `spec.releaseName`
    pub release_name: Option<String>,
    /// `spec.targetNamespace`
    pub target_namespace: Option<String>,
    /// `spec.storageNamespace`
    pub storage_namespace: Option<String>,
    /// `spec.values`
    pub values: Frozen,
    /// `spec.valuesFrom`
    pub values_from: Vec<ValuesReference>,
    /// `spec.install`
    pub install: Action,
    /// `spec.upgrade`
    pub upgrade: Action,
    /// `spec.postRenderers`
    pub post_renderers: Vec<Kustomize>,
    /// `spec.postRenderStrategy`
    pub post_render_strategy: PostRenderStrategy,
    /// `spec.commonMetadata`
    pub common_metadata: CommonMetadata,
    /// `spec.dependsOn`
    pub depends_on: Vec<ObjectName>,
    /// `spec.serviceAccountName`
    pub service_account_name: Option<String>,
    /// `spec.suspend`
    pub suspend: bool,
    /// `spec.interval`
    pub interval: Option<String>,
}

/// A name with its namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl ObjectName {
    /// Both as one name.
    pub(crate) fn key(&self) -> Str {
        Str::from(format!("{}/{}", self.namespace, self.name))
    }
}

/// Where the chart of a HelmRelease comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChartRef {
    /// `spec.chart`: a chart in a source.
    Template(ChartTemplate),
    /// `spec.chartRef`: an `OCIRepository`, `HelmChart` or `ExternalArtifact` that is the chart.
    Reference(ChartSource),
}

impl Default for ChartRef {
    fn default() -> ChartRef {
        ChartRef::Template(ChartTemplate::default())
    }
}

/// `spec.chart.spec`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChartTemplate {
    /// The name of the chart, or its path in a `GitRepository` or `Bucket`.
    pub chart: String,
    /// A version or range; empty: the newest.
    pub version: String,
    /// The source.
    pub source: ChartSource,
    /// What makes a new version of the chart.
    pub reconcile_strategy: ReconcileStrategy,
    /// Files of the source that replace the chart's `values.yaml`.
    pub values_files: Vec<String>,
    /// Whether missing ones of them are left out.
    pub ignore_missing_values_files: bool,
}

/// `reconcileStrategy`: what makes a new version of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReconcileStrategy {
    /// A new `version` in `Chart.yaml`.
    #[default]
    ChartVersion,
    /// A new revision of the source.
    Revision,
}

/// An item of `spec.valuesFrom`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValuesReference {
    /// `ConfigMap` or `Secret`
    pub kind: String,
    /// Its name; it is in the HelmRelease's namespace.
    pub name: String,
    /// The key in its data; empty: `values.yaml`.
    pub values_key: String,
    /// Where the value goes; empty: the value is a YAML text of values.
    pub target_path: String,
    /// Whether it may be missing.
    pub optional: bool,
    /// Whether the value at `target_path` is taken as a literal string.
    pub literal: bool,
}

impl ValuesReference {
    /// The key in the data of the object.
    pub fn key(&self) -> &str {
        if self.values_key.is_empty() { "values.yaml" } else { &self.values_key }
    }
}

/// `spec.install` or `spec.upgrade`, as far as it decides what is deployed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Action {
    /// What happens to the files under `crds/`.
    pub crds: CrdsPolicy,
    /// Whether hooks do not run.
    pub disable_hooks: bool,
    /// Whether the values may break the chart's schema.
    pub disable_schema_validation: bool,
    /// Whether the target namespace is made (install only).
    pub create_namespace: bool,
}

/// What happens to the files under `crds/`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CrdsPolicy {
    /// They are not applied.
    Skip,
    /// Those that do not exist yet are created: what helm-controller does
    /// where nothing is said, on install and upgrade.
    #[default]
    Create,
    /// They are created or replaced.
    CreateReplace,
}

/// Whether hooks pass through post-renderers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PostRenderStrategy {
    /// Together with all else: Helm 4's way.
    #[default]
    Combined,
    /// By themselves.
    Separate,
    /// They do not: Helm 3's way.
    NoHooks,
}

/// `kustomize` of an item of `spec.postRenderers`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kustomize {
    /// Patches, in order.
    pub patches: Vec<Patch>,
    /// Images to be replaced.
    pub images: Vec<Image>,
}

/// A patch: strategic merge or JSON 6902.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    /// Its text.
    pub patch: String,
    /// What it patches; without, the object that it names.
    pub target: Option<Selector>,
}

/// What a patch is for. All patterns match whole texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// A pattern for the API group.
    pub group: String,
    /// A pattern for the API version.
    pub version: String,
    /// A pattern for the kind.
    pub kind: String,
    /// A pattern for the namespace.
    pub namespace: String,
    /// A pattern for the name.
    pub name: String,
    /// A selector of annotations, in the syntax of label selectors.
    pub annotation_selector: String,
    /// A label selector.
    pub label_selector: String,
}

/// An image to be replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// The name, without tag.
    pub name: String,
    /// The new name.
    pub new_name: String,
    /// The new tag.
    pub new_tag: String,
    /// The new digest, which replaces the tag.
    pub digest: String,
}

/// `spec.commonMetadata`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommonMetadata {
    /// Labels that all objects get.
    pub labels: Option<Vec<(String, String)>>,
    /// Annotations that all objects get.
    pub annotations: Option<Vec<(String, String)>>,
}

impl HelmRelease {
    /// Its name and namespace.
    pub fn id(&self) -> ObjectName {
        ObjectName { namespace: self.namespace.clone(), name: self.name.clone() }
    }

    /// The name of the release in Helm's storage: `releaseName`, or the target
    /// namespace and the name, shortened to 53 characters (`GetReleaseName`, `ShortenName`).
    pub fn release_name(&self) -> String {
        let full = match (non_empty(&self.release_name), non_empty(&self.target_namespace)) {
            (Some(name), _) => name.to_owned(),
            (None, Some(namespace)) => format!("{namespace}-{}", self.name),
            (None, None) => self.name.clone(),
        };
        crate::name::shorten(full)
    }

    /// The namespace that the chart's objects go to (`GetReleaseNamespace`).
    pub fn release_namespace(&self) -> &str {
        non_empty(&self.target_namespace).unwrap_or(&self.namespace)
    }

    /// The namespace of Helm's storage (`GetStorageNamespace`).
    pub fn storage_namespace(&self) -> &str {
        non_empty(&self.storage_namespace).unwrap_or(&self.namespace)
    }

    /// The labels that say which HelmRelease an object is from.
    pub(crate) fn origin(&self) -> [(String, String); 2] {
        [(format!("{GROUP}/name"), self.name.clone()), (format!("{GROUP}/namespace"), self.namespace.clone())]
    }

    /// The chart that it wants.
    pub fn wanted(&self) -> ChartWanted {
        match &self.chart {
            ChartRef::Reference(source) => ChartWanted { source: source.clone(), ..ChartWanted::default() },
            ChartRef::Template(chart) => ChartWanted {
                source: chart.source.clone(),
                chart: chart.chart.clone(),
                version: chart.version.clone(),
                values_files: chart.values_files.clone(),
            },
        }
    }
}

fn non_empty(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|t| !t.is_empty())
}
