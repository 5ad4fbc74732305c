//! A service as a component: the values for its base chart, and its settings.

use contract::Code;
use descriptor::secret::is_secret;
use descriptor::write::{Block, Entry, Item};

use crate::application::Application;
use crate::base::Base;
use crate::environment::Variable;
use crate::health::Health;
use crate::objects::{self, Secrets};
use crate::report::Report;
use crate::service::Service;
use crate::storage::storage;
use crate::tree::Node;
use crate::{auth, deploy, names, network, pod, security};

/// The component of a service.
pub(crate) fn component(service: &Service, app: &Application<'_>, secrets: &mut Secrets, report: &mut Report) -> Block {
    report.scope(format!("services.{}", service.name));
    let base = app.base(&service.name);
    docker_tool(service, report);
    let mut component = Block::new();
    let name = component.set("name", service.names.component.as_str());
    name.above.extend(service.notes.above.iter().chain(&service.notes.beside).cloned());
    if base != Base::Module {
        component.set("template", app.template(base.chart()));
    }
    let mut values = Block::new();
    let mut environment = Environment::of(service, app, report);
    let port = match base {
        Base::Module => app.main_port(service),
        Base::Database { .. } => {
            let listens = service.ports.iter().find(|p| p.protocol == "TCP").map(|p| p.target);
            service.known().map(|k| k.port).or(listens)
        }
        Base::Job => None,
    };
    values.set_in(&["app", "name"], service.names.app.as_str());
    if let (Some(port), true) = (port, base != Base::Job) {
        values.set_in(&["app", "port"], i64::from(port));
    } else if base == Base::Module {
        values.set_in(&["app", "port"], 0).beside("it listens on none");
    }
    if let Base::Database { engine, .. } = base {
        values.set("engine", engine);
    }
    image(service, app, &mut values, report);
    match base {
        Base::Job => job(service, app, &mut values, report),
        Base::Module | Base::Database { .. } => deploy::replicas(service, &mut values, report),
    }
    pod::start(&app.renamed_commands(service, report), &mut values);
    if let Base::Database { engine, .. } = base {
        auth::credentials(engine, service, &mut environment.variables, &mut values, secrets);
    }
    environment.write(service, app, &mut values, secrets, report);
    objects::files(service, app, &mut values, secrets, report);
    let database = match base {
        Base::Database { engine, data } => Some((engine, data)),
        Base::Module | Base::Job => None,
    };
    storage(service, database, app, &mut values, secrets, report);
    if base != Base::Job {
        network::ports(service, port, base == Base::Module, app, &mut values, report);
    }
    if base == Base::Module {
        network::ingress(service, port, &mut values, report);
    }
    if base != Base::Job {
        network::policy(service, app, &mut values);
        probes(service, &mut values);
    } else if let (Some(Health::Probes { .. }), Some(node)) = (&service.health, service.node.get("healthcheck")) {
        report.warn(
            node.spot,
            "healthcheck",
            Code::HealthcheckOfJob,
            "the health check is not converted: jobs end by themselves",
            "",
        );
    }
    deploy::resources(service, &mut values, report);
    deploy::placement(service, base == Base::Module, &mut values, report);
    security::security(service, database.map(|(engine, _)| engine), &mut values, report);
    pod::rest(service, base == Base::Module, &mut values, report);
    component.set("values", values);
    if !environment.config.is_empty() {
        component.set("config", environment.config);
    }
    let depends = depends_on(service, app, report);
    if !depends.is_empty() {
        component.set("dependsOn", depends);
    }
    component
}

/// Programs that serve Docker itself: they find nothing to do in a cluster.
const DOCKER_TOOLS: &[&str] = &[
    "traefik",
    "nginx-proxy",
    "acme-companion",
    "docker-gen",
    "watchtower",
    "autoheal",
    "portainer-ce",
    "docker-socket-proxy",
    "caddy-docker-proxy",
];

