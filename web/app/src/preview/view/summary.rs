//! What a module amounts to: for people who decide whether to deploy it.

use contract::{Exposure, ImageUse, KindCount, Permission, Port, Reach, Resources, Runs, Summary, Way};
use yew::prelude::*;

use super::super::outcome::Outcome;
use crate::words::{count, quantity};

/// Verbs that change something.
const WRITES: [&str; 6] = ["create", "update", "patch", "delete", "deletecollection", "*"];

pub(super) fn view(result: &Outcome) -> Html {
    let summary = &*result.summary;
    let always = summary.images.iter().filter(|image| image.runs == Runs::Always).count();
    html! {
        <div class="cards-page summary">
            <div class="tiles">
                { tile(total(&summary.kinds), "object", &more_objects(summary)) }
                { tile(always, "image", &more_images(&summary.images)) }
                { tile(summary.urls.len(), "URL", &more_ways(summary)) }
                { amount(&quantity(summary.resources.storage), "storage") }
                { amount(&cpu(summary.resources.requests.cpu_millis), "CPU requested") }
                { amount(&quantity(summary.resources.requests.memory), "memory requested") }
            </div>
            <div class="columns">
                { images(summary) }
                { reached(summary) }
                { permissions(summary) }
                { secrets(summary) }
                { storage(summary) }
                { resources(&summary.resources) }
                { ports(summary) }
                { cluster(summary) }
                { asked(result) }
                { kinds(summary) }
            </div>
        </div>
    }
}

/// A number with its noun, and what is counted apart from it.
fn tile(number: usize, noun: &str, more: &str) -> Html {
    let noun = count(number, noun);
    let noun = noun.split_once(' ').map_or(noun.as_str(), |(_, noun)| noun).to_owned();
    html! { <div class="tile"><strong>{ number }</strong><span>{ noun }</span>if !more.is_empty() { <small>{ more.to_owned() }</small> }</div> }
}

fn amount(number: &str, what: &str) -> Html {
    html! { <div class="tile"><strong>{ number.to_owned() }</strong><span>{ what.to_owned() }</span></div> }
}

fn total(kinds: &[KindCount]) -> usize {
    kinds.iter().map(|kind| kind.count).sum()
}

/// The numbers that are not zero, with their nouns: `and 1 hook and 3 tests`.
fn more(numbers: &[(usize, &str)]) -> String {
    let some = numbers.iter().filter(|(number, _)| *number > 0);
    let words: Vec<String> = some.map(|(number, noun)| format!("and {}", count(*number, noun))).collect();
    words.join(" ")
}

/// Hooks do not stay, and tests are not even made by an installation.
fn more_objects(summary: &Summary) -> String {
    more(&[(total(&summary.hooks), "hook"), (total(&summary.tests), "test hook")])
}

fn more_images(images: &[ImageUse]) -> String {
    let of = |runs: Runs| images.iter().filter(|image| image.runs == runs).count();
    let words = [(of(Runs::Hook), "for hooks"), (of(Runs::Test), "for tests")];
    let some = words.into_iter().filter(|(number, _)| *number > 0);
    some.map(|(number, what)| format!("and {number} {what}")).collect::<Vec<_>>().join(" ")
}

fn more_ways(summary: &Summary) -> String {
    match summary.exposed.len() {
        0 => String::new(),
        1 => "and 1 other way in".to_owned(),
        number => format!("and {number} other ways in"),
    }
}

fn card(title: &str, number: Option<usize>, body: Html) -> Html {
    html! {
        <section class="fact">
            <h2>{ title }if let Some(number) = number { <span class="number">{ number }</span> }</h2>
            { body }
        </section>
    }
}

fn none(words: &str) -> Html {
    html! { <p class="muted">{ words }</p> }
}

/// Names of objects, a few of many.
fn by(names: &[String]) -> Html {
    let shown = names.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(4);
    html! { <small title={names.join("\n")}>{ if more > 0 { format!("{shown} and {more} more") } else { shown } }</small> }
}

