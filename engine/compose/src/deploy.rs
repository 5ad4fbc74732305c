//! `deploy` and what older files say in its place: replicas, resources, placement.

use contract::Code;
use descriptor::write::{Block, Item};

use crate::report::Report;
use crate::service::Service;
use crate::tree::{Data, Node};
use crate::values::{cpus, parsed, size, texts};

/// Writes `replicas`; databases have one pod unless the file says otherwise.
pub(crate) fn replicas(service: &Service, values: &mut Block, report: &mut Report) {
    let deploy = service.node.get("deploy");
    let number = |t: &str| t.parse::<i64>().ok().filter(|n| (0..=1000).contains(n));
    let given = deploy.and_then(|d| d.get("replicas")).or_else(|| service.node.get("scale"));
    if let Some(replicas) = given.and_then(|n| parsed(n, "deploy.replicas", "a number", number, report)) {
        values.set("replicas", replicas);
    }
    if let Some(mode) = deploy.and_then(|d| d.get("mode"))
        && mode.text().as_deref() == Some("global")
    {
        let message = "deploy.mode: global is not converted: a pod on every node needs a DaemonSet, which the base charts do not have";
        report.warn(
            mode.spot,
            "deploy.mode",
            Code::DeployGlobal,
            message,
            "set replicas, or use a base chart with a DaemonSet",
        );
    }
}

/// Writes `resources`.
pub(crate) fn resources(service: &Service, values: &mut Block, report: &mut Report) {
    let node = &service.node;
    let resources = node.get("deploy").and_then(|d| d.get("resources"));
    let below = |part: &str, key: &str| resources?.get(part)?.get(key);
    let mut carried = Block::new();
    let sides = [
        ("requests", "reservations", None, node.get("mem_reservation")),
        ("limits", "limits", node.get("cpus"), node.get("mem_limit")),
    ];
    for (side, part, old_cpus, old_memory) in sides {
        let path = |key: &str| format!("deploy.resources.{part}.{key}");
        if let Some(cpu) = below(part, "cpus").or(old_cpus)
            && let Some(cpu) = parsed(cpu, &path("cpus"), "a number of CPUs", cpus, report).filter(|q| q != "0")
        {
            carried.set_in(&[side, "cpu"], cpu);
        }
        if let Some(memory) = below(part, "memory").or(old_memory)
            && let Some(memory) =
                parsed(memory, &path("memory"), "a size such as 512M", size, report).filter(|q| q != "0")
        {
            carried.set_in(&[side, "memory"], memory);
        }
        for key in ["pids", "generic_resources"] {
            if let Some(node) = below(part, key) {
                let message = format!("{} is not converted: it is set on the node", path(key));
                report.warn(node.spot, &path(key), Code::Resource, message, "ask the cluster's operator");
            }
        }
    }
    requests_within_limits(&mut carried);
    if let Some(gpus) = gpus(service, report) {
        carried.set_in(&["limits", "nvidia.com/gpu"], gpus).beside("the node needs NVIDIA's device plugin");
    }
    if !carried.is_empty() {
        values.set("resources", carried);
    }
}

/// The largest requests that base charts make by themselves.
const USUAL_REQUESTS: [(&str, f64); 2] = [("cpu", 0.1), ("memory", 256.0 * 1024.0 * 1024.0)];

/// Where a limit is below what the base charts request, the request is the limit, as Kubernetes has it without any.
fn requests_within_limits(resources: &mut Block) {
    for (key, usual) in USUAL_REQUESTS {
        let given = |side: &str| match resources.get(side) {
            Some(Item::Map(block)) => block.get(key).cloned(),
            _ => None,
        };
        let (None, Some(Item::Text(limit))) = (given("requests"), given("limits")) else { continue };
        if quantity(&limit).is_some_and(|limit| limit < usual) {
            resources.set_in(&["requests", key], limit).beside("not above the limit");
        }
    }
}

/// The number of a quantity, in the units that are written here.
fn quantity(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let factor = match unit {
        "m" => 1e-3,
        "" => 1.0,
        "Ki" => 1024.0,
        "Mi" => 1024.0 * 1024.0,
        "Gi" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * factor)
}

