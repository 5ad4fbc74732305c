//! What calls make.

use serde::{Deserialize, Serialize};

use crate::bytes::{Base64, Text};
use crate::chart::ChartWanted;
use crate::input::FileGiven;
use crate::problem::Problem;
use crate::words::words;

/// What `plan` answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanOutput {
    /// The charts that are needed, as far as can be known without them.
    pub charts: Vec<ChartWanted>,
    /// What is wrong already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

/// What `expand` answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExpandOutput {
    /// The module chart's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its archive, a `.tgz`, if it was wanted; the same input gives the same bytes.
    pub archive: Base64,
    /// `sha256:` and the digest of the archive; empty without one.
    pub digest: String,
    /// Its files' paths.
    pub files: Vec<String>,
    /// Its files, if they were wanted.
    #[serde(rename = "chartFiles", default, skip_serializing_if = "Vec::is_empty")]
    pub chart_files: Vec<FileGiven>,
    /// What may not be as meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

/// What `check` answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckOutput {
    /// Everything that is wrong, by file and place.
    pub problems: Vec<Problem>,
    /// How many descriptors were found.
    #[serde(default)]
    pub descriptors: u32,
    /// Base charts that were not given: values for them are not checked. Give them and call again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<ChartWanted>,
}

/// What `render` answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RenderOutput {
    /// The manifests as one text, if it was wanted.
    #[serde(default)]
    pub text: Text,
    /// The objects, if they were wanted: by release, in the order of installation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<ObjectOut>,
    /// The documents, if they were wanted: CRDs file by file, manifests, hooks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentOut>,
    /// The releases, in the order in which they are installed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub releases: Vec<ReleaseOut>,
    /// The notes.
    #[serde(default)]
    pub notes: Text,
    /// What Helm warns of, without the form of its log.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The lines of Helm's log, if they were wanted ([`crate::Selection::log`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
    /// What is wrong: the rest still renders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// Charts that were not given: give them and call again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wanted: Vec<ChartWanted>,
    /// URLs of documents that schemas refer to and that were not given: give them as files and call again.
    #[serde(rename = "wantedDocuments", default, skip_serializing_if = "Vec::is_empty")]
    pub wanted_documents: Vec<String>,
    /// What templates asked of the world.
    #[serde(default)]
    pub asked: Asked,
}

/// A release that a render went through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReleaseOut {
    /// `namespace/name` of the HelmRelease; empty for the subject itself.
    pub helm_release: String,
    /// The release's name.
    pub name: String,
    /// The namespace that it is deployed to.
    pub namespace: String,
    /// The chart's name.
    pub chart: String,
    /// The chart's version, as templates see it.
    pub version: String,
    /// 1 for what the subject deploys, 2 for what the HelmReleases in it deploy, and so on.
    pub level: u32,
}

/// A rendered object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ObjectOut {
    /// What it is in its release.
    pub role: Role,
    /// The template that it comes from.
    pub source: String,
    /// 1: rendered from the subject; 2: from a chart that a HelmRelease in it names, and so on.
    pub level: u32,
    /// `apiVersion`
    pub api_version: String,
    /// `kind`
    pub kind: String,
    /// `metadata.name`
    pub name: String,
    /// `metadata.namespace`; that of the release if it has none.
    pub namespace: String,
    /// `namespace/name` of the HelmRelease that deploys it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helm_release: Option<String>,
    /// The component of the descriptor that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The chart's name and version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<String>,
    /// What kind of hook it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hook: Option<Hook>,
    /// Its text.
    pub text: Text,
}

/// What a template or a file of CRDs became, as `--output-dir` writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentOut {
    /// What it is in its release.
    pub role: Role,
    /// The template or file that it comes from.
    pub source: String,
    /// Its text.
    pub text: Text,
}

/// What an object is in its release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Role {
    /// It is installed, upgraded and deleted with the release.
    #[default]
    Manifest,
    /// It runs at a moment of the release's life.
    Hook,
    /// It is in `crds/`, and is installed before everything else.
    Crd,
}

words! {
    /// A moment of a release's life (`helm.sh/hook`).
    pub enum HookEvent {
        /// Before anything of the release is installed.
        PreInstall = "pre-install",
        /// After everything is installed.
        PostInstall = "post-install",
        /// Before anything is deleted.
        PreDelete = "pre-delete",
        /// After everything is deleted.
        PostDelete = "post-delete",
        /// Before anything is upgraded.
        PreUpgrade = "pre-upgrade",
        /// After everything is upgraded.
        PostUpgrade = "post-upgrade",
        /// Before anything is rolled back.
        PreRollback = "pre-rollback",
        /// After everything is rolled back.
        PostRollback = "post-rollback",
        /// When the release is tested.
        Test = "test",
    }
}

/// What kind of hook an object is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Hook {
    /// When it runs.
    pub events: Vec<HookEvent>,
    /// Its weight.
    pub weight: i64,
    /// When it is deleted, as its annotation says: `before-hook-creation`, `hook-succeeded`, `hook-failed`. Helm
    /// takes any word here.
    pub delete_policies: Vec<String>,
}

/// What templates asked of the world.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Asked {
    /// The objects that were looked up.
    pub lookups: Vec<Lookup>,
    /// Whether the time was asked.
    pub clock: bool,
    /// Whether random functions were called.
    pub random: bool,
}

/// A question that `lookup` asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Lookup {
    /// `v1`, `apps/v1` …
    pub api_version: String,
    /// `ConfigMap` …
    pub kind: String,
    /// The namespace; empty: all.
    pub namespace: String,
    /// The name; empty: all objects.
    pub name: String,
}

/// What `describe` answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DescribeOutput {
    /// The engine's version.
    pub version: String,
    /// The version of Helm whose output it gives.
    pub helm: String,
    /// The calls.
    pub exports: Vec<Export>,
    /// The limits where an input gives none.
    pub limits: crate::Limits,
    /// The JSON Schema of all calls: what [`crate::SCHEMA`] says.
    pub schema: serde_json::Value,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Export {
    /// Its name.
    pub name: Call,
    /// What it does.
    pub about: String,
}

words! {
    /// A call of the engine, by the name of its export.
    pub enum Call {
        /// Says which charts a descriptor or HelmReleases need.
        Plan = "plan",
        /// Expands a descriptor into a Helm chart.
        Expand = "expand",
        /// Finds everything that is wrong with descriptors.
        Check = "check",
        /// Renders a chart, or all levels of a descriptor or of HelmReleases.
        Render = "render",
        /// Says what the engine is and can.
        Describe = "describe",
    }
}
