//! Compose files (the Compose Specification, docker-compose) to descriptors.
//!
//! A service becomes a component: of `databasebase` where its image is a known database's, of `jobbase` where it ends,
//! else of `modulebase`. Its Service in the cluster keeps the service's name, so that `mysql:3306` still leads to the
//! database. Settings become `config`, secrets stay out of the descriptor, volumes become claims, ports of the web get
//! an ingress. Every key of the specification is carried or reported ([`Imported::problems`]).
//!
//! The rules are those of DOME's guide ("Create K8s manifest files for your application") and DS2's for base charts;
//! `docs/compose.md` lists them.
//!
//! Nothing is read but what a [`Folder`] gives:
//!
//! ```
//! use compose::{Empty, Options, Source, import};
//! let source = Source { file: "compose.yml", text: "
//! name: shop
//! services:
//!   web:
//!     image: ghcr.io/shop/web:1.4.0
//!     ports: ['8080:80']
//!     environment: {WELCOME: Hello, DB_PASSWORD: x7}
//! " };
//! let imported = import(&[source], &Options::default(), &Empty);
//! let (parsed, _) = descriptor::read::parse("shop.yaml", &imported.descriptor.unwrap());
//! let web = &parsed.unwrap().descriptor.spec.components[0];
//! assert_eq!((web.name.as_str(), web.config["WELCOME"].as_str()), ("web", Some("Hello")));
//! // A secret does not stand in the descriptor: the component reads it from a Secret that is made beside it.
//! assert!(!web.config.contains_key("DB_PASSWORD"));
//! assert!(imported.secrets.contains("DB_PASSWORD: \"x7\""));
//! ```

mod auth;
mod component;
mod deploy;
mod dotenv;
mod environment;
mod health;
mod interpolate;
mod keys;
mod load;
mod merge;
mod mounts;
mod names;
mod network;
mod objects;
mod pod;
mod ports;
mod report;
mod security;
mod service;
mod storage;
mod tree;
mod values;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use contract::Problem;
use descriptor::names::dns_label;
use descriptor::types::{API_VERSION, SourceRef};
use descriptor::write::{Block, Item, base_charts, document, template};

pub use dotenv::variables;

use component::Base;
use load::Loader;
use objects::Secrets;
use report::Report;
use service::{Reading, Service};
use tree::{Field, Known, Node};

/// A compose file.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its path, as the host names it; files that it names are seen from there.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// The files beside a compose file: those of `env_file`, `secrets`, `configs`, `include`, `extends` and bind mounts.
pub trait Folder {
    /// The content of a file; `None` where there is none, or it must not be read.
    fn read(&self, path: &str) -> Option<Vec<u8>>;

    /// The names of the files right in a folder, in their order; none where it is no folder.
    fn list(&self, path: &str) -> Vec<String>;
}

/// No files at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Empty;

impl Folder for Empty {
    fn read(&self, _path: &str) -> Option<Vec<u8>> {
        None
    }

    fn list(&self, _path: &str) -> Vec<String> {
        Vec::new()
    }
}

/// How to import.
#[derive(Clone, Debug)]
pub struct Options {
    /// The module's name; that of the compose file if none is given.
    pub name: Option<String>,
    /// The module's name where neither gives one: Compose takes that of the folder.
    pub default_name: Option<String>,
    /// The module's version.
    pub version: String,
    /// The profiles whose services are wanted; `*` for all.
    pub profiles: Vec<String>,
    /// What `${NAME}` stands for.
    pub variables: BTreeMap<String, String>,
    /// The Flux source that has our base charts.
    pub base_charts: SourceRef,
    /// The size of volumes, which compose files do not say.
    pub volume_size: String,
    /// Whether secrets are to stand in the descriptor. Else they are read from Secrets that are made beside it.
    pub inline_secrets: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            name: None,
            default_name: None,
            version: "0.1.0".to_owned(),
            profiles: Vec::new(),
            variables: BTreeMap::new(),
            base_charts: base_charts(),
            volume_size: "5Gi".to_owned(),
            inline_secrets: false,
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The descriptor; `None` where the files have no services to import.
    pub descriptor: Option<String>,
    /// Manifests of the Secrets that the components read; empty where there are none.
    pub secrets: String,
    /// What could not be carried, or not as it was, by file and line.
    pub problems: Vec<Problem>,
    /// The services that were left out, as their profiles were not chosen.
    pub left_out: Vec<String>,
}

