//! An application: all services of the files, and what they know of one another.

use contract::Code;
use std::collections::{BTreeMap, BTreeSet};

use descriptor::image::{Role, is_web_port};
use descriptor::names::dns_label;
use descriptor::types::SourceRef;
use descriptor::write::{Item, template};

use crate::base::Base;
use crate::input::{Folder, Options};
use crate::mounts::{self, What, data_mount};
use crate::names;
use crate::ports::Port;
use crate::report::{Report, Spot};
use crate::service::{self, Service};
use crate::tree::{self, Field, Node};
use crate::values;

/// An application on its way into a descriptor.
pub(crate) struct Application<'a> {
    pub(crate) module: String,
    pub(crate) root: &'a Node,
    pub(crate) services: Vec<Service>,
    pub(crate) left_out: Vec<String>,
    pub(crate) folder: &'a dyn Folder,
    pub(crate) variables: &'a BTreeMap<String, String>,
    pub(crate) base_charts: &'a SourceRef,
    pub(crate) version: &'a str,
    pub(crate) volume_size: &'a str,
    /// Hosts that values mention by names that their Services have not, with those that they have.
    pub(crate) hosts: BTreeMap<String, String>,
    /// Services whose end others wait for.
    pub(crate) awaited: BTreeSet<String>,
    /// The ports at which services mention others.
    pub(crate) reached: BTreeMap<String, Vec<u16>>,
}

