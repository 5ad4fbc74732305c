//! The program's flags. Those that Flux's controllers have, too, have their names and defaults.

use std::net::{Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use chartwright_controller::artifact::Retention;
use chartwright_controller::election::Times;
use chartwright_controller::run::Scope;
use chartwright_controller::settings::Settings;
use chartwright_controller::time::duration;
use clap::{ArgAction, Parser, ValueEnum};

/// Reconciles HelmChartDescriptors beside Flux
#[derive(Debug, Parser)]
#[command(name = "chartwright-controller", version)]
pub(crate) struct Flags {
    /// Folder of the published archives
    #[arg(long, env = "STORAGE_PATH", default_value = "/data", value_name = "FOLDER")]
    pub(crate) storage_path: PathBuf,
    /// Address that archives are served at
    #[arg(long, env = "STORAGE_ADDRESS", default_value = ":9090", value_name = "ADDRESS", value_parser = address)]
    pub(crate) storage_addr: SocketAddr,
    /// Address that Flux reaches them by: HOST, HOST:PORT or a URL [default: localhost and the port]
    #[arg(long, env = "STORAGE_ADV_ADDR", value_name = "ADDRESS")]
    pub(crate) storage_adv_addr: Option<String>,
    /// How long an archive stays after it was replaced
    #[arg(long, default_value = "1m", value_name = "DURATION", value_parser = span)]
    pub(crate) artifact_retention_ttl: Duration,
    /// How many archives of a descriptor stay in any case
    #[arg(long, default_value_t = 2, value_name = "NUMBER")]
    pub(crate) artifact_retention_records: usize,
    /// How many descriptors are reconciled at a time
    #[arg(long, default_value_t = 4, value_name = "NUMBER")]
    pub(crate) concurrent: u16,
    /// Watch the descriptors of all namespaces, and not only those of $RUNTIME_NAMESPACE
    #[arg(long, default_value_t = true, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true",
        require_equals = true, value_name = "BOOL")]
    pub(crate) watch_all_namespaces: bool,
    /// Watch the descriptors of this namespace only
    #[arg(long, value_name = "NAMESPACE")]
    pub(crate) watch_namespace: Option<String>,
    /// Watch descriptors with these labels only: several controllers can share them
    #[arg(long, value_name = "SELECTOR")]
    pub(crate) watch_label_selector: Option<String>,
    /// Notice changes of ConfigMaps and Secrets with these labels at once; empty: of all
    #[arg(long, default_value = "owner!=helm", value_name = "SELECTOR")]
    pub(crate) watch_configs_label_selector: String,
    /// Refuse sources of other namespaces than the descriptor's
    #[arg(long, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true", default_value_t = false,
        require_equals = true, value_name = "BOOL")]
    pub(crate) no_cross_namespace_refs: bool,
    /// Service account that installs releases whose descriptor names none
    #[arg(long, value_name = "NAME")]
    pub(crate) default_service_account: Option<String>,
    /// How soon to look again for a source that is not ready
    #[arg(long, default_value = "30s", value_name = "DURATION", value_parser = span)]
    pub(crate) requeue_dependency: Duration,
    /// By how many hundredths intervals vary
    #[arg(long, default_value_t = 5, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) interval_jitter_percentage: u8,
    /// Address of notification-controller; empty: nobody is told
    #[arg(long, default_value = "", value_name = "URL")]
    pub(crate) events_addr: String,
    /// Address of /healthz and /readyz; 0: none
    #[arg(long, default_value = ":9440", value_name = "ADDRESS")]
    pub(crate) health_addr: String,
    /// Address of /metrics; 0: none
    #[arg(long, default_value = ":8080", value_name = "ADDRESS")]
    pub(crate) metrics_addr: String,
    /// The least important messages that are logged
    #[arg(long, default_value = "info", value_name = "LEVEL")]
    pub(crate) log_level: Level,
    /// The form of the log
    #[arg(long, default_value = "json", value_name = "ENCODING")]
    pub(crate) log_encoding: Encoding,
    /// Work only while no other instance does
    #[arg(long, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true", default_value_t = false,
        require_equals = true, value_name = "BOOL")]
    pub(crate) enable_leader_election: bool,
    /// How long a lease lasts that is not renewed
    #[arg(long, default_value = "35s", value_name = "DURATION", value_parser = span)]
    pub(crate) leader_election_lease_duration: Duration,
    /// How long a leader leads that cannot renew its lease
    #[arg(long, default_value = "30s", value_name = "DURATION", value_parser = span)]
    pub(crate) leader_election_renew_deadline: Duration,
    /// How often the lease is tried for, and renewed
    #[arg(long, default_value = "5s", value_name = "DURATION", value_parser = span)]
    pub(crate) leader_election_retry_period: Duration,
    /// Namespace of the lease, and of the descriptors if not all are watched
    #[arg(long, env = "RUNTIME_NAMESPACE", default_value = "flux-system", value_name = "NAMESPACE")]
    pub(crate) runtime_namespace: String,
    /// Name of this instance [default: the host's]
    #[arg(long, env = "HOSTNAME", default_value = "chartwright-controller", value_name = "NAME")]
    pub(crate) identity: String,
    /// File of the engine's plugin [default: chartwright.wasm beside the program]
    #[arg(long, env = "CHARTWRIGHT_PLUGIN", value_name = "FILE")]
    pub(crate) plugin: Option<PathBuf>,
    /// Digest that the plugin must have [default: the one in FILE.sha256, if there is one]
    #[arg(long, value_name = "DIGEST")]
    pub(crate) plugin_digest: Option<String>,
    /// Folder where the plugin's machine code is kept: the next start need not compile it
    #[arg(long, value_name = "FOLDER")]
    pub(crate) plugin_cache: Option<PathBuf>,
    /// How long each call of the engine may take
    #[arg(long, default_value = "1m", value_name = "DURATION", value_parser = span)]
    pub(crate) engine_timeout: Duration,
    /// File of policies that everything deployed must keep; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Vec<PathBuf>,
}

