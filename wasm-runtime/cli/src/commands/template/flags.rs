//! The flags of `chartwright template`: Helm's, then our own.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::engine::EngineArgs;
use crate::pflag::{self, List, Switch};

use super::ignored::Ignored;

/// What the command line says.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// The release's name, then the chart
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
  chartwright template shop ./mychart --seed 1 --now 2026-01-01T00:00:00Z   # the same bytes every time
  chartwright template shop ./mychart --engine wasm              # in the plugin, shut off from everything
  chartwright template shop ./mychart -o json | jq '.objects[].kind'

Exit codes:
  0  rendered
  1  an error, in Helm's words on stderr
  101  a bug in chartwright: please report it";

/// The values that the chart is rendered with.
#[derive(Args, Debug)]
pub(crate) struct ValueFlags {
    /// Values from YAML files; later ones win
    #[arg(short = 'f', long = "values", value_name = "FILE", value_parser = pflag::list)]
    pub(crate) files: Vec<List>,
    /// Values as key1=val1,key2=val2
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Values that are strings, whatever they look like
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set_string: Vec<String>,
    /// Values from the contents of files, as key1=path1
    #[arg(long, value_name = "KEY=PATH")]
    pub(crate) set_file: Vec<String>,
    /// Values in JSON: key=json, or an object
    #[arg(long, value_name = "JSON")]
    pub(crate) set_json: Vec<String>,
    /// A value that is taken as it stands
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set_literal: Vec<String>,
    /// Do not check the values with the charts' JSON schemas
    #[arg(long)]
    pub(crate) skip_schema_validation: Switch,
}

/// The release and the cluster, as templates see them.
#[derive(Args, Debug)]
pub(crate) struct ReleaseFlags {
    /// The release's namespace
    #[arg(short, long, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,
    /// Generate the release's name (no NAME then)
    #[arg(short, long)]
    pub(crate) generate_name: Switch,
    /// A template of the release's name
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) name_template: Option<String>,
    /// Set .Release.IsUpgrade, not .Release.IsInstall
    #[arg(long)]
    pub(crate) is_upgrade: Switch,
    /// The version of Kubernetes
    #[arg(long, value_name = "VERSION")]
    pub(crate) kube_version: Option<String>,
    /// API versions that the cluster has, too; comma-separated
    #[arg(short, long, value_name = "VERSIONS", value_parser = pflag::list)]
    pub(crate) api_versions: Vec<List>,
}

/// What is printed, and where.
#[derive(Args, Debug)]
pub(crate) struct OutputFlags {
    /// Print only what these templates rendered (shell patterns)
    #[arg(short, long, value_name = "TEMPLATE")]
    pub(crate) show_only: Vec<String>,
    /// Write files into this folder, not to stdout
    #[arg(long, value_name = "FOLDER")]
    pub(crate) output_dir: Option<String>,
    /// Put the release's name into the paths below --output-dir
    #[arg(long)]
    pub(crate) release_name: Switch,
    /// Print the chart's CRDs, too
    #[arg(long)]
    pub(crate) include_crds: Switch,
    /// Do not print hooks
    #[arg(long)]
    pub(crate) no_hooks: Switch,
    /// Do not print hooks that are tests
    #[arg(long)]
    pub(crate) skip_tests: Switch,
    /// Print rendered files even if they are not YAML
    #[arg(long)]
    pub(crate) debug: Switch,
}

/// What Helm does not have.
#[derive(Args, Debug)]
pub(crate) struct OwnFlags {
    /// Objects that lookup finds: YAML documents (repeatable)
    #[arg(long, value_name = "FILE")]
    pub(crate) objects: Vec<PathBuf>,
    /// Seed of the random functions: same seed, same bytes
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// The time that templates see, in RFC 3339
    #[arg(long, value_name = "TIME", value_parser = crate::clock::parse)]
    pub(crate) now: Option<(i64, u32)>,
    /// Print the notes after the manifests
    #[arg(long)]
    pub(crate) notes: bool,
    /// yaml, or json: objects with their source, kind and level
    #[arg(short, long, value_name = "FORMAT", default_value = "yaml")]
    pub(crate) output: Format,
    /// A missing value is an error
    #[arg(long)]
    pub(crate) strict: bool,
    /// Run an Extism plugin over the manifests: its function post_render gets them and gives them back
    #[arg(long, value_name = "FILE")]
    pub(crate) post_render: Option<PathBuf>,
    /// The digest that this plugin must have; else what FILE.sha256 says
    #[arg(long, value_name = "DIGEST")]
    pub(crate) post_render_digest: Option<String>,
    /// Never use the network: what was fetched before comes from the cache
    #[arg(long)]
    pub(crate) offline: bool,
    /// Most steps of templates
    #[arg(long, value_name = "STEPS")]
    pub(crate) max_steps: Option<u64>,
    /// Most templates that run inside each other
    #[arg(long, value_name = "TEMPLATES")]
    pub(crate) max_depth: Option<usize>,
    /// Most bytes of output
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_output: Option<usize>,
    /// Most bytes of memory
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_memory: Option<usize>,
    /// Most time, as 10s or 1m30s
    #[arg(long, value_name = "DURATION", value_parser = crate::clock::duration, default_value = "5m")]
    pub(crate) timeout: Duration,
    /// How errors are printed
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    pub(crate) error_format: ErrorFormat,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// What Helm prints
    Yaml,
    /// Objects with where they come from
    Json,
}

/// How errors are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ErrorFormat {
    /// pretty on a terminal, else text
    Auto,
    /// Helm's words
    Text,
    /// Helm's words, then the source line, the trace and hints
    Pretty,
    /// A JSON object
    Json,
}
