//! Compose files (the Compose Specification, docker-compose) to descriptors.
//!
//! A service becomes a component: of `databasebase` where its image is a known database's, of `jobbase` where it ends,
//! else of `modulebase`. Its Service in the cluster keeps the service's name, so that `mysql:3306` still leads to the
//! database. Settings become `config`, secrets stay out of the descriptor, volumes become claims, ports of the web get
//! an ingress. Every key of the specification is converted or reported ([`Imported::problems`]).
//!
//! The rules are those of DOME's guide ("Create K8s manifest files for your application") and DS2's for base charts;
//! `docs/src/compose.md` lists them.
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
//! // A secret is not in the descriptor: the component reads it from a Secret that is created separately.
//! assert!(!web.config.contains_key("DB_PASSWORD"));
//! assert!(imported.secrets.contains("DB_PASSWORD: \"x7\""));
//! ```

mod application;
mod auth;
mod base;
mod component;
mod deploy;
mod dotenv;
mod environment;
mod health;
mod input;
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

use contract::{Code, Hint, Problem};
use descriptor::names::dns_label;
use descriptor::types::API_VERSION;
use descriptor::write::{Block, Item, document};

pub use dotenv::variables;
pub use input::{Empty, Folder, Options, Source};

use application::Application;
use load::Loader;
use objects::Secrets;
use report::Report;
use service::{Reading, Service};
use tree::{Field, Known, Node};

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The descriptor; `None` where the files have no services to import.
    pub descriptor: Option<String>,
    /// Manifests of the Secrets that the components read; empty where there are none.
    pub secrets: String,
    /// What could not be converted exactly, by file and line.
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
        report.error(root.spot, "services", Code::NoServices, "the file has no services to import", hint);
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
            "secrets are not in the descriptor: the components read them from the Secrets {}",
            names.join(", ")
        );
        let hint = "create them in the module's namespace; in a repository, keep them only sealed";
        let spot = root.get("services").map_or(root.spot, |n| n.spot);
        report.warn(spot, "services", Code::SecretsApart, message, hint);
    }
    let files: Vec<&str> = sources.iter().map(|s| s.file.rsplit('/').next().unwrap_or(s.file)).collect();
    Imported {
        descriptor: Some(written(&app, components, &header, &files)),
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
            report.warn(spot, "", Code::Profile, message, Hint::Profiles);
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
            Code::ModuleName,
            format!("the module is called {name}: {wanted} is not a valid name"),
            Hint::ModuleName,
        );
    }
    name
}

/// Writes the descriptor.
fn written(app: &Application<'_>, components: Vec<Item>, header: &[String], files: &[&str]) -> String {
    let mut whole = Block::new();
    let version = whole.set("apiVersion", API_VERSION);
    version.above.extend(header.iter().cloned());
    if !header.is_empty() {
        version.why("");
    }
    version.why(format!("Imported from {}. The comments explain the choices.", files.join(", ")));
    whole.set("kind", "HelmChartDescriptor");
    let metadata = ["name", "namespace"].map(|key| (key.to_owned(), app.module.as_str()));
    whole.set("metadata", Item::Inline(metadata.into_iter().collect()));
    let mut spec = Block::new();
    let mut module = Block::new();
    module.set("version", app.version);
    let names: Vec<&str> = app.services.iter().map(|s| s.names.app.as_str()).collect();
    module.set("description", format!("{}: {}", app.module, listed(&names)));
    spec.set("module", module);
    let template = spec.set("template", app.template("modulebase"));
    template.why("The base chart of components that name none.");
    spec.set("components", Item::List(components));
    whole.set("spec", spec);
    document(&whole)
}

/// `a, b and c`
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