fn docker_tool(service: &Service, report: &mut Report) {
    let Some(image) = service.image.as_ref().filter(|i| DOCKER_TOOLS.contains(&i.name.as_str())) else { return };
    let spot = service.node.get("image").map_or(service.spot, |n| n.spot);
    let message = format!("{} manages Docker: it is converted, but has nothing to manage in a cluster", image.name);
    let hint = "leave it out: the platform has ingresses and certificates, and restarts failed containers";
    report.warn(spot, "image", Code::DockerTool, message, hint);
}

fn image(service: &Service, app: &Application<'_>, values: &mut Block, report: &mut Report) {
    let mut block = Block::new();
    let built = service.is_built();
    let spot = service.node.get("build").map_or(service.spot, |n| n.spot);
    match &service.image {
        Some(image) => {
            for (key, part) in [("registry", &image.registry), ("repository", &image.repository), ("name", &image.name)]
            {
                if !part.is_empty() {
                    block.set(key, part.as_str());
                }
            }
            if !image.tag.is_empty() || image.digest.is_empty() {
                let tag = block.set("tag", if image.tag.is_empty() { "latest" } else { image.tag.as_str() });
                if image.tag.is_empty() {
                    tag.beside("no tag is given; pin one");
                }
            }
            if !image.digest.is_empty() {
                block.set("digest", image.digest.as_str());
            }
            let pinned = !image.digest.is_empty() || !matches!(image.tag.as_str(), "" | "latest");
            if !pinned && service.node.get("image").is_some() {
                let spot = service.node.get("image").map_or(service.spot, |n| n.spot);
                let message =
                    format!("the image {} has no fixed version: what runs can change at any time", image.name);
                report.warn(spot, "image", Code::UnpinnedImage, message, "give a tag, or a digest");
            }
            if built {
                let message =
                    format!("build is not converted: clusters do not build images; this one pulls {}", image.name);
                report.warn(spot, "build", Code::Build, message, "build and push it in CI");
            }
        }
        None => {
            let name = format!("{}-{}", app.module, service.names.app);
            block
                .set("name", name.as_str())
                .why("The compose file builds this image: push it under this name to the platform's registry.");
            block.set("tag", app.version);
            if built {
                let message = format!(
                    "build is not converted: clusters do not build images; this one pulls {name}:{} from the platform's registry",
                    app.version
                );
                let hint = "build and push it in CI; change image.name and image.tag to its location";
                report.warn(spot, "build", Code::Build, message, hint);
            } else if service.node.get("image").is_none() {
                report.error(service.spot, "image", Code::NoImage, "the service has neither an image nor a build", "");
            }
        }
    }
    if let Some(policy) = pod::pull_policy(service, report) {
        block.set("pullPolicy", policy);
    }
    if service.image.is_some() {
        block.set_in(&["privateRegistry", "enabled"], false).beside("not the platform's registry");
    }
    values.set("image", block);
}

fn job(service: &Service, app: &Application<'_>, values: &mut Block, report: &mut Report) {
    let why = if app.is_awaited(&service.name) {
        "Others wait for it to finish."
    } else {
        "It finishes, and serves no requests."
    };
    let again = service.restart().is_some_and(|r| r.starts_with("on-failure"));
    let policy = if again { "OnFailure" } else { "Never" };
    values.set_in(&["job", "restartPolicy"], policy).why(why);
    let tries = service.node.get("restart").and_then(Node::text);
    let tries = tries.as_deref().and_then(|t| t.strip_prefix("on-failure:")).and_then(|n| n.parse::<i64>().ok());
    if let Some(tries) = tries {
        values.set_in(&["job", "backoffLimit"], tries);
    }
    if !service.ports.is_empty() {
        let spot = service.node.get("ports").or(service.node.get("expose")).map_or(service.spot, |n| n.spot);
        report.warn(spot, "ports", Code::PortsOfJob, "the ports are not converted: jobs have no Service", "");
    }
    if let Some(node) = service.node.get("deploy").and_then(|d| d.get("replicas")) {
        values.set_in(&["job", "parallelism"], node.text().and_then(|t| t.parse::<i64>().ok()).unwrap_or(1));
    }
}

