//! A service as it is read, before it is known what it becomes.

use contract::Code;
use std::collections::BTreeMap;

use crate::dotenv;
use crate::environment::{Variable, environment};
use crate::health::{Health, health};
use crate::input::Folder;
use crate::keys::{self, DEPLOY, SERVICE};
use crate::load::beside;
use crate::mounts::{Mount, tmpfs, volumes};
use crate::names::Names;
use crate::ports::{Port, exposed, published};
use crate::report::{Report, Spot};
use crate::tree::{Data, Node, Notes};
use crate::values::{Pair, command, flag, pairs, texts};
use descriptor::image::{Image, Known, Role, is_web_port};

/// What starts before a service.
#[derive(Clone, Debug)]
pub(crate) struct Dependency {
    pub(crate) service: String,
    pub(crate) condition: String,
    pub(crate) required: bool,
    pub(crate) spot: Spot,
}

/// A service.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) names: Names,
    pub(crate) node: Node,
    pub(crate) spot: Spot,
    pub(crate) notes: Notes,
    pub(crate) image: Option<Image>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) ports: Vec<Port>,
    pub(crate) mounts: Vec<Mount>,
    pub(crate) depends: Vec<Dependency>,
    pub(crate) health: Option<Health>,
    pub(crate) command: Vec<String>,
    pub(crate) entrypoint: Vec<String>,
    pub(crate) labels: Vec<Pair>,
    /// Other names by which services reach it.
    pub(crate) aliases: Vec<String>,
    /// The networks that it is in; none where it has none of its own.
    pub(crate) networks: Vec<String>,
}

impl Service {
    /// What is known of its image.
    pub(crate) fn known(&self) -> Option<&'static Known> {
        self.image.as_ref().and_then(Image::known)
    }

    /// Whether its image has to be built before it can run.
    pub(crate) fn is_built(&self) -> bool {
        self.node.get("build").is_some_and(|b| !b.is_null())
    }

    /// The restart policy, of Compose's own or of Swarm's.
    pub(crate) fn restart(&self) -> Option<String> {
        let condition = || self.node.get("deploy")?.get("restart_policy")?.get("condition")?.text();
        self.node.get("restart").and_then(Node::text).or_else(condition)
    }

    /// The ports that are published.
    pub(crate) fn published(&self) -> impl Iterator<Item = &Port> {
        self.ports.iter().filter(|p| p.published.is_some())
    }

    /// The value of a label.
    pub(crate) fn label(&self, test: impl Fn(&str) -> bool) -> Option<&Pair> {
        self.labels.iter().find(|p| test(&p.name))
    }

    /// Whether a reverse proxy is told to pass requests on to it.
    pub(crate) fn has_proxy_labels(&self) -> bool {
        let rule = |n: &str| n.starts_with("traefik.http.routers.") || n == "caddy" || n == "VIRTUAL_HOST";
        self.label(rule).is_some() || self.variables.iter().any(|v| v.name == "VIRTUAL_HOST")
    }

    /// The port for people's requests: one that is published, or that a reverse proxy is told of, and looks like HTTP.
    pub(crate) fn web_port(&self) -> Option<u16> {
        let role = self.known().map(|k| k.role);
        if matches!(role, Some(Role::Database { .. } | Role::Infrastructure)) {
            return None;
        }
        let told =
            |p: &Pair| p.name.starts_with("traefik.http.services.") && p.name.ends_with(".loadbalancer.server.port");
        let told = self.labels.iter().find(|p| told(p)).and_then(|p| p.value.as_ref()?.parse().ok());
        let spoken =
            |p: &&Port| p.app_protocol.as_deref().is_some_and(|a| a.starts_with("http") || a.starts_with("grpc"));
        let tcp = || self.published().filter(|p| p.protocol == "TCP" && !p.local);
        let known = self.known().map(|k| k.port);
        told.or_else(|| tcp().find(spoken).map(|p| p.target))
            .or_else(|| tcp().find(|p| Some(p.target) == known).map(|p| p.target))
            .or_else(|| tcp().find(|p| is_web_port(p.target) == Some(true)).map(|p| p.target))
            .or_else(|| tcp().find(|p| matches!(p.published.as_deref(), Some("80" | "443"))).map(|p| p.target))
            .or_else(|| {
                let proxied = self.has_proxy_labels();
                self.ports.iter().map(|p| p.target).find(|_| proxied).or(known.filter(|_| proxied))
            })
    }
}

/// What services are read with.
pub(crate) struct Reading<'a> {
    pub(crate) variables: &'a BTreeMap<String, String>,
    pub(crate) folder: &'a dyn Folder,
}

