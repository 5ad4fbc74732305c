//! Pods: how many there are, what they ask for and may use.

use contract::quantity::{bytes, millis};
use contract::{Amount, Resources};
use govalue::Map;

use super::fields::{map, maps, number, text};

/// The pods of an object.
pub(in crate::api) struct Pods {
    /// Their spec.
    pub(in crate::api) spec: Map,
    /// How many run at once; `None`: one on each node.
    pub(in crate::api) count: Option<u64>,
}

/// The pods of an object of this kind.
pub(in crate::api) fn pods(kind: &str, object: &Map) -> Option<Pods> {
    const TEMPLATE: &[&str] = &["spec", "template", "spec"];
    let (path, count): (&[&str], _) = match kind {
        "Pod" => (&["spec"], Some(1)),
        "Deployment" | "ReplicaSet" | "ReplicationController" | "StatefulSet" => {
            (TEMPLATE, Some(number(object, &["spec", "replicas"]).unwrap_or(1)))
        }
        "DaemonSet" => (TEMPLATE, None),
        "Job" => (TEMPLATE, Some(number(object, &["spec", "parallelism"]).unwrap_or(1))),
        "CronJob" => {
            let parallelism = number(object, &["spec", "jobTemplate", "spec", "parallelism"]);
            (&["spec", "jobTemplate", "spec", "template", "spec"], Some(parallelism.unwrap_or(1)))
        }
        _ => return None,
    };
    Some(Pods { spec: map(object, path)?, count })
}

/// Adds what pods ask for and may use.
pub(super) fn add(spec: &Map, count: Option<u64>, by: &str, to: &mut Resources) {
    let (requests, limits) = (of_pod(spec, "requests"), of_pod(spec, "limits"));
    let (sum_requests, sum_limits) = match count {
        Some(_) => (&mut to.requests, &mut to.limits),
        None => (&mut to.requests_per_node, &mut to.limits_per_node),
    };
    let times = count.unwrap_or(1);
    *sum_requests = plus(*sum_requests, by_count(requests, times));
    *sum_limits = plus(*sum_limits, by_count(limits, times));
    to.pods = to.pods.saturating_add(count.unwrap_or(0));
    for container in maps(spec, &["containers"]) {
        for (what, unlimited) in [("memory", &mut to.unlimited), ("cpu", &mut to.unlimited_cpu)] {
            if text(&container, &["resources", "limits", what]).is_none() {
                let name = text(&container, &["name"]).unwrap_or_default();
                unlimited.push(format!("{by}: {name}"));
            }
        }
    }
}

/// What a pod asks for: the sum of its containers, or what one of those before them asks for, if that is more.
fn of_pod(spec: &Map, what: &str) -> Amount {
    let mut sum = Amount::default();
    let mut before = Amount::default();
    for container in maps(spec, &["initContainers"]) {
        let own = of_container(&container, what);
        // A sidecar stays beside the containers.
        if text(&container, &["restartPolicy"]).as_deref() == Some("Always") {
            sum = plus(sum, own);
            before = most(before, sum);
        } else {
            before = most(before, plus(sum, own));
        }
    }
    for container in maps(spec, &["containers"]) {
        sum = plus(sum, of_container(&container, what));
    }
    most(sum, before)
}

fn of_container(container: &Map, what: &str) -> Amount {
    let quantity = |name: &str| {
        let own = text(container, &["resources", what, name]);
        // Where only a limit is given, Kubernetes takes it for the request, too.
        own.or_else(|| text(container, &["resources", "limits", name])).unwrap_or_default()
    };
    Amount { cpu_millis: millis(&quantity("cpu")), memory: bytes(&quantity("memory")) }
}

fn plus(a: Amount, b: Amount) -> Amount {
    Amount { cpu_millis: a.cpu_millis.saturating_add(b.cpu_millis), memory: a.memory.saturating_add(b.memory) }
}

fn most(a: Amount, b: Amount) -> Amount {
    Amount { cpu_millis: a.cpu_millis.max(b.cpu_millis), memory: a.memory.max(b.memory) }
}

fn by_count(one: Amount, count: u64) -> Amount {
    Amount { cpu_millis: one.cpu_millis.saturating_mul(count), memory: one.memory.saturating_mul(count) }
}
