//! A repository that Flux deploys from, in the shape of DS2's guide.

use contract::{Code, Hint, Problem, Severity};
use serde_json::{Value, json};

use super::files::{Exported, document, kustomization, namespace, release_values};
use crate::expand::{Expanded, INTERVAL};
use crate::places::item;
use crate::read::Parsed;
use crate::types::{Layout, SourceKind, SourceRef, Template};
use crate::yaml_text::indent;

/// How a repository for Flux is laid out.
#[derive(Clone, Debug)]
pub struct FluxOptions {
    /// The Flux source that this repository is in the cluster.
    pub repository: SourceRef,
    /// Where the sources of base charts are.
    pub urls: Vec<SourceUrl>,
    /// The folder of module charts in the repository.
    pub charts: String,
    /// The folder of releases in the repository.
    pub releases: String,
}

/// Where a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceUrl {
    /// The source's name, or `namespace/name`.
    pub name: String,
    /// Its URL.
    pub url: String,
    /// The branch of a Git repository.
    pub branch: String,
}

impl Default for FluxOptions {
    /// What `flux bootstrap` sets up.
    fn default() -> FluxOptions {
        let flux = || "flux-system".to_owned();
        let repository = SourceRef { kind: SourceKind::GitRepository, name: flux(), namespace: Some(flux()) };
        FluxOptions { repository, urls: Vec::new(), charts: "charts".to_owned(), releases: "releases".to_owned() }
    }
}

/// Lays out a repository that Flux deploys the module from.
///
/// `CHARTS/MODULE` has the chart; `RELEASES/MODULE` has the namespace, the HelmRelease and a kustomization;
/// `sources/NAMESPACE` has the sources of the base charts whose URL is known.
pub fn flux(parsed: &Parsed, chart: &Expanded, options: &FluxOptions) -> Exported {
    let mut out = Exported::default();
    let name = &parsed.descriptor.metadata.name;
    let space = namespace(parsed);
    let release = &parsed.descriptor.spec.release;
    out.add_chart(&format!("{}/{name}", options.charts), chart);
    let folder = format!("{}/{name}", options.releases);
    let mut resources = Vec::new();
    let target = release.target_namespace.as_deref().filter(|t| *t != space);
    for space in [Some(space), target].into_iter().flatten() {
        let file = format!("namespace-{space}.yaml");
        out.add(format!("{folder}/{file}"), namespace_text(space));
        resources.push(file);
    }
    let mut sources = Sources::default();
    if parsed.descriptor.spec.layout == Layout::Releases {
        sources = Sources::of(parsed, options, &mut out.warnings);
    }
    for (file, text) in sources.own {
        out.add(format!("{folder}/{file}"), text);
        resources.push(file);
    }
    let file = format!("helmrelease-{name}.yaml");
    out.add(format!("{folder}/{file}"), helm_release(parsed, options));
    resources.push(file);
    out.add(format!("{folder}/kustomization.yaml"), kustomization(resources));
    for (space, files) in sources.others {
        let folder = format!("sources/{space}");
        let first = format!("namespace-{space}.yaml");
        out.add(format!("{folder}/{first}"), namespace_text(&space));
        let names = std::iter::once(first).chain(files.iter().map(|(f, _)| f.clone())).collect();
        out.add(format!("{folder}/kustomization.yaml"), kustomization(names));
        for (file, text) in files {
            out.add(format!("{folder}/{file}"), text);
        }
    }
    out.sorted()
}

fn namespace_text(name: &str) -> String {
    document(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}))
}

