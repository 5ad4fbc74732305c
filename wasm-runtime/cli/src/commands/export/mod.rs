//! `chartwright export`: the files of a repository that deploys a module.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use descriptor::export::{ArgoOptions, Exported, FluxOptions, SourceUrl, argocd, flux};
use descriptor::types::{SourceKind, SourceRef};

use super::expand::input::{self, Stop};
use super::expand::output;
use super::problems::{self, ErrorFormat};
use crate::source_args::SourceArgs;

/// Flags and arguments.
#[derive(Args, Debug)]
pub(crate) struct Options {
    #[command(subcommand)]
    to: To,
}

#[derive(Subcommand, Debug)]
enum To {
    /// Write a namespace, a HelmRelease, a kustomization, the sources of base charts and the module chart
    #[command(after_help = FLUX)]
    Flux(Flux),
    /// Write an Application and a wrapper chart with the operator's values
    #[command(after_help = ARGOCD)]
    Argocd(Argocd),
    /// Write the module chart alone, as `chartwright expand` does
    Chart(Common),
}

/// Flags of all exports.
#[derive(Args, Debug)]
struct Common {
    /// A HelmChartDescriptor, or - for standard input
    #[arg(value_name = "DESCRIPTOR")]
    descriptor: String,
    /// Folder of the repository
    #[arg(short, long, value_name = "DIR", default_value = ".", help_heading = "Output")]
    directory: PathBuf,
    /// Replace files that have different content
    #[arg(long, help_heading = "Output")]
    force: bool,
    /// Format of problems
    #[arg(long, value_name = "FORMAT", default_value = "auto", help_heading = "Output")]
    error_format: ErrorFormat,
    /// Folder of skeletons that replace the built-in ones
    #[arg(long, value_name = "DIR")]
    skeletons: Option<PathBuf>,
    #[command(flatten)]
    sources: SourceArgs,
}

#[derive(Args, Debug)]
struct Flux {
    #[command(flatten)]
    common: Common,
    /// URL of a base chart's source, for its manifest; NAME is NAME or NAMESPACE/NAME (repeatable)
    #[arg(long = "url", value_name = "NAME=URL")]
    urls: Vec<String>,
    /// Branch of the Git repositories that --url names
    #[arg(long, value_name = "NAME", default_value = "main")]
    branch: String,
    /// Name of this repository's GitRepository in the cluster
    #[arg(long, value_name = "NAMESPACE/NAME", default_value = "flux-system/flux-system")]
    repository: String,
}

#[derive(Args, Debug)]
struct Argocd {
    #[command(flatten)]
    common: Common,
    /// URL of the repository that the files belong to
    #[arg(long, value_name = "URL")]
    repo_url: String,
    /// Branch, tag or commit that is deployed
    #[arg(long, value_name = "REVISION", default_value = "HEAD")]
    revision: String,
    /// Folder of the Applications
    #[arg(long, value_name = "FOLDER", default_value = "applications")]
    applications: String,
    /// Folder of the wrapper charts, relative to the repository's root
    #[arg(long, value_name = "FOLDER", default_value = "")]
    charts: String,
    /// Project in Argo CD
    #[arg(long, value_name = "NAME", default_value = "default")]
    project: String,
    /// Label `purpose` of the Application [default: the module's name]
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// Chart repository with the module chart; without it, the wrapper chart contains the module chart
    #[arg(long, value_name = "URL")]
    chart_repository: Option<String>,
}

const FLUX: &str = "\
Examples:
  chartwright export flux shop.yaml -d fleet --source basecharts=./charts
  chartwright export flux shop.yaml -d fleet --url basecharts=https://git.example.org/basecharts.git --branch main

Writes charts/MODULE/, releases/MODULE/ and, for sources with a --url, sources/NAMESPACE/.";

const ARGOCD: &str = "\
Examples:
  chartwright export argocd shop.yaml -d gitops --repo-url https://git.example.org/gitops.git
  chartwright export argocd shop.yaml -d gitops --repo-url https://git.example.org/gitops.git \\
      --applications applications_dev --charts cluster_dev --chart-repository oci://registry.example.org/charts

Writes applications/MODULE.yaml and the wrapper chart MODULE/.";

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    let common = match &options.to {
        To::Flux(Flux { common, .. }) | To::Argocd(Argocd { common, .. }) | To::Chart(common) => common,
    };
    match export(&options.to, common) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.print(common.error_format),
    }
}

fn export(to: &To, common: &Common) -> Result<(), Stop> {
    let file = input::read(&common.descriptor)?;
    let parsed = input::parse(&file)?;
    let skeletons = common.skeletons.as_deref().map(input::skeletons).transpose()?.unwrap_or_default();
    let expanded = input::expanded(&file, &common.sources, skeletons)?;
    problems::print(&expanded.warnings, common.error_format);
    let Exported { files, warnings } = match to {
        To::Flux(options) => flux(&parsed, &expanded, &options.read()?),
        To::Argocd(options) => argocd(&parsed, &expanded, &options.read()),
        To::Chart(_) => {
            let folder = common.directory.join(&expanded.name);
            output::folder(&folder, &expanded.files, common.force)?;
            crate::say!("{} {} is in {}", expanded.name, expanded.version, folder.display());
            return Ok(());
        }
    };
    problems::print(&warnings, common.error_format);
    output::write_all(&common.directory, &files, common.force)?;
    let written = files.iter().filter(|f| !f.name.split(|b| *b == b'/').any(|part| part == b"templates"));
    let list: String = written.map(|file| format!("{}\n", file.name)).collect();
    output::stdout(list.as_bytes())
}

impl Flux {
    fn read(&self) -> Result<FluxOptions, Stop> {
        let mut urls = Vec::new();
        for text in &self.urls {
            let Some((name, url)) = text.split_once('=') else {
                return Err(Stop::Usage(format!("{text:?} has no URL: write NAME=URL")));
            };
            urls.push(SourceUrl { name: name.to_owned(), url: url.to_owned(), branch: self.branch.clone() });
        }
        let Some((namespace, name)) = self.repository.split_once('/') else {
            return Err(Stop::Usage(format!(
                "{:?} does not name a GitRepository: write NAMESPACE/NAME",
                self.repository
            )));
        };
        let namespace = Some(namespace.to_owned());
        let repository = SourceRef { kind: SourceKind::GitRepository, name: name.to_owned(), namespace };
        Ok(FluxOptions { repository, urls, ..FluxOptions::default() })
    }
}

impl Argocd {
    fn read(&self) -> ArgoOptions {
        ArgoOptions {
            repo_url: self.repo_url.clone(),
            revision: self.revision.clone(),
            applications: self.applications.clone(),
            charts: self.charts.clone(),
            project: self.project.clone(),
            purpose: self.purpose.clone(),
            chart_repository: self.chart_repository.clone(),
        }
    }
}
