//! Services, ingresses and who may connect to whom.

use contract::Code;
use descriptor::write::{Block, Item};

use crate::application::Application;
use crate::ports::Port;
use crate::report::Report;
use crate::service::Service;
use crate::tree::Node;

/// Writes `service` and `ports`. Components reach one another at the ports of the containers, as in Compose.
pub(crate) fn ports(
    service: &Service,
    main: Option<u16>,
    is_module: bool,
    app: &Application<'_>,
    values: &mut Block,
    report: &mut Report,
) {
    let is_main = |p: &Port| p.protocol == "TCP" && Some(p.target) == main;
    if let (Some(main), true) = (main, is_module) {
        let entry = values.set_in(&["service", "port"], i64::from(main));
        if let Some(port) = service.ports.iter().find(|p| is_main(p)) {
            entry.above.extend(port.notes.above.iter().chain(&port.notes.beside).cloned());
        }
    }
    let mut more: Vec<Item> = Vec::new();
    let mut seen: Vec<(u16, &str)> = Vec::new();
    for port in service.ports.iter().filter(|p| !is_main(p)) {
        if seen.contains(&(port.target, port.protocol)) {
            continue;
        }
        seen.push((port.target, port.protocol));
        let mut block = Block::new();
        let fine =
            |n: &String| n.len() <= 15 && descriptor::names::dns_label(n) == **n && n != "http" && n != "database";
        let name = port
            .name
            .clone()
            .filter(fine)
            .unwrap_or_else(|| format!("{}-{}", port.protocol.to_ascii_lowercase(), port.target));
        let entry = block.set("name", name);
        entry.above.extend(port.notes.above.iter().chain(&port.notes.beside).cloned());
        block.set("port", i64::from(port.target));
        if port.protocol != "TCP" {
            block.set("protocol", port.protocol);
        }
        more.push(block.into());
    }
    // In Compose, every port of a container can be reached by its neighbours.
    let declared = |p: u16| Some(p) == main || seen.contains(&(p, "TCP"));
    for port in app.reached.get(&service.name).into_iter().flatten().filter(|p| !declared(**p)) {
        let mut block = Block::new();
        block.set("name", format!("tcp-{port}"));
        block.set("port", i64::from(*port)).beside("components use it");
        more.push(block.into());
    }
    if !more.is_empty() {
        values.set("ports", Item::List(more));
    }
    let web = service.web_port().filter(|_| is_module);
    for port in service.published().filter(|p| Some(p.target) != web || p.protocol != "TCP") {
        let at = match port.published.as_deref() {
            Some("") | None => String::new(),
            Some(published) => format!(" as {published}"),
        };
        let app = &service.names.app;
        let message = format!(
            "port {} is not published{at}: components reach it at {app}:{}, others cannot",
            port.target, port.target
        );
        let web = is_module && port.protocol == "TCP" && descriptor::image::is_web_port(port.target) == Some(true);
        let hint = if web && port.local {
            "it was published to the local machine only; value ingress.enabled opens it to the outside"
        } else {
            "value service.type: LoadBalancer or NodePort opens it to the outside"
        };
        report.warn(port.spot, "ports", Code::PublishedPort, message, hint);
    }
}

/// Writes `ingress`: for what publishes a port that looks like one of the web.
pub(crate) fn ingress(service: &Service, main: Option<u16>, values: &mut Block, report: &mut Report) {
    let Some(port) = service.web_port().filter(|p| Some(*p) == main) else {
        values.set_in(&["ingress", "enabled"], false);
        return;
    };
    let enabled = values.set_in(&["ingress", "enabled"], true);
    let published =
        service.published().find(|p| p.target == port).and_then(|p| p.published.clone()).filter(|p| !p.is_empty());
    if let Some(published) = published {
        enabled.beside(format!("in place of port {published} of the host"));
    }
    if matches!(port, 443 | 8443 | 9443) {
        values.set_in(&["ingress", "annotations", "nginx.ingress.kubernetes.io/backend-protocol"], "HTTPS");
    }
    for (host, spot) in proxy_hosts(service) {
        let message =
            format!("the host name {host} is not converted: the component is reached at the platform's domain");
        report.warn(spot, "labels", Code::ProxyHost, message, "set ingress.host to keep it");
        values
            .block("ingress")
            .entries
            .last_mut()
            .into_iter()
            .for_each(|e| e.above.push(format!("Was reached at {host}: set host to keep that.")));
    }
}

/// The host names that a reverse proxy is told of.
fn proxy_hosts(service: &Service) -> Vec<(String, crate::report::Spot)> {
    let mut hosts = Vec::new();
    for label in &service.labels {
        let value = label.value.as_deref().unwrap_or_default();
        if label.name.starts_with("traefik.http.routers.") && label.name.ends_with(".rule") {
            let inside = value.split("Host(").skip(1).filter_map(|rest| rest.split(')').next());
            hosts.extend(
                inside
                    .flat_map(|list| list.split(','))
                    .map(|h| (h.trim().trim_matches(['`', '"', '\'']).to_owned(), label.spot)),
            );
        } else if label.name == "caddy" {
            hosts.push((value.to_owned(), label.spot));
        }
    }
    let virtual_host = service.variables.iter().find(|v| v.name == "VIRTUAL_HOST");
    hosts.extend(virtual_host.iter().flat_map(|v| v.value.split(',').map(|h| (h.trim().to_owned(), v.spot))));
    hosts.retain(|(h, _)| !h.is_empty());
    hosts
}

/// Writes `networkPolicy` where the networks of the file keep some services from this one.
pub(crate) fn policy(service: &Service, app: &Application<'_>, values: &mut Block) {
    let networks = |s: &Service| if s.networks.is_empty() { vec!["default".to_owned()] } else { s.networks.clone() };
    // What is in the host's network reaches all and is reached by all.
    let of_host = |s: &Service| s.node.get("network_mode").is_some_and(|n| !n.is_null());
    let own = networks(service);
    let others = || app.services.iter().filter(|s| s.name != service.name);
    let meets = |s: &&Service| of_host(s) || networks(s).iter().any(|n| own.contains(n));
    if of_host(service) {
        return;
    }
    let listens = matches!(values.get("app"), Some(Item::Map(app)) if app.get("port") != Some(&Item::Int(0)));
    if others().all(|s| meets(&s)) || !listens {
        return;
    }
    let mut from: Vec<String> = others().filter(meets).map(|s| s.names.app.clone()).collect();
    if from.is_empty() {
        from.push(service.names.app.clone());
    }
    let why = format!("The networks of the compose file: {}.", own.join(", "));
    values.set_in(&["networkPolicy", "enabled"], true).why(why);
    values.set_in(&["networkPolicy", "allowFrom"], from);
}

/// Reports what networks ask for beyond their names.
pub(crate) fn networks(root: &Node, report: &mut Report) {
    for field in root.get("networks").map_or(&[][..], Node::fields) {
        crate::keys::check(&field.node, crate::keys::NETWORK, &format!("networks.{}", field.name), report);
    }
}
