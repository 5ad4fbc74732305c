//! What calls take.

use serde::Serialize;

use crate::bytes::{Base64, Text};
use crate::chart::{Archive, ChartGiven};

/// What is rendered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", try_from = "SubjectFields")]
pub enum Subject {
    /// A chart, as `helm template` renders it.
    Chart(Archive),
    /// A `HelmChartDescriptor`, through its HelmReleases.
    Descriptor(TextFile),
    /// Manifests with HelmReleases among them.
    Manifests(Vec<TextFile>),
}

/// A subject as it is written: one of its fields is there.
#[derive(record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SubjectFields {
    chart: Option<Archive>,
    descriptor: Option<TextFile>,
    manifests: Option<Vec<TextFile>>,
}

impl record::Empty for Subject {
    fn empty() -> Subject {
        Subject::Manifests(Vec::new())
    }
}

impl TryFrom<SubjectFields> for Subject {
    type Error = &'static str;

    fn try_from(fields: SubjectFields) -> Result<Subject, &'static str> {
        match (fields.chart, fields.descriptor, fields.manifests) {
            (Some(chart), None, None) => Ok(Subject::Chart(chart)),
            (None, Some(descriptor), None) => Ok(Subject::Descriptor(descriptor)),
            (None, None, Some(manifests)) => Ok(Subject::Manifests(manifests)),
            _ => Err("a subject has exactly one of `chart`, `descriptor` and `manifests`"),
        }
    }
}

/// A text with a name for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TextFile {
    /// How messages name it.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A file by the path with which options name it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FileGiven {
    /// The path.
    pub path: String,
    /// Its content; empty where it could not be read.
    pub data: Base64,
    /// Why it could not be read: the engine says so where it comes to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// What the user sets, by kind of flag, as `helm template` takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CapabilitiesGiven {
    /// The version of Kubernetes; Helm's default if none is given.
    pub kube_version: Option<String>,
    /// API versions beyond Helm's default.
    pub api_versions: Vec<String>,
}

/// The facts that base charts read of their platform, in place of
/// `icekube/idtconfigmap` and `icekube/idtsecret`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Clone, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct WorldGiven {
    /// YAML documents with the objects that `lookup` finds.
    pub objects: Vec<TextFile>,
    /// Objects that `lookup` does not find, and whose secrets must not be seen either: those that say where sources are,
    /// and with which credentials.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<TextFile>,
    /// The platform's facts.
    pub platform: Option<Platform>,
    /// The time: seconds since 1970.
    pub now: i64,
    /// Nanoseconds after [`WorldGiven::now`].
    pub now_nanos: u32,
    /// Seed of the random functions: same seed, same bytes. Without seed and key they fail.
    pub seed: Option<u64>,
    /// 32 bytes in place of a seed, for keys and passwords that must not be guessable.
    pub key: Option<Base64>,
    /// The Helm in the cluster's helm-controller.
    pub flux_helm: FluxHelm,
}

impl std::fmt::Debug for WorldGiven {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorldGiven")
            .field("objects", &self.objects.iter().map(|file| &file.name).collect::<Vec<_>>())
            .field("hidden", &self.hidden.iter().map(|file| &file.name).collect::<Vec<_>>())
            .field("platform", &self.platform)
            .field("now", &(self.now, self.now_nanos))
            .field("seed", &self.seed)
            .field("key", &self.key.as_ref().map(|_| "…"))
            .field("flux_helm", &self.flux_helm)
            .finish()
    }
}

/// The Helm that helm-controller is built with, where that makes a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// As Flux applies them: post-rendered, with labels of their origin.
    #[default]
    Flux,
    /// As Helm prints them.
    Helm,
}

/// Which parts of a render are wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// The text is not in the answer's JSON but behind it, byte by byte, after a zero: for hosts that take much of it.
    /// [`crate::parts`] tells both apart.
    #[serde(skip_serializing_if = "is_false")]
    pub raw: bool,
    /// The objects one by one.
    pub objects: bool,
    /// The documents of a chart as `--output-dir` writes them.
    pub documents: bool,
    /// What Helm writes to its log, as the lines that it writes.
    pub log: Log,
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
            raw: false,
            objects: true,
            documents: false,
            log: Log::None,
            level: None,
            levels: 8,
        }
    }
}

/// How much of Helm's log is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Log {
    /// Nothing.
    #[default]
    None,
    /// What Helm writes in any case.
    Info,
    /// What it writes with `--debug`, too.
    Debug,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// What `render` takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// What the given Secrets and the platform hold stays readable in what comes back.
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanInput {
    /// [`crate::API_VERSION`]
    pub api_version: String,
    /// What is to be rendered.
    pub subject: Subject,
}

/// What `expand` takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// In which form the chart is wanted.
    #[serde(default)]
    pub want: ExpandWant,
}

/// In which form `expand` gives the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ExpandWant {
    /// As an archive, with its digest.
    pub archive: bool,
    /// File by file: for hosts that read or load it at once, and would unpack the archive for that.
    pub files: bool,
}

impl Default for ExpandWant {
    fn default() -> ExpandWant {
        ExpandWant { archive: true, files: false }
    }
}