/// Imports compose files, each going over those before it. What is wrong with them is in [`Imported::problems`].
pub fn import(sources: &[Source<'_>], options: &Options, folder: &dyn Folder) -> Imported {
    let mut report = Report::default();
    let known = Known { variables: &options.variables, unset: RefCell::default() };
    let read = |path: &str| folder.read(path);
    let loaded = Loader { host: &read, known: &known, report: &mut report }.load(sources);
    let Some(load::Loaded { root, header }) = loaded else {
        return Imported { problems: report.into_problems(), ..Imported::default() };
    };
    keys::check(&root, keys::TOP, "", &mut report);
    network::networks(&root, &mut report);
    let (services, left_out) = read_services(&root, options, folder, &mut report);
    if services.is_empty() {
        let hint = if left_out.is_empty() { "" } else { "choose a profile" };
        report.error(root.spot, "services", "no-services", "there are no services to import", hint);
        return Imported { problems: report.into_problems(), left_out, ..Imported::default() };
    }
    let module = module_name(&root, options, &mut report);
    let app = Application::new(module, &root, services, left_out, options, folder);
    let mut secrets = Secrets { inline: options.inline_secrets, ..Secrets::default() };
    let components: Vec<Item> =
        app.services.iter().map(|s| component::component(s, &app, &mut secrets, &mut report).into()).collect();
    report.scope("");
    app.not_mounted(&mut report);
    if !secrets.objects.is_empty() {
        let names: Vec<&str> = secrets.objects.iter().map(|o| o.name.as_str()).collect();
        let message = format!(
            "secrets do not stand in the descriptor: the components read them from the Secrets {}",
            names.join(", ")
        );
        let hint =
            "make them in the module's namespace, sealed if they go into a repository; plain secrets never should";
        let spot = root.get("services").map_or(root.spot, |n| n.spot);
        report.warn(spot, "services", "secrets-apart", message, hint);
    }
    let files: Vec<&str> = sources.iter().map(|s| s.file.rsplit('/').next().unwrap_or(s.file)).collect();
    Imported {
        descriptor: Some(app.descriptor(components, &header, &files)),
        secrets: secrets.manifests(&app.module, &app.module),
        problems: report.into_problems(),
        left_out: app.left_out,
    }
}

fn read_services(
    root: &Node,
    options: &Options,
    folder: &dyn Folder,
    report: &mut Report,
) -> (Vec<Service>, Vec<String>) {
    let mut services = Vec::new();
    let mut left_out = Vec::new();
    let reading = Reading { variables: &options.variables, folder };
    for Field { name, spot, node } in root.get("services").map_or(&[][..], Node::fields) {
        let profiles = node.get("profiles").map(|n| values::texts(n, "profiles", report)).unwrap_or_default();
        let chosen = |p: &String| p == "*" || profiles.contains(p);
        if name.starts_with("x-") {
            continue;
        }
        if !profiles.is_empty() && !options.profiles.iter().any(chosen) {
            let message =
                format!("the service {name} is left out: its profiles ({}) are not chosen", profiles.join(", "));
            let spot = node.get("profiles").map_or(*spot, |n| n.spot);
            report.warn(spot, "", "profile", message, "choose them with --profile");
            left_out.push(name.clone());
            continue;
        }
        services.extend(reading.service(name, *spot, node, report));
    }
    report.scope("");
    (services, left_out)
}

/// The module's name: a DNS label that leaves room for its components'.
fn module_name(root: &Node, options: &Options, report: &mut Report) -> String {
    let given = root.get("name").and_then(Node::text);
    let wanted = options.name.clone().or(given).or_else(|| options.default_name.clone());
    let wanted = wanted.unwrap_or_else(|| "module".to_owned());
    let mut name = dns_label(&wanted);
    name.truncate(30);
    name.truncate(name.trim_end_matches('-').len());
    if name != wanted {
        let spot = root.get("name").map_or(root.spot, |n| n.spot);
        report.warn(
            spot,
            "name",
            "module-name",
            format!("the module is called {name}: {wanted} is no name for it"),
            "give one with --name",
        );
    }
    name
}

/// An application on its way into a descriptor.
struct Application<'a> {
    module: String,
    root: &'a Node,
    services: Vec<Service>,
    left_out: Vec<String>,
    folder: &'a dyn Folder,
    variables: &'a BTreeMap<String, String>,
    base_charts: &'a SourceRef,
    version: &'a str,
    volume_size: &'a str,
    /// Hosts that values mention by names that their Services have not, with those that they have.
    hosts: BTreeMap<String, String>,
    /// Services that others wait for to end.
    awaited: BTreeSet<String>,
    /// The ports at which services mention others.
    reached: BTreeMap<String, Vec<u16>>,
}