impl<'a> Application<'a> {
    pub(crate) fn new(
        module: String,
        root: &'a Node,
        services: Vec<Service>,
        left_out: Vec<String>,
        options: &'a Options,
        folder: &'a dyn Folder,
    ) -> Application<'a> {
        let mut services = services;
        let all: Vec<&str> = services.iter().map(|s| s.name.as_str()).collect();
        let named = names::names(&module, &all);
        for service in &mut services {
            service.names = named.get(&service.name).cloned().expect("every service was given names");
        }
        let mut app = Application {
            module,
            root,
            folder,
            left_out,
            variables: &options.variables,
            base_charts: &options.base_charts,
            version: &options.version,
            volume_size: &options.volume_size,
            hosts: hosts(&services),
            awaited: BTreeSet::new(),
            reached: BTreeMap::new(),
            services,
        };
        let ends = |d: &&service::Dependency| d.condition == "service_completed_successfully";
        app.awaited =
            app.services.iter().flat_map(|s| s.depends.iter().filter(ends)).map(|d| d.service.clone()).collect();
        app.reached = app.services.iter().map(|s| (s.name.clone(), app.ports_of(s))).collect();
        app
    }

    /// The ports at which values and files mention a service.
    pub(crate) fn ports_of(&self, service: &Service) -> Vec<u16> {
        let mut ports = Vec::new();
        let contents = self.root.get("configs").map_or(&[][..], Node::fields).iter();
        let contents: Vec<String> = contents.filter_map(|f| f.node.get("content")?.text()).collect();
        for other in &self.services {
            let texts = other.variables.iter().map(|v| &v.value).chain(&other.command).chain(&other.entrypoint);
            for text in texts.chain(&contents) {
                for host in std::iter::once(&service.name).chain(&service.aliases) {
                    ports.extend(names::ports_of(text, host));
                }
            }
        }
        let mut seen = BTreeSet::new();
        ports.retain(|p| seen.insert(*p));
        ports
    }

    pub(crate) fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|s| s.name == name)
    }

    pub(crate) fn is_awaited(&self, service: &str) -> bool {
        self.awaited.contains(service)
    }

    pub(crate) fn base(&self, name: &str) -> Base {
        self.service(name).map_or(Base::Module, |s| Base::of(s, self.is_awaited(name)))
    }

    /// A volume, secret, config or network at the top.
    pub(crate) fn definition(&self, kind: &str, name: &str) -> Option<&'a Field> {
        self.root.get(kind)?.fields().iter().find(|f| f.name == name)
    }

    /// The services that mount a volume, those first that may own it.
    pub(crate) fn mounting(&self, volume: &str) -> Vec<&Service> {
        let mount = |s: &Service| s.mounts.iter().find(|m| m.what == mounts::What::Named(volume.to_owned())).cloned();
        let mut found: Vec<(bool, bool, &Service)> = self
            .services
            .iter()
            .filter_map(|s| mount(s).map(|m| (!matches!(self.base(&s.name), Base::Database { .. }), m.read_only, s)))
            .collect();
        found.sort_by_key(|(other, read_only, _)| (*other, *read_only));
        found.into_iter().map(|(_, _, s)| s).collect()
    }

    pub(crate) fn is_shared(&self, volume: &str) -> bool {
        self.mounting(volume).len() > 1
    }

    /// The claim for a volume, if another service makes it, and that service.
    pub(crate) fn claim_of_other(&self, volume: &str, service: &Service) -> Option<(String, String)> {
        let owner = *self.mounting(volume).first()?;
        (owner.name != service.name).then(|| (claim(owner, volume), owner.names.component.clone()))
    }

    /// The service that publishes a port of the host, for URLs that people open.
    pub(crate) fn published_at(&self, port: &str) -> Option<&Service> {
        let at = |s: &&Service| s.published().any(|p| p.published.as_deref() == Some(port));
        self.services.iter().find(at)
    }

    /// Whether a value is the URL of a component, as people open it on the machine that Compose runs on.
    pub(crate) fn public_url(&self, value: &str) -> Option<String> {
        let rest = value.strip_prefix("http://").or_else(|| value.strip_prefix("https://"))?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = rest.split_once(':').unwrap_or((rest, "80"));
        let service = self.published_at(port).filter(|_| matches!(host, "localhost" | "127.0.0.1"))?;
        let web = service.web_port().is_some() && self.base(&service.name) == Base::Module;
        web.then(|| service.names.app.clone())
    }

    /// The port of the machine itself that a value names, if a component publishes it.
    pub(crate) fn mentions_host(&self, value: &str) -> Option<u16> {
        let hosts = ["localhost", "127.0.0.1", "host.docker.internal"];
        let ports = hosts.iter().flat_map(|h| names::ports_of(value, h));
        ports.into_iter().find(|p| self.published_at(&p.to_string()).is_some())
    }

    /// Where a base chart comes from.
    pub(crate) fn template(&self, chart: &str) -> Item {
        template(chart, self.base_charts)
    }

    /// Reports unused volumes, secrets and configs.
    pub(crate) fn not_mounted(&self, report: &mut Report) {
        for kind in ["volumes", "secrets", "configs"] {
            for field in self.root.get(kind).map_or(&[][..], Node::fields).iter().filter(|f| !f.name.starts_with("x-"))
            {
                let named = |n: &Node| {
                    n.text().or_else(|| n.get("source").and_then(Node::text)).is_some_and(|t| t == field.name)
                };
                let uses = |s: &Service| match kind {
                    "volumes" => s.mounts.iter().any(|m| m.what == mounts::What::Named(field.name.clone())),
                    _ => match s.node.get(kind).map(|n| &n.data) {
                        Some(tree::Data::List(items)) => items.iter().any(named),
                        _ => false,
                    },
                };
                if !self.services.iter().any(uses) {
                    let message =
                        format!("{kind}.{} is not converted: no service that is imported uses it", field.name);
                    report.warn(field.spot, &format!("{kind}.{}", field.name), Code::Unused, message, "");
                }
            }
        }
    }

    /// The main port of a service: that of people's requests, else the first, else one that others use.
    pub(crate) fn main_port(&self, service: &Service) -> Option<u16> {
        let tcp = |p: &&Port| p.protocol == "TCP";
        let reached = self.reached.get(&service.name).map_or(&[][..], Vec::as_slice);
        let usual = service.known().filter(|k| k.role == Role::Infrastructure).map(|k| k.port);
        let usual = usual.filter(|u| reached.contains(u) || service.ports.iter().any(|p| p.target == *u));
        service
            .web_port()
            .or(usual)
            .or_else(|| {
                service.ports.iter().filter(tcp).find(|p| is_web_port(p.target) == Some(true)).map(|p| p.target)
            })
            .or_else(|| service.ports.iter().find(tcp).map(|p| p.target))
            .or_else(|| reached.first().copied())
            .or_else(|| {
                service.known().filter(|_| service.ports.is_empty() && service.entrypoint.is_empty()).map(|k| k.port)
            })
    }

    /// A service whose commands mention hosts by their new names.
    pub(crate) fn renamed_commands(&self, service: &Service, report: &mut Report) -> Service {
        let mut service = service.clone();
        for (key, words) in [("command", &mut service.command), ("entrypoint", &mut service.entrypoint)] {
            let spot = service.node.get(key).map_or(service.spot, |n| n.spot);
            for word in words {
                if let Some(renamed) = names::renamed(word, None, &self.hosts) {
                    let message = format!(
                        "{key} names a service by a name that its Service does not have: it becomes {}",
                        self.host_names(word)
                    );
                    report.warn(spot, key, Code::HostRenamed, message, "Service names consist of a-z, 0-9 and -");
                    *word = renamed;
                }
            }
        }
        service
    }

    /// The content of a file, with hosts by their new names.
    pub(crate) fn with_new_hosts(
        &self,
        text: String,
        spot: Spot,
        key: &str,
        what: &str,
        report: &mut Report,
    ) -> String {
        let Some(renamed) = names::renamed(&text, None, &self.hosts) else { return text };
        let message = format!(
            "{what} names a service by a name that its Service does not have: it becomes {}",
            self.host_names(&text)
        );
        report.warn(spot, key, Code::HostRenamed, message, "Service names consist of a-z, 0-9 and -");
        renamed
    }

    /// The new names of the hosts that a text mentions.
    pub(crate) fn host_names(&self, text: &str) -> String {
        let mentioned =
            |old: &str| names::renamed(text, Some("HOST"), &[(old.to_owned(), String::new())].into()).is_some();
        let found: BTreeSet<&str> =
            self.hosts.iter().filter(|(old, _)| mentioned(old)).map(|(_, new)| new.as_str()).collect();
        found.into_iter().collect::<Vec<_>>().join(", ")
    }
}