/// What `check` takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, record::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::chart::{ChartSource, ChartWanted, FetchFailure, FetchKind};

    fn there_and_back<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(full: &T) {
        let json = serde_json::to_string(full).unwrap();
        assert_eq!(&crate::read_json::<T>(json.as_bytes()).unwrap(), full, "{json}");
    }

    fn file() -> FileGiven {
        FileGiven { path: "p".into(), data: Base64(vec![0, 255]), failed: None }
    }

    fn text() -> TextFile {
        TextFile { name: "n".into(), text: "t".into() }
    }

    /// A chart of which every field says something.
    fn chart() -> ChartGiven {
        ChartGiven {
            wanted: ChartWanted {
                source: ChartSource { kind: "Bucket".into(), namespace: "ns".into(), name: "n".into() },
                chart: "c".into(),
                version: "1".into(),
                values_files: vec!["v".into()],
            },
            archive: Archive {
                name: "n".into(),
                digest: Some("d".into()),
                data: Some(Base64(vec![1])),
                files: Some(vec![file()]),
            },
            failed: Some(FetchFailure { kind: FetchKind::NotFound, message: "m".into() }),
            revision: Some("r".into()),
            values_files: vec![file()],
        }
    }

    #[test]
    fn every_field_is_read_as_it_is_written() {
        let (one, api_version) = (|| Some("1".to_owned()), "v".to_owned());
        let list = || vec!["a".to_owned(), "b".to_owned()];
        there_and_back(&RenderInput {
            api_version: api_version.clone(),
            subject: Subject::Chart(chart().archive),
            charts: vec![chart()],
            values: Layers {
                files: list(),
                yaml: vec!["a: 1".into(), Text(vec![255])],
                set_json: list(),
                set: list(),
                set_string: list(),
                set_file: list(),
                set_literal: list(),
            },
            files: vec![file()],
            release: ReleaseGiven { name: one(), name_template: one(), namespace: one(), upgrade: true },
            capabilities: CapabilitiesGiven { kube_version: one(), api_versions: list() },
            world: WorldGiven {
                objects: vec![text()],
                hidden: vec![text()],
                platform: Some(Platform {
                    registry: one(),
                    repository: one(),
                    domain: one(),
                    username: one(),
                    token: one(),
                    namespace: one(),
                }),
                now: -1,
                now_nanos: 2,
                seed: Some(u64::MAX),
                key: Some(Base64(vec![3])),
                flux_helm: FluxHelm::V4_2_4,
            },
            limits: Limits { steps: Some(1), depth: Some(2), output: Some(3), memory: Some(4) },
            mode: Mode::Helm,
            strict: true,
            skip_schema_validation: true,
            show_secrets: true,
            want: Selection {
                crds: true,
                hooks: false,
                tests: false,
                subchart_notes: true,
                show_only: list(),
                text: false,
                raw: true,
                objects: false,
                documents: true,
                log: Log::Debug,
                level: Some(1),
                levels: 3,
            },
        });
        there_and_back(&RenderInput::new(Subject::Manifests(vec![text(), text()])));
        there_and_back(&PlanInput { api_version: api_version.clone(), subject: Subject::Descriptor(text()) });
        there_and_back(&ExpandInput {
            api_version: api_version.clone(),
            descriptor: text(),
            charts: vec![chart()],
            skeletons: vec![text()],
            skeleton_folder: one(),
            want: ExpandWant { archive: false, files: true },
        });
        there_and_back(&CheckInput { api_version, descriptors: vec![text()], charts: vec![chart()] });
        for kind in [FetchKind::NotFound, FetchKind::Unreachable, FetchKind::Tampered, FetchKind::Invalid] {
            there_and_back(&kind);
        }
        for helm in [FluxHelm::V4_2_2, FluxHelm::V4_2_4] {
            there_and_back(&helm);
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let wrong = |json: serde_json::Value| crate::read_json::<RenderInput>(json.to_string().as_bytes()).unwrap_err();
        let with = |field: &str, value: serde_json::Value| {
            let mut json = serde_json::json!({"apiVersion": "v", "subject": {"manifests": []}});
            json[field] = value;
            json
        };
        for (json, message) in [
            (serde_json::json!([]), "invalid type: sequence, expected struct RenderInput"),
            (serde_json::json!({"apiVersion": "v"}), "missing field `subject`"),
            (
                with("subject", serde_json::json!({})),
                "subject: a subject has exactly one of `chart`, `descriptor` and `manifests`",
            ),
            (
                with("subject", serde_json::json!({"chart": {}, "manifests": []})),
                "subject: a subject has exactly one of `chart`, `descriptor` and `manifests`",
            ),
            (with("strict", serde_json::json!(1)), "strict: invalid type: integer, expected a boolean"),
            (with("strict", serde_json::json!(null)), "strict: invalid type: null, expected a boolean"),
            (with("mode", serde_json::json!("hlem")), "mode: unknown variant `hlem`, expected `flux` or `helm`"),
            (
                with("world", serde_json::json!({"nowNanos": -1})),
                "world.nowNanos: invalid value: integer, expected u32",
            ),
            (
                with("world", serde_json::json!({"platform": {"token": 12_345_678}})),
                "world.platform.token: invalid type: integer, expected a string",
            ),
            (
                with("limits", serde_json::json!({"steps": 0.5})),
                "limits.steps: invalid type: floating point, expected u64",
            ),
            (
                with("files", serde_json::json!([{"path": "p", "data": "AA=="}, {"path": "q"}])),
                "files[1]: missing field `data`",
            ),
            (with("files", serde_json::json!([{"path": "p", "data": "A"}])), "files[0].data: not base64: "),
            (
                with("values", serde_json::json!({"set": [[]]})),
                "values.set[0]: invalid type: sequence, expected a string",
            ),
        ] {
            let found = wrong(json).message;
            assert!(found.starts_with(message), "{found}, not {message}");
        }
        assert_eq!(wrong(with("mode", "hlem".into())).hints, [crate::Hint::DidYouMean("helm".into())]);
    }
}
