//! Ports.

use contract::{Port, Reach};
use govalue::Map;

use super::fields::{is_true, maps, number, text};

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
    let host_network = is_true(spec, "hostNetwork");
    let port = |port: Map| {
        let own = of(&port, "containerPort")?;
        // In the network of the node, each port of a container is one of the node.
        let node_port = of(&port, "hostPort").filter(|port| *port > 0).or(host_network.then_some(own));
        let reach = if node_port.is_some() { Reach::Node } else { Reach::Pod };
        Some(Port { reach, port: own, node_port, ..described(&port, by) })
    };
    // Sidecars are among those that start before the others, and stay.
    let sidecars = maps(spec, &["initContainers"])
        .filter(|container| text(container, &["restartPolicy"]).as_deref() == Some("Always"));
    let containers = maps(spec, &["containers"]).chain(sidecars);
    containers.flat_map(|container| maps(&container, &["ports"]).filter_map(port).collect::<Vec<_>>()).collect()
}

fn described(port: &Map, by: &str) -> Port {
    let protocol = text(port, &["protocol"]).unwrap_or_else(|| "TCP".to_owned());
    Port { protocol, name: text(port, &["name"]), by: by.to_owned(), ..Port::default() }
}

fn of(port: &Map, key: &str) -> Option<u32> {
    u32::try_from(number(port, &[key])?).ok()
}
