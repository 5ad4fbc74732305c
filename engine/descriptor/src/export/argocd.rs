//! A repository that Argo CD deploys from, in the shape of DOME's: an Application and a wrapper chart.

use contract::{Code, Severity};
use serde_json::json;

use super::files::{Exported, document, namespace, release_values};
use crate::expand::Expanded;
use crate::read::Parsed;
use crate::types::Layout;
use crate::yaml_text::{self, indent};

/// How a repository for Argo CD is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgoOptions {
    /// The URL of the repository that the files go into.
    pub repo_url: String,
    /// The branch, tag or commit that is deployed.
    pub revision: String,
    /// The folder of Applications, such as `applications_dev`.
    pub applications: String,
    /// The folder of wrapper charts, such as `ionos_dev`; empty for the top of the repository.
    pub charts: String,
    /// Argo CD's project.
    pub project: String,
    /// The label `purpose` of the Application; the module's name if none is given.
    pub purpose: Option<String>,
    /// The Helm repository that the module's chart is published in. If none is given, the wrapper holds the chart.
    pub chart_repository: Option<String>,
}

impl Default for ArgoOptions {
    fn default() -> ArgoOptions {
        ArgoOptions {
            repo_url: String::new(),
            revision: "HEAD".to_owned(),
            applications: "applications".to_owned(),
            charts: String::new(),
            project: "default".to_owned(),
            purpose: None,
            chart_repository: None,
        }
    }
}

/// Lays out a repository that Argo CD deploys the module from.
///
/// `applications/MODULE.yaml` is the Application; `MODULE/` is a wrapper chart with the module's chart as its only
/// dependency and the operator's values.
pub fn argocd(parsed: &Parsed, chart: &Expanded, options: &ArgoOptions) -> Exported {
    let mut out = Exported::default();
    let name = &parsed.descriptor.metadata.name;
    let release = &parsed.descriptor.spec.release;
    let folder = match options.charts.trim_matches('/') {
        "" => name.clone(),
        charts => format!("{charts}/{name}"),
    };
    let application = document(json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {
            "name": name,
            "namespace": "argocd",
            "labels": {"purpose": options.purpose.as_deref().unwrap_or(name)},
        },
        "spec": {
            "destination": {
                "namespace": release.target_namespace.as_deref().unwrap_or(namespace(parsed)),
                "server": "https://kubernetes.default.svc",
            },
            "project": options.project,
            "source": {
                "path": folder,
                "repoURL": options.repo_url,
                "targetRevision": options.revision,
                // Argo CD would take the Application's name, which may be changed.
                "helm": {"releaseName": name},
            },
            "syncPolicy": {
                "automated": {"prune": true, "selfHeal": true},
                "syncOptions": ["CreateNamespace=true"],
            },
        },
    }));
    out.add(format!("{}/{name}.yaml", options.applications.trim_matches('/')), application);
    out.add(
        format!("{folder}/Chart.yaml"),
        document(json!({
            "apiVersion": "v2",
            "name": name,
            "description": format!("Deploys {name}"),
            "type": "application",
            "version": chart.version,
            "dependencies": [{
                "name": name,
                "version": chart.version,
                "repository": options.chart_repository,
            }],
        })),
    );
    let values = release_values(parsed);
    let key = yaml_text::key(name);
    let values = match values.text.is_empty() {
        true => format!("{key}: {{}}\n"),
        false => format!("{key}:\n{}\n", indent(&values.text, 2)),
    };
    out.add(format!("{folder}/values.yaml"), values);
    if options.chart_repository.is_none() {
        out.add_chart(&format!("{folder}/charts/{name}"), chart);
    }
    if parsed.descriptor.spec.layout == Layout::Releases {
        let message = "Argo CD applies the HelmReleases of this layout, but only Flux installs them";
        let problem = parsed.problem(Severity::Warning, Code::NeedsFlux, "spec.layout", message);
        out.warnings.push(problem.hint("use layout umbrella if Flux's helm-controller does not run"));
    }
    for (i, from) in release.values_from.iter().enumerate() {
        let path = format!("spec.release.valuesFrom[{i}]");
        let message = format!("Argo CD does not read values from the {:?} {}", from.kind, from.name);
        out.warnings.push(parsed.problem(Severity::Warning, Code::ValuesFrom, &path, message));
    }
    out.sorted()
}
