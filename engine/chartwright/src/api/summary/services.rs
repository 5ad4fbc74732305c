//! Ports.

use contract::{Port, Reach};
use govalue::Map;

use super::fields::{maps, number, text};

/// The ports of a Service.
pub(super) fn ports(service: &Map, by: &str) -> Vec<Port> {
    let reach = match text(service, &["spec", "type"]).as_deref() {
        Some("NodePort") => Reach::Node,
        Some("LoadBalancer") => Reach::LoadBalancer,
        Some("ExternalName") => return Vec::new(),
        _ => Reach::Cluster,
    };
    let port = |port: Map| {
        let own = of(&port, "port")?;
        let target = text(&port, &["targetPort"]).filter(|target| *target != own.to_string());
        let node_port = of(&port, "nodePort").filter(|port| *port > 0);
        Some(Port { reach, port: own, target, node_port, ..described(&port, by) })
    };
    maps(service, &["spec", "ports"]).filter_map(port).collect()
}

/// The ports of the containers of a pod.
pub(super) fn container_ports(spec: &Map, by: &str) -> Vec<Port> {
    let port = |port: Map| {
        let own = of(&port, "containerPort")?;
        let node_port = of(&port, "hostPort").filter(|port| *port > 0);
        let reach = if node_port.is_some() { Reach::Node } else { Reach::Pod };
        Some(Port { reach, port: own, node_port, ..described(&port, by) })
    };
    let containers = maps(spec, &["containers"]);
    containers.flat_map(|container| maps(&container, &["ports"]).filter_map(port).collect::<Vec<_>>()).collect()
}

fn described(port: &Map, by: &str) -> Port {
    let protocol = text(port, &["protocol"]).unwrap_or_else(|| "TCP".to_owned());
    Port { protocol, name: text(port, &["name"]), by: by.to_owned(), ..Port::default() }
}

fn of(port: &Map, key: &str) -> Option<u32> {
    u32::try_from(number(port, &[key])?).ok()
}
