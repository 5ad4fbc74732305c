//! Every key of the Compose Specification, and what becomes of it.

use crate::report::Report;
use crate::tree::{Data, Field, Node};
use contract::{Code, Hint};

/// What becomes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is converted; parts that are not are reported where they are read.
    Carried,
    /// It is reported: what it means, and what to do.
    Reported(&'static str, &'static str),
    /// It means nothing by the specification itself.
    Meaningless,
}

use Fate::{Carried, Meaningless, Reported};

/// The keys at the top.
pub(crate) const TOP: &[(&str, Fate)] = &[
    ("configs", Carried),
    ("include", Carried),
    (
        "models",
        Reported(
            "models are served by Compose's host",
            "deploy a model server as a component, and give its address in config",
        ),
    ),
    ("name", Carried),
    ("networks", Carried),
    ("secrets", Carried),
    ("services", Carried),
    ("version", Meaningless),
    ("volumes", Carried),
];

const NODE: &str = "ask the cluster's operator: it is set on the node";
const RESOURCES: &str = "use requests and limits: deploy.resources";
const BLOCKED: &str =
    "the restricted Pod Security Standard forbids it; if you need it, see values securityContext and podSecurity";

/// The keys of a service.
pub(crate) const SERVICE: &[(&str, Fate)] = &[
    ("annotations", Carried),
    ("attach", Reported("logs are shown on request only", "use kubectl logs")),
    ("blkio_config", Reported("Kubernetes does not limit block devices", RESOURCES)),
    ("build", Carried),
    ("cap_add", Carried),
    ("cap_drop", Carried),
    ("cgroup", Reported("Kubernetes chooses control groups itself", "leave it out")),
    ("cgroup_parent", Reported("Kubernetes chooses control groups itself", "leave it out")),
    ("command", Carried),
    ("configs", Carried),
    ("container_name", Carried),
    ("cpu_count", Reported("it is for Windows only", RESOURCES)),
    ("cpu_percent", Reported("it is for Windows only", RESOURCES)),
    ("cpu_period", Reported("Kubernetes sets the scheduler's period itself", RESOURCES)),
    ("cpu_quota", Reported("Kubernetes sets the scheduler's quota itself", RESOURCES)),
    ("cpu_rt_period", Reported("Kubernetes has no realtime scheduling", NODE)),
    ("cpu_rt_runtime", Reported("Kubernetes has no realtime scheduling", NODE)),
    ("cpu_shares", Reported("Kubernetes has no CPU shares", RESOURCES)),
    ("cpus", Carried),
    ("cpuset", Reported("Kubernetes chooses the cores itself", "ask for whole CPUs, with requests equal to limits")),
    ("credential_spec", Reported("it is for Windows only", "see securityContext.windowsOptions")),
    ("depends_on", Carried),
    ("deploy", Carried),
    ("develop", Reported("it is for development", "it has no place in a cluster")),
    ("device_cgroup_rules", Reported("devices of the host are not given to pods", BLOCKED)),
    (
        "devices",
        Reported("devices of the host are not given to pods", "devices come from device plugins: resources.limits"),
    ),
    ("dns", Reported("pods ask the cluster's DNS servers", "ask the cluster's operator to forward the zones")),
    (
        "dns_opt",
        Reported("pods ask the cluster's DNS servers", "value ndots.enabled sets the option that is needed most often"),
    ),
    ("dns_search", Reported("pods search the cluster's domains", "use full names")),
    ("domainname", Reported("a pod's domain is the cluster's", "use full names")),
    ("entrypoint", Carried),
    ("env_file", Carried),
    ("environment", Carried),
    ("expose", Carried),
    ("extends", Carried),
    (
        "external_links",
        Reported(
            "containers that the file does not define are not known here",
            "use names of Services, such as name.namespace",
        ),
    ),
    ("extra_hosts", Carried),
    ("gpus", Carried),
    ("group_add", Carried),
    ("healthcheck", Carried),
    ("hostname", Carried),
    ("image", Carried),
    (
        "init",
        Reported("Kubernetes adds no init process", "put one such as tini into the image if processes are left behind"),
    ),
    ("ipc", Reported("containers do not share memory", BLOCKED)),
    ("isolation", Reported("it is for Windows only", "leave it out")),
    ("label_file", Carried),
    ("labels", Carried),
    ("links", Carried),
    ("logging", Reported("the cluster collects stdout and stderr", "ask the cluster's operator where logs are stored")),
    ("mac_address", Reported("the network gives pods their addresses", "leave it out")),
    ("mem_limit", Carried),
    ("mem_reservation", Carried),
    ("mem_swappiness", Reported("Kubernetes decides on swap", NODE)),
    ("memswap_limit", Reported("Kubernetes decides on swap", NODE)),
    (
        "models",
        Reported(
            "models are served by Compose's host",
            "deploy a model server as a component, and give its address in config",
        ),
    ),
    ("network_mode", Carried),
    ("networks", Carried),
    ("oom_kill_disable", Reported("Kubernetes kills containers that exceed their memory limit", RESOURCES)),
    ("oom_score_adj", Reported("Kubernetes sets it by requests and limits", RESOURCES)),
    ("pid", Reported("processes of other containers or the host are not visible", BLOCKED)),
    ("pids_limit", Reported("the node limits the number of processes", NODE)),
    ("platform", Carried),
    ("ports", Carried),
    ("post_start", Carried),
    ("pre_start", Reported("it runs before the container starts", "value initContainers does the same")),
    ("pre_stop", Carried),
    ("privileged", Reported("a privileged container controls the node: it runs without privileges", BLOCKED)),
    ("profiles", Carried),
    (
        "provider",
        Reported(
            "a program on the host provides the service",
            "deploy the service as a component, or use an existing one",
        ),
    ),
    ("pull_policy", Carried),
    (
        "pull_refresh_after",
        Reported("Kubernetes does not pull by age", "pin the image by tag or digest, and change that"),
    ),
    ("read_only", Carried),
    ("restart", Carried),
    ("runtime", Reported("RuntimeClass selects the runtime", NODE)),
    ("scale", Carried),
    ("secrets", Carried),
    ("security_opt", Carried),
    ("shm_size", Carried),
    ("stdin_open", Reported("pods have no interactive input", "use kubectl attach or exec")),
    ("stop_grace_period", Carried),
    (
        "stop_signal",
        Reported(
            "Kubernetes sends the signal that the image names (STOPSIGNAL)",
            "set it in the image, or use value lifecycle.preStop",
        ),
    ),
    ("storage_opt", Reported("the node limits the container's own disk", "set resources.limits.ephemeral-storage")),
    ("sysctls", Carried),
    ("tmpfs", Carried),
    ("tty", Reported("pods have no interactive input", "use kubectl attach or exec")),
    ("ulimits", Reported("the node sets limits of processes", NODE)),
    (
        "use_api_socket",
        Reported("pods cannot reach Docker", "give the component a ServiceAccount and use the Kubernetes API"),
    ),
    ("user", Carried),
    ("userns_mode", Reported("user namespaces are set in the pod", NODE)),
    ("uts", Reported("pods have their own host names", "leave it out")),
    ("volumes", Carried),
    ("volumes_from", Reported("containers do not share mounts", "list the volumes in both services")),
    ("working_dir", Carried),
];

