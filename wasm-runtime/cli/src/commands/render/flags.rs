//! The flags of `chartwright render`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::source_args::SourceArgs;

use crate::commands::problems::ErrorFormat;
use crate::engine::EngineArgs;

/// Flags and arguments.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// A HelmChartDescriptor, a HelmRelease, a folder of manifests, or - for standard input
    #[arg(value_name = "FILE|FOLDER")]
    pub(crate) subject: String,

    #[command(flatten)]
    pub(crate) sources: SourceArgs,

    /// Platform facts: registry, repository, domain, username, token, namespace
    #[arg(long, value_name = "FILE", help_heading = "Platform")]
    pub(crate) platform: Option<PathBuf>,
    /// Objects that lookup and valuesFrom find, as YAML documents (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Platform")]
    pub(crate) objects: Vec<PathBuf>,
    /// Do not hide credentials in the output
    #[arg(long, help_heading = "Platform")]
    pub(crate) show_secrets: bool,
    /// Kubernetes version that templates see
    #[arg(long, value_name = "VERSION", help_heading = "Platform")]
    pub(crate) kube_version: Option<String>,
    /// Further API versions that templates see; comma-separated
    #[arg(long, value_name = "VERSIONS", value_delimiter = ',', help_heading = "Platform")]
    pub(crate) api_versions: Vec<String>,

    /// YAML files with the operator's values, a key for each component; later files win (repeatable)
    #[arg(short = 'f', long = "values", value_name = "FILE", help_heading = "Values")]
    pub(crate) values: Vec<String>,
    /// The operator's values: component.key=value (repeatable)
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Values")]
    pub(crate) set: Vec<String>,
    /// The operator's values, always as strings (repeatable)
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Values")]
    pub(crate) set_string: Vec<String>,

    /// Tool whose output is printed
    #[arg(long = "as", value_name = "TOOL", default_value = "flux", help_heading = "Output")]
    pub(crate) mode: As,
    /// Helm version in the cluster's helm-controller: 4.2.2 up to helm-controller 1.6.2, 4.2.4 from 1.6.3 on
    #[arg(long, value_name = "VERSION", default_value = "4.2.2", help_heading = "Output")]
    pub(crate) flux_helm: FluxHelm,
    /// Format of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "yaml", help_heading = "Output")]
    pub(crate) output: Format,
    /// Print only this level: 1 for what the subject renders to, 2 for what the HelmReleases in it deploy
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Output")]
    pub(crate) level: Option<u32>,
    /// Print a summary instead of the objects: images, ways in, permissions, storage
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
    /// Format of problems
    #[arg(long, value_name = "FORMAT", default_value = "auto", help_heading = "Output")]
    pub(crate) error_format: ErrorFormat,

    /// Seed for random functions: the same seed gives the same bytes
    #[arg(long, value_name = "NUMBER", help_heading = "Limits and repeatability")]
    pub(crate) seed: Option<u64>,
    /// Time that templates see, in RFC 3339
    #[arg(long, value_name = "TIME", value_parser = crate::clock::parse, help_heading = "Limits and repeatability")]
    pub(crate) now: Option<(i64, u32)>,
    /// Limit on the steps of templates, for each chart
    #[arg(long, value_name = "STEPS", help_heading = "Limits and repeatability")]
    pub(crate) max_steps: Option<u64>,
    /// Limit on output, in bytes, for each chart
    #[arg(long, value_name = "BYTES", help_heading = "Limits and repeatability")]
    pub(crate) max_output: Option<usize>,
    /// Limit on memory, in bytes
    #[arg(long, value_name = "BYTES", help_heading = "Limits and repeatability")]
    pub(crate) max_memory: Option<usize>,
    /// Limit on time, such as 10s or 1m30s
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
  token: …                     # hidden in all output without --show-secrets

Exit codes:
  0  rendered
  1  problems in the input, reported on stderr; what could be rendered is on stdout
  2  an invalid command line
  3  a source could not be reached";

/// The tool whose output is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum As {
    /// As Flux applies them: post-rendered, with labels of origin
    Flux,
    /// As `helm template` prints them
    Helm,
}

/// The version of Helm that helm-controller is built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FluxHelm {
    /// Documents of a multi-document template lose their trailing line breaks
    #[value(name = "4.2.2")]
    V4_2_2,
    /// They keep their trailing line breaks
    #[value(name = "4.2.4")]
    V4_2_4,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Manifests
    Yaml,
    /// Objects with component, helmRelease, chart, source (the template) and level
    Json,
}
