//! The ways in from outside of the cluster.

use contract::{Exposure, ObjectOut, Reach, Url, Way};
use govalue::Map;

use super::fields::{is_true, map, maps, number, text, texts};
use super::pods::Pods;
use super::{fields, services};

/// The group of the Gateway API; Istio has a kind `Gateway`, too.
const GATEWAY_API: &str = "gateway.networking.k8s.io";

/// The group of OpenShift's routes; Knative has a kind `Route`, too.
const OPENSHIFT: &str = "route.openshift.io";

/// Adds the addresses of an object, and its other ways in.
pub(super) fn add(
    object: &ObjectOut,
    fields: &Map,
    pods: Option<&Pods>,
    by: &str,
    urls: &mut Vec<Url>,
    to: &mut Vec<Exposure>,
) {
    let mut add_url = |url: String| {
        let url = Url { url, by: by.to_owned() };
        if !urls.contains(&url) {
            urls.push(url);
        }
    };
    let other = |way, hosts, ports| Exposure { way, hosts, ports, by: by.to_owned() };
    let group = object.api_version.split_once('/').map_or("", |(group, _)| group);
    match (group, object.kind.as_str()) {
        (_, "Ingress") => {
            if ingress(fields, &mut add_url) {
                to.push(other(Way::Ingress, Vec::new(), Vec::new()));
            }
        }
        (GATEWAY_API, "HTTPRoute") => match texts(fields, &["spec", "hostnames"]) {
            // Those of its Gateway count.
            hosts if hosts.is_empty() => to.push(other(Way::GatewayRoute, hosts, Vec::new())),
            hosts => hosts.into_iter().for_each(|host| add_url(format!("http://{host}"))),
        },
        (GATEWAY_API, "GRPCRoute" | "TLSRoute" | "TCPRoute" | "UDPRoute") => {
            to.push(other(Way::GatewayRoute, texts(fields, &["spec", "hostnames"]), Vec::new()));
        }
        (GATEWAY_API, "Gateway") => {
            let listeners = || maps(fields, &["spec", "listeners"]);
            let hosts = listeners().filter_map(|listener| text(&listener, &["hostname"]));
            let ports = listeners().filter_map(|listener| {
                let port = number(&listener, &["port"])?;
                Some(format!("{port}/{}", text(&listener, &["protocol"]).unwrap_or_else(|| "TCP".to_owned())))
            });
            to.push(other(Way::Gateway, distinct(hosts), distinct(ports)));
        }
        (OPENSHIFT, "Route") => match text(fields, &["spec", "host"]).filter(|host| !host.is_empty()) {
            Some(host) => {
                let scheme = if map(fields, &["spec", "tls"]).is_some() { "https" } else { "http" };
                let path = text(fields, &["spec", "path"]).unwrap_or_default();
                add_url(format!("{scheme}://{host}{}", path.trim_end_matches('/')));
            }
            None => to.push(other(Way::Route, Vec::new(), Vec::new())),
        },
        ("", "Service") => to.extend(service(fields, by)),
        _ => {}
    }
    if let Some(Pods { spec, .. }) = pods {
        let ports = services::container_ports(spec, by).into_iter().filter(|port| port.reach == Reach::Node);
        let ports = distinct(ports.filter_map(|port| Some(format!("{}/{}", port.node_port?, port.protocol))));
        if is_true(spec, "hostNetwork") {
            to.push(other(Way::HostNetwork, Vec::new(), ports));
        } else if !ports.is_empty() {
            to.push(other(Way::HostPort, Vec::new(), ports));
        }
    }
}

/// The ways in that a Service opens.
fn service(fields: &Map, by: &str) -> Vec<Exposure> {
    let ports = services::ports(fields, by);
    let other = |way, hosts, ports| Exposure { way, hosts, ports, by: by.to_owned() };
    let own = || distinct(ports.iter().map(|port| format!("{}/{}", port.port, port.protocol)));
    let mut found = Vec::new();
    match text(fields, &["spec", "type"]).as_deref() {
        Some("LoadBalancer") => {
            let address = text(fields, &["spec", "loadBalancerIP"]);
            found.push(other(Way::LoadBalancer, address.into_iter().collect(), own()));
        }
        Some("NodePort") => {
            // The cluster chooses those that are not named.
            let named = ports.iter().filter_map(|port| Some(format!("{}/{}", port.node_port?, port.protocol)));
            found.push(other(Way::NodePort, Vec::new(), distinct(named)));
        }
        Some("ExternalName") => return found,
        _ => {}
    }
    let addresses = texts(fields, &["spec", "externalIPs"]);
    if !addresses.is_empty() {
        found.push(other(Way::ExternalIp, addresses, own()));
    }
    found
}

/// The addresses of an Ingress; answers whether it takes requests for any host, too.
fn ingress(fields: &Map, add_url: &mut impl FnMut(String)) -> bool {
    let secure: Vec<String> = maps(fields, &["spec", "tls"]).flat_map(|tls| texts(&tls, &["hosts"])).collect();
    let backend = |name: &str| fields::at(fields, &["spec", name]).is_some();
    let mut any_host = backend("defaultBackend") || backend("backend");
    for rule in maps(fields, &["spec", "rules"]) {
        let Some(host) = text(&rule, &["host"]).filter(|host| !host.is_empty()) else {
            any_host = true;
            continue;
        };
        let scheme = if secure.contains(&host) { "https" } else { "http" };
        let mut paths: Vec<String> =
            maps(&rule, &["http", "paths"]).map(|path| text(&path, &["path"]).unwrap_or_default()).collect();
        if paths.is_empty() {
            paths.push(String::new());
        }
        paths.iter().for_each(|path| add_url(format!("{scheme}://{host}{}", path.trim_end_matches('/'))));
    }
    any_host
}

/// Each text once, in the order in which they come.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut all = Vec::new();
    for text in texts {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}