/// The keys of `deploy`.
pub(crate) const DEPLOY: &[(&str, Fate)] = &[
    ("endpoint_mode", Reported("Services have one virtual address", "leave it out")),
    ("labels", Reported("nothing reads the labels of a Swarm service", "use labels of the service itself")),
    ("mode", Carried),
    ("placement", Carried),
    ("replicas", Carried),
    ("resources", Carried),
    ("restart_policy", Carried),
    ("rollback_config", Reported("Flux and Helm roll releases back", "see remediation of the HelmRelease")),
    ("update_config", Carried),
];

/// The keys of `healthcheck`.
pub(crate) const HEALTHCHECK: &[(&str, Fate)] = &[
    ("disable", Carried),
    ("interval", Carried),
    ("retries", Carried),
    ("start_interval", Carried),
    ("start_period", Carried),
    ("test", Carried),
    ("timeout", Carried),
];

/// The keys of a volume at the top.
pub(crate) const VOLUME: &[(&str, Fate)] = &[
    ("driver", Carried),
    ("driver_opts", Carried),
    ("external", Carried),
    ("labels", Reported("nothing reads the labels of volumes", "leave them out")),
    ("name", Carried),
];

/// The keys of a secret or a config at the top.
pub(crate) const FILE_OBJECT: &[(&str, Fate)] = &[
    ("content", Carried),
    ("driver", Reported("drivers belong to Swarm", "see the External Secrets Operator")),
    ("driver_opts", Reported("drivers belong to Swarm", "see the External Secrets Operator")),
    ("environment", Carried),
    ("external", Carried),
    ("file", Carried),
    ("labels", Reported("nothing reads these labels", "leave them out")),
    ("name", Carried),
    ("template_driver", Reported("drivers belong to Swarm", "write the content into the file")),
];

