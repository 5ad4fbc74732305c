//! The flags of `chartwright render`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::source_args::SourceArgs;

use crate::commands::problems::ErrorFormat;
use crate::engine::EngineArgs;

/// What the command line says.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// A HelmChartDescriptor, a HelmRelease, a folder of manifests, or - for standard input
    #[arg(value_name = "FILE|FOLDER")]
    pub(crate) subject: String,

    #[command(flatten)]
    pub(crate) sources: SourceArgs,

    /// The platform's facts: registry, repository, domain, username, token, namespace
    #[arg(long, value_name = "FILE", help_heading = "Platform")]
    pub(crate) platform: Option<PathBuf>,
    /// Objects that lookup and valuesFrom find: YAML documents (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Platform")]
    pub(crate) objects: Vec<PathBuf>,
    /// Leave the platform's credentials readable in the output
    #[arg(long, help_heading = "Platform")]
    pub(crate) show_secrets: bool,
    /// The version of Kubernetes
    #[arg(long, value_name = "VERSION", help_heading = "Platform")]
    pub(crate) kube_version: Option<String>,
    /// API versions that the cluster has, too; comma-separated
    #[arg(long, value_name = "VERSIONS", value_delimiter = ',', help_heading = "Platform")]
    pub(crate) api_versions: Vec<String>,

    /// The operator's values for a descriptor's module: YAML files, a key a component; later ones win
    #[arg(short = 'f', long = "values", value_name = "FILE", help_heading = "Values")]
    pub(crate) values: Vec<String>,
    /// The operator's values as component.key=value
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Values")]
    pub(crate) set: Vec<String>,
    /// Values that are strings, whatever they look like
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Values")]
    pub(crate) set_string: Vec<String>,

    /// As Flux applies the objects, or as Helm prints them
    #[arg(long = "as", value_name = "TOOL", default_value = "flux", help_heading = "Output")]
    pub(crate) mode: As,
    /// The Helm in the cluster's helm-controller: 4.2.2 up to 1.6.2, 4.2.4 from 1.6.3 on
    #[arg(long, value_name = "VERSION", default_value = "4.2.2", help_heading = "Output")]
    pub(crate) flux_helm: FluxHelm,
    /// yaml, or json: objects with component, chart, template, level
    #[arg(short, long, value_name = "FORMAT", default_value = "yaml", help_heading = "Output")]
    pub(crate) output: Format,
    /// Only this level: 1 for HelmReleases, 2 for what they deploy
    #[arg(long, value_name = "LEVEL", help_heading = "Output")]
    pub(crate) level: Option<u32>,
    /// Not the objects but what they amount to: images, URLs, permissions, storage
    #[arg(long, help_heading = "Output")]
    pub(crate) summary: bool,
    /// Print the notes of all charts after the manifests
    #[arg(long, help_heading = "Output")]
    pub(crate) notes: bool,
    /// Do not print hooks
    #[arg(long, help_heading = "Output")]
    pub(crate) no_hooks: bool,
    /// Render as for an upgrade
    #[arg(long, help_heading = "Output")]
    pub(crate) is_upgrade: bool,
    /// How problems are printed
    #[arg(long, value_name = "FORMAT", default_value = "auto", help_heading = "Output")]
    pub(crate) error_format: ErrorFormat,

    /// Seed of the random functions: same seed, same bytes
    #[arg(long, value_name = "NUMBER", help_heading = "Limits and repeatability")]
    pub(crate) seed: Option<u64>,
    /// The time that templates see, in RFC 3339
    #[arg(long, value_name = "TIME", value_parser = crate::clock::parse, help_heading = "Limits and repeatability")]
    pub(crate) now: Option<(i64, u32)>,
    /// Most steps of templates, for each chart
    #[arg(long, value_name = "STEPS", help_heading = "Limits and repeatability")]
    pub(crate) max_steps: Option<u64>,
    /// Most bytes of output, for each chart
    #[arg(long, value_name = "BYTES", help_heading = "Limits and repeatability")]
    pub(crate) max_output: Option<usize>,
    /// Most bytes of memory
    #[arg(long, value_name = "BYTES", help_heading = "Limits and repeatability")]
    pub(crate) max_memory: Option<usize>,
    /// Most time, as 10s or 1m30s
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = crate::clock::duration,
        default_value = "5m",
        help_heading = "Limits and repeatability"
    )]
    pub(crate) timeout: Duration,

    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

const EXAMPLES: &str = "\
Examples:
  chartwright render shop.yaml --source basecharts=./charts --platform platform.yaml
  chartwright render shop.yaml --source basecharts=./charts --summary       # images, URLs, permissions, storage
  chartwright render shop.yaml --source basecharts=./charts --set shopfrontend.config.WELCOME=Hi
  chartwright render releases/shop/ --source ds2charts=../helmtemplates     # a folder with HelmReleases
  chartwright render shop.yaml --source basecharts=./charts -o json | jq '.objects[] | {level, component, kind, name}'

A platform file:
  registry: ghcr.io            # the registry's host
  repository: ds2-eu/ds2charts # the path in it
  domain: ds.example.org       # components are at https://NAME.DOMAIN
  username: shop
  token: …                     # never printed, unless with --show-secrets

Exit codes:
  0  rendered
  1  problems in the input, on stderr; what could be rendered is on stdout
  2  the command line cannot be understood
  3  a source could not be reached";

/// As whom objects are rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum As {
    /// Post-rendered, with labels of their origin
    Flux,
    /// As `helm template` prints them
    Helm,
}

/// The Helm that helm-controller is built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FluxHelm {
    /// Documents of a template with several lose the line breaks at their end
    #[value(name = "4.2.2")]
    V4_2_2,
    /// They keep them
    #[value(name = "4.2.4")]
    V4_2_4,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Manifests
    Yaml,
    /// Objects with where they come from
    Json,
}
