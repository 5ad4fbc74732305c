//! `Chart.yaml` and `Chart.lock`.

use govalue::Str;

/// The content of `Chart.yaml` (Helm: `chart.Metadata`).
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// The name of the chart.
    pub name: Str,
    /// Its home page.
    pub home: Str,
    /// Where its sources are.
    pub sources: Option<Vec<Str>>,
    /// Its version.
    pub version: Str,
    /// What it is, in one sentence.
    pub description: Str,
    /// Words to find it by.
    pub keywords: Option<Vec<Str>>,
    /// Who looks after it.
    pub maintainers: Option<Vec<Maintainer>>,
    /// The URL of its icon.
    pub icon: Str,
    /// The version of the chart format: `v1` or `v2`.
    pub api_version: Str,
    /// A condition to enable it.
    pub condition: Str,
    /// Tags to enable it.
    pub tags: Str,
    /// The version of the application in it.
    pub app_version: Str,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// Anything else, sorted by key; of equal keys the last.
    pub annotations: Option<Vec<(Str, Str)>>,
    /// The Kubernetes versions it is for.
    pub kube_version: Str,
    /// The charts it depends on.
    pub dependencies: Option<Vec<Dependency>>,
    /// `application`, `library` or empty.
    pub kind: Str,
}

/// Who looks after a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maintainer {
    /// Name of a person or organisation.
    pub name: Str,
    /// Where to write to.
    pub email: Str,
    /// Where to look.
    pub url: Str,
}

/// A chart that another one depends on.
#[derive(Clone, Debug, Default)]
pub struct Dependency {
    /// The name in the dependency's own `Chart.yaml`.
    pub name: Str,
    /// The range of versions that will do.
    pub version: Str,
    /// Where it comes from.
    pub repository: Str,
    /// Paths of values, comma separated, that turn it on or off.
    pub condition: Str,
    /// Tags that turn it on or off.
    pub tags: Option<Vec<Str>>,
    /// The name it goes by in the parent.
    pub alias: Str,
}

/// `Chart.lock`: the dependencies as they were resolved.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// A hash of the dependencies in `Chart.yaml`.
    pub digest: Str,
    /// The dependencies, one version each.
    pub dependencies: Option<Vec<Dependency>>,
}