fn images(summary: &Summary) -> Html {
    let rows = summary.images.iter().map(|image| {
        let (name, tag) = tag(&image.image);
        html! {
            <li>
                <code class="break">{ name }</code>
                { match tag {
                    Some(tag) if tag != "latest" => html! { <span class="chip">{ tag }</span> },
                    Some(tag) => html! { <span class="chip warn" title="The next pull may bring another image">{ tag }</span> },
                    None => html! { <span class="chip warn" title="The next pull may bring another image">{"no tag"}</span> },
                } }
                { match image.runs {
                    Runs::Always => Html::default(),
                    Runs::Hook => html! { <span class="chip" title="It does not stay: only hooks run it">{"hooks only"}</span> },
                    Runs::Test => html! { <span class="chip" title="Only helm test runs it">{"tests only"}</span> },
                } }
                { by(&image.by) }
            </li>
        }
    });
    let body = if summary.images.is_empty() {
        none("Nothing runs.")
    } else {
        html! { <ul>{ for rows }</ul> }
    };
    card("Images", Some(summary.images.len()), body)
}

/// An image without its tag or digest, and that, shortened.
fn tag(image: &str) -> (&str, Option<String>) {
    if let Some((name, digest)) = image.split_once('@') {
        return (name, Some(digest.chars().take(19).collect()));
    }
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag.to_owned())),
        _ => (image, None),
    }
}

/// Every way in from outside of the cluster.
fn reached(summary: &Summary) -> Html {
    let urls = summary.urls.iter().map(|url| {
        html! { <li><span class="break">{ &url.url }</span>{ by(std::slice::from_ref(&url.by)) }</li> }
    });
    let others = summary.exposed.iter().map(|one| {
        html! { <li><span class="chip warn">{ way(one.way) }</span><span class="break">{ through(one) }</span>{ by(std::slice::from_ref(&one.by)) }</li> }
    });
    let number = summary.urls.len() + summary.exposed.len();
    let body = if number == 0 {
        none(
            "Nothing can be reached from outside of the cluster: no Ingress, no route, no load balancer, no port of a node.",
        )
    } else {
        html! { <ul>{ for urls }{ for others }</ul> }
    };
    card("Reached from outside", Some(number), body)
}

fn way(way: Way) -> &'static str {
    match way {
        Way::LoadBalancer => "LoadBalancer",
        Way::NodePort => "NodePort",
        Way::ExternalIp => "external IP",
        Way::HostPort => "host port",
        Way::HostNetwork => "host network",
        Way::Ingress => "Ingress",
        Way::Gateway => "Gateway",
        Way::GatewayRoute => "route",
        Way::Route => "Route",
    }
}

/// Where a way in is: `1883/TCP at an address that the cluster gives`.
fn through(one: &Exposure) -> String {
    let hosts = one.hosts.join(", ");
    let place = match one.way {
        _ if !hosts.is_empty() => format!("at {hosts}"),
        Way::LoadBalancer => "at an address that the cluster gives".to_owned(),
        Way::NodePort if one.ports.is_empty() => "at a port that the cluster chooses, on every node".to_owned(),
        Way::NodePort => "on every node".to_owned(),
        Way::HostPort | Way::HostNetwork => "on the nodes where it runs".to_owned(),
        Way::ExternalIp => String::new(),
        Way::Ingress => "for any host".to_owned(),
        Way::Gateway => "at the Gateway's address".to_owned(),
        Way::GatewayRoute => "at the hosts of its Gateway".to_owned(),
        Way::Route => "at a host that the cluster makes".to_owned(),
    };
    [one.ports.join(", "), place].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn permissions(summary: &Summary) -> Html {
    let mut rules: Vec<&Permission> = summary.permissions.iter().collect();
    rules.sort_by_key(|rule| rule.scope != "cluster");
    let rows = rules.into_iter().map(|rule| {
        let cluster = rule.scope == "cluster";
        html! {
            <li>
                if cluster { <span class="chip warn">{"whole cluster"}</span> }
                <span>{ sentence(rule) }</span>
                { by(std::slice::from_ref(&rule.by)) }
            </li>
        }
    });
    let body = if summary.permissions.is_empty() {
        none("Creates no roles; its service accounts have no permissions of their own.")
    } else {
        html! { <ul>{ for rows }</ul> }
    };
    card("Permissions", Some(summary.permissions.len()), body)
}

/// A rule in words: `May read secrets and pods in namespace shop`.
fn sentence(rule: &Permission) -> String {
    let writes = rule.verbs.iter().any(|verb| WRITES.contains(&verb.as_str()));
    let reads = rule.verbs.iter().any(|verb| matches!(verb.as_str(), "get" | "list" | "watch" | "*"));
    let other: Vec<&str> = rule
        .verbs
        .iter()
        .map(String::as_str)
        .filter(|verb| !WRITES.contains(verb) && !matches!(*verb, "get" | "list" | "watch"))
        .collect();
    let mut may: Vec<&str> = Vec::new();
    if rule.verbs.iter().any(|verb| verb == "*") {
        may.push("do everything with");
    } else {
        if reads {
            may.push("read");
        }
        if writes {
            may.push("change");
        }
        may.extend(other);
    }
    let what = named(&rule.resources).into_iter().chain(rule.urls.iter().cloned());
    let what: Vec<String> = what.map(|name| if name == "*" { "all resources".to_owned() } else { name }).collect();
    let what: Vec<&str> = what.iter().map(String::as_str).collect();
    let place = if rule.scope == "cluster" { "in all namespaces".to_owned() } else { format!("in {}", rule.scope) };
    format!("May {} {} {place}", list(&may), list(&what))
}

/// Resources in words. Where only some are meant, their names stand behind: `secrets (a, b)` for `secrets:a` and
/// `secrets:b`.
fn named(resources: &[String]) -> Vec<String> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    for resource in resources {
        let (kind, name) =
            resource.split_once(':').map_or((resource.as_str(), None), |(kind, name)| (kind, Some(name)));
        match found.iter_mut().find(|(known, names)| *known == kind && names.is_empty() == name.is_none()) {
            Some((_, names)) => names.extend(name),
            None => found.push((kind, name.into_iter().collect())),
        }
    }
    let words = |(kind, names): (&str, Vec<&str>)| match names.as_slice() {
        [] => kind.to_owned(),
        names => format!("{kind} ({})", names.join(", ")),
    };
    found.into_iter().map(words).collect()
}

