//! What else a service says that a pod can say: names of hosts, hooks, labels, and what pods do by themselves.

use contract::Code;
use descriptor::write::{Block, Item};

use crate::report::Report;
use crate::service::Service;
use crate::tree::{Data, Node};
use crate::values::{command, pairs, parsed, seconds, unexpanded};

/// Labels and annotations of tools that read them from Docker, and find none of them here.
const TOOLS: &[&str] = &[
    "traefik.",
    "com.docker.",
    "com.centurylinklabs.",
    "caddy",
    "ofelia.",
    "docker-volume-backup.",
    "diun.",
    "wud.",
    "autoheal",
];

/// Writes `command`, `args` and `workingDir`.
pub(crate) fn start(service: &Service, values: &mut Block) {
    let lists = [("command", &service.entrypoint), ("args", &service.command)];
    for (key, words) in lists.into_iter().filter(|(_, words)| !words.is_empty()) {
        values.set(key, words.iter().map(|w| unexpanded(w)).collect::<Vec<_>>());
    }
    if let Some(folder) = service.node.get("working_dir").and_then(Node::text) {
        values.set("workingDir", folder);
    }
}

/// Writes labels, names of hosts, times and hooks; `is_module` says that it becomes a Deployment.
pub(crate) fn rest(service: &Service, is_module: bool, values: &mut Block, report: &mut Report) {
    labels(service, values, report);
    host_names(service, is_module, values, report);
    if let Some(node) = service.node.get("stop_grace_period")
        && let Some(time) = parsed(node, "stop_grace_period", "a duration such as 30s", seconds, report)
    {
        values.set("terminationGracePeriodSeconds", time);
    }
    for (key, hook) in [("post_start", "postStart"), ("pre_stop", "preStop")] {
        if let Some(node) = service.node.get(key) {
            lifecycle(node, key, hook, values, report);
        }
    }
    network_mode(service, report);
    restart(service, is_module, report);
    if let Some(node) = service.node.get("container_name") {
        let name = node.text().unwrap_or_default();
        let message = format!(
            "container_name is not converted: pods have their own names, and the Service is called {}",
            service.names.app
        );
        let hint =
            if name == service.names.app { "" } else { "where values mention the old name as a host, it is replaced" };
        report.warn(node.spot, "container_name", Code::ContainerName, message, hint);
    }
}

fn labels(service: &Service, values: &mut Block, report: &mut Report) {
    let mut annotations = Block::new();
    let mut tools: Vec<(&str, crate::report::Spot)> = Vec::new();
    for pair in &service.labels {
        if let Some(tool) = TOOLS.iter().find(|t| pair.name.starts_with(**t)) {
            if tools.iter().all(|(known, _)| known != tool) {
                tools.push((tool, pair.spot));
            }
        } else if is_qualified(&pair.name) {
            annotations.set(&pair.name, Item::Quoted(pair.value.clone().unwrap_or_default()));
        } else {
            let message = format!("the label {} is not converted: it is not a valid annotation name", pair.name);
            report.warn(
                pair.spot,
                "labels",
                Code::LabelName,
                message,
                "write [domain/]name, with letters, digits, -, _ and .",
            );
        }
    }
    for (tool, spot) in tools {
        let message = format!("labels {tool}… are not converted: a tool for Docker reads them");
        let hint = match tool {
            "traefik." | "caddy" => "the ingress takes their place: see values ingress",
            _ => "look for the equivalent in Kubernetes",
        };
        report.warn(spot, "labels", Code::LabelOfTool, message, hint);
    }
    if !annotations.is_empty() {
        values.set("podAnnotations", annotations);
    }
}

/// A name that annotations may have.
fn is_qualified(text: &str) -> bool {
    let (domain, name) = text.split_once('/').unwrap_or(("", text));
    let alphanumeric = |c: char| c.is_ascii_alphanumeric();
    let named = !name.is_empty() && name.len() <= 63 && name.starts_with(alphanumeric) && name.ends_with(alphanumeric);
    let label =
        |l: &str| l.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()) && l.ends_with(alphanumeric);
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    named
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        && (!text.contains('/') || domain.len() <= 253 && domain.chars().all(lower) && domain.split('.').all(label))
}

