//! Repositories that deploy a module.

use serde::{Deserialize, Serialize};

/// Who deploys from a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Export {
    /// Flux: `chartwright export flux`.
    Flux(FluxFiles),
    /// Argo CD: `chartwright export argocd`.
    Argocd(ArgocdFiles),
}

/// How a repository for Flux is laid out: the flags of `chartwright export flux`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FluxFiles {
    /// The `NAMESPACE/NAME` of the repository's GitRepository in the cluster.
    pub repository: String,
    /// Sources of base charts by `NAME` or `NAMESPACE/NAME`, and their URLs.
    pub urls: Vec<(String, String)>,
    /// The branch of Git repositories among them.
    pub branch: String,
}

impl Default for FluxFiles {
    fn default() -> FluxFiles {
        FluxFiles { repository: "flux-system/flux-system".to_owned(), urls: Vec::new(), branch: "main".to_owned() }
    }
}

/// How a repository for Argo CD is laid out: the flags of `chartwright export argocd`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ArgocdFiles {
    /// The repository's URL.
    pub repo_url: String,
    /// The branch, tag or commit that is deployed.
    pub revision: String,
    /// The folder of Applications.
    pub applications: String,
    /// The folder of wrapper charts; empty for the top of the repository.
    pub charts: String,
    /// Argo CD's project.
    pub project: String,
    /// The chart repository that has the module's chart; empty: the wrapper chart holds it.
    pub chart_repository: String,
}

impl Default for ArgocdFiles {
    fn default() -> ArgocdFiles {
        ArgocdFiles {
            repo_url: String::new(),
            revision: "HEAD".to_owned(),
            applications: "applications".to_owned(),
            charts: String::new(),
            project: "default".to_owned(),
            chart_repository: String::new(),
        }
    }
}