/// How many GPUs are asked for: by `gpus`, or by devices that are reserved.
fn gpus(service: &Service, report: &mut Report) -> Option<i64> {
    let reserved = || service.node.get("deploy")?.get("resources")?.get("reservations")?.get("devices");
    let (node, key) = match service.node.get("gpus") {
        Some(node) => (node, "gpus"),
        None => (reserved()?, "deploy.resources.reservations.devices"),
    };
    let mut total = 0;
    let mut count = |text: Option<String>, report: &mut Report| match text.as_deref() {
        None | Some("all" | "-1") => {
            let hint = "set resources.limits.nvidia.com/gpu to the number that is needed";
            report.warn(node.spot, key, Code::Gpus, "a pod cannot ask for all GPUs: it asks for one", hint);
            total += 1;
        }
        Some(text) => total += text.parse::<i64>().unwrap_or(1).clamp(1, 64),
    };
    match &node.data {
        Data::List(items) => {
            for item in items {
                let capabilities = item.get("capabilities").map(|c| texts(c, key, report)).unwrap_or_default();
                let nvidia = item.get("driver").and_then(Node::text).is_none_or(|d| d == "nvidia");
                if !nvidia || !(key == "gpus" || capabilities.iter().any(|c| c == "gpu" || c == "nvidia")) {
                    let hint = "name the resource of its device plugin in resources.limits";
                    report.warn(
                        item.spot,
                        key,
                        Code::Devices,
                        "only NVIDIA GPUs are converted; this device is not",
                        hint,
                    );
                    continue;
                }
                match item.get("device_ids") {
                    Some(ids) => {
                        report.warn(
                            ids.spot,
                            key,
                            Code::Gpus,
                            "the cluster chooses the GPUs: only their number is converted",
                            "",
                        );
                        count(Some(texts(ids, key, report).len().to_string()), report);
                    }
                    None => count(item.get("count").and_then(Node::text), report),
                }
            }
        }
        Data::Null => {}
        _ => count(node.text(), report),
    }
    (total > 0).then_some(total)
}

/// Writes where pods run, and how they are replaced.
pub(crate) fn placement(service: &Service, is_deployment: bool, values: &mut Block, report: &mut Report) {
    let deploy = service.node.get("deploy");
    let mut selector = Block::new();
    if let Some(platform) = service.node.get("platform").and_then(Node::text) {
        let mut parts = platform.split('/');
        match (parts.next(), parts.next()) {
            (Some(os @ ("linux" | "windows")), arch) => {
                selector.set("kubernetes.io/os", os);
                if let Some(arch) = arch {
                    selector.set("kubernetes.io/arch", if arch == "aarch64" { "arm64" } else { arch });
                }
            }
            (Some(arch), _) => {
                selector.set("kubernetes.io/arch", arch);
            }
            (None, _) => {}
        }
    }
    if let Some(placement) = deploy.and_then(|d| d.get("placement")) {
        for constraint in placement.get("constraints").map(|c| texts(c, "deploy.placement", report)).unwrap_or_default()
        {
            let parts = constraint.split_once("==").map(|(name, value)| (name.trim(), value.trim()));
            match parts {
                Some((name, value)) if name.starts_with("node.labels.") && !value.is_empty() => {
                    selector.set(name.trim_start_matches("node.labels."), value);
                }
                Some(("node.hostname", value)) => {
                    selector.set("kubernetes.io/hostname", value);
                }
                Some(("node.platform.os", value)) => {
                    selector.set("kubernetes.io/os", value);
                }
                Some(("node.platform.arch", "x86_64")) => {
                    selector.set("kubernetes.io/arch", "amd64");
                }
                _ => {
                    let message = format!("the constraint {constraint} is not converted: nodes are selected by labels");
                    report.warn(
                        placement.spot,
                        "deploy.placement",
                        Code::Placement,
                        message,
                        "see values nodeSelector and affinity",
                    );
                }
            }
        }
        for field in placement.fields().iter().filter(|f| f.name != "constraints" && !f.name.starts_with("x-")) {
            let path = format!("deploy.placement.{}", field.name);
            let hint = "see values topologySpreadConstraints and affinity";
            report.warn(field.spot, &path, Code::Placement, format!("{path} is not converted"), hint);
        }
    }
    if !selector.is_empty() {
        values.set("nodeSelector", selector);
    }
    if let Some(update) = deploy.and_then(|d| d.get("update_config")) {
        strategy(update, is_deployment, values, report);
    }
}

fn strategy(update: &Node, is_deployment: bool, values: &mut Block, report: &mut Report) {
    let text = |key: &str| update.get(key).and_then(Node::text);
    let parallel = text("parallelism").and_then(|t| t.parse::<i64>().ok()).filter(|n| *n > 0);
    let order = text("order");
    if is_deployment && (parallel.is_some() || order.is_some()) {
        let at_once = parallel.unwrap_or(1);
        // Swarm's default stops a container before it starts the next.
        let first = order.as_deref() == Some("start-first");
        let (surge, unavailable) = if first { (at_once, 0) } else { (0, at_once) };
        values.set_in(&["strategy", "type"], "RollingUpdate");
        values.set_in(&["strategy", "rollingUpdate", "maxSurge"], surge);
        values.set_in(&["strategy", "rollingUpdate", "maxUnavailable"], unavailable);
    }
    let carried: &[&str] = if is_deployment { &["parallelism", "order"] } else { &[] };
    for field in update.fields().iter().filter(|f| !carried.contains(&f.name.as_str()) && !f.name.starts_with("x-")) {
        let path = format!("deploy.update_config.{}", field.name);
        let hint = "Flux waits for pods to be ready, and can roll back: see upgrade.remediation of the HelmRelease";
        report.warn(field.spot, &path, Code::UpdateConfig, format!("{path} is not converted"), hint);
    }
}