/// How important a message must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

/// The form of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Encoding {
    /// A JSON object a line
    Json,
    /// Text for people
    Console,
}

impl Flags {
    /// How the controller works.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            cross_namespace: !self.no_cross_namespace_refs,
            default_service_account: self.default_service_account.clone().filter(|name| !name.is_empty()),
            interval_jitter: self.interval_jitter_percentage,
            requeue_dependency: self.requeue_dependency,
            concurrent: self.concurrent.max(1),
            engine_time: self.engine_timeout,
        }
    }

    /// What is watched.
    pub(crate) fn scope(&self) -> Scope {
        let runtime = (!self.watch_all_namespaces).then(|| self.runtime_namespace.clone());
        Scope {
            namespace: self.watch_namespace.clone().filter(|name| !name.is_empty()).or(runtime),
            labels: self.watch_label_selector.clone().filter(|labels| !labels.is_empty()),
            configs: self.watch_configs_label_selector.clone(),
        }
    }

    /// How long archives stay.
    pub(crate) fn retention(&self) -> Retention {
        Retention { ttl: self.artifact_retention_ttl, records: self.artifact_retention_records }
    }

    /// How long a leader leads.
    pub(crate) fn times(&self) -> Times {
        Times {
            duration: self.leader_election_lease_duration,
            renew: self.leader_election_renew_deadline,
            retry: self.leader_election_retry_period,
        }
    }

    /// The name of the lease. Controllers that share the descriptors by labels have one each.
    pub(crate) fn lease(&self) -> String {
        const NAME: &str = "chartwright-controller-leader-election";
        match &self.watch_label_selector {
            Some(labels) if !labels.is_empty() => {
                let sum = chartwright_controller::artifact::digest(labels.as_bytes());
                format!("{NAME}-{}", sum.get(7..17).unwrap_or_default())
            }
            _ => NAME.to_owned(),
        }
    }
}

/// An address as Go has it: without a host it is every host.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    let whole = match text.strip_prefix(':') {
        Some(port) => format!("[{}]:{port}", Ipv6Addr::UNSPECIFIED),
        None => text.to_owned(),
    };
    whole.parse().map_err(|_| format!("{text:?} is not an address: write IP:PORT or :PORT"))
}