fn host_names(service: &Service, is_module: bool, values: &mut Block, report: &mut Report) {
    if let Some(node) = service.node.get("hostname") {
        let name = node.text().unwrap_or_default();
        if is_module && descriptor::names::dns_label(&name) == name {
            values.set("hostname", name);
        } else {
            let message = format!("the host name {name:?} is not converted");
            report.warn(
                node.spot,
                "hostname",
                Code::Hostname,
                message,
                "pods of databases and jobs, and names with a dot, have their own",
            );
        }
    }
    let Some(node) = service.node.get("extra_hosts") else { return };
    let mut aliases: Vec<(String, Vec<String>)> = Vec::new();
    for pair in pairs(node, "extra_hosts", report) {
        // `name:address` in a list, too: its first colon ends the name.
        let (name, address) = match pair.value {
            Some(address) => (pair.name, address),
            None => pair.name.split_once(':').map(|(n, a)| (n.to_owned(), a.to_owned())).unwrap_or_default(),
        };
        let address = address.trim_start_matches('[').trim_end_matches(']').to_owned();
        if address.parse::<std::net::IpAddr>().is_err() {
            let message = format!("the host {name} is not converted: {address:?} is not an IP address");
            report.warn(pair.spot, "extra_hosts", Code::ExtraHosts, message, "pods cannot reach their node by a name");
            continue;
        }
        match aliases.iter_mut().find(|(known, _)| *known == address) {
            Some((_, names)) => names.push(name),
            None => aliases.push((address, vec![name])),
        }
    }
    if !aliases.is_empty() {
        let entry = |(ip, names): (String, Vec<String>)| {
            let mut block = Block::new();
            block.set("ip", ip);
            block.set("hostnames", names);
            Item::Map(block)
        };
        values.set("hostAliases", Item::List(aliases.into_iter().map(entry).collect()));
    }
}

fn lifecycle(node: &Node, key: &str, hook: &str, values: &mut Block, report: &mut Report) {
    let Data::List(hooks) = &node.data else {
        crate::values::wrong(node, key, "a list", report);
        return;
    };
    if let Some(first) = hooks.first() {
        let words = first.get("command").map(|n| command(n, key, report)).unwrap_or_default();
        if !words.is_empty() {
            values.set_in(&["lifecycle", hook, "exec", "command"], words);
        }
        for other in first.fields().iter().filter(|f| f.name != "command" && !f.name.starts_with("x-")) {
            let message = format!(
                "{key}.{} is not converted: hooks run as the container's user and in its environment",
                other.name
            );
            report.warn(other.spot, key, Code::Hook, message, "put it into the command");
        }
    }
    if let Some(second) = hooks.get(1) {
        let message = format!("only the first of several {key} hooks is converted");
        report.warn(second.spot, key, Code::Hook, message, "put them into one command");
    }
}

fn network_mode(service: &Service, report: &mut Report) {
    let Some(node) = service.node.get("network_mode") else { return };
    let mode = node.text().unwrap_or_default();
    let (message, hint) = match mode.as_str() {
        "bridge" | "default" => return,
        "host" => {
            ("network_mode: host is not converted: pods have their own network", "publish the ports that are needed")
        }
        "none" => (
            "network_mode: none is not converted: pods can reach the network",
            "value networkPolicy.egress sets what may be reached",
        ),
        _ => (
            "sharing another container's network is not converted",
            "reach it by the name of its Service, or add its container to value extraContainers",
        ),
    };
    report.warn(node.spot, "network_mode", Code::NetworkMode, message, hint);
}

/// Pods of Deployments and StatefulSets always start again.
fn restart(service: &Service, is_module: bool, report: &mut Report) {
    let policy = service.node.get("deploy").and_then(|d| d.get("restart_policy"));
    for field in
        policy.map_or(&[][..], Node::fields).iter().filter(|f| f.name != "condition" && !f.name.starts_with("x-"))
    {
        let path = format!("deploy.restart_policy.{}", field.name);
        let message = format!("{path} is not converted: Kubernetes increases the delay between restarts itself");
        report.warn(field.spot, &path, Code::RestartPolicy, message, "");
    }
    let Some(text) = service.restart().filter(|_| is_module) else { return };
    if matches!(text.as_str(), "no" | "none" | "false") || text.starts_with("on-failure") {
        let spot = service.node.get("restart").or(policy).map_or(service.spot, |n| n.spot);
        let message = format!("restart: {text} is not converted: long-running components are always restarted");
        report.warn(spot, "restart", Code::Restart, message, "for a task that finishes, use the base chart jobbase");
    }
}

/// The pull policy of the image.
pub(crate) fn pull_policy(service: &Service, report: &mut Report) -> Option<&'static str> {
    let node = service.node.get("pull_policy")?;
    match node.text().as_deref() {
        Some("always") => Some("Always"),
        Some("never") => Some("Never"),
        Some("missing" | "if_not_present") => Some("IfNotPresent"),
        Some("build") if service.is_built() => None,
        other => {
            let message = format!(
                "pull_policy: {} is not converted: the image is pulled whenever a pod starts",
                other.unwrap_or_default()
            );
            report.warn(
                node.spot,
                "pull_policy",
                Code::PullPolicy,
                message,
                "pin the image by tag or digest, and change that",
            );
            Some("Always")
        }
    }
}
