//! The command line, as far as Helm passes it on.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// What all commands say about standard input.
const INPUT: &str = "\
Standard input: YAML documents in any order, parted by `---`
  HelmChartDescriptor            what is worked on; or, for render and plan, HelmReleases
  a document without `kind`      the platform's facts: registry, repository, domain, username, token
  ConfigMaps with binaryData     charts: every key that ends in .tgz. They provide the chart of their name and
                                 version that a descriptor or HelmRelease names, from whatever source
  any other objects              what lookup and valuesFrom find

Helm runs this plugin in Wasm: it sees no file, no network and no cluster, only standard input. The base charts
databasebase, jobbase and modulebase are in the plugin, for sources named basecharts. Other charts are brought so:
  helm pull postgresql --repo https://charts.example.org --version 16.4.2
  kubectl create configmap charts --from-file=postgresql-16.4.2.tgz --dry-run=client -o yaml > charts.yaml
  sed -s '1i ---' shop.yaml platform.yaml charts.yaml | helm chartwright render
Where that is too narrow, the command `chartwright` does the same with files, sources, registries and Git.

Helm ends with exit code 1 whatever goes wrong; what it was is on standard error.";

const RENDER: &str = "\
Examples:
  helm chartwright render < shop.yaml
  sed -s '1i ---' shop.yaml platform.yaml | helm chartwright render --level 2
  helm chartwright render --set shopfrontend.config.WELCOME=Hi --values-text \"$(cat values.yaml)\" < shop.yaml
  kubectl get helmreleases,configmaps,secrets -n shop -o yaml | helm chartwright render     # charts on stdin, too";

const EXPAND: &str = "\
Examples:
  helm chartwright expand < shop.yaml > shop-1.0.0.tgz
  helm chartwright expand --file values.yaml < shop.yaml           # one file of the chart
  helm chartwright expand -o json < shop.yaml                      # name, version, digest, files, archive in base64";

/// Describes, checks and renders modules: descriptors to charts to what a cluster gets.
#[derive(Debug, Parser)]
#[command(name = "helm chartwright", bin_name = "helm chartwright", version, arg_required_else_help = true)]
#[command(after_help = INPUT)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Render a descriptor or HelmReleases through all levels: what a cluster would get
    #[command(after_help = RENDER)]
    Render(RenderArgs),
    /// Write the Helm chart of a descriptor, as a .tgz: the same bytes for the same input
    #[command(after_help = EXPAND)]
    Expand(ExpandArgs),
    /// Find everything that is wrong with descriptors, at once, with places and hints
    Check(CheckArgs),
    /// List the charts that are needed, and whether they are available
    Plan,
}

/// The flags of `render`.
#[derive(Args, Debug)]
pub(crate) struct RenderArgs {
    /// The operator's values as component.key=value
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Values")]
    pub(crate) set: Vec<String>,
    /// Values that are strings, whatever they look like
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Values")]
    pub(crate) set_string: Vec<String>,
    /// Values in JSON
    #[arg(long, value_name = "KEY=JSON", help_heading = "Values")]
    pub(crate) set_json: Vec<String>,
    /// Values that are taken literally
    #[arg(long, value_name = "KEY=TEXT", help_heading = "Values")]
    pub(crate) set_literal: Vec<String>,
    /// Values as YAML text, under those of the other flags (repeatable)
    #[arg(long, value_name = "YAML", help_heading = "Values")]
    pub(crate) values_text: Vec<String>,

    /// The version of Kubernetes
    #[arg(long, value_name = "VERSION", help_heading = "Cluster")]
    pub(crate) kube_version: Option<String>,
    /// API versions that the cluster has, too; comma-separated
    #[arg(long, value_name = "VERSIONS", value_delimiter = ',', help_heading = "Cluster")]
    pub(crate) api_versions: Vec<String>,
    /// Render as for an upgrade
    #[arg(long, help_heading = "Cluster")]
    pub(crate) is_upgrade: bool,
    /// Seed of the random functions, which fail without one: the same seed, the same bytes
    #[arg(long, value_name = "NUMBER", help_heading = "Cluster")]
    pub(crate) seed: Option<u64>,
    /// The time that templates see, in seconds since 1970; now if none is given
    #[arg(long, value_name = "SECONDS", help_heading = "Cluster")]
    pub(crate) now: Option<i64>,