fn helm_release(parsed: &Parsed, options: &FluxOptions) -> String {
    let name = &parsed.descriptor.metadata.name;
    let spec = &parsed.descriptor.spec;
    let release = &spec.release;
    let interval = release.interval.as_deref().unwrap_or(INTERVAL);
    let head = document(json!({
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": {"name": name, "namespace": namespace(parsed)},
        "spec": {
            "interval": interval,
            // Without it, Flux puts the target namespace before the name, and components are called otherwise.
            "releaseName": name,
            "targetNamespace": release.target_namespace,
            "serviceAccountName": release.service_account_name,
            "suspend": release.suspend.then_some(true),
            "chart": {"spec": {
                "chart": format!("./{}/{name}", options.charts),
                "version": spec.module.version,
                "reconcileStrategy": "Revision",
                "sourceRef": options.repository,
                "interval": interval,
            }},
            "valuesFrom": (!release.values_from.is_empty()).then_some(&release.values_from),
        },
    }));
    let values = release_values(parsed);
    if values.text.is_empty() {
        return head;
    }
    format!("{head}  values:\n{}\n", indent(&values.text, 4))
}

/// Manifests of sources, by where they go.
#[derive(Default)]
struct Sources {
    /// In the module's own namespace: file and text.
    own: Vec<(String, String)>,
    /// In other namespaces.
    others: Vec<(String, Vec<(String, String)>)>,
}

impl Sources {
    fn of(parsed: &Parsed, options: &FluxOptions, warnings: &mut Vec<Problem>) -> Sources {
        let spec = &parsed.descriptor.spec;
        let components = spec.components.iter().enumerate();
        let own = components.filter_map(|(i, c)| {
            Some((format!("{}.template.sourceRef", item("spec.components", i)), c.template.as_ref()?))
        });
        let common = spec.template.iter().map(|t| ("spec.template.sourceRef".to_owned(), t));
        let mut seen: Vec<&SourceRef> = Vec::new();
        let mut sources = Sources::default();
        for (path, template) in common.chain(own) {
            let source = &template.source_ref;
            if seen.contains(&source) || source.kind == SourceKind::ExternalArtifact {
                continue;
            }
            seen.push(source);
            let space = source.namespace.as_deref().unwrap_or(namespace(parsed));
            let full = format!("{space}/{}", source.name);
            let url = options.urls.iter().rev().find(|u| u.name == full || u.name == source.name);
            let Some(text) = url.and_then(|url| manifest(template, space, url)) else {
                let message = format!("the URL of {:?} {full} is not known: no file is written for it", source.kind);
                let hint = match source.kind {
                    SourceKind::Bucket => Hint::text("add the Bucket to the repository yourself"),
                    _ => Hint::SourceUrl { name: source.name.clone() },
                };
                warnings.push(parsed.problem(Severity::Warning, Code::SourceUrl, &path, message).hint(hint));
                continue;
            };
            let file = format!("{}-{}.yaml", format!("{:?}", source.kind).to_lowercase(), source.name);
            if space == namespace(parsed) {
                sources.own.push((file, text));
            } else {
                match sources.others.iter_mut().find(|(other, _)| other == space) {
                    Some((_, files)) => files.push((file, text)),
                    None => sources.others.push((space.to_owned(), vec![(file, text)])),
                }
            }
        }
        sources
    }
}

/// The manifest of a source; `None` where a URL does not say all.
fn manifest(template: &Template, space: &str, at: &SourceUrl) -> Option<String> {
    let source = &template.source_ref;
    let spec: Value = match source.kind {
        SourceKind::GitRepository => json!({"interval": INTERVAL, "url": at.url, "ref": {"branch": at.branch}}),
        SourceKind::HelmRepository if at.url.starts_with("oci://") => {
            json!({"interval": INTERVAL, "type": "oci", "url": at.url})
        }
        SourceKind::HelmRepository => json!({"interval": INTERVAL, "url": at.url}),
        SourceKind::OCIRepository => json!({
            "interval": INTERVAL,
            "url": at.url,
            "ref": template.version.as_ref().map(|v| json!({"semver": v})),
            "layerSelector": {"mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "operation": "copy"},
        }),
        SourceKind::Bucket | SourceKind::ExternalArtifact => return None,
    };
    Some(document(json!({
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": source.kind,
        "metadata": {"name": source.name, "namespace": space},
        "spec": spec,
    })))
}
