//! The flags of `chartwright template`: Helm's, then our own.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::engine::EngineArgs;
use crate::pflag::{self, List, Switch};

use super::ignored::Ignored;

/// Flags and arguments.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Name of the release, then the chart
    #[arg(value_name = "[NAME] CHART", num_args = 0..)]
    pub(crate) args: Vec<String>,

    #[command(flatten, next_help_heading = "Values")]
    pub(crate) values: ValueFlags,
    #[command(flatten, next_help_heading = "Release")]
    pub(crate) release: ReleaseFlags,
    #[command(flatten, next_help_heading = "Output")]
    pub(crate) output: OutputFlags,
    #[command(flatten, next_help_heading = "Beyond Helm")]
    pub(crate) own: OwnFlags,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    #[command(flatten)]
    pub(crate) ignored: Ignored,
}

const EXAMPLES: &str = "\
Examples:
  chartwright template ./mychart
  chartwright template shop ./mychart -f values.yaml --set replicas=3 -n shop
  chartwright template shop mychart-1.2.0.tgz --show-only templates/service.yaml
  chartwright template shop web --repo https://charts.example.org --version ^1.2
  chartwright template shop oci://registry.example.org/charts/web --version 1.2.0
  chartwright template shop ./mychart --objects cluster.yaml     # what lookup finds
  chartwright template shop ./mychart --seed 1 --now 2026-01-01T00:00:00Z   # the same bytes on every run
  chartwright template shop ./mychart --engine wasm              # in the sandboxed plugin
  chartwright template shop ./mychart -o json | jq '.objects[].kind'

Exit codes:
  0  rendered
  1  an error, with Helm's message on stderr
  101  a bug in chartwright: please report it";

/// The values that the chart is rendered with.
#[derive(Args, Debug)]
pub(crate) struct ValueFlags {
    /// YAML files with values; later files win (repeatable)
    #[arg(short = 'f', long = "values", value_name = "FILE", value_parser = pflag::list)]
    pub(crate) files: Vec<List>,
    /// Values: key1=val1,key2=val2 (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Values that are always strings: key1=val1,key2=val2
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set_string: Vec<String>,
    /// Values read from files: key1=path1,key2=path2
    #[arg(long, value_name = "KEY=PATH")]
    pub(crate) set_file: Vec<String>,
    /// Values as JSON: key=json, or an object
    #[arg(long, value_name = "JSON")]
    pub(crate) set_json: Vec<String>,
    /// A value that is a string as it stands, commas and braces included
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set_literal: Vec<String>,
    /// Do not validate values against the charts' JSON schemas
    #[arg(long)]
    pub(crate) skip_schema_validation: Switch,
}

/// The release and the cluster, as templates see them.
#[derive(Args, Debug)]
pub(crate) struct ReleaseFlags {
    /// Namespace of the release
    #[arg(short, long, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,
    /// Generate the name of the release; leave NAME out
    #[arg(short, long)]
    pub(crate) generate_name: Switch,
    /// Template for the name of the release
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) name_template: Option<String>,
    /// Set .Release.IsUpgrade instead of .Release.IsInstall
    #[arg(long)]
    pub(crate) is_upgrade: Switch,
    /// Kubernetes version that templates see
    #[arg(long, value_name = "VERSION")]
    pub(crate) kube_version: Option<String>,
    /// Further API versions that templates see; comma-separated
    #[arg(short, long, value_name = "VERSIONS", value_parser = pflag::list)]
    pub(crate) api_versions: Vec<List>,
}

/// What is printed, and where.
#[derive(Args, Debug)]
pub(crate) struct OutputFlags {
    /// Print only the output of these templates (shell patterns; repeatable)
    #[arg(short, long, value_name = "TEMPLATE")]
    pub(crate) show_only: Vec<String>,
    /// Write files below this folder instead of printing
    #[arg(long, value_name = "FOLDER")]
    pub(crate) output_dir: Option<String>,
    /// Add the name of the release to the paths below --output-dir
    #[arg(long)]
    pub(crate) release_name: Switch,
    /// Print the chart's CRDs as well
    #[arg(long)]
    pub(crate) include_crds: Switch,
    /// Do not print hooks
    #[arg(long)]
    pub(crate) no_hooks: Switch,
    /// Do not print test hooks
    #[arg(long)]
    pub(crate) skip_tests: Switch,
    /// Print rendered files even if they are not valid YAML
    #[arg(long)]
    pub(crate) debug: Switch,
}

/// What Helm does not have.
#[derive(Args, Debug)]
pub(crate) struct OwnFlags {
    /// Objects that lookup finds, as YAML documents (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) objects: Vec<PathBuf>,
    /// Do not hide the values of Secrets among the objects
    #[arg(long)]
    pub(crate) show_secrets: bool,
    /// Seed for random functions: the same seed gives the same bytes
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// Time that templates see, in RFC 3339
    #[arg(long, value_name = "TIME", value_parser = crate::clock::parse)]
    pub(crate) now: Option<(i64, u32)>,
    /// Print the notes after the manifests
    #[arg(long)]
    pub(crate) notes: bool,
    /// Format of the output
    #[arg(short, long, value_name = "FORMAT", default_value = "yaml")]
    pub(crate) output: Format,
    /// Treat a missing value as an error
    #[arg(long)]
    pub(crate) strict: bool,
    /// Pass the manifests through the function post_render of an Extism plugin
    #[arg(long, value_name = "FILE")]
    pub(crate) post_render: Option<PathBuf>,
    /// Digest that this plugin must have [default: the one in FILE.sha256, if there is one]
    #[arg(long, value_name = "DIGEST")]
    pub(crate) post_render_digest: Option<String>,
    /// Do not use the network: fetched charts come from the cache
    #[arg(long)]
    pub(crate) offline: bool,
    /// Limit on the steps of templates
    #[arg(long, value_name = "STEPS")]
    pub(crate) max_steps: Option<u64>,
    /// Limit on nested templates
    #[arg(long, value_name = "TEMPLATES")]
    pub(crate) max_depth: Option<usize>,
    /// Limit on output, in bytes
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_output: Option<usize>,
    /// Limit on memory, in bytes
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_memory: Option<usize>,
    /// Limit on time, such as 10s or 1m30s
    #[arg(long, value_name = "DURATION", value_parser = crate::clock::duration, default_value = "5m")]
    pub(crate) timeout: Duration,
    /// Format of errors
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    pub(crate) error_format: ErrorFormat,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// What Helm prints
    Yaml,
    /// Objects with their template, kind and level
    Json,
}

/// How errors are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErrorFormat {
    /// pretty on a terminal, otherwise text
    Auto,
    /// Helm's message
    Text,
    /// Helm's message, the source line, the trace and hints
    Pretty,
    /// A JSON object
    Json,
}