/// The name of the claim that a service makes for a volume.
fn claim(service: &Service, volume: &str) -> String {
    let app = &service.names.app;
    let data = match service.known().map(|k| k.role) {
        Some(Role::Database { data, .. }) => data_mount(&service.mounts, data).map(|at| &service.mounts[at].what),
        _ => None,
    };
    match data {
        Some(What::Named(name)) if name == volume => format!("data-{app}-0"),
        _ => format!("{app}-{}", dns_label(volume)),
    }
}

/// Names that services go by, and that are not those of their Services in the cluster.
fn hosts(services: &[Service]) -> BTreeMap<String, String> {
    let own: BTreeSet<&str> = services.iter().map(|s| s.names.app.as_str()).collect();
    let mut hosts = BTreeMap::new();
    for service in services {
        for name in std::iter::once(&service.name).chain(&service.aliases) {
            if *name != service.names.app && !own.contains(name.as_str()) {
                hosts.insert(name.clone(), service.names.app.clone());
            }
        }
        // `links: [db:database]` gives another service a name that only this service sees.
        let links =
            service.node.get("links").map(|n| values::texts(n, "links", &mut Report::default())).unwrap_or_default();
        for (target, alias) in links.iter().filter_map(|l| l.split_once(':')) {
            let target = services.iter().find(|s| s.name == target);
            if let Some(target) = target.filter(|_| !own.contains(alias)) {
                hosts.insert(alias.to_owned(), target.names.app.clone());
            }
        }
    }
    hosts
}