/// Words with commas, and `and` before the last.
fn list(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn secrets(summary: &Summary) -> Html {
    let rows = summary.secrets.iter().map(|secret| {
        html! {
            <li>
                <code>{ &secret.name }</code>
                if !secret.rendered && !secret.optional { <span class="chip warn">{"must exist"}</span> }
                if secret.rendered { <span class="chip">{"made by this module"}</span> }
                if !secret.keys.is_empty() { <small>{ format!("keys {}", secret.keys.join(", ")) }</small> }
                { by(&secret.by) }
            </li>
        }
    });
    let body = if summary.secrets.is_empty() {
        none("Reads no Secrets.")
    } else {
        html! { <ul>{ for rows }</ul> }
    };
    card("Secrets read", Some(summary.secrets.len()), body)
}

fn storage(summary: &Summary) -> Html {
    let rows = summary.storage.iter().map(|claim| {
        let class = claim.class.clone().unwrap_or_else(|| "default class".to_owned());
        let times = if claim.count == 1 { String::new() } else { format!("{} × ", claim.count) };
        html! { <li><strong>{ format!("{times}{}", claim.size) }</strong><span>{ format!("{class}, {}", claim.modes.join(", ")) }</span>{ by(std::slice::from_ref(&claim.by)) }</li> }
    });
    let body = if summary.storage.is_empty() {
        none("Claims no volumes.")
    } else {
        html! { <ul>{ for rows }</ul> }
    };
    card("Storage", Some(summary.storage.len()), body)
}

fn resources(all: &Resources) -> Html {
    let row = |what: &str, says: String| {
        let key = what.to_owned();
        html! { <div key={key}><dt>{ what.to_owned() }</dt><dd>{ says }</dd></div> }
    };
    let limits = |what: &str, sum: u64, on_each: u64, words: fn(u64) -> String, unlimited: &[String]| {
        html! {
            <>
                if !(sum == 0 && unlimited.is_empty()) { <div><dt>{ what.to_owned() }</dt><dd>{ limit(sum, &words(sum), unlimited) }if !unlimited.is_empty() { <br />{ by(unlimited) } }</dd></div> }
                if on_each > 0 { { row(&format!("{what} on each node"), words(on_each)) } }
            </>
        }
    };
    let requests = |what: &str, sum: u64, on_each: u64, words: fn(u64) -> String| {
        html! {
            <>
                { row(what, words(sum)) }
                if on_each > 0 { { row(&format!("{what} on each node"), words(on_each)) } }
            </>
        }
    };
    let (asked, asked_each) = (&all.requests, &all.requests_per_node);
    let (most, most_each) = (&all.limits, &all.limits_per_node);
    card(
        "Requests and limits",
        None,
        html! {
            <dl class="pairs">
                { row("Pods", all.pods.to_string()) }
                { requests("CPU requests", asked.cpu_millis, asked_each.cpu_millis, cpu) }
                { limits("CPU limits", most.cpu_millis, most_each.cpu_millis, cpu, &all.unlimited_cpu) }
                { requests("Memory requests", asked.memory, asked_each.memory, quantity) }
                { limits("Memory limits", most.memory, most_each.memory, quantity, &all.unlimited) }
            </dl>
        },
    )
}

/// What containers may use at most. A sum says nothing of those that have no limit.
fn limit(any: u64, sum: &str, unlimited: &[String]) -> String {
    let without = count(unlimited.len(), "container");
    match (any, unlimited.len()) {
        (_, 0) => sum.to_owned(),
        (0, _) => format!("none: {without}"),
        _ => format!("{sum}, and none for {without}"),
    }
}

/// CPUs in words: `250m`, `1.5`.
fn cpu(millis: u64) -> String {
    match millis {
        0 => "0".to_owned(),
        1..1000 => format!("{millis}m"),
        _ if millis.is_multiple_of(1000) => (millis / 1000).to_string(),
        _ => format!("{:.1}", millis as f64 / 1000.0),
    }
}

fn ports(summary: &Summary) -> Html {
    let rows = summary.ports.iter().map(|port| {
        let name = port.name.clone().unwrap_or_default();
        let target = port.target.as_ref().filter(|target| **target != name);
        let target = target.map(|target| format!(" to container port {target}")).unwrap_or_default();
        let open = matches!(port.reach, Reach::Node | Reach::LoadBalancer);
        html! {
            <li>
                <code>{ format!("{}/{}", port.port, port.protocol) }</code>
                <span>{ format!("{name}{target}") }</span>
                <span class={if open { "chip warn" } else { "chip" }}>{ reach(port) }</span>
                { by(std::slice::from_ref(&port.by)) }
            </li>
        }
    });
    let body = if summary.ports.is_empty() {
        none("Opens no ports.")
    } else {
        html! { <ul>{ for rows }</ul> }
    };
    card("Ports", Some(summary.ports.len()), body)
}

/// What opens a port: the type of a Service, or where a container has it.
fn reach(port: &Port) -> String {
    let is_service = port.by.starts_with("Service/");
    match (port.reach, port.node_port) {
        (Reach::Pod, _) => "container".to_owned(),
        (Reach::Cluster, _) => "ClusterIP".to_owned(),
        (Reach::LoadBalancer, _) => "LoadBalancer".to_owned(),
        (Reach::Node, None) => "NodePort".to_owned(),
        (Reach::Node, Some(number)) if is_service => format!("NodePort {number}"),
        (Reach::Node, Some(number)) => format!("host port {number}"),
    }
}

fn cluster(summary: &Summary) -> Html {
    let definitions = summary.definitions.iter().map(|one| {
        html! { <li><code>{ &one.kind }</code><small>{ format!("{} {}", one.group, one.versions.join(", ")) }</small></li> }
    });
    let objects = summary.cluster_scoped.iter().map(|name| html! { <li><code class="break">{ name }</code></li> });
    let empty = summary.definitions.is_empty() && summary.cluster_scoped.is_empty();
    let body = if empty {
        none("Everything is in namespaces, and it brings no CRDs.")
    } else {
        html! {
            <>
                if !summary.definitions.is_empty() { <p class="muted">{"Definitions (CRDs)"}</p><ul>{ for definitions }</ul> }
                if !summary.cluster_scoped.is_empty() { <p class="muted">{"Outside of namespaces"}</p><ul>{ for objects }</ul> }
            </>
        }
    };
    card("Cluster", Some(summary.definitions.len() + summary.cluster_scoped.len()), body)
}

fn asked(result: &Outcome) -> Html {
    let lookups = result.asked.lookups.iter().map(|lookup| {
        let name = [lookup.namespace.as_str(), lookup.name.as_str()].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("/");
        html! { <li><code>{ &lookup.kind }</code><span class="break">{ if name.is_empty() { "all".to_owned() } else { name } }</span></li> }
    });
    let nothing = result.asked.lookups.is_empty() && !result.asked.random && !result.asked.clock;
    card(
        "Read from the cluster",
        Some(result.asked.lookups.len()),
        html! {
            <>
                if result.asked.random { <p><span class="chip warn">{"random"}</span>{"Makes random values: each installation gets others."}</p> }
                if result.asked.clock { <p><span class="chip">{"time"}</span>{"Asks for the time: results differ from day to day."}</p> }
                if nothing { { none("Reads nothing: the same values give the same objects everywhere.") } }
                <ul>{ for lookups }</ul>
            </>
        },
    )
}

fn kinds(summary: &Summary) -> Html {
    let rows = |kinds: &[KindCount]| {
        let rows: Vec<Html> = kinds
            .iter()
            .map(|kind| html! { <div><dt>{ kind.kind.clone() }</dt><dd>{ kind.count }</dd></div> })
            .collect();
        html! { <dl class="pairs">{ rows }</dl> }
    };
    let body = html! {
        <>
            { rows(&summary.kinds) }
            if !summary.hooks.is_empty() { <p class="muted">{"Hooks"}</p>{ rows(&summary.hooks) } }
            if !summary.tests.is_empty() { <p class="muted">{"Test hooks: only "}<code>{"helm test"}</code>{" makes them"}</p>{ rows(&summary.tests) } }
        </>
    };
    card("Kinds", Some(summary.kinds.len()), body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sentences() {
        let rule = |scope: &str, verbs: &[&str], resources: &[&str]| Permission {
            scope: scope.into(),
            verbs: verbs.iter().map(|verb| (*verb).to_owned()).collect(),
            resources: resources.iter().map(|name| (*name).to_owned()).collect(),
            ..Permission::default()
        };
        for (rule, says) in [
            (rule("namespace shop", &["get", "list"], &["secrets"]), "May read secrets in namespace shop"),
            (
                rule("namespace a", &["get"], &["secrets:x", "secrets:y", "pods"]),
                "May read secrets (x, y) and pods in namespace a",
            ),
            (rule("cluster", &["*"], &["*"]), "May do everything with all resources in all namespaces"),
            (
                rule("namespace a", &["get", "create", "escalate"], &["pods", "roles", "jobs"]),
                "May read, change and escalate pods, roles and jobs in namespace a",
            ),
        ] {
            assert_eq!(sentence(&rule), says);
        }
    }

    #[test]
    fn ways_in_are_words() {
        let one = |way: Way, hosts: &[&str], ports: &[&str]| Exposure {
            way,
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            ports: ports.iter().map(|port| (*port).to_owned()).collect(),
            ..Exposure::default()
        };
        for (one, says) in [
            (one(Way::LoadBalancer, &[], &["1883/TCP"]), "1883/TCP at an address that the cluster gives"),
            (one(Way::ExternalIp, &["192.0.2.1"], &["80/TCP", "443/TCP"]), "80/TCP, 443/TCP at 192.0.2.1"),
            (one(Way::NodePort, &[], &[]), "at a port that the cluster chooses, on every node"),
            (one(Way::Ingress, &[], &[]), "for any host"),
        ] {
            assert_eq!(through(&one), says);
        }
        assert_eq!(more(&[(1, "hook"), (3, "test hook")]), "and 1 hook and 3 test hooks");
        assert_eq!(more(&[(0, "hook")]), "");
        let port = Port { reach: Reach::LoadBalancer, by: "Service/a".into(), ..Port::default() };
        assert_eq!(reach(&port), "LoadBalancer");
    }

    #[test]
    fn images_have_tags() {
        for (image, name, of) in [
            ("registry:5000/a/b", "registry:5000/a/b", None),
            ("registry:5000/a/b:1.0", "registry:5000/a/b", Some("1.0")),
            ("a@sha256:0123456789abcdef0123", "a", Some("sha256:0123456789ab")),
        ] {
            assert_eq!(tag(image), (name, of.map(str::to_owned)));
        }
        assert_eq!(limit(0, "0", &["a".into(), "b".into()]), "none: 2 containers");
        assert_eq!(limit(500, "500m", &["a".into()]), "500m, and none for 1 container");
        assert_eq!(limit(500, "500m", &[]), "500m");
        assert_eq!([cpu(0), cpu(250), cpu(1000), cpu(1500)], ["0", "250m", "1", "1.5"]);
    }
}
