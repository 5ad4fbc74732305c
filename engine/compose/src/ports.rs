//! `ports` and `expose`.

use crate::report::{Report, Spot};
use crate::tree::{Data, Node, Notes};
use crate::values::wrong;
use contract::Code;

/// The most ports of one range.
const MAX_RANGE: u16 = 32;

/// A port of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Port {
    pub(crate) target: u16,
    /// `TCP`, `UDP` or `SCTP`
    pub(crate) protocol: &'static str,
    /// The port of the host; `None` for one that is not published, empty for any.
    pub(crate) published: Option<String>,
    /// Whether it is published on an address of this machine alone.
    pub(crate) local: bool,
    /// What is spoken, where the file says it.
    pub(crate) app_protocol: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) spot: Spot,
    pub(crate) notes: Notes,
}

/// Reads `ports`.
pub(crate) fn published(node: &Node, report: &mut Report) -> Vec<Port> {
    let mut ports = Vec::new();
    let Data::List(items) = &node.data else {
        if !node.is_null() {
            wrong(node, "ports", "a list", report);
        }
        return ports;
    };
    for item in items {
        let found = match &item.data {
            Data::Map(_) => long(item, report),
            _ => item.text().and_then(|text| short(&text, item)),
        };
        match found {
            Some(found) => ports.extend(found),
            None => wrong(item, "ports", "[address:][port:]port[/protocol]", report),
        }
    }
    ports
}

/// Reads `expose`.
pub(crate) fn exposed(node: &Node, report: &mut Report) -> Vec<Port> {
    let mut ports = Vec::new();
    let Data::List(items) = &node.data else {
        if !node.is_null() {
            wrong(node, "expose", "a list", report);
        }
        return ports;
    };
    for item in items {
        match item.text().filter(|t| !t.contains(':')).and_then(|text| short(&text, item)) {
            Some(found) => ports.extend(found.into_iter().map(|p| Port { published: None, ..p })),
            None => wrong(item, "expose", "port[/protocol]", report),
        }
    }
    ports
}

fn protocol(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "tcp" => Some("TCP"),
        "udp" => Some("UDP"),
        "sctp" => Some("SCTP"),
        _ => None,
    }
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.parse::<u16>().ok()?, last.parse::<u16>().ok()?);
    (first > 0 && first <= last && last - first < MAX_RANGE).then_some((first, last))
}

fn is_local(address: &str) -> bool {
    address.starts_with("127.") || address == "::1" || address == "localhost"
}

fn short(text: &str, node: &Node) -> Option<Vec<Port>> {
    let (rest, protocol) = match text.split_once('/') {
        Some((rest, name)) => (rest, protocol(name)?),
        None => (text, "TCP"),
    };
    let (host, target) = match rest.rsplit_once(':') {
        Some((host, target)) => (Some(host), target),
        None => (None, rest),
    };
    let (address, published) = match host {
        None => ("", ""),
        Some(host) => host.rsplit_once(':').unwrap_or(("", host)),
    };
    let address = address.trim_start_matches('[').trim_end_matches(']');
    let (first, last) = range(target)?;
    let host_range = if published.is_empty() { None } else { Some(range_of_host(published)?) };
    let port = |target: u16| {
        let published = match host_range {
            // As many on both sides: one each. Else any of the host's.
            Some((from, to)) if to - from == last - first => (from + (target - first)).to_string(),
            Some(_) => published.to_owned(),
            None => String::new(),
        };
        Port {
            target,
            protocol,
            published: Some(published),
            local: is_local(address),
            app_protocol: None,
            name: None,
            spot: node.spot,
            notes: node.notes.clone(),
        }
    };
    Some((first..=last).map(port).collect())
}

/// A range of the host's ports, which may be wide.
fn range_of_host(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.parse::<u16>().ok()?, last.parse::<u16>().ok()?);
    (first <= last).then_some((first, last))
}

fn long(node: &Node, report: &mut Report) -> Option<Vec<Port>> {
    let text = |key: &str| node.get(key).and_then(Node::text);
    let (first, last) = range(&text("target")?)?;
    let protocol = match text("protocol") {
        Some(name) => protocol(&name)?,
        None => "TCP",
    };
    if text("mode").as_deref() == Some("host") {
        let hint = "value service.type: NodePort or LoadBalancer opens ports outside of the cluster";
        report.warn(
            node.spot,
            "ports.mode",
            Code::PortMode,
            "mode: host is not converted: ports are opened by Services",
            hint,
        );
    }
    let port = |target| Port {
        target,
        protocol,
        published: Some(text("published").unwrap_or_default()),
        local: text("host_ip").is_some_and(|a| is_local(&a)),
        app_protocol: text("app_protocol"),
        name: text("name"),
        spot: node.spot,
        notes: node.notes.clone(),
    };
    Some((first..=last).map(port).collect())
}

#[cfg(test)]
mod tests {
    use super::{Port, published};
    use crate::report::Report;
    use crate::tree::{Data, Node};

    #[test]
    fn short_forms() {
        for (text, want) in [
            ("80", "80/TCP="),
            ("8080:80", "80/TCP=8080"),
            ("127.0.0.1:8080:80", "80/TCP=8080 local"),
            ("127.0.0.1::53", "53/TCP= local"),
            ("[::1]:6001:6001/udp", "6001/UDP=6001 local"),
            ("::1:6001:6001", "6001/TCP=6001 local"),
            ("3000-3001:80-81", "80/TCP=3000, 81/TCP=3001"),
            ("9000-9001", "9000/TCP=, 9001/TCP="),
            ("8000-9000:80", "80/TCP=8000-9000"),
            ("80/quic", "wrong"),
            ("x:80", "wrong"),
            ("1-65535", "wrong"),
            ("0", "wrong"),
            ("", "wrong"),
        ] {
            let mut report = Report::default();
            let item = Node::new(Data::Text(text.into()), Default::default());
            let ports = published(&Node::new(Data::List(vec![item]), Default::default()), &mut report);
            let show = |p: &Port| {
                let local = if p.local { " local" } else { "" };
                format!("{}/{}={}{local}", p.target, p.protocol, p.published.as_deref().unwrap_or("none"))
            };
            let shown = ports.iter().map(show).collect::<Vec<_>>().join(", ");
            let shown = if report.into_problems().is_empty() { shown } else { "wrong".to_owned() };
            assert_eq!(shown, want, "{text:?}");
        }
    }
}
