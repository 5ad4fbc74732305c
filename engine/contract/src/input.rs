//! What calls take.

use serde::{Deserialize, Serialize};

use crate::bytes::{Base64, Text};
use crate::chart::{Archive, ChartGiven};

/// What is rendered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Subject {
    /// A chart, as `helm template` renders it.
    Chart(Archive),
    /// A `HelmChartDescriptor`, through its HelmReleases.
    Descriptor(TextFile),
    /// Manifests with HelmReleases among them.
    Manifests(Vec<TextFile>),
}

/// A text with a name for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextFile {
    /// How messages name it.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A file by the path with which options name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileGiven {
    /// The path.
    pub path: String,
    /// Its content.
    pub data: Base64,
}

/// What the user sets, by kind of flag, as `helm template` takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Layers {
    /// Paths of values files; [`RenderInput::files`] has their content.
    pub files: Vec<String>,
    /// Texts of values, over the files.
    pub yaml: Vec<Text>,
    /// `--set-json`
    pub set_json: Vec<String>,
    /// `--set`
    pub set: Vec<String>,
    /// `--set-string`
    pub set_string: Vec<String>,
    /// `--set-file`
    pub set_file: Vec<String>,
    /// `--set-literal`
    pub set_literal: Vec<String>,
}

/// The release of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ReleaseGiven {
    /// Its name; `release-name` if none is given.
    pub name: Option<String>,
    /// `--name-template`: a template of its name, in place of one.
    pub name_template: Option<String>,
    /// Its namespace; `default` if none is given.
    pub namespace: Option<String>,
    /// Whether it is an upgrade.
    pub upgrade: bool,
}

/// What the cluster can do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CapabilitiesGiven {
    /// The version of Kubernetes; Helm's default if none is given.
    pub kube_version: Option<String>,
    /// API versions beyond Helm's default.
    pub api_versions: Vec<String>,
}

/// The facts that base charts read of their platform, in place of
/// `icekube/idtconfigmap` and `icekube/idtsecret`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Platform {
    /// The registry's host, such as `ghcr.io`.
    pub registry: Option<String>,
    /// The path in the registry.
    pub repository: Option<String>,
    /// The domain below which components get their host names.
    pub domain: Option<String>,
    /// The account in the registry.
    pub username: Option<String>,
    /// Its password or token. It appears in no output unless that is asked for.
    pub token: Option<String>,
    /// The namespace of the facts; `icekube` if none is given.
    pub namespace: Option<String>,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform")
            .field("registry", &self.registry)
            .field("repository", &self.repository)
            .field("domain", &self.domain)
            .field("username", &self.username.as_ref().map(|_| "…"))
            .field("token", &self.token.as_ref().map(|_| "…"))
            .field("namespace", &self.namespace)
            .finish()
    }
}

/// What templates see of the world.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct WorldGiven {
    /// YAML documents with the objects that `lookup` finds.
    pub objects: Vec<TextFile>,
    /// The platform's facts.
    pub platform: Option<Platform>,
    /// The time: seconds since 1970.
    pub now: i64,
    /// Nanoseconds after [`WorldGiven::now`].
    pub now_nanos: u32,
    /// Seed of the random functions: same seed, same bytes. Without seed and key they fail.
    pub seed: Option<u64>,
    /// 32 bytes in place of a seed, for keys and passwords that nobody must guess.
    pub key: Option<Base64>,
    /// The Helm in the cluster's helm-controller.
    pub flux_helm: FluxHelm,
}

impl std::fmt::Debug for WorldGiven {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorldGiven")
            .field("objects", &self.objects)
            .field("platform", &self.platform)
            .field("now", &(self.now, self.now_nanos))
            .field("seed", &self.seed)
            .field("key", &self.key.as_ref().map(|_| "…"))
            .field("flux_helm", &self.flux_helm)
            .finish()
    }
}

/// The Helm that helm-controller is built with, where that makes a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FluxHelm {
    /// helm-controller up to 1.6.2: where a template has several documents, each but the last loses the line breaks
    /// at its end.
    #[default]
    #[serde(rename = "4.2.2")]
    V4_2_2,
    /// helm-controller from 1.6.3 on: they stay.
    #[serde(rename = "4.2.4")]
    V4_2_4,
}