fn probes(service: &Service, values: &mut Block) {
    match &service.health {
        Some(Health::Disabled) => {
            values.set_in(&["probes", "enabled"], false).beside("healthcheck is off");
        }
        Some(Health::Probes { readiness, startup }) => {
            let why = "Compose does not restart unhealthy containers, as a liveness probe would.";
            values.set_in(&["probes", "readiness"], readiness.clone()).why(why);
            if let Some(startup) = startup {
                values.set_in(&["probes", "startup"], startup.clone());
            }
        }
        None => {}
    }
}

fn depends_on(service: &Service, app: &Application<'_>, report: &mut Report) -> Vec<String> {
    let mut names = Vec::new();
    for dependency in &service.depends {
        match app.service(&dependency.service) {
            Some(other) if !names.contains(&other.names.component) => names.push(other.names.component.clone()),
            Some(_) => {}
            None if app.left_out.contains(&dependency.service) || !dependency.required => {
                let message =
                    format!("the dependency on {} is left out: that service is not converted", dependency.service);
                report.warn(
                    dependency.spot,
                    "depends_on",
                    Code::DependsOn,
                    message,
                    "choose its profile if it is needed",
                );
            }
            None => {
                let message = format!("depends_on names the service {}, which does not exist", dependency.service);
                report.error(dependency.spot, "depends_on", Code::Undefined, message, "");
            }
        }
        let known = ["service_started", "service_healthy", "service_completed_successfully"];
        if !known.contains(&dependency.condition.as_str()) {
            let message = format!(
                "the condition {} is not known: the component waits until {} is ready",
                dependency.condition, dependency.service
            );
            report.warn(dependency.spot, "depends_on", Code::DependsOn, message, "");
        }
    }
    names
}

/// The variables of a service on their way into values.
struct Environment {
    variables: Vec<Variable>,
    config: Block,
}

impl Environment {
    fn of(service: &Service, app: &Application<'_>, report: &mut Report) -> Environment {
        let mut variables = service.variables.clone();
        for variable in &mut variables {
            if let Some(renamed) = names::renamed(&variable.value, Some(&variable.name), &app.hosts) {
                let message = format!(
                    "{} names a service by a name that its Service does not have: it becomes {}",
                    variable.name,
                    app.host_names(&variable.value)
                );
                report.warn(
                    variable.spot,
                    "environment",
                    Code::HostRenamed,
                    message,
                    "Service names consist of a-z, 0-9 and -",
                );
                variable.value = renamed;
            }
        }
        Environment { variables, config: Block::new() }
    }

    /// Puts each variable where it belongs.
    fn write(
        &mut self,
        service: &Service,
        app: &Application<'_>,
        values: &mut Block,
        secrets: &mut Secrets,
        report: &mut Report,
    ) {
        let object = format!("{}-environment", service.names.app);
        let mut apart: Vec<&str> = Vec::new();
        for variable in &self.variables {
            if let Some(other) = app.public_url(&variable.value) {
                let entry = values.block("configUrls").set(&variable.name, other);
                note(entry, variable);
                entry.beside(format!("was {}; the component's URL on the platform", variable.value));
            } else if is_secret(&variable.name, &variable.value) {
                if secrets.inline {
                    note(values.block("secrets").set(&variable.name, Item::Quoted(variable.value.clone())), variable);
                } else {
                    secrets.put(&object, &variable.name, &variable.value);
                    apart.push(&variable.name);
                }
            } else {
                note(self.config.set(&variable.name, Item::Quoted(variable.value.clone())), variable);
                if let Some(port) = app.mentions_host(&variable.value) {
                    let message = format!(
                        "{} points to port {port} on localhost, which is another component here",
                        variable.name
                    );
                    let hint =
                        "programs reach components at NAME:PORT, people at https://NAME.DOMAIN: see value configUrls";
                    report.warn(variable.spot, "environment", Code::Localhost, message, hint);
                }
            }
        }
        if !apart.is_empty() {
            let why = format!("{}: in a Secret that must be created separately.", apart.join(", "));
            values.set("existingSecrets", vec![object]).why(why);
        }
    }
}

fn note(entry: &mut Entry, variable: &Variable) {
    entry.above.extend(variable.notes.above.iter().cloned());
    entry.beside.clone_from(&variable.notes.beside);
}