impl<'a> Application<'a> {
    fn new(
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
            service.names = named.get(&service.name).cloned().unwrap_or_default();
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
    fn ports_of(&self, service: &Service) -> Vec<u16> {
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

    fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|s| s.name == name)
    }

    fn is_awaited(&self, service: &str) -> bool {
        self.awaited.contains(service)
    }

    fn base(&self, name: &str) -> Base {
        self.service(name).map_or(Base::Module, |s| Base::of(s, self.is_awaited(name)))
    }

    /// A volume, secret, config or network at the top.
    fn definition(&self, kind: &str, name: &str) -> Option<&'a Field> {
        self.root.get(kind)?.fields().iter().find(|f| f.name == name)
    }

    /// The services that mount a volume, those first that may own it.
    fn mounting(&self, volume: &str) -> Vec<&Service> {
        let mount = |s: &Service| s.mounts.iter().find(|m| m.what == mounts::What::Named(volume.to_owned())).cloned();
        let mut found: Vec<(bool, bool, &Service)> = self
            .services
            .iter()
            .filter_map(|s| mount(s).map(|m| (!matches!(self.base(&s.name), Base::Database { .. }), m.read_only, s)))
            .collect();
        found.sort_by_key(|(other, read_only, _)| (*other, *read_only));
        found.into_iter().map(|(_, _, s)| s).collect()
    }

    fn is_shared(&self, volume: &str) -> bool {
        self.mounting(volume).len() > 1
    }

    /// The claim for a volume, if another service makes it, and that service.
    fn claim_of_other(&self, volume: &str, service: &Service) -> Option<(String, String)> {
        let owner = *self.mounting(volume).first()?;
        (owner.name != service.name).then(|| (storage::claim(owner, volume), owner.names.component.clone()))
    }

    /// The service that publishes a port of the host, for URLs that people open.
    fn published_at(&self, port: &str) -> Option<&Service> {
        let at = |s: &&Service| s.published().any(|p| p.published.as_deref() == Some(port));
        self.services.iter().find(at)
    }

    /// Whether a value is the URL of a component, as people open it on the machine that Compose runs on.
    fn public_url(&self, value: &str) -> Option<String> {
        let rest = value.strip_prefix("http://").or_else(|| value.strip_prefix("https://"))?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = rest.split_once(':').unwrap_or((rest, "80"));
        let service = self.published_at(port).filter(|_| matches!(host, "localhost" | "127.0.0.1"))?;
        let web = service.web_port().is_some() && self.base(&service.name) == Base::Module;
        web.then(|| service.names.app.clone())
    }

    /// The port of the machine itself that a value names, if a component publishes it.
    fn mentions_host(&self, value: &str) -> Option<u16> {
        let hosts = ["localhost", "127.0.0.1", "host.docker.internal"];
        let ports = hosts.iter().flat_map(|h| names::ports_of(value, h));
        ports.into_iter().find(|p| self.published_at(&p.to_string()).is_some())
    }

    /// Where a base chart comes from.
    fn template(&self, chart: &str) -> Item {
        template(chart, self.base_charts)
    }

    /// Reports volumes, secrets and configs that nobody uses.
    fn not_mounted(&self, report: &mut Report) {
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
                    let message = format!("{kind}.{} is not carried: no service that is imported uses it", field.name);
                    report.warn(field.spot, &format!("{kind}.{}", field.name), "unused", message, "");
                }
            }
        }
    }

    fn descriptor(&self, components: Vec<Item>, header: &[String], files: &[&str]) -> String {
        let mut whole = Block::new();
        let version = whole.set("apiVersion", API_VERSION);
        version.above.extend(header.iter().cloned());
        if !header.is_empty() {
            version.why("");
        }
        version.why(format!("Imported from {}. The comments say what was chosen, and why.", files.join(", ")));
        whole.set("kind", "HelmChartDescriptor");
        let metadata = ["name", "namespace"].map(|key| (key.to_owned(), self.module.as_str()));
        whole.set("metadata", Item::Inline(metadata.into_iter().collect()));
        let mut spec = Block::new();
        let mut module = Block::new();
        module.set("version", self.version);
        let names: Vec<&str> = self.services.iter().map(|s| s.names.app.as_str()).collect();
        module.set("description", format!("{}: {}", self.module, listed(&names)));
        spec.set("module", module);
        let template = spec.set("template", self.template("modulebase"));
        template.why("The base chart of components that name none.");
        spec.set("components", Item::List(components));
        whole.set("spec", spec);
        document(&whole)
    }
}

/// `a, b and c`
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
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
        // `links: [db:database]` gives another service a name; nobody else can mean something else by it.
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