/// How far a render may go; the engine's defaults where nothing is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Limits {
    /// Most steps of templates.
    pub steps: Option<u64>,
    /// Most templates that run inside each other.
    pub depth: Option<usize>,
    /// Most bytes of output.
    pub output: Option<usize>,
    /// Most bytes of memory.
    pub memory: Option<usize>,
}

/// As whom objects are rendered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// As Flux applies them: post-rendered, with labels of their origin.
    #[default]
    Flux,
    /// As Helm prints them.
    Helm,
}

/// Which parts of a render are wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Selection {
    /// The files under `crds/`.
    pub crds: bool,
    /// Hooks.
    pub hooks: bool,
    /// Hooks that are tests.
    pub tests: bool,
    /// Notes of subcharts beside those of the chart.
    pub subchart_notes: bool,
    /// Only what these templates rendered (shell patterns).
    pub show_only: Vec<String>,
    /// The text that Helm prints.
    pub text: bool,
    /// The objects one by one.
    pub objects: bool,
    /// The documents of a chart as `--output-dir` writes them.
    pub documents: bool,
    /// Only the objects of this level, of all that are rendered.
    pub level: Option<u32>,
    /// Levels of HelmReleases that are followed; 2 is a module's workloads.
    pub levels: u32,
}

impl Default for Selection {
    fn default() -> Selection {
        Selection {
            crds: false,
            hooks: true,
            tests: true,
            subchart_notes: false,
            show_only: Vec::new(),
            text: true,
            objects: true,
            documents: false,
            level: None,
            levels: 8,
        }
    }
}

/// What `render` takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RenderInput {
    /// [`crate::API_VERSION`]
    pub api_version: String,
    /// What is rendered.
    pub subject: Subject,
    /// The charts that descriptors and HelmReleases name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charts: Vec<ChartGiven>,
    /// The user's values for the chart, or over those of the descriptor's release.
    #[serde(default)]
    pub values: Layers,
    /// The files that values and settings name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileGiven>,
    /// The chart's release.
    #[serde(default)]
    pub release: ReleaseGiven,
    /// What the cluster can do.
    #[serde(default)]
    pub capabilities: CapabilitiesGiven,
    /// What templates see of the world.
    #[serde(default)]
    pub world: WorldGiven,
    /// How far the render may go.
    #[serde(default)]
    pub limits: Limits,
    /// As whom objects are rendered.
    #[serde(default)]
    pub mode: Mode,
    /// A missing value is an error.
    #[serde(default)]
    pub strict: bool,
    /// Values are not compared with the charts' schemas.
    #[serde(default)]
    pub skip_schema_validation: bool,
    /// Credentials of the platform stay readable in what comes back.
    #[serde(default)]
    pub show_secrets: bool,
    /// Which parts are wanted.
    #[serde(default)]
    pub want: Selection,
}

impl RenderInput {
    /// An input that says what is rendered, and of everything else what is usual.
    ///
    /// ```
    /// use contract::{Archive, RenderInput, Subject};
    /// let input = RenderInput::new(Subject::Chart(Archive::default()));
    /// assert!(input.want.text && !input.strict);
    /// ```
    pub fn new(subject: Subject) -> RenderInput {
        RenderInput {
            api_version: crate::API_VERSION.to_owned(),
            subject,
            charts: Vec::new(),
            values: Layers::default(),
            files: Vec::new(),
            release: ReleaseGiven::default(),
            capabilities: CapabilitiesGiven::default(),
            world: WorldGiven::default(),
            limits: Limits::default(),
            mode: Mode::default(),
            strict: false,
            skip_schema_validation: false,
            show_secrets: false,
            want: Selection::default(),
        }
    }
}

/// What `plan` takes: which charts does this need?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanInput {
    /// [`crate::API_VERSION`]
    pub api_version: String,
    /// What is to be rendered.
    pub subject: Subject,
}

/// What `expand` takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExpandInput {
    /// [`crate::API_VERSION`]
    pub api_version: String,
    /// The descriptor.
    pub descriptor: TextFile,
    /// Its base charts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charts: Vec<ChartGiven>,
    /// Skeletons in place of those of the engine, by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skeletons: Vec<TextFile>,
    /// The folder that the skeletons are from, for messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skeleton_folder: Option<String>,
}

/// What `check` takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckInput {
    /// [`crate::API_VERSION`]
    pub api_version: String,
    /// The descriptors.
    pub descriptors: Vec<TextFile>,
    /// Their base charts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charts: Vec<ChartGiven>,
}
