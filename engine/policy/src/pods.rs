//! What pods must not do, by Kubernetes' Pod Security Standards
//! (<https://kubernetes.io/docs/concepts/security/pod-security-standards/>).

use descriptor::pod_security::BASELINE_CAPABILITIES;
use serde_json::Value;

use crate::object::{Object, Part, containers, pod_spec};
use crate::refusal::Found;
use crate::rule::Forbidden;

pub(crate) fn judge(forbid: &[Forbidden], object: &Object<'_>) -> Vec<Found> {
    let Some(spec) = pod_spec(object) else { return Vec::new() };
    forbid.iter().flat_map(|one| one.found(&spec)).collect()
}

impl Forbidden {
    fn found(self, spec: &Part<'_>) -> Vec<Found> {
        let pod = spec.clone();
        let each = |look: &dyn Fn(&Part<'_>) -> Vec<Found>| containers(spec).iter().flat_map(look).collect();
        match self {
            Forbidden::Privileged => each(&|container| {
                let own = is_true(container.at(&["securityContext", "privileged"]), "privileged");
                let windows = ["securityContext", "windowsOptions", "hostProcess"];
                let of_pod = if container.at(&windows).is_some() { container.at(&windows) } else { pod.at(&windows) };
                own.into_iter()
                    .chain(is_true(of_pod, "a process of the node"))
                    .map(|found| of(container, found))
                    .collect()
            }),
            Forbidden::HostNamespaces => {
                let names = [("hostNetwork", "network"), ("hostPID", "processes"), ("hostIPC", "IPC")];
                let shares = |(field, what): (&str, &str)| {
                    let part = spec.field(field).filter(|part| part.value != &Value::Bool(false))?;
                    Some(Found::at(&part.path, format!("its pods share the node's {what}")))
                };
                names.into_iter().filter_map(shares).collect()
            }
            Forbidden::HostPath => {
                let volumes = spec.list("volumes").into_iter().filter_map(|volume| volume.field("hostPath"));
                let says = |part: Part<'_>| {
                    let path = part.text("path").unwrap_or_default();
                    Found::at(&part.path, format!("its pods mount the folder {path} of the node"))
                };
                volumes.map(says).collect()
            }
            Forbidden::HostPorts => each(&|container| {
                let ports = container.list("ports").into_iter().filter_map(|port| port.field("hostPort"));
                let used = ports.filter(|port| port.value.as_u64() != Some(0) && port.value.as_f64() != Some(0.0));
                used.map(|port| of(container, Found::at(&port.path, format!("uses port {} of the node", port.value))))
                    .collect()
            }),
            Forbidden::Capabilities => each(&|container| {
                let Some(capabilities) = container.at(&["securityContext", "capabilities"]) else { return Vec::new() };
                let added = capabilities.list("add");
                let beyond = added
                    .iter()
                    .filter(|one| !one.value.as_str().is_some_and(|name| BASELINE_CAPABILITIES.contains(&name)));
                beyond
                    .map(|one| of(container, Found::at(&one.path, format!("adds the capability {}", plain(one.value)))))
                    .collect()
            }),
            Forbidden::PrivilegeEscalation => each(&|container| {
                let part = container.at(&["securityContext", "allowPrivilegeEscalation"]);
                match part {
                    Some(part) if part.value == &Value::Bool(false) => Vec::new(),
                    Some(part) => vec![of(container, Found::at(&part.path, "allows privilege escalation".to_owned()))],
                    None => {
                        let what = "does not forbid privilege escalation (allowPrivilegeEscalation: false)".to_owned();
                        vec![of(container, Found::at(&container.path, what))]
                    }
                }
            }),
            Forbidden::Root => each(&|container| root(container, &pod)),
            Forbidden::UnlimitedMemory => each(&|container| {
                let limited = container.at(&["resources", "limits", "memory"]).is_some();
                // What is added to a running pod for a look takes from the pod's own.
                if limited || container.path.contains("ephemeralContainers") {
                    return Vec::new();
                }
                vec![of(container, Found::at(&container.path, "has no limit of memory".to_owned()))]
            }),
        }
    }
}

/// The setting of a container counts, and without one that of its pod.
fn root(container: &Part<'_>, pod: &Part<'_>) -> Vec<Found> {
    let setting = |name: &str| {
        let path = ["securityContext", name];
        container.at(&path).or_else(|| pod.at(&path))
    };
    if let Some(user) = setting("runAsUser").filter(|user| user.value.as_f64() == Some(0.0)) {
        return vec![of(container, Found::at(&user.path, "runs as root (runAsUser: 0)".to_owned()))];
    }
    match setting("runAsNonRoot") {
        Some(part) if part.value == &Value::Bool(true) => Vec::new(),
        Some(part) => vec![of(container, Found::at(&part.path, "may run as root".to_owned()))],
        None => vec![of(
            container,
            Found::at(&container.path, "may run as root (runAsNonRoot: true is missing)".to_owned()),
        )],
    }
}

fn is_true(part: Option<Part<'_>>, what: &str) -> Option<Found> {
    // What is neither true nor false is refused by the API server; until then it counts as set.
    let part = part.filter(|part| part.value != &Value::Bool(false))?;
    Some(Found::at(&part.path, format!("is {what}")))
}

fn of(container: &Part<'_>, found: Found) -> Found {
    let name = container.text("name").unwrap_or_default();
    Found { what: format!("container {name} {}", found.what), ..found }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