/// The keys of a network at the top.
pub(crate) const NETWORK: &[(&str, Fate)] = &[
    ("attachable", Reported("all pods of the namespace are in the same network", "leave it out")),
    ("driver", Reported("the cluster has one network", "value networkPolicy keeps components apart")),
    ("driver_opts", Reported("the cluster has one network", "ask the cluster's operator")),
    ("enable_ipv4", Reported("the cluster assigns addresses", "ask the cluster's operator")),
    ("enable_ipv6", Reported("the cluster assigns addresses", "ask the cluster's operator")),
    (
        "external",
        Reported("networks of other applications are not known here", "reach other namespaces by name.namespace"),
    ),
    ("internal", Reported("components can reach the outside", "value networkPolicy.egress sets what may be reached")),
    ("ipam", Reported("the cluster assigns addresses", "use names")),
    ("labels", Reported("nothing reads the labels of networks", "leave them out")),
    ("name", Meaningless),
];

/// Reports the keys of a mapping that are not converted, and unknown ones.
pub(crate) fn check(node: &Node, table: &[(&str, Fate)], prefix: &str, report: &mut Report) {
    for field in node.fields() {
        let path = if prefix.is_empty() { field.name.clone() } else { format!("{prefix}.{}", field.name) };
        match table.iter().find(|(name, _)| *name == field.name) {
            Some((_, Carried | Meaningless)) => {}
            Some((_, Reported(..))) if says_nothing(field) => {}
            Some((name, Reported(why, hint))) => {
                report.warn(field.spot, &path, code(name), format!("{path} is not converted: {why}"), *hint);
            }
            None if field.name.starts_with("x-") => {}
            None => {
                let message = format!("the Compose Specification has no key {path}");
                let nearest = contract::nearest(&field.name, table.iter().map(|(name, _)| *name));
                let hint = nearest.map_or_else(|| Hint::text(""), Hint::DidYouMean);
                report.warn(field.spot, &path, Code::UnknownKey, message, hint);
            }
        }
    }
}

/// The code of a key that is reported: its name, with hyphens.
fn code(key: &str) -> Code {
    Code::from_word(&key.replace('_', "-")).expect("each key that is reported has a code, as the test below sees to")
}

/// Whether a key is there without asking for anything.
fn says_nothing(field: &Field) -> bool {
    match &field.node.data {
        Data::Null | Data::Bool(false) => true,
        Data::List(items) => items.is_empty(),
        Data::Map(fields) => fields.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reported_key_has_a_code() {
        for table in [TOP, SERVICE, DEPLOY, HEALTHCHECK, VOLUME, FILE_OBJECT, NETWORK] {
            for (key, _) in table.iter().filter(|(_, fate)| matches!(fate, Reported(..))) {
                assert_eq!(code(key).as_str(), key.replace('_', "-"));
            }
        }
    }
}