fn span(text: &str) -> Result<Duration, String> {
    duration(text).ok_or_else(|| format!("{text:?} is not a duration such as 30s or 1h30m"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn flags_are_flux_s() {
        Flags::command().debug_assert();
        let flags =
            Flags::parse_from(["x", "--watch-all-namespaces=false", "--no-cross-namespace-refs", "--concurrent=8"]);
        assert_eq!(flags.scope().namespace.as_deref(), Some(&*flags.runtime_namespace));
        assert!(!flags.settings().cross_namespace);
        assert_eq!(flags.settings().concurrent, 8);
        assert_eq!(flags.lease(), "chartwright-controller-leader-election");
        let shard = Flags::parse_from(["x", "--watch-label-selector=shard=a"]);
        assert!(shard.lease().len() > flags.lease().len());
        assert_eq!(shard.scope().namespace, None);
    }

    #[test]
    fn every_flag_is_in_the_documentation() {
        let page = include_str!("../../../docs/src/controller.md");
        for flag in Flags::command().get_arguments().filter_map(|argument| argument.get_long()) {
            let listed = [' ', '[', '`'].iter().any(|end| page.contains(&format!("| `--{flag}{end}")));
            assert!(listed, "--{flag}");
        }
    }

    #[test]
    fn addresses_are_go_s() {
        assert_eq!(address(":9090").expect("an address").port(), 9090);
        assert_eq!(address("127.0.0.1:80").expect("an address").to_string(), "127.0.0.1:80");
        assert!(address("nowhere").is_err());
    }

    #[test]
    fn the_chart_gives_flags_that_exist() {
        let chart = include_str!("../../../templates/charts/chartwright/templates/deployment.yaml");
        let command = Flags::command();
        let known: Vec<&str> = command.get_arguments().filter_map(|argument| argument.get_long()).collect();
        let given = chart.lines().filter_map(|line| line.trim().strip_prefix("- --"));
        let names: Vec<&str> = given.map(|flag| flag.split('=').next().unwrap_or(flag)).collect();
        assert!(names.len() > 10, "{names:?}");
        for name in names {
            assert!(known.contains(&name), "--{name}");
        }
    }

    /// What follows this in the lines that begin with it.
    fn after<'t>(text: &'t str, start: &str) -> Vec<&'t str> {
        text.lines().filter_map(|line| line.trim().strip_prefix(start)).map(str::trim).collect()
    }

    #[test]
    fn the_image_is_what_program_and_chart_expect() {
        let image = include_str!("../../../Containerfile");
        let chart = include_str!("../../../templates/charts/chartwright/templates/deployment.yaml");
        let name = Flags::command().get_name().to_owned();
        assert_eq!(after(image, "ENTRYPOINT "), [format!("[\"/usr/local/bin/{name}\"]")]);
        // The plugin is looked for beside the program.
        assert_eq!(after(image, "COPY --from=build "), ["/out/ /usr/local/bin/"]);
        assert!(image.contains(&format!("dist/{name}\" target/package/chartwright.wasm target/package/")));

        let (user, group) = (after(chart, "runAsUser: "), after(chart, "runAsGroup: "));
        assert_eq!(after(image, "USER "), [format!("{}:{}", user.join(" "), group.join(" "))]);

        let flags = Flags::parse_from(["x"]);
        let port = |text: &str| address(text).expect("an address").port();
        let mut ports = [flags.storage_addr.port(), port(&flags.health_addr), port(&flags.metrics_addr)];
        ports.sort_unstable();
        let ports = ports.map(|port| port.to_string());
        assert_eq!(after(image, "EXPOSE "), [ports.join(" ")]);
        let mut named = after(chart, "containerPort: ");
        named.sort_unstable();
        assert_eq!(named, ports);

        assert_eq!(after(image, "ARG VERSION="), [env!("CARGO_PKG_VERSION")]);
        let toolchain = after(include_str!("../../../rust-toolchain.toml"), "channel = ").join(" ");
        let rust = format!("docker.io/library/rust:{}-slim", toolchain.trim_matches('"'));
        assert_eq!(after(image, "ARG RUST="), [rust]);
    }
}