    /// As Flux applies the objects, or as Helm prints them
    #[arg(long = "as", value_name = "TOOL", default_value = "flux", help_heading = "Output")]
    pub(crate) mode: As,
    /// yaml, or json: objects with component, chart, template, level
    #[arg(short, long, value_name = "FORMAT", default_value = "yaml", help_heading = "Output")]
    pub(crate) output: Rendered,
    /// Only this level: 1 for HelmReleases, 2 for what they deploy
    #[arg(long, value_name = "LEVEL", help_heading = "Output")]
    pub(crate) level: Option<u32>,
    /// Do not print hooks
    #[arg(long, help_heading = "Output")]
    pub(crate) no_hooks: bool,
    /// Print the notes of all charts after the manifests
    #[arg(long, help_heading = "Output")]
    pub(crate) notes: bool,
    /// Leave the platform's credentials readable in the output
    #[arg(long, help_heading = "Output")]
    pub(crate) show_secrets: bool,
}

/// The flags of `expand`.
#[derive(Args, Debug)]
pub(crate) struct ExpandArgs {
    /// Print this file of the chart, such as values.yaml, not its archive
    #[arg(long, value_name = "PATH", conflicts_with = "output")]
    pub(crate) file: Option<String>,
    /// tgz, or json: name, version, digest, files, archive
    #[arg(short, long, value_name = "FORMAT", default_value = "tgz")]
    pub(crate) output: Expanded,
}

/// The flags of `check`.
#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// Warnings are failures, too
    #[arg(long)]
    pub(crate) strict: bool,
    /// text with the lines in question, or json: the problems with place, path, code and hint
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: Checked,
}

/// As whom objects are rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum As {
    /// Post-rendered, with labels of their origin
    Flux,
    /// As `helm template` prints them
    Helm,
}

/// How objects are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rendered {
    /// Manifests
    Yaml,
    /// Objects with where they come from
    Json,
}

/// How charts are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Expanded {
    /// The archive
    Tgz,
    /// All about it
    Json,
}

/// How problems are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Checked {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Flags of `chartwright` that name files, and what replaces them here.
const FILES: [(&str, &str); 9] = [
    ("-f", "give values with --set, --set-json or --values-text \"$(cat FILE)\""),
    ("--values", "give values with --set, --set-json or --values-text \"$(cat FILE)\""),
    ("--set-file", "give values with --set-literal KEY=\"$(cat FILE)\""),
    ("--platform", "give the platform file as a document on standard input"),
    ("--objects", "give objects as documents on standard input"),
    ("--source", "give charts as documents on standard input"),
    ("--archive", "the archive is written to standard output"),
    ("--directory", "the archive is written to standard output"),
    ("--skeletons", "other skeletons need the command `chartwright`"),
];

/// What to do in place of a flag that names a file.
pub(crate) fn instead(args: &[String]) -> Option<String> {
    let flag = |arg: &str| arg.split('=').next().unwrap_or_default().to_owned();
    let known = |arg: &String| FILES.iter().find(|(name, _)| *name == flag(arg));
    let (name, text) = args.iter().find_map(known)?;
    Some(format!("{name}: Helm's plugins in Wasm see no files; {text}"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn completions_are_the_command_line() {
        let mut command = Cli::command();
        command.build();
        let mut wanted = Vec::new();
        for command in command.get_subcommands().filter(|c| c.get_name() != "help") {
            let mut flags: Vec<_> = command.get_arguments().filter_map(|a| a.get_long()).collect();
            flags.sort_unstable();
            wanted.push(serde_json::json!({"name": command.get_name(), "flags": flags}));
        }
        let text = include_bytes!("../completion.yaml");
        let found = goyaml::json::to_json(&goyaml::yaml::from_yaml(text).unwrap(), false).unwrap();
        let found: serde_json::Value = serde_json::from_slice(&found).unwrap();
        assert_eq!(found["commands"], serde_json::Value::from(wanted));
    }

    #[test]
    fn flags_that_name_files_have_a_way_round() {
        let of = |args: &[&str]| instead(&args.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>());
        assert!(of(&["render", "--values=v.yaml"]).unwrap().contains("--values-text"));
        assert!(of(&["render", "-f", "v.yaml"]).is_some());
        assert_eq!(of(&["render", "--set", "a=b"]), None);
    }
}