impl Reading<'_> {
    /// Reads a service; its names come later.
    pub(crate) fn service(&self, name: &str, spot: Spot, node: &Node, report: &mut Report) -> Option<Service> {
        report.scope(format!("services.{name}"));
        if !matches!(node.data, Data::Map(_)) {
            report.warn(
                node.spot,
                "",
                Code::WrongType,
                format!("the service {name} must be a mapping: it is left out"),
                "",
            );
            return None;
        }
        keys::check(node, SERVICE, "", report);
        if let Some(deploy) = node.get("deploy") {
            keys::check(deploy, DEPLOY, "deploy", report);
        }
        let mut ports = node.get("ports").map(|n| published(n, report)).unwrap_or_default();
        for port in node.get("expose").map(|n| exposed(n, report)).unwrap_or_default() {
            if ports.iter().all(|p| (p.target, p.protocol) != (port.target, port.protocol)) {
                ports.push(port);
            }
        }
        let mut mounts = node.get("volumes").map(|n| volumes(n, report)).unwrap_or_default();
        mounts.extend(node.get("tmpfs").map(|n| tmpfs(n, report)).unwrap_or_default());
        let (networks, mut aliases) = networks(node, report);
        aliases.extend(node.get("container_name").and_then(Node::text));
        Some(Service {
            name: name.to_owned(),
            names: Names::default(),
            spot,
            notes: node.notes.clone(),
            image: self.image(node, report),
            variables: environment(node, self.variables, self.folder, report),
            ports,
            mounts,
            depends: depends(node, report),
            health: node.get("healthcheck").and_then(|n| health(n, report)),
            command: node.get("command").map(|n| command(n, "command", report)).unwrap_or_default(),
            entrypoint: node.get("entrypoint").map(|n| command(n, "entrypoint", report)).unwrap_or_default(),
            labels: self.labels(node, report),
            aliases,
            networks,
            node: node.clone(),
        })
    }

    fn image(&self, node: &Node, report: &mut Report) -> Option<Image> {
        let node = node.get("image")?;
        let text = node.text().unwrap_or_default();
        let image = Image::parse(&text);
        if image.is_none() {
            report.error(
                node.spot,
                "image",
                Code::Image,
                format!("{text:?} is not an image name"),
                "[registry/]name[:tag][@digest]",
            );
        }
        image
    }

    fn labels(&self, node: &Node, report: &mut Report) -> Vec<Pair> {
        let mut labels = Vec::new();
        if let Some(files) = node.get("label_file") {
            for path in texts(files, "label_file", report) {
                let path = beside(report.name(files.spot.file), &path);
                let Some(bytes) = self.folder.read(&path) else {
                    let message = format!("the label file {path} does not exist");
                    report.warn(files.spot, "label_file", Code::LabelFile, message, "");
                    continue;
                };
                let (read, _) = dotenv::parse(&String::from_utf8_lossy(&bytes), self.variables, false);
                let pair = |v: dotenv::Variable| Pair {
                    name: v.name,
                    value: v.value,
                    spot: files.spot,
                    notes: Notes::default(),
                };
                labels.extend(read.into_iter().map(pair));
            }
        }
        for key in ["labels", "annotations"] {
            labels.extend(node.get(key).map(|n| pairs(n, key, report)).unwrap_or_default());
        }
        labels
    }
}

/// The networks of a service, and its aliases there.
fn networks(node: &Node, report: &mut Report) -> (Vec<String>, Vec<String>) {
    let Some(node) = node.get("networks") else { return (Vec::new(), Vec::new()) };
    let Data::Map(fields) = &node.data else { return (texts(node, "networks", report), Vec::new()) };
    let mut aliases = Vec::new();
    for field in fields {
        if let Some(names) = field.node.get("aliases") {
            aliases.extend(texts(names, "networks.aliases", report));
        }
        for other in field.node.fields().iter().filter(|f| f.name != "aliases" && !f.name.starts_with("x-")) {
            let path = format!("networks.{}.{}", field.name, other.name);
            let message = format!("{path} is not converted: the cluster assigns addresses");
            report.warn(other.spot, &path, Code::NetworkAddress, message, "use names of Services");
        }
    }
    (fields.iter().map(|f| f.name.clone()).collect(), aliases)
}

/// Reads `depends_on`, and what else makes a service wait for others.
fn depends(node: &Node, report: &mut Report) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let started =
        |service: String, spot| Dependency { service, condition: "service_started".into(), required: true, spot };
    match node.get("depends_on").map(|n| (&n.data, n)) {
        Some((Data::Map(fields), _)) => {
            for field in fields {
                let text = |key: &str| field.node.get(key).and_then(Node::text);
                if let Some(restart) = field.node.get("restart").filter(|n| flag(Some(n))) {
                    let path = format!("depends_on.{}.restart", field.name);
                    let message = format!("{path} is not converted: components do not restart with their dependencies");
                    report.warn(restart.spot, &path, Code::DependsOnRestart, message, "make the program reconnect");
                }
                found.push(Dependency {
                    condition: text("condition").unwrap_or_else(|| "service_started".to_owned()),
                    required: field.node.get("required").is_none_or(|n| flag(Some(n))),
                    ..started(field.name.clone(), field.spot)
                });
            }
        }
        Some((_, node)) => found.extend(texts(node, "depends_on", report).into_iter().map(|s| started(s, node.spot))),
        None => {}
    }
    // Links wait for what they link to, by the specification.
    if let Some(links) = node.get("links") {
        for link in texts(links, "links", report) {
            let service = link.split(':').next().unwrap_or_default().to_owned();
            if found.iter().all(|d| d.service != service) {
                found.push(started(service, links.spot));
            }
        }
    }
    found
}
