//! What is in a chart.

use serde::{Deserialize, Serialize};

/// A chart that the worker keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChartInfo {
    /// `sha256:` and the digest of its archive, by which requests name it.
    pub digest: String,
    /// `name` of `Chart.yaml`; the fields below are from there too.
    pub name: String,
    /// `version`
    pub version: String,
    /// `appVersion`
    pub app_version: String,
    /// `description`
    pub description: String,
    /// `icon`: an address, or a `data:` URL.
    pub icon: String,
    /// `home`
    pub home: String,
    /// `keywords`
    pub keywords: Vec<String>,
    /// `kubeVersion`
    pub kube_version: String,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// `dependencies`, with those of the charts below.
    pub dependencies: Vec<Dependency>,
    /// `values.yaml` as it is written.
    pub values: String,
    /// `values.schema.json` as it is written.
    pub schema: Option<String>,
    /// `questions.yaml` or `questions.yml` as it is written.
    pub questions: Option<String>,
    /// `README.md`.
    pub readme: Option<String>,
    /// All files, those of subcharts among them, sorted by path.
    pub files: Vec<ChartFile>,
}

/// A chart below another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Dependency {
    /// Its name, or its alias.
    pub name: String,
    /// The version that is wanted.
    pub version: String,
    /// Where it comes from.
    pub repository: String,
    /// The values that turn it on: `condition`.
    pub condition: String,
    /// Whether the archive has it.
    pub present: bool,
    /// Those below it.
    pub dependencies: Vec<Dependency>,
}

/// A file of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChartFile {
    /// Its path in the chart.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its text; `None` where it is not UTF-8 or larger than a megabyte.
    pub text: Option<String>,
}
