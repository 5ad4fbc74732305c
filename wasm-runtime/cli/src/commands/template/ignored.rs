//! Helm's flags that have no effect here, or that need a network or a cluster.

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::pflag::{self, Assignments, Switch};

/// The flags that were given, by name, with their last value.
#[derive(Debug, Default)]
pub(crate) struct Ignored {
    switches: BTreeMap<&'static str, bool>,
    texts: BTreeMap<&'static str, String>,
    /// Deprecated flags with what Helm says of them, in the order of the command line.
    pub(crate) deprecated: Vec<(&'static str, &'static str)>,
    /// `--labels`
    pub(crate) labels: Vec<(String, String)>,
}

/// Flags that are on or off.
const SWITCHES: [&str; 23] = [
    "atomic",
    "create-namespace",
    "dependency-update",
    "devel",
    "disable-openapi-validation",
    "enable-dns",
    "force",
    "force-conflicts",
    "force-replace",
    "hide-notes",
    "insecure-skip-tls-verify",
    "kube-insecure-skip-tls-verify",
    "pass-credentials",
    "plain-http",
    "render-subchart-notes",
    "replace",
    "rollback-on-failure",
    "server-side",
    "skip-crds",
    "take-ownership",
    "validate",
    "verify",
    "wait-for-jobs",
];

/// Flags with a value.
const TEXTS: [&str; 24] = [
    "ca-file",
    "cert-file",
    "color",
    "colour",
    "content-cache",
    "description",
    "key-file",
    "keyring",
    "kube-apiserver",
    "kube-as-group",
    "kube-as-user",
    "kube-ca-file",
    "kube-context",
    "kube-tls-server-name",
    "kube-token",
    "kubeconfig",
    "password",
    "post-renderer",
    "post-renderer-args",
    "registry-config",
    "repo",
    "repository-cache",
    "repository-config",
    "username",
];

/// Flags with a number.
const NUMBERS: [&str; 2] = ["burst-limit", "qps"];

/// Flags whose value may be left out.
const OPTIONAL: [(&str, &str); 2] = [("dry-run", "unset"), ("wait", "watcher")];

const NO_EFFECT: &str = "this flag has no effect for 'helm template' and will be removed in Helm 5";

/// Switches that Helm has deprecated, with its advice.
const DEPRECATED: [(&str, &str); 5] = [
    ("atomic", "use --rollback-on-failure instead"),
    ("force", "use --force-replace instead"),
    ("hide-notes", NO_EFFECT),
    ("render-subchart-notes", NO_EFFECT),
    ("validate", "use '--dry-run=server' instead"),
];

/// A switch; of a deprecated one, every use is kept, because Helm speaks of each.
fn switch(name: &'static str) -> Arg {
    let arg = Arg::new(name).long(name).hide(true).value_parser(pflag::switch);
    if DEPRECATED.iter().any(|(flag, _)| *flag == name) { arg.action(ArgAction::Append) } else { arg }
}

impl Ignored {
    /// Whether a switch is on.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.switches.get(name).copied().unwrap_or(false)
    }

    /// Whether a flag was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.switches.contains_key(name) || self.texts.contains_key(name)
    }

    /// The value of a flag, if it is not empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str).filter(|t| !t.is_empty())
    }
}

impl Args for Ignored {
    fn augment_args(command: Command) -> Command {
        let text = |name: &'static str| Arg::new(name).long(name).hide(true).action(ArgAction::Append);
        let version = text("version");
        let labels = text("labels").short('l').value_parser(pflag::assignments);
        command
            .args(SWITCHES.map(switch))
            .args(TEXTS.map(text))
            .args(
                NUMBERS.map(|name| text(name).value_parser(if name == "qps" { pflag::float } else { pflag::integer })),
            )
            .args(OPTIONAL.map(|(name, missing)| {
                let parser = if name == "wait" { pflag::wait } else { pflag::text };
                text(name).num_args(0..=1).require_equals(true).default_missing_value(missing).value_parser(parser)
            }))
            .args([version, labels])
    }

    fn augment_args_for_update(command: Command) -> Command {
        Ignored::augment_args(command)
    }
}

impl FromArgMatches for Ignored {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Ignored, clap::Error> {
        let mut ignored = Ignored::default();
        let given = |name: &str| matches.value_source(name) == Some(clap::parser::ValueSource::CommandLine);
        for name in SWITCHES.into_iter().filter(|n| given(n)) {
            let last = matches.get_many::<Switch>(name).and_then(Iterator::last);
            ignored.switches.insert(name, last.is_some_and(|s| s.0));
        }
        let mut deprecated: Vec<_> = DEPRECATED
            .into_iter()
            .filter(|(name, _)| given(name))
            .flat_map(|flag| matches.indices_of(flag.0).into_iter().flatten().map(move |at| (at, flag)))
            .collect();
        deprecated.sort_unstable();
        ignored.deprecated = deprecated.into_iter().map(|(_, flag)| flag).collect();
        for name in TEXTS.into_iter().chain(NUMBERS).chain(OPTIONAL.map(|(n, _)| n)).chain(["version"]) {
            if let Some(last) = matches.get_many::<String>(name).and_then(Iterator::last) {
                ignored.texts.insert(name, last.clone());
            }
        }
        if let Some(labels) = matches.get_many::<Assignments>("labels") {
            ignored.labels = labels.flat_map(|l| l.0.clone()).collect();
        }
        Ok(ignored)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Ignored::from_arg_matches(matches)?;
        Ok(())
    }
}
