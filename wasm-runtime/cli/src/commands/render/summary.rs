//! `--summary`: a summary of the objects.

use contract::{Exposure, Reach, RenderOutput, Resources, Runs, Summary, Way};

/// The summary of a render.
pub(super) fn of(output: &RenderOutput) -> Summary {
    chartwright::api::summary(&output.objects)
}

/// The summary for people.
pub(super) fn text(output: &RenderOutput) -> String {
    let summary = of(output);
    let mut text = String::new();
    let mut section = |title: &str, lines: Vec<String>| {
        if lines.is_empty() {
            return;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(title);
        text.push('\n');
        for line in lines {
            text.push_str("  ");
            text.push_str(&line);
            text.push('\n');
        }
    };
    let releases = output.releases.iter().map(|r| {
        let indent = "  ".repeat(r.level.saturating_sub(1) as usize);
        format!("{indent}{} (chart {} {}, namespace {})", r.name, r.chart, r.version, r.namespace)
    });
    section("Releases", releases.collect());
    section("Objects", summary.kinds.iter().map(|k| format!("{:>4}  {}", k.count, k.kind)).collect());
    section("Hooks", summary.hooks.iter().map(|k| format!("{:>4}  {}", k.count, k.kind)).collect());
    section("Tests", summary.tests.iter().map(|k| format!("{:>4}  {}", k.count, k.kind)).collect());
    let images = summary.images.iter().map(|image| {
        let only = match image.runs {
            Runs::Always => "",
            Runs::Operator => ", by an operator",
            Runs::Hook => ", only in hooks",
            Runs::Test => ", only in tests",
        };
        format!("{}{only}  ({})", image.image, image.by.join(", "))
    });
    section("Images", images.collect());
    section("URLs", summary.urls.iter().map(|u| format!("{}  ({})", u.url, u.by)).collect());
    section("Other ways in from outside", summary.exposed.iter().map(exposed).collect());
    let ports = summary.ports.iter().filter(|port| port.reach != Reach::Pod).map(|port| {
        let name = port.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
        let to = port.target.as_deref().map(|target| format!(" to {target}")).unwrap_or_default();
        let node = port.node_port.map(|number| format!(", {number} at each node")).unwrap_or_default();
        let outside = if port.reach == Reach::LoadBalancer { ", from outside" } else { "" };
        format!("{}/{}{name}{to}{node}{outside}  ({})", port.port, port.protocol, port.by)
    });
    section("Ports", ports.collect());
    let permissions = summary.permissions.iter().map(|p| {
        let on = if p.resources.is_empty() { &p.urls } else { &p.resources };
        format!("{}: {} on {}  ({})", p.scope, p.verbs.join(", "), on.join(", "), p.by)
    });
    section("Permissions", permissions.collect());
    let storage = summary.storage.iter().map(|s| {
        let class = s.class.as_deref().map(|c| format!(", class {c}")).unwrap_or_default();
        let count = if s.count == 1 { String::new() } else { format!("{} × ", s.count) };
        format!("{count}{} {}{class}  ({})", s.size, s.modes.join(", "), s.by)
    });
    section("Storage", storage.collect());
    section("Resources", resources(&summary.resources));
    let definitions = summary.definitions.iter().map(|d| {
        let cluster = if d.cluster { ", for the whole cluster" } else { "" };
        format!("{} ({}, {}{cluster})", d.kind, d.group, d.versions.join(", "))
    });
    section("New kinds", definitions.collect());
    section("Objects of the whole cluster", summary.cluster_scoped.clone());
    let secrets = summary.secrets.iter().filter(|secret| !secret.rendered).map(|secret| {
        let keys = if secret.keys.is_empty() { String::new() } else { format!(": {}", secret.keys.join(", ")) };
        let optional = match (secret.hook, secret.optional) {
            (true, _) => ", or made by a hook",
            (false, true) => ", optional",
            (false, false) => "",
        };
        format!("{}/{}{keys}{optional}  ({})", secret.namespace, secret.name, secret.by.join(", "))
    });
    section("Secrets that must be in the cluster", secrets.collect());
    text
}

/// A way in from outside of the cluster.
fn exposed(one: &Exposure) -> String {
    let what = match one.way {
        Way::LoadBalancer => "Service of type LoadBalancer",
        Way::NodePort => "Service of type NodePort",
        Way::ExternalIp => "Service with external IPs",
        Way::HostPort => "port of the node",
        Way::HostNetwork => "network of the node",
        Way::Ingress => "Ingress for any host",
        Way::Gateway => "Gateway",
        Way::GatewayRoute => "route of a Gateway",
        Way::Route => "Route with a host that the cluster makes",
    };
    let ports = if one.ports.is_empty() { String::new() } else { format!(": {}", one.ports.join(", ")) };
    let hosts = if one.hosts.is_empty() { String::new() } else { format!(" at {}", one.hosts.join(", ")) };
    format!("{what}{ports}{hosts}  ({})", one.by)
}

/// What pods ask for and may use.
fn resources(resources: &Resources) -> Vec<String> {
    let amounts = [
        ("requested", resources.requests),
        ("limited to", resources.limits),
        ("requested on each node", resources.requests_per_node),
        ("limited on each node to", resources.limits_per_node),
    ];
    let amounts = amounts.iter().filter(|(_, amount)| !amount.is_zero());
    let mut lines: Vec<String> = amounts
        .map(|(what, amount)| {
            let cpu = (amount.cpu_millis > 0).then(|| format!("{} CPU", cpus(amount.cpu_millis)));
            let memory = (amount.memory > 0).then(|| format!("{} of memory", memory(amount.memory)));
            format!("{what} {}", cpu.into_iter().chain(memory).collect::<Vec<_>>().join(", "))
        })
        .collect();
    if !resources.unlimited.is_empty() {
        lines.push(format!("without a limit of memory: {}", resources.unlimited.join(", ")));
    }
    if !resources.unlimited_cpu.is_empty() {
        lines.push(format!("without a limit of CPU: {}", resources.unlimited_cpu.join(", ")));
    }
    lines
}

/// CPUs, such as `0.25`.
fn cpus(millis: u64) -> String {
    let text = format!("{}.{:03}", millis / 1000, millis % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Bytes with the largest unit that leaves a number above one.
fn memory(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut number = bytes as f64;
    let mut units = UNITS.iter();
    let mut unit = units.next();
    while number >= 1024.0
        && let Some(next) = units.next()
    {
        number /= 1024.0;
        unit = Some(next);
    }
    let text = format!("{number:.1}");
    format!("{} {}", text.trim_end_matches('0').trim_end_matches('.'), unit.unwrap_or(&""))
}
