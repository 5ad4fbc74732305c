//! Repositories for Flux and Argo CD, from a descriptor.

use std::sync::Arc;

use ::descriptor::expand::Expanded;
use ::descriptor::export::{ArgoOptions, Exported, FluxOptions, SourceUrl, argocd, flux};
use ::descriptor::read;
use ::descriptor::types::{SourceKind, SourceRef};
use chartwright::api::{self, Engine};
use chartwright::{File, LoadedChart};
use chartwright_protocol::{ArgocdFiles, Export, FluxFiles, Reply};
use contract::{ExpandInput, ExpandWant, Failure, FailureKind, Severity};

use crate::desk::Answer;

/// Expands a descriptor, and lays out the repository that deploys its module.
pub(crate) fn export(engine: &mut Engine, json: &[u8], to: &Export) -> Answer {
    let mut input = contract::read::<ExpandInput>(json)?;
    input.want = ExpandWant { archive: false, files: true };
    let output = engine.expand(&input)?;
    let mut problems = output.problems;
    let (parsed, _) = read::parse(&input.descriptor.name, &input.descriptor.text);
    let usable = !problems.iter().any(|problem| problem.severity == Severity::Error);
    let Some(parsed) = parsed.filter(|_| usable) else {
        return Ok((Reply::Exported { problems, files: Vec::new() }, Vec::new()));
    };
    let files = output.chart_files.into_iter();
    let files: Vec<File> = files.map(|f| File { name: f.path.as_str().into(), data: f.data.0.into() }).collect();
    let chart = LoadedChart::from_folder(&output.name, files.clone()).map_err(|e| api::failure(&e, None, None))?;
    let chart = Arc::clone(chart.chart());
    let expanded = Expanded { name: output.name, version: output.version, files, chart, warnings: Vec::new() };
    let exported: Exported = match to {
        Export::Flux(options) => flux(&parsed, &expanded, &flux_options(options)?),
        Export::Argocd(options) => argocd(&parsed, &expanded, &argo_options(options)?),
    };
    problems.extend(exported.warnings);
    let (files, parts) = exported.files.into_iter().map(|file| (file.name.to_string(), file.data.to_vec())).unzip();
    Ok((Reply::Exported { problems, files }, parts))
}

fn flux_options(given: &FluxFiles) -> Result<FluxOptions, Failure> {
    let Some((namespace, name)) = given.repository.split_once('/') else {
        return Err(wrong(format!("{:?} does not name a GitRepository: write NAMESPACE/NAME", given.repository)));
    };
    let namespace = Some(namespace.to_owned());
    let repository = SourceRef { kind: SourceKind::GitRepository, name: name.to_owned(), namespace };
    let urls = given.urls.iter().map(|(name, url)| SourceUrl {
        name: name.clone(),
        url: url.clone(),
        branch: given.branch.clone(),
    });
    Ok(FluxOptions { repository, urls: urls.collect(), ..FluxOptions::default() })
}

fn argo_options(given: &ArgocdFiles) -> Result<ArgoOptions, Failure> {
    if given.repo_url.is_empty() {
        return Err(wrong("Argo CD needs the URL of the repository that the files go into".to_owned()));
    }
    Ok(ArgoOptions {
        repo_url: given.repo_url.clone(),
        revision: given.revision.clone(),
        applications: given.applications.clone(),
        charts: given.charts.clone(),
        project: given.project.clone(),
        purpose: None,
        chart_repository: (!given.chart_repository.is_empty()).then(|| given.chart_repository.clone()),
    })
}

fn wrong(message: String) -> Failure {
    Failure::new(FailureKind::Input, message)
}
